"""Answers of the comprehensive assessment: as they are kept, as a field holds them, and in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from cmp_tui.assessments.definition import Item, Option
from cmp_tui.assessments.words import DECLINED
from cmp_tui.desk.assessment_rules import CHOOSES, Choice, Question


def as_value(question: Question, answer: Any) -> object:
    """Returns an answer as its field holds it; None for one that the field can't hold."""
    if answer is None:
        return DECLINED if question.kind in CHOOSES or question.kind == "number" else None
    if question.kind == "several":
        places = [place_of(question, one) for one in answer] if isinstance(answer, list) else []
        return [one for one in places if one is not None] or None
    if question.kind in CHOOSES:
        return place_of(question, answer)
    if question.kind == "date":
        return day_of_answer(answer)
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
        return ", ".join(said_of(question, one) for one in answer)
    if question.kind in CHOOSES:
        return said_of(question, answer)
    if question.kind == "number":
        return f"{answer} {question.unit}".strip()
    return str(answer)


def place_of(question: Question, code: Any) -> object:
    """Returns the place of an answer among the options (1 is the first); None where it is none of them."""
    if code is None:
        return DECLINED
    return next((at for at, one in enumerate(question.options, 1) if one.code == code), None)


def said_of(question: Question, code: Any) -> str:
    """Returns the words of a code."""
    return next((one.words for one in question.options if one.code == code), str(code))


def item_of(question: Question, text: str = "") -> Item:
    """Returns a question as one of an instrument, so that digits and letters answer it in the same way."""

    def option(at: int, one: Choice) -> Option:
        return Option(at, one.words, 0, alone=one.alone)

    kind = {"several": "several", "number": "number"}.get(question.kind, "choice")
    return Item(
        name=question.name, text=text or question.text, kind=kind,
        options=tuple(option(at, one) for at, one in enumerate(question.options, 1)),
        least=question.least, most=question.most, places=question.places, unit=question.unit,
    )  # fmt: skip


def letter(at: int) -> str:
    """Returns the letter behind a number: a for the first."""
    return "abcdefghijklmnopqrstuvwxyz"[at % 26]


def day_of_answer(value: Any) -> date:
    """Returns the day that an answer or a field holds."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))
