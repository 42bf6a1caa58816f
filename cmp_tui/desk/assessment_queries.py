"""What is known before a question of the comprehensive assessment is asked: by the chart, and by the one before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from cmp_tui.assessments.library import library
from cmp_tui.assessments.model import Assessment
from cmp_tui.assessments.queries import AssessmentLine, assessment_line, assessments_of
from cmp_tui.assessments.rules import score
from cmp_tui.clinic.calendar import day_of
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.history import versions_of
from cmp_tui.clinic.scope import Scope
from cmp_tui.desk.assessment_book import book_of
from cmp_tui.desk.assessment_rules import INSTRUMENT, Answers, Book, Facts, Question, Score
from cmp_tui.enrollment.intake_facts import WHOLE
from cmp_tui.measurements.coding import load_measurement_tables
from cmp_tui.measurements.queries import VaccineLine, Value, latest_values, vaccinations
from cmp_tui.medications.queries import MedicationLine, medications
from cmp_tui.patients.lines import AllergyLine, Card, ConditionLine, PersonLine
from cmp_tui.patients.model import Patient, RelatedPerson
from cmp_tui.patients.queries import allergies, conditions, patient_card

DONE = ("completed", "amended")
CURRENT = ("active", "recurrence", "relapse")
"""States of a condition that the patient lives with now."""
OPEN_ALLERGY = "active"
RECORDS = "_records"
"""In the answers: the records that they made in the chart, [table, key] by the question or the [[record]]."""
SECTIONS = "_sections"
"""In the answers: when each section was saved last, and by whom (a key of the staff)."""
END = "_end"
"""In the answers: what came of it, [kind, words] each."""


class Known(NamedTuple):
    """An answer that stands somewhere already: its value as an answer, and the day that it is of."""

    value: Any
    day: date | None


class Whole(NamedTuple):
    """The comprehensive assessment of a patient as it stands. `line` is None before its first section was saved."""

    card: Card
    line: AssessmentLine | None
    answers: Answers
    facts: Facts
    known: Mapping[str, Known]
    conditions: tuple[ConditionLine, ...]
    medications: tuple[MedicationLine, ...]
    allergies: tuple[AllergyLine, ...]
    results: Mapping[str, AssessmentLine]
    """Instruments that were answered within it, by the instrument."""
    earlier: Mapping[str, AssessmentLine]
    """The latest complete result of other instruments."""


def whole_assessment(scope: Scope, patient: bytes, key: bytes | None = None) -> Whole:
    """Returns the assessment that is under way, or the one with this key; an empty one when there is none.

    Raises Gone without the patient, or when the one with this key is no longer there.
    """
    card = patient_card(scope, patient)
    lines = assessments_of(scope, patient)
    if key is None:
        line = next((one for one in lines if one.instrument == WHOLE and one.status == "in-progress"), None)
    else:
        line = assessment_line(scope, key)
        if line.instrument != WHOLE or line.patient != patient:
            raise Gone("This is not a comprehensive assessment of this patient.")
    book = book_of(scope.reference)
    answers: Answers = line.answers if line is not None else {}
    listed = tuple(one for one in conditions(scope, patient) if one.status in CURRENT)
    results = _results(book, answers, lines)
    shelf = library(scope.reference)
    scores = {name: Score(one.score, _is_whole(shelf.get(name), one)) for name, one in results.items()}
    facts = Facts(
        tuple(one.id.hex() for one in listed),
        frozenset(one.group for one in listed if one.group),
        scores,
    )
    before = next(
        (one for one in lines if one.instrument == WHOLE and one.status in DONE and one is not line), None
    )
    known = {} if line is not None and line.status in DONE else _known(scope, book, card, before)
    earlier: dict[str, AssessmentLine] = {}
    for one in lines:
        if one.status in DONE and one.instrument not in results:
            earlier.setdefault(one.instrument, one)
    active = tuple(one for one in allergies(scope, patient) if one.status == OPEN_ALLERGY)
    current = tuple(medications(scope, patient, current_only=True))
    return Whole(card, line, answers, facts, known, listed, current, active, results, earlier)


def facts_of(scope: Scope, patient: bytes, answers: Answers) -> Facts:
    """Returns what the rules want to know besides the answers."""
    book = book_of(scope.reference)
    listed = [one for one in conditions(scope, patient) if one.status in CURRENT]
    shelf = library(scope.reference)
    results = _results(book, answers, assessments_of(scope, patient))
    return Facts(
        tuple(one.id.hex() for one in listed),
        frozenset(one.group for one in listed if one.group),
        {name: Score(one.score, _is_whole(shelf.get(name), one)) for name, one in results.items()},
    )


class About(NamedTuple):
    """The words behind keys that answers hold: conditions by key, assessments by key."""

    conditions: Mapping[str, str]
    results: Mapping[str, AssessmentLine]


def words_about(scope: Scope, patient: bytes) -> About:
    """Returns what the answers of a patient's comprehensive assessments point to."""
    return About(
        {one.id.hex(): one.words for one in conditions(scope, patient)},
        {one.id.hex(): one for one in assessments_of(scope, patient)},
    )


def open_assessment(patient: bytes) -> Any:
    """Returns the row of the assessment that is under way; None when there is none. For actions and queries."""
    return (
        Assessment.live()
        .where(
            (Assessment.patient == patient)
            & (Assessment.instrument == WHOLE)
            & (Assessment.status == "in-progress")
        )
        .order_by(Assessment.date.desc(), Assessment.id.desc())
        .first()
    )


def begun_on(day: date, answers: Answers) -> date:
    """Returns the day on which an assessment of a day was begun; what was recorded since then belongs to it."""
    saved: Mapping[str, Any] = answers.get(SECTIONS, {})
    return min([day, *(date.fromisoformat(one[0]) for one in saved.values())])


def own_caregiver(people: tuple[PersonLine, ...] | list[PersonLine]) -> PersonLine | None:
    """Returns the caregiver whom the chart names first."""
    return next((one for one in people if one.caregiver), None)


def _is_whole(instrument: Any, line: AssessmentLine) -> bool:
    return instrument is None or line.status in DONE or score(instrument, line.answers).whole


def _results(book: Book, answers: Answers, lines: list[AssessmentLine]) -> dict[str, AssessmentLine]:
    """The instruments that were answered in it, and the longer ones that these opened on the same day."""
    by_key = {one.id.hex(): one for one in lines}
    found: dict[str, AssessmentLine] = {}
    for question in book.questions:
        value = answers.get(question.name)
        if question.kind == INSTRUMENT and isinstance(value, str) and value in by_key:
            found[question.instrument] = by_key[value]
    for key in answers.get(RECORDS, {}).values():
        if key[0] == "assessment" and key[1] in by_key:
            found.setdefault(by_key[key[1]].instrument, by_key[key[1]])
    return found


# What is known


def _known(scope: Scope, book: Book, card: Card, before: AssessmentLine | None) -> dict[str, Known]:
    found: dict[str, Known] = {}
    reading = ChartAnswers(scope, card)
    for question in book.questions:
        told = reading.of(question)
        if told is None and before is not None and not question.fills.startswith("vaccination."):
            value = before.answers.get(question.name)
            if value is not None and _is_plain(question):
                told = Known(value, before.date)
        if told is not None:
            found[question.name] = told
    return found


def _is_plain(question: Question) -> bool:
    """Whether an answer of last time says something now: not what filled a record of its own then."""
    own = question.fills.partition(".")[0] in ("condition", "allergy", "task", "measurement", "conditions")
    return not own and question.kind not in (INSTRUMENT, "conditions", "told")


class ChartAnswers:
    """Answers out of the chart, each with its day."""

    def __init__(self, scope: Scope, card: Card) -> None:
        self._scope, self._card = scope, card
        self._values = {one.latest.kind: one.latest for one in latest_values(scope, card.id)}
        self._vaccines = vaccinations(scope, card.id)
        self._tables = load_measurement_tables(scope.reference.folder)
        self._person = own_caregiver(card.people)
        self._changed: dict[bytes, dict[str, date]] = {}

    def of(self, question: Question) -> Known | None:
        """What the chart answers to a question; None when it says nothing."""
        what, _, column = question.fills.partition(".")
        if what == "patient":
            return self._column(Patient, self._card.id, column, getattr(self._card, column, None))
        if what == "person" and self._person is not None and question.record == "caregiver":
            value = getattr(self._person, column, None)
            return self._column(RelatedPerson, self._person.id, column, value)
        if what == "measurement":
            latest = self._values.get(column)
            return None if latest is None else self._measured(question, latest)
        if what == "vaccination":
            last: VaccineLine | None = next((one for one in self._vaccines if one.kind == column), None)
            return None if last is None else Known(last.date.isoformat(), last.date)
        if question.name == "has_caregiver" and self._person is not None:
            known = self._column(RelatedPerson, self._person.id, "caregiver", True)
            return None if known is None else Known("yes", known.day)
        return None

    def _column(self, model: Any, key: bytes, column: str, value: Any) -> Known | None:
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            value = "yes" if value else "no"
        return Known(value, self._days(model, key).get(column))

    def _days(self, model: Any, key: bytes) -> dict[str, date]:
        """The day on which each column of a record got the value that it has."""
        if key not in self._changed:
            days: dict[str, date] = {}
            for version in versions_of(self._scope, model, key):  # newest first
                for name in version.changed:
                    days.setdefault(name, day_of(version.at, self._scope.zone))
            self._changed[key] = days
        return self._changed[key]

    def _measured(self, question: Question, latest: Value) -> Known | None:
        if question.kind == "pressure":
            if latest.value is None or latest.value2 is None:
                return None
            return Known(f"{latest.value:g}/{latest.value2:g}", latest.date)
        if question.kind == "choice":
            return None if not latest.text else Known(latest.text, latest.date)
        measure = self._tables.measures.get(latest.kind)
        scale = None if measure is None else measure.units.get(question.unit.lower())
        if latest.value is None or scale is None or measure is None or latest.unit != measure.unit:
            return None
        number = round((latest.value - scale.offset) / scale.factor, question.places)
        return Known(number if question.places else int(number), latest.date)
