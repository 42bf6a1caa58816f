"""A section of the comprehensive assessment as a form: its questions as fields, and the answers out of its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from cmp_tui.assessments.definition import Instrument, Item, Option
from cmp_tui.assessments.form_parts import (
    answers_in,
    from_chart,
    help_in,
    instrument_fields,
    next_answers,
    opened,
    shown_values,
)
from cmp_tui.assessments.item_field import ItemField
from cmp_tui.assessments.library import Library, library
from cmp_tui.assessments.queries import AssessmentLine
from cmp_tui.assessments.rules import score
from cmp_tui.assessments.tell_field import Part, TellField
from cmp_tui.assessments.words import DECLINED, score_words
from cmp_tui.clinic.reference import Reference
from cmp_tui.desk.assessment_fields import AskDate, AskItem, AskPressure, AskText, AskWords
from cmp_tui.desk.assessment_queries import SECTIONS, Known, Whole
from cmp_tui.desk.assessment_rules import (
    CHOOSES,
    EACH,
    INSTRUMENT,
    TELLS,
    Answers,
    Book,
    Choice,
    Facts,
    Question,
    Score,
    far,
    is_asked,
    whole,
)
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.words import age, day_words

Values = Mapping[str, object]
KEEP, AGAIN = 1, 2
"""What is chosen for an earlier result of an instrument."""


def field_of(name: str) -> str:
    """Returns the name of a question's field."""
    return f"q_{name}"


def keep_of(name: str) -> str:
    """Returns the name of the field that asks whether an earlier result is kept."""
    return f"k_{name}"


def condition_of(key: str) -> str:
    """Returns the name of the field about one condition."""
    return f"c_{key}"


class SectionForm:
    """One section, made into fields for what stands in the file now."""

    def __init__(self, reference: Reference, book: Book, section: str, found: Whole, today: date) -> None:
        self._reference, self._book, self._found, self._today = reference, book, found, today
        self.section = section
        self._shelf: Library = library(reference)
        self.questions = book.of(section)

    # -- fields ----------------------------------------------------------------------------------------------

    def fields(self) -> tuple[Field, ...]:
        """The questions in their order, each with its number."""
        fields: list[Field] = []
        number = 0
        for question in self.questions:
            if question.kind == TELLS:
                fields.append(self._told(question))
                continue
            if question.kind == EACH and not self._found.conditions:
                continue
            number += 1
            fields += self._fields(question, str(number))
        return tuple(fields)

    def values(self) -> dict[str, object]:
        """What stands in the fields as the form opens: what was answered in this assessment."""
        found: dict[str, object] = {}
        for question in self.questions:
            if question.kind == INSTRUMENT:
                found |= self._instrument_values(question)
            elif question.name in self._found.answers:
                found |= self.shown(question, self._found.answers[question.name])
        return found

    def shown(self, question: Question, value: Any) -> dict[str, object]:
        """An answer as the values of its fields."""
        if question.kind == EACH:
            said = value if isinstance(value, Mapping) else {}
            return {
                condition_of(one.id.hex()): _place(question, said.get(one.id.hex(), _NOTHING))
                for one in self._found.conditions
            }
        if question.kind == INSTRUMENT:
            return {}
        return {field_of(question.name): as_value(question, value)}

    def _fields(self, question: Question, number: str) -> list[Field]:
        if question.kind == INSTRUMENT:
            return self._instrument_fields(question, number)
        if question.kind == EACH:
            return self._condition_fields(question, number)
        return [self._field(question, number)]

    def _field(self, question: Question, number: str) -> Field:
        when = self._when(question) if question.when else None
        name = field_of(question.name)
        known = self._found.known.get(question.name)
        old = (
            None if known is None or question.name in self._found.answers else as_value(question, known.value)
        )
        if question.kind in CHOOSES or question.kind == "number":
            item = _item(question)
            words = "" if old is None else self._old_words(question, known)
            return AskItem(
                name=name, label=number, item=item, when=when, old=old, old_words=words, help=question.help,
                progress=self.progress,
            )  # fmt: skip
        if question.kind == "words":
            before = str(old) if old else ""
            asked = question.text
            if before:
                asked = f"{asked} {self._day(known)}: “{' '.join(before.split())}”; enter keeps it"
            return AskWords(
                name=name, label=number, question=asked, when=when, old=before, help=question.help, limit=2000,
                progress=self.progress,
            )  # fmt: skip
        shown = ""
        if known is not None and old is not None:
            shown = f"{old if question.kind != 'date' else day_words(_date(old), self._today)} ({self._day(known)})"
        common: dict[str, Any] = {
            "name": name, "label": number, "question": question.text, "when": when, "old": old, "empty": shown,
            "help": question.help, "progress": self.progress,
        }  # fmt: skip
        if question.kind == "date":
            return AskDate(**common, only="past")
        if question.kind == "pressure":
            return AskPressure(**common)
        return AskText(**common, limit=200)

    def _condition_fields(self, question: Question, number: str) -> list[Field]:
        fields: list[Field] = []
        told = self._found.answers.get(question.name)
        for place, line in enumerate(self._found.conditions):
            key = line.id.hex()
            text = question.text if "{condition}" in question.text else f"{{condition}}: {question.text}"
            old, words = None, ""
            if line.chronic is not None and not (isinstance(told, Mapping) and key in told):
                old = _place(question, "chronic" if line.chronic else "passing")
                day = day_words(line.confirmed_on, self._today) if line.confirmed_on else "in the chart"
                words = f"{_said(question, 'chronic' if line.chronic else 'passing')} ({day})"
            fields.append(
                AskItem(
                    name=condition_of(key), label=f"{number}{_letter(place)}", when=None,
                    item=_item(question, text.replace("{condition}", line.words)), old=old, old_words=words,
                    help=question.help, progress=self.progress,
                )
            )  # fmt: skip
        return fields

    def _told(self, question: Question) -> Field:
        listed = [(words, "text") for words in _chart_lines(question.of, self._found, self._reference)]
        listed = listed or [("nothing is listed", "dim")]
        lines: list[Part] = [(f"{question.text}:", "dim"), *listed]
        return TellField(
            name=f"l_{question.name}",
            label="",
            lines=lambda values: lines,
            when=self._when(question) if question.when else None,
            help="enter goes on",
        )

    # -- instruments -----------------------------------------------------------------------------------------

    def _instrument_fields(self, question: Question, number: str) -> list[Field]:
        instrument = self._shelf.get(question.instrument)
        if instrument is None:
            return []
        here = self._when(question) if question.when else None
        earlier = self._earlier(question)
        fields: list[Field] = []
        asks = here
        if earlier is not None:
            fields.append(self._keep_field(question, instrument, earlier, number, here))

            def asks(values: Values) -> bool:
                return (here is None or here(values)) and values.get(keep_of(question.name)) == AGAIN

        own = self._own(question)
        follow = own is None or own.status == "in-progress"
        letters = 0
        for field in instrument_fields(self._reference, self._shelf, instrument, follow=follow):
            changes: dict[str, Any] = {"when": _both(asks, field.when)}
            if isinstance(field, ItemField) and field.name.startswith("a_"):
                changes["label"] = f"{number}{_letter(letters)}"
                if not letters:
                    changes["above"] = " ".join(part for part in (question.text, field.above) if part)
                letters += 1
            fields.append(replace(field, **changes))
        return fields

    def _keep_field(
        self,
        question: Question,
        instrument: Instrument,
        earlier: AssessmentLine,
        number: str,
        here: Callable[[Values], bool] | None,
    ) -> Field:
        said = (
            score_words(instrument, earlier.score, earlier.band) if earlier.score is not None else "answered"
        )
        day = day_words(earlier.date, self._today)
        return AskItem(
            name=keep_of(question.name), label=number, when=here, progress=self.progress,
            item=Item(
                name=question.name,
                text=f"{instrument.title} of {day}: {said}.",
                kind="choice",
                options=(Option(KEEP, "Still so: keep it", 0), Option(AGAIN, "Ask again", 0)),
            ),
            keys="keep it, or ask the questions again",
        )  # fmt: skip

    def _earlier(self, question: Question) -> AssessmentLine | None:
        """A result from before this assessment that may be kept: one that was kept already, or a fresh one."""
        kept = self._found.answers.get(question.name)
        result = self._found.results.get(question.instrument)
        if result is not None:
            return result if result.id.hex() == kept and not self._is_own(result) else None
        line = self._found.earlier.get(question.instrument)
        if line is None or line.date < self._today - timedelta(days=question.fresh_days):
            return None
        return line

    def _own(self, question: Question) -> AssessmentLine | None:
        """What was recorded of an instrument within this assessment."""
        result = self._found.results.get(question.instrument)
        return result if result is not None and self._is_own(result) else None

    def _is_own(self, line: AssessmentLine) -> bool:
        return self._found.line is not None and line.date >= self._begun_on()

    def _begun_on(self) -> date:
        line = self._found.line
        assert line is not None
        saved: Mapping[str, Any] = self._found.answers.get(SECTIONS, {})
        days = [date.fromisoformat(one[0]) for one in saved.values()]
        return min([line.date, *days])

    def _instrument_values(self, question: Question) -> dict[str, object]:
        instrument = self._shelf.get(question.instrument)
        if instrument is None:
            return {}
        born = self._found.card.birth_date
        years = None if born is None else age(born, self._today)
        found = from_chart(instrument, self._found.card.sex, years)
        own = self._own(question)
        if own is not None:
            return {**found, **shown_values(instrument, own.answers, own.flags)}
        earlier = self._earlier(question)
        if earlier is not None and self._found.answers.get(question.name) == earlier.id.hex():
            found[keep_of(question.name)] = KEEP
        return found

    # -- answers ---------------------------------------------------------------------------------------------

    def answers(self, values: Values) -> dict[str, Any]:
        """The section's answers out of the form's values; what is open is not there."""
        found: dict[str, Any] = {}
        for question in self.questions:
            if question.kind == TELLS:
                continue
            if question.kind == EACH:
                told = self._conditions(question, values)
                if told:
                    found[question.name] = told
            elif question.kind == INSTRUMENT:
                earlier = self._earlier(question)
                if earlier is not None and values.get(keep_of(question.name)) == KEEP:
                    found[question.name] = earlier.id.hex()
                elif self._own(question) is not None and question.name in self._found.answers:
                    found[question.name] = self._found.answers[question.name]
            else:
                value = values.get(field_of(question.name))
                if value is not None and value != "" and value != []:
                    found[question.name] = as_answer(question, value)
        return found

    def _conditions(self, question: Question, values: Values) -> dict[str, str | None]:
        now = self._found.answers.get(question.name)
        told: dict[str, str | None] = dict(now) if isinstance(now, Mapping) else {}
        for line in self._found.conditions:
            value = values.get(condition_of(line.id.hex()))
            if value is None:
                told.pop(line.id.hex(), None)
            else:
                told[line.id.hex()] = as_answer(question, value)
        return told

    def instruments(self, values: Values) -> dict[str, list[dict[str, Any]]]:
        """What is to be recorded of instruments, by their questions: the answers, and those of the longer one."""
        found: dict[str, list[dict[str, Any]]] = {}
        for question in self.questions:
            instrument = self._shelf.get(question.instrument) if question.kind == INSTRUMENT else None
            if instrument is None:
                continue
            own = self._own(question)
            given = answers_in(instrument, values)
            chart = from_chart(instrument, self._found.card.sex, None)
            # What the chart answers by itself is no answer that somebody gave.
            if not given or (own is None and len(given) <= len(chart)):
                continue
            parts: list[dict[str, Any]] = [
                {"instrument": instrument.name, "answers": given, "help": help_in(instrument, values)}
            ]
            longer = opened(self._shelf, instrument, values)
            if longer is not None and (own is None or own.status == "in-progress"):
                more = next_answers(instrument, longer, values)
                parts.append({"instrument": longer.name, "answers": more, "help": help_in(longer, values)})
            found[question.name] = parts
        return found

    def live(self, values: Values) -> tuple[Answers, Facts]:
        """All answers and facts as they are with what stands in the form."""
        mine = self.answers(values)
        names = {one.name for one in self.questions}
        answers = {name: one for name, one in self._found.answers.items() if name not in names} | mine
        facts = self._found.facts
        scores = dict(facts.scores)
        for question in self.questions:
            instrument = self._shelf.get(question.instrument) if question.kind == INSTRUMENT else None
            if instrument is None or values.get(keep_of(question.name)) == KEEP:
                continue
            given = answers_in(instrument, values)
            if given:
                scored = score(instrument, given)
                scores[question.instrument] = Score(scored.score, scored.whole)
                answers[question.name] = question.instrument
        return answers, facts._replace(scores=scores)

    def progress(self, values: Values) -> str:
        """'12 of 48 answered', of all sections."""
        answers, facts = self.live(values)
        here, all_of_it = far(self._book, self.section, answers, facts), whole(self._book, answers, facts)
        return f"{here.answered} of {here.asked} here, {all_of_it.answered} of {all_of_it.asked} in all"

    def _when(self, question: Question) -> Callable[[Values], bool]:
        def holds(values: Values) -> bool:
            return is_asked(question, *self.live(values))

        return holds

    def _day(self, known: Known | None) -> str:
        return "in the chart" if known is None or known.day is None else day_words(known.day, self._today)

    def _old_words(self, question: Question, known: Known | None) -> str:
        assert known is not None
        return f"{answer_words(question, known.value)} ({self._day(known)})"


_NOTHING = object()


def as_value(question: Question, answer: Any) -> object:
    """Returns an answer as its field holds it; None for one that the field can't hold."""
    if answer is None:
        return DECLINED if question.kind in CHOOSES or question.kind == "number" else None
    if question.kind == "several":
        places = [_place(question, one) for one in answer] if isinstance(answer, list) else []
        return [one for one in places if one is not None] or None
    if question.kind in CHOOSES:
        return _place(question, answer)
    if question.kind == "date":
        return _date(answer)
    return answer


def as_answer(question: Question, value: Any) -> Any:
    """Returns what stands in a field as an answer: None when the patient did not want to answer."""
    if value == DECLINED:
        return None
    if question.kind == "several":
        return [question.options[one - 1].code for one in value]
    if question.kind in CHOOSES:
        return question.options[value - 1].code
    if question.kind == "date":
        return value.isoformat()
    return value


def answer_words(question: Question, answer: Any) -> str:
    """Returns an answer in words."""
    if answer is None:
        return "did not want to answer"
    if question.kind == "several" and isinstance(answer, list):
        return ", ".join(_said(question, one) for one in answer)
    if question.kind in CHOOSES:
        return _said(question, answer)
    if question.kind == "number":
        return f"{answer} {question.unit}".strip()
    return str(answer)


def _place(question: Question, code: Any) -> object:
    if code is None:
        return DECLINED
    return next((at for at, one in enumerate(question.options, 1) if one.code == code), None)


def _said(question: Question, code: Any) -> str:
    return next((one.words for one in question.options if one.code == code), str(code))


def _item(question: Question, text: str = "") -> Item:
    def option(at: int, one: Choice) -> Option:
        return Option(at, one.words, 0, alone=one.alone)

    kind = {"several": "several", "number": "number"}.get(question.kind, "choice")
    return Item(
        name=question.name, text=text or question.text, kind=kind,
        options=tuple(option(at, one) for at, one in enumerate(question.options, 1)),
        least=question.least, most=question.most, places=question.places, unit=question.unit,
    )  # fmt: skip


def _both(here: Callable[[Values], bool] | None, more: Any) -> Any:
    if here is None or more is None:
        return here or more
    return lambda values: here(values) and more(values)


def _letter(at: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[at % 26]


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _chart_lines(of: str, found: Whole, reference: Reference) -> list[str]:
    if of == "medications":
        return ["  ".join(part for part in (one.display, one.dosage) if part) for one in found.medications]
    if of == "allergies":
        return ["  ".join(part for part in (one.substance, one.reaction) if part) for one in found.allergies]
    if of == "conditions":
        return [one.words for one in found.conditions]
    return [
        ", ".join(
            part
            for part in (
                one.name,
                reference.label("relationship", one.relationship),
                "helps" if one.caregiver else "",
                _talk_words(one.may_talk),
                one.phone or "",
            )
            if part
        )
        for one in found.card.people
    ]


def _talk_words(may_talk: bool | None) -> str:
    if may_talk is None:
        return ""
    return "we may talk to them" if may_talk else "we may not talk to them"


__all__ = ["KEEP", "Part", "SectionForm", "answer_words", "as_answer", "as_value", "condition_of", "field_of"]
