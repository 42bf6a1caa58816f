"""The discharge call's questions, from data/discharge_call.toml or the clinic's own file in its place."""

from __future__ import annotations

from types import MappingProxyType

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.reference_rows import Row, key_line
from cmp_tui.clinic.rule_rows import BadRule
from cmp_tui.transitions.call_rules import KINDS, REFERRAL, TASK, CallBook, Choice, Deed, Question

FILE = "discharge_call.toml"
MOST_QUESTIONS, MOST_OPTIONS = 40, 20


def call_book(reference: Reference) -> CallBook:
    """Returns the questions, read once. Raises Stopped with the file and the line of what can't be used."""
    return reference.made(FILE, lambda: _book(reference))


def _book(reference: Reference) -> CallBook:
    try:
        top = Row("", 1, reference.table(FILE))
        top.only(("question", "deed"))
        deeds = {}
        for row in top.rows("deed"):
            deed = _deed(row, reference)
            if deed.name in deeds:
                raise row.bad(f"name {deed.name!r} stands there twice")
            deeds[deed.name] = deed
        questions: dict[str, Question] = {}
        for row in top.rows("question"):
            question = _question(row, deeds)
            if question.name in questions:
                raise row.bad(f"name {question.name!r} stands there twice")
            questions[question.name] = question
        if not 1 <= len(questions) <= MOST_QUESTIONS:
            raise top.bad(f"question is there 1 to {MOST_QUESTIONS} times")
    except BadRule as wrong:
        line = key_line(reference.text(FILE), wrong)
        raise Stopped(
            f"{FILE}, line {line}: {wrong.why}. Correct the file, or take it away to use ours."
        ) from wrong
    return CallBook(tuple(questions.values()), MappingProxyType(deeds))


def _deed(row: Row, reference: Reference) -> Deed:
    row.only(("name", "kind", "words", "days", "task", "urgency", "referral", "need"))
    kind = row.one_of("kind", KINDS)

    def code(key: str, column: str, default: str) -> str:
        return row.one_of(key, [one.code for one in reference.codes(column)], default)

    return Deed(
        name=row.name("name"),
        kind=kind,
        words=row.text("words", 150),
        days=row.whole("days", 30, default=1),
        task=code("task", "task_kind", "follow-up") if kind == TASK else "",
        urgency=code("urgency", "referral_urgency" if kind == REFERRAL else "urgency", "routine"),
        referral=code("referral", "referral_kind", "") if kind == REFERRAL else "",
        need=row.text("need", 40, ""),
    )


def _question(row: Row, deeds: dict[str, Deed]) -> Question:
    row.only(("name", "text", "options", "several", "signs", "visit"))
    name = row.text("name", 40)
    if not name.replace("_", "").isalnum() or name != name.lower():
        raise row.bad("name has small letters, digits and _ only")
    values = row.values.get("options")
    if (
        not isinstance(values, list)
        or not 2 <= len(values) <= MOST_OPTIONS
        or not all(isinstance(one, dict) for one in values)
    ):
        raise row.bad('options are 2 to 20 tables such as { code = "yes", words = "yes" }')
    options = tuple(_choice(row, Row(row.table, row.number, one), deeds) for one in values)
    if len({one.code for one in options}) < len(options):
        raise row.bad("options have a code twice")
    question = Question(
        name, row.text("text", 200), options, row.yes("several"), row.yes("signs"), row.yes("visit")
    )
    if question.visit and not any(one.code == "yes" for one in options):
        raise row.bad('options of a question with visit have the code "yes"')
    if question.signs and not question.several:
        raise row.bad("signs needs several = true")
    return question


def _choice(outer: Row, row: Row, deeds: dict[str, Deed]) -> Choice:
    if extra := sorted(set(row.values) - {"code", "words", "alone", "do"}):
        raise outer.bad(f"options do not know {extra[0]}")
    try:
        return Choice(
            row.name("code"), row.text("words", 100), row.yes("alone"), row.texts("do", deeds, "[[deed]]")
        )
    except BadRule as wrong:
        raise outer.bad(f"options: {wrong.why}") from wrong
