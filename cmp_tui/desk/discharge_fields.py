"""The questions of the call after a discharge as fields, and the answers out of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from cmp_tui.assessments.definition import Item, Option
from cmp_tui.assessments.words import DECLINED
from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.clinic.reference import Reference
from cmp_tui.desk.assessment_fields import AskItem
from cmp_tui.transitions.call_rules import (
    CONCERN,
    TASK,
    Answers,
    CallBook,
    Question,
    ToDo,
    answer_words,
    offered,
    offers,
)
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.rows import RowOption, RowsField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.words import day_words

Values = Mapping[str, object]
NOTHING = "no"
BOOKED = "yes"


def asked_name(question: Question) -> str:
    """Returns the name of a question's field."""
    return f"q_{question.name}"


def deed_sets(question: Question) -> list[tuple[str, ...]]:
    """Returns the sets of deeds that the answers of a question offer, each once."""
    return list(dict.fromkeys(one.deeds for one in question.options if one.deeds))


def deed_name(question: Question, number: int) -> str:
    """Returns the name of the field that says what is done about an answer with the how-manieth set of deeds."""
    return f"do_{question.name}_{number}"


def reached(values: Values) -> bool:
    """Whether there is somebody to ask."""
    return values.get("outcome") == "reached"


class CallForm:
    """The questions of one call. `before` are the answers of an earlier call about the same stay, of the day `said`."""

    def __init__(
        self,
        reference: Reference,
        book: CallBook,
        questions: Sequence[Question],
        today: date,
        before: Answers,
        said: date | None,
    ) -> None:
        self._reference, self._book, self._today = reference, book, today
        self._before, self._said = before, said
        self.questions = tuple(questions)

    def fields(self) -> tuple[Field, ...]:
        """The questions in their order, each with its number, and under each what can be done about its answer."""
        found: list[Field] = []
        for number, question in enumerate(self.questions, 1):
            found.append(self._question(number, question))
            if question.visit:
                found += self._visit(question)
            found += self._deeds(question)
        return tuple(found)

    def answers(self, values: Values) -> dict[str, Any]:
        """Returns the answers that stand in the form, as codes."""
        return {
            one.name: answer
            for one in self.questions
            if (answer := self._answer(one, values)) not in (None, [])
        }

    def todo(self, values: Values) -> list[ToDo]:
        """Returns what is to be done: what was chosen under the answers."""
        found: list[ToDo] = []
        for question in self.questions:
            answer = self._answer(question, values)
            chosen = {
                values.get(deed_name(question, number))
                for number, names in enumerate(deed_sets(question))
                if offers(question, answer, names)
            }
            found += [one for one in offered(question, answer, self._book) if one.deed.name in chosen]
        return found

    def progress(self, values: Values) -> str:
        """'5 of 12 answered'."""
        return f"{len(self.answers(values))} of {len(self.questions)} answered"

    def _answer(self, question: Question, values: Values) -> Any:
        value: Any = values.get(asked_name(question))
        if value is None or value == DECLINED:
            return value
        places = value if isinstance(value, (list, tuple)) else [value]
        codes = [question.options[int(place) - 1].code for place in places]
        return codes if question.several else codes[0]

    def _question(self, number: int, question: Question) -> Field:
        item = Item(
            name=question.name,
            text=question.text,
            kind="several" if question.several else "choice",
            options=tuple(
                Option(place, one.words, 0, one.code, one.alone)
                for place, one in enumerate(question.options, 1)
            ),
        )
        old, words = self._old(question)
        return AskItem(
            name=asked_name(question), label=str(number), item=item, when=reached, progress=self.progress,
            old=old, old_words=words,
        )  # fmt: skip

    def _old(self, question: Question) -> tuple[object, str]:
        """The answer of an earlier call, as the field's value and in words."""
        answer = self._before.get(question.name)
        places = [
            place
            for place, one in enumerate(question.options, 1)
            if one.code == answer
            or (isinstance(answer, list) and (one.code in answer or one.words in answer))
        ]
        if not places or self._said is None:
            return None, ""
        codes = [question.options[place - 1].code for place in places]
        words = answer_words(question, codes)
        return (places if question.several else places[0]), f"{words} ({day_words(self._said, self._today)})"

    def _visit(self, question: Question) -> list[Field]:
        def booked(values: Values) -> bool:
            return reached(values) and self._answer(question, values) == BOOKED

        return [
            DateField(
                name="visit_day", label="On", row="visit", width=24, only="future", when=booked,
                help="the day of the visit: it is written down as an appointment; empty when it stands there already",
            ),
            TextField(name="visit_time", label="at", row="visit", width=12, limit=20, when=booked, help="9:30, 2 pm"),
            TextField(name="visit_with", label="with", row="visit", limit=200, when=booked),
        ]  # fmt: skip

    def _deeds(self, question: Question) -> list[Field]:
        """What can be done: a field for each set of deeds, shown for the answers that offer it."""
        return [
            RowsField(
                name=deed_name(question, number),
                label="then",
                options=(
                    *(RowOption(name, (self._deed_words(name),)) for name in names),
                    RowOption(NOTHING, ("Nothing more",)),
                ),
                default=names[0],
                when=self._wanted(question, names),
                help="what is done about it when this call is saved; arrows choose",
            )
            for number, names in enumerate(deed_sets(question))
        ]

    def _wanted(self, question: Question, names: tuple[str, ...]) -> Callable[[Values], bool]:
        def wanted(values: Values) -> bool:
            return reached(values) and offers(question, self._answer(question, values), names)

        return wanted

    def _deed_words(self, name: str) -> str:
        """'Task by Tue 24 Nov: Get the missing medicines'"""
        deed = self._book.deeds[name]
        words = deed.words.replace("{said}", "what was said")
        if deed.kind == TASK:
            due = add_business_days(self._today, deed.days) if deed.days else self._today
            return f"Task {day_words(due, self._today)}: {words}"
        if deed.kind == CONCERN:
            return f"Concern, {self._reference.label('urgency', deed.urgency)}: {words}"
        return f"Referral, {self._reference.label('referral_kind', deed.referral)}: {words}"
