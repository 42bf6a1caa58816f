"""What the answers of the comprehensive assessment write into the chart, in the save that keeps them.

What an answer filled is remembered in the assessment, so that a changed answer changes the same record. An answer that
only confirms what the chart says writes nothing there.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from cmp_tui.careplan.actions import edit_plan
from cmp_tui.careplan.queries import plan_line
from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.records import Record
from cmp_tui.desk.assessment_book import NEEDED, REFUSES
from cmp_tui.desk.assessment_queries import ChartAnswers, own_caregiver
from cmp_tui.desk.assessment_rules import EACH, YES, Book, Filled, Question, pressure, same_words
from cmp_tui.measurements.coding import load_measurement_tables
from cmp_tui.measurements.model import Measurement, PreventiveAnswer, Vaccination
from cmp_tui.measurements.preventive_actions import answer_preventive, strike_preventive_answer
from cmp_tui.measurements.preventive_book import preventive_book
from cmp_tui.measurements.preventive_rules import DECLINED
from cmp_tui.patients import actions as patients
from cmp_tui.patients.model import Allergy, Condition, Patient, RelatedPerson
from cmp_tui.patients.queries import patient_card, people
from cmp_tui.tasks.actions import add_task
from cmp_tui.tasks.model import Task

TASK_DAYS = 3
"""Business days that a task of an answer has."""
MODELS: Mapping[str, type[Record]] = {
    "person": RelatedPerson, "allergy": Allergy, "condition": Condition, "measurement": Measurement,
    "vaccination": Vaccination, "preventive": PreventiveAnswer, "task": Task,
}  # fmt: skip
"""The tables of the records that answers make, by the name under which the assessment remembers them."""
YES_NO = frozenset({"interpreter", "may_leave_message", "may_talk", "caregiver", "chronic"})
"""Columns that hold yes or no."""
STAYS = ("chronic", "passing")
"""Answers of someone who still has a condition."""


class Filling:
    """Fills the chart from the answers of one section. `made` remembers the records, [table, key] by name; `before`
    are the answers that were saved earlier."""

    def __init__(
        self,
        change: Change,
        patient: bytes,
        book: Book,
        day: date,
        made: Mapping[str, Any],
        before: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self._change, self._patient, self._book, self._day = change, patient, book, day
        self._before = before
        self.made: dict[str, Any] = dict(made)

    def fill(self, section: str, answers: dict[str, Any], changed: Set[str]) -> None:
        """Writes what the changed answers of a section say. `answers` gets what follows from it (a condition that was
        added counts as asked about). Raises Invalid by the question's name, Gone."""
        chart = ChartAnswers(self._change.scope, patient_card(self._change.scope, self._patient))
        own: dict[str, Any] = {}
        records: dict[str, dict[str, Any]] = {}
        for question in self._book.of(section):
            if not question.fills or question.name not in answers:
                continue
            value = answers[question.name]
            what, _, column = question.fills.partition(".")
            if question.record:
                records.setdefault(question.record, {})[column] = _as_column(column, value)
            if value is None or question.name not in changed:
                continue
            known = chart.of(question) if what in ("measurement", "vaccination") else None
            if known is not None and known.value == value and question.name not in self.made:
                continue  # it only confirms what the chart says
            if what == "patient":
                own[column] = _as_column(column, value)
            elif what == "measurement":
                self._measure(question, column, value)
            elif what == "vaccination":
                self._vaccine(question, column, value)
            elif what == "plan":
                self._plan(question.name, column, str(value))
            elif what == "preventive":
                self._decline(question.name, column, str(value))
            elif what == "task" and str(value).strip():
                self._task(question, str(value))
        if own:
            patients.edit_patient(self._change, self._patient, None, **own)
        for name, values in records.items():
            if any(q.record == name and q.name in changed for q in self._book.of(section)):
                self._record(self._book.records[name], values, answers)
        self._conditions(section, answers, changed)

    # -- records ---------------------------------------------------------------------------------------------

    def _record(self, filled: Filled, values: dict[str, Any], answers: dict[str, Any]) -> None:
        given = {name: value for name, value in values.items() if value not in (None, "")}
        if not given.get(NEEDED[filled.of]):
            return
        given |= filled.fixed
        key = self._key(filled.name)
        if filled.of == "person":
            if key is None:
                key = self._same_person(str(given["name"]))
            row: Any = (
                patients.edit_person(self._change, key, None, **given)
                if key is not None
                else patients.add_person(self._change, self._patient, **given)
            )
        elif filled.of == "allergy":
            row = (
                patients.edit_allergy(self._change, key, None, **given)
                if key is not None
                else patients.add_allergy(self._change, self._patient, **given)
            )
        else:
            row = (
                patients.edit_condition(self._change, key, None, **given)
                if key is not None
                else patients.add_condition(self._change, self._patient, **given)
            )
            each = next((one for one in self._book.questions if one.kind == EACH), None)
            if each is not None:  # who has just named it has said that it is there
                said = "passing" if given.get("chronic") is False else "chronic"
                answers[each.name] = {**(answers.get(each.name) or {}), row.id.hex(): said}
        self._remember(filled.name, filled.of, row)

    def _same_person(self, name: str) -> bytes | None:
        """Someone of that name who is in the chart already; the caregiver first."""
        around = people(self._change.scope, self._patient)
        known = [own_caregiver(around), *around]
        return next((one.id for one in known if one is not None and same_words(one.name, name)), None)

    def _conditions(self, section: str, answers: Mapping[str, Any], changed: Set[str]) -> None:
        """Each condition is chronic or will pass; the practitioner who confirmed them stands with them."""
        each = next((one for one in self._book.of(section) if one.kind == EACH), None)
        by = next((one for one in self._book.of(section) if one.fills == "conditions.confirmed"), None)
        if each is None or not changed & {each.name, by.name if by else ""}:
            return
        told = answers.get(each.name)
        confirmed = by is not None and answers.get(by.name) == YES
        who = self._practitioner() if confirmed else None
        for key, code in (told or {}).items():
            row = Condition.get_or_none(Condition.id == bytes.fromhex(key))
            if row is None or row.struck_at is not None or row.patient != self._patient or code not in STAYS:
                continue
            values: dict[str, Any] = {"chronic": code == "chronic"}
            if who is not None:
                values |= {"confirmed_by": who, "confirmed_on": self._day}
            patients.edit_condition(self._change, row.id, None, **values)

    def _practitioner(self) -> str | None:
        """Who confirmed: the clinician who asks, else the one who bills."""
        if "clinician" in self._change.who.roles:
            return self._change.who.username
        bills: str | None = self._change.get(Patient, self._patient).billing_practitioner
        return bills

    # -- values ----------------------------------------------------------------------------------------------

    def _measure(self, question: Question, kind: str, value: Any) -> None:
        tables = load_measurement_tables(self._change.reference.folder)
        values: dict[str, Any] = {"kind": kind, "date": self._day}
        if question.kind == "choice":
            values |= {"text": str(value)}
        else:
            pair = pressure(str(value)) if question.kind == "pressure" else (value, None)
            if pair is None:
                raise Invalid({question.name: "Write it as 132/78."})
            unit = question.unit or tables.measures[kind].unit
            found = tables.measured(kind, _number(pair[0]), _number(pair[1]), unit)
            values |= {
                "value": found.value,
                "value2": found.second,
                "unit": found.unit,
                "doubtful": bool(found.mark),
            }
        self._keep(question.name, "measurement", values)

    def _vaccine(self, question: Question, kind: str, value: Any) -> None:
        day = date.fromisoformat(str(value))
        same = (Vaccination.patient == self._patient) & (Vaccination.kind == kind) & (Vaccination.date == day)
        if question.name not in self.made and Vaccination.live().where(same).exists():
            return
        name = self._change.reference.table("measurements.toml")["vaccine"][kind]["name"]
        self._keep(question.name, "vaccination", {"kind": kind, "display": name, "date": day})

    def _keep(self, name: str, table: str, values: Mapping[str, Any]) -> None:
        model: Any = MODELS[table]
        key = self._key(name)
        if key is None:
            row = self._change.add(model, patient=self._patient, **values)
        else:
            row = self._change.edit(model, key, None, **values)
        self._remember(name, table, row)

    def _plan(self, name: str, column: str, words: str) -> None:
        """A text of the plan where it is empty, or still says what this assessment said: what a person wrote stays."""
        line = plan_line(self._change.scope, self._patient)
        now = str(getattr(line, column, None) or "").strip()
        if words.strip() and now in ("", str(self._before.get(name) or "").strip()):
            edit_plan(self._change, self._patient, None, **{column: words})

    def _decline(self, name: str, measure: str, value: str) -> None:
        """What somebody does not want counts as declined for its time; an answer that holds already stays as it is."""
        key = self._key(name)
        if value != REFUSES:
            if key is not None:
                strike_preventive_answer(self._change, key, "answered otherwise in the assessment")
                del self.made[name]
            return
        a = PreventiveAnswer
        holds = a.until.is_null() | (a.until > self._day)
        known = a.live().where((a.patient == self._patient) & (a.measure == measure) & holds).exists()
        if not known and measure in preventive_book(self._change.reference).measures:
            row = answer_preventive(
                self._change,
                self._patient,
                measure=measure,
                answer=DECLINED,
                remarks="said in the assessment",
            )
            self._remember(name, "preventive", row)

    def _task(self, question: Question, why: str) -> None:
        key = self._key(question.name)
        short = why if len(why) <= 500 else f"{why[:499]}…"
        if key is None:
            due = add_business_days(self._change.today, TASK_DAYS)
            row: Any = add_task(
                self._change, title=question.task, due=due, patient=self._patient, why=" ".join(short.split())
            )
        else:
            row = self._change.get(Task, key)
            if row.settled_at is not None:
                return
            row = self._change.edit(Task, key, None, why=" ".join(short.split()))
        self._remember(question.name, "task", row)

    # -- what was made ---------------------------------------------------------------------------------------

    def _key(self, name: str) -> bytes | None:
        """The record that an answer made before, when it is still there."""
        found = self.made.get(name)
        if not found or found[0] not in MODELS:
            return None
        model: Any = MODELS[found[0]]
        row = model.get_or_none(model.id == bytes.fromhex(found[1]))
        return row.id if row is not None and row.struck_at is None else None

    def _remember(self, name: str, table: str, row: Any) -> None:
        self.made[name] = [table, row.id.hex()]


def _as_column(column: str, value: Any) -> Any:
    if column in YES_NO and value in ("yes", "no"):
        return value == "yes"
    return value


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
