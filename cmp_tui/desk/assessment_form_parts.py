"""A section of the comprehensive assessment as a form: its questions as fields, and the answers out of its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from cmp_tui.clinic.reference import Reference
from cmp_tui.desk.assessment_answers import (
    answer_words,
    as_answer,
    as_value,
    day_of_answer,
    item_of,
    letter,
    place_of,
    said_of,
)
from cmp_tui.desk.assessment_fields import AskDate, AskItem, AskPressure, AskText, AskWords
from cmp_tui.desk.assessment_instruments import Instruments
from cmp_tui.desk.assessment_queries import Known, Whole
from cmp_tui.desk.assessment_rules import (
    CHOOSES,
    EACH,
    INSTRUMENT,
    TELLS,
    Answers,
    Book,
    Facts,
    Question,
    far,
    is_asked,
    whole,
)
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.tell import Part, TellField
from cmp_tui.ui.words import day_words

Values = Mapping[str, object]


OPEN = "?"
"""No answer yet, among those about conditions."""


def field_of(name: str) -> str:
    """Returns the name of a question's field."""
    return f"q_{name}"


def condition_of(key: str) -> str:
    """Returns the name of the field about one condition."""
    return f"c_{key}"


class SectionForm:
    """One section, made into fields for what stands in the file now."""

    def __init__(self, reference: Reference, book: Book, section: str, found: Whole, today: date) -> None:
        self._reference, self._book, self._found, self._today = reference, book, found, today
        self.section = section
        self._instruments = Instruments(reference, found, today)
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
                found |= self._instruments.values(question)
            elif question.name in self._found.answers:
                found |= self.shown(question, self._found.answers[question.name])
        return found

    def shown(self, question: Question, value: Any) -> dict[str, object]:
        """An answer as the values of its fields."""
        if question.kind == EACH:
            said = value if isinstance(value, Mapping) else {}
            return {
                condition_of(one.id.hex()): place_of(question, said.get(one.id.hex(), OPEN))
                for one in self._found.conditions
            }
        if question.kind == INSTRUMENT:
            return {}
        return {field_of(question.name): as_value(question, value)}

    def _fields(self, question: Question, number: str) -> list[Field]:
        if question.kind == INSTRUMENT:
            here = self._when(question) if question.when else None
            return self._instruments.fields(question, number, here, self.progress)
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
            item = item_of(question)
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
            words = day_words(day_of_answer(old), self._today) if question.kind == "date" else str(old)
            shown = f"{words} ({self._day(known)})"
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
                old = place_of(question, "chronic" if line.chronic else "passing")
                day = day_words(line.confirmed_on, self._today) if line.confirmed_on else "in the chart"
                words = f"{said_of(question, 'chronic' if line.chronic else 'passing')} ({day})"
            fields.append(
                AskItem(
                    name=condition_of(key), label=f"{number}{letter(place)}", when=None,
                    item=item_of(question, text.replace("{condition}", line.words)), old=old, old_words=words,
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
                if kept := self._instruments.kept(question, values):
                    found[question.name] = kept
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
        asked = [one for one in self.questions if one.kind == INSTRUMENT]
        return {one.name: parts for one in asked if (parts := self._instruments.parts(one, values))}

    def live(self, values: Values) -> tuple[Answers, Facts]:
        """All answers and facts as they are with what stands in the form."""
        mine = self.answers(values)
        names = {one.name for one in self.questions}
        answers = {name: one for name, one in self._found.answers.items() if name not in names} | mine
        facts = self._found.facts
        scores = dict(facts.scores)
        for question in self.questions:
            live = self._instruments.score(question, values) if question.kind == INSTRUMENT else None
            if live is not None:
                scores[question.instrument] = live
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
