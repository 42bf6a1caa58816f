"""Instruments within a section of the comprehensive assessment: their questions, or an earlier result that is kept."""

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
from cmp_tui.assessments.library import library
from cmp_tui.assessments.queries import AssessmentLine
from cmp_tui.assessments.rules import score
from cmp_tui.assessments.words import score_words
from cmp_tui.clinic.reference import Reference
from cmp_tui.desk.assessment_answers import letter
from cmp_tui.desk.assessment_fields import AskItem
from cmp_tui.desk.assessment_queries import Whole, begun_on
from cmp_tui.desk.assessment_rules import Question, Score
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.words import age, day_words

Values = Mapping[str, object]
Holds = Callable[[Values], bool]
KEEP, AGAIN = 1, 2
"""What is chosen for an earlier result of an instrument."""


def keep_of(name: str) -> str:
    """Returns the name of the field that asks whether an earlier result is kept."""
    return f"k_{name}"


class Instruments:
    """The instruments of an assessment as it stands."""

    def __init__(self, reference: Reference, found: Whole, today: date) -> None:
        self._reference, self._found, self._today = reference, found, today
        self._shelf = library(reference)

    def fields(
        self, question: Question, number: str, here: Holds | None, progress: Callable[[Values], str]
    ) -> list[Field]:
        """The questions of an instrument, and before them whether an earlier result is kept."""
        instrument = self._shelf.get(question.instrument)
        if instrument is None:
            return []
        earlier = self.earlier(question)
        fields: list[Field] = []
        asks = here
        if earlier is not None:
            fields.append(self._keep_field(question, instrument, earlier, number, here, progress))

            def asks(values: Values) -> bool:
                return (here is None or here(values)) and values.get(keep_of(question.name)) == AGAIN

        own = self.own(question)
        follow = own is None or own.status == "in-progress"
        letters = 0
        for field in instrument_fields(self._reference, self._shelf, instrument, follow=follow):
            changes: dict[str, Any] = {"when": _both(asks, field.when)}
            if isinstance(field, ItemField) and field.name.startswith("a_"):
                changes["label"] = f"{number}{letter(letters)}"
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
        here: Holds | None,
        progress: Callable[[Values], str],
    ) -> Field:
        said = (
            score_words(instrument, earlier.score, earlier.band) if earlier.score is not None else "answered"
        )
        day = day_words(earlier.date, self._today)
        return AskItem(
            name=keep_of(question.name), label=number, when=here, progress=progress,
            item=Item(
                name=question.name,
                text=f"{instrument.title} of {day}: {said}.",
                kind="choice",
                options=(Option(KEEP, "Still so: keep it", 0), Option(AGAIN, "Ask again", 0)),
            ),
            keys="keep it, or ask the questions again",
        )  # fmt: skip

    def earlier(self, question: Question) -> AssessmentLine | None:
        """A result from before this assessment that may be kept: one that was kept already, or a fresh one."""
        kept = self._found.answers.get(question.name)
        result = self._found.results.get(question.instrument)
        if result is not None:
            return result if result.id.hex() == kept and not self._is_own(result) else None
        line = self._found.earlier.get(question.instrument)
        if line is None or line.date < self._today - timedelta(days=question.fresh_days):
            return None
        return line

    def own(self, question: Question) -> AssessmentLine | None:
        """What was recorded of an instrument within this assessment."""
        result = self._found.results.get(question.instrument)
        return result if result is not None and self._is_own(result) else None

    def _is_own(self, line: AssessmentLine) -> bool:
        whole = self._found.line
        return whole is not None and line.date >= begun_on(whole.date, self._found.answers)

    def values(self, question: Question) -> dict[str, object]:
        """What stands in its fields as the form opens."""
        instrument = self._shelf.get(question.instrument)
        if instrument is None:
            return {}
        found = self._by_chart(instrument)
        own = self.own(question)
        if own is not None:
            return {**found, **shown_values(instrument, own.answers, own.flags)}
        earlier = self.earlier(question)
        if earlier is not None and self._found.answers.get(question.name) == earlier.id.hex():
            found[keep_of(question.name)] = KEEP
        return found

    def kept(self, question: Question, values: Values) -> str:
        """The key of the result that stands for the question: an earlier one that is kept, or that of this assessment;
        "" for none."""
        earlier = self.earlier(question)
        if earlier is not None and values.get(keep_of(question.name)) == KEEP:
            return earlier.id.hex()
        answer = self._found.answers.get(question.name)
        return answer if self.own(question) is not None and isinstance(answer, str) else ""

    def parts(self, question: Question, values: Values) -> list[dict[str, Any]]:
        """What is to be recorded: the answers, and those of the longer instrument that they opened."""
        instrument = self._shelf.get(question.instrument)
        if instrument is None:
            return []
        own, given = self.own(question), answers_in(instrument, values)
        # What the chart answers by itself is no answer that somebody gave.
        if not given or (own is None and len(given) <= len(self._by_chart(instrument))):
            return []
        parts: list[dict[str, Any]] = [
            {"instrument": instrument.name, "answers": given, "help": help_in(instrument, values)}
        ]
        longer = opened(self._shelf, instrument, values)
        if longer is not None and (own is None or own.status == "in-progress"):
            more = next_answers(instrument, longer, values)
            parts.append({"instrument": longer.name, "answers": more, "help": help_in(longer, values)})
        return parts

    def score(self, question: Question, values: Values) -> Score | None:
        """What the answers that stand in the form come to; None when there are none."""
        instrument = self._shelf.get(question.instrument)
        if instrument is None or not self.parts(question, values):
            return None
        scored = score(instrument, answers_in(instrument, values))
        return Score(scored.score, scored.whole)

    def _by_chart(self, instrument: Instrument) -> dict[str, object]:
        born = self._found.card.birth_date
        return from_chart(instrument, self._found.card.sex, None if born is None else age(born, self._today))


def _both(here: Holds | None, more: Any) -> Any:
    if here is None or more is None:
        return here or more
    return lambda values: here(values) and more(values)
