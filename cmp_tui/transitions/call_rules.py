"""The call after a discharge: its questions, what their answers ask to be done, and the call in words. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

TASK, CONCERN, REFERRAL = "task", "concern", "referral"
KINDS = (TASK, CONCERN, REFERRAL)
DECLINED = "-"
"""The answer of somebody who did not want to answer."""
LONGEST_TITLE = 200
OWN = "own-"
"""What the codes of the plan's own warning signs begin with."""

Answers = Mapping[str, Any]
"""Answers by the names of their questions: a code, or a list of codes."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What can be done about an answer; the fields are those of data/discharge_call.toml."""

    name: str
    kind: str
    words: str
    days: int = 1
    task: str = "follow-up"
    urgency: str = "routine"
    referral: str = ""
    need: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer."""

    code: str
    words: str
    alone: bool = False
    deeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question."""

    name: str
    text: str
    options: tuple[Choice, ...]
    several: bool = False
    signs: bool = False
    visit: bool = False

    def chosen(self, answer: object) -> list[Choice]:
        """Returns the options that an answer names, in their order."""
        codes = answer if isinstance(answer, (list, tuple)) else [answer]
        return [one for one in self.options if one.code in codes]


@dataclass(frozen=True, slots=True)
class CallBook:
    """The questions in the order in which they are asked, and the deeds by name."""

    questions: tuple[Question, ...]
    deeds: Mapping[str, Deed]


class ToDo(NamedTuple):
    """A deed that an answer asks for, in the words of this answer."""

    deed: Deed
    words: str


def with_signs(question: Question, signs: Sequence[str]) -> Question:
    """Returns the question with the plan's own warning signs before its own answers."""
    if not question.signs or not signs:
        return question
    deeds = next((one.deeds for one in question.options if one.deeds), ())
    known = {one.words.casefold() for one in question.options}
    own = tuple(
        Choice(f"{OWN}{number}", words, deeds=deeds)
        for number, words in enumerate(dict.fromkeys(signs), 1)
        if words.casefold() not in known
    )
    return Question(
        question.name, question.text, own + question.options, question.several, True, question.visit
    )


def offered(question: Question, answer: object, book: CallBook) -> list[ToDo]:
    """Returns what can be done about an answer: each deed once, {said} being all answers that name it."""
    found: dict[str, list[str]] = {}
    for option in question.chosen(answer):
        for name in option.deeds:
            found.setdefault(name, []).append(option.words)
    return [
        ToDo(
            book.deeds[name],
            book.deeds[name].words.replace("{said}", "; ".join(said))[:LONGEST_TITLE],
        )
        for name, said in found.items()
    ]


def offers(question: Question, answer: object, deeds: tuple[str, ...]) -> bool:
    """Whether an answer offers this very set of deeds."""
    return any(one.deeds == deeds for one in question.chosen(answer))


def answer_words(question: Question, answer: object) -> str:
    """Returns an answer in words; "" for none."""
    if answer == DECLINED:
        return "did not want to answer"
    return "; ".join(one.words for one in question.chosen(answer))


def call_words(questions: Sequence[Question], answers: Answers) -> list[tuple[str, str]]:
    """Returns the questions that were answered, with the answers in words."""
    found = [(one.text, answer_words(one, answers.get(one.name))) for one in questions]
    return [(text, words) for text, words in found if words]


def is_whole(questions: Sequence[Question], answers: Answers) -> bool:
    """Whether every question has an answer."""
    return all(answer_words(one, answers.get(one.name)) for one in questions)


def missing(questions: Sequence[Question], answers: Answers) -> list[str]:
    """Returns the answers that ask for something to be done, in words."""
    return [option.words for one in questions for option in one.chosen(answers.get(one.name)) if option.deeds]


def kept(questions: Sequence[Question], answers: Answers) -> dict[str, Any]:
    """Returns the answers as a record keeps them: the plan's own signs by their words, which may change in the plan."""
    found: dict[str, Any] = {}
    for one in questions:
        answer = answers.get(one.name)
        if answer is None or answer in ("", []):
            continue
        if isinstance(answer, (list, tuple)):
            own = [each.words if each.code.startswith(OWN) else each.code for each in one.chosen(answer)]
            found[one.name] = own
        else:
            found[one.name] = answer
    return found


def shown(questions: Sequence[Question], answers: Answers) -> list[tuple[str, str]]:
    """Returns a kept call as pairs of question and answer; words that are no code any more stand as they are."""
    found: list[tuple[str, str]] = []
    for one in questions:
        answer = answers.get(one.name)
        if answer is None:
            continue
        said: Collection[Any] = answer if isinstance(answer, (list, tuple)) else [answer]
        words = {each.code: each.words for each in one.options} | {DECLINED: "did not want to answer"}
        found.append((one.text, "; ".join(words.get(str(code), str(code)) for code in said)))
    return found
