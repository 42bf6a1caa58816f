"""The end of the comprehensive assessment as a form: goals, tasks and conditions that its answers suggest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cmp_tui.assessments.definition import Item, Option
from cmp_tui.assessments.item_field import ItemField
from cmp_tui.assessments.library import library
from cmp_tui.assessments.rules import plain
from cmp_tui.clinic.reference import Reference
from cmp_tui.desk.assessment_answers import answer_words
from cmp_tui.desk.assessment_queries import END, Whole
from cmp_tui.desk.assessment_rules import Book, Suggest, Test, far, holds, suggested
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.tell import Part, TellField
from cmp_tui.ui.fields.text import TextField

KINDS = ("goal", "task", "condition")
ASKS: Mapping[str, str] = {
    "goal": "Goals to propose: a letter or digit ticks, enter goes on.",
    "task": "Tasks to make.",
    "condition": "Problems to add to the list of conditions.",
}
LABELS: Mapping[str, str] = {"goal": "Goals", "task": "Tasks", "condition": "Problems"}
ONE: Mapping[str, str] = {"goal": "Goal", "task": "Task", "condition": "Problem"}
PLURAL: Mapping[str, str] = {"goal": "goals", "task": "tasks", "condition": "conditions"}
OWN = "{own}"
LONGEST_TITLE = 200
SAYS_NOTHING = frozenset({"yes", "no", "not sure"})
"""Answers that say nothing without their question."""
Values = Mapping[str, object]


class EndForm:
    """The fields of the end, and what saving them makes."""

    def __init__(self, reference: Reference, book: Book, found: Whole) -> None:
        self._reference, self._book, self._found = reference, book, found
        known = {(kind, words) for kind, words in found.answers.get(END, [])}
        all_of_them = suggested(book, found.answers, found.facts)
        self._of: dict[str, list[Suggest]] = {
            kind: [one for one in all_of_them if one.kind == kind and (kind, self._title(one)) not in known]
            for kind in KINDS
        }

    def fields(self) -> tuple[Field, ...]:
        """What is open, then for each kind what is suggested, then the words of what is ticked."""
        fields: list[Field] = [*self._open()]
        for kind in KINDS:
            if self._of[kind]:
                fields.append(self._ticks(kind))
        for kind in KINDS:
            for place, one in enumerate(self._of[kind], 1):
                fields += self._words(kind, place, one)
        fields.append(
            TextField(
                name="goal_own",
                label="Another goal",
                limit=300,
                help="in a few words; empty when there is none",
            )
        )
        return tuple(fields)

    def values(self) -> dict[str, object]:
        """What is ticked beforehand."""
        found: dict[str, object] = {}
        for kind in KINDS:
            ticked = [place for place, one in enumerate(self._of[kind], 1) if one.ticked]
            found[f"pick_{kind}"] = ticked or None
            for place, one in enumerate(self._of[kind], 1):
                found[f"{kind}_{place}"] = self._title(one)
                found[f"{kind}_{place}_own"] = self._own_words(one)
        return found

    def results(self, values: Values) -> dict[str, Any]:
        """The arguments of `finish_assessment`."""
        found: dict[str, Any] = {"remarks": str(values.get("remarks") or "") or None}
        for kind in KINDS:
            picked = values.get(f"pick_{kind}")
            places = picked if isinstance(picked, (list, tuple)) else ()
            found[PLURAL[kind]] = [
                self._made(kind, place, one, values)
                for place, one in enumerate(self._of[kind], 1)
                if place in places
            ]
        own = str(values.get("goal_own") or "").strip()
        if own:
            found["goals"].append({"title": own, "responsible": "patient"})
        return found

    def _made(self, kind: str, place: int, one: Suggest, values: Values) -> dict[str, Any]:
        own = str(values.get(f"{kind}_{place}_own") or "") or None
        made: dict[str, Any] = {"title": str(values.get(f"{kind}_{place}") or "")}
        if kind == "goal":
            made |= {"topic": one.topic, "responsible": one.responsible, "own_words": own}
        elif kind == "task":
            made |= {"days": one.days, "why": own or self._because(one) or None}
        return made

    def _open(self) -> list[Field]:
        states = [
            (one.title, far(self._book, one.name, self._found.answers, self._found.facts))
            for one in self._book.sections
        ]
        half = [
            f"{title} {state.asked - state.answered}"
            for title, state in states
            if state.begun and not state.done
        ]
        empty = [title for title, state in states if state.asked and not state.begun]
        lines: list[Part] = []
        if half:
            lines.append((f"Not answered: {', '.join(half)}.", "amber"))
        if empty:
            lines.append((f"Nothing was asked about: {', '.join(empty)}.", "amber"))
        found: list[Field] = []
        if lines:
            found.append(
                TellField(
                    name="open",
                    label="Open",
                    lines=lambda values: lines,
                    help="esc goes back to ask; enter goes on",
                )
            )
        if empty:
            found.append(
                TextField(
                    name="remarks", label="Why not", required=True, limit=500,
                    help="why these sections are left out; it stays with the assessment",
                )
            )  # fmt: skip
        return found

    def _ticks(self, kind: str) -> Field:
        options = tuple(Option(place, self._option(one), 0) for place, one in enumerate(self._of[kind], 1))
        item = Item(name=kind, text=ASKS[kind], kind="several", options=options)
        return ItemField(name=f"pick_{kind}", label=LABELS[kind], item=item, keys="a digit or a letter ticks")

    def _words(self, kind: str, place: int, one: Suggest) -> list[Field]:
        def ticked(values: Values) -> bool:
            picked = values.get(f"pick_{kind}")
            return isinstance(picked, (list, tuple)) and place in picked

        when: Callable[[Values], bool] = ticked
        limit = 200 if kind == "task" else 300
        fields: list[Field] = [
            TextField(
                name=f"{kind}_{place}", label=f"{ONE[kind]} {place}", required=True, limit=limit, when=when,
                help="change the words as you like",
            )
        ]  # fmt: skip
        if kind == "goal":
            fields.append(
                LongTextField(
                    name=f"{kind}_{place}_own", label="in own words", limit=500, when=when,
                    help="what the patient said, in their own words",
                )
            )  # fmt: skip
        return fields

    def _option(self, one: Suggest) -> str:
        because = self._because(one)
        return f"{self._title(one)} ({because})" if because else self._title(one)

    def _title(self, one: Suggest) -> str:
        """Its words, with the patient's own where they belong into them."""
        return " ".join(one.words.replace(OWN, self._own_words(one)).split())[:LONGEST_TITLE]

    def _own_words(self, one: Suggest) -> str:
        value = self._found.answers.get(one.own_words) if one.own_words else None
        return value[:500] if isinstance(value, str) else ""

    def _because(self, one: Suggest) -> str:
        """The answers that suggest it, in short words."""
        tests = [
            test for test in (*one.when, *one.any) if holds(test, self._found.answers, self._found.facts)
        ]
        parts = [words for test in tests if (words := self._test_words(test))]
        return "; ".join(dict.fromkeys(parts))

    def _test_words(self, test: Test) -> str:
        if test.instrument:
            score = self._found.facts.scores[test.instrument].score
            return f"{library(self._reference).title(test.instrument)} {plain(score or 0)}"
        if test.group:
            return next((one.words for one in self._found.conditions if one.group == test.group), "")
        question = self._book.question(test.question)
        if question is None or test.given:
            return ""
        answer = self._found.answers.get(test.question)
        if isinstance(answer, Mapping):
            return "; ".join(
                f"{one.words}: {answer_words(question, answer[one.id.hex()]).lower()}"
                for one in self._found.conditions
                if answer.get(one.id.hex()) in test.codes
            )
        if isinstance(answer, list):
            return answer_words(question, [one for one in answer if one in test.codes]).lower()
        words = answer_words(question, answer).lower()
        return "" if words in SAYS_NOTHING else words
