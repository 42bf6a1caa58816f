"""The comprehensive assessment: what is asked, how far one is, what the answers suggest. Pure.

Nothing is read into a missing answer: a question that is open makes no condition hold and suggests nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

YES, NO = "yes", "no"
TELLS = "told"
EACH = "conditions"
INSTRUMENT = "instrument"
CHOOSES = frozenset({"choice", "several", "yes-no", EACH})
TYPES = frozenset({"text", "words", "number", "date", "pressure"})
KINDS = CHOOSES | TYPES | {INSTRUMENT, TELLS}

Answers = Mapping[str, Any]
"""Answers by the names of their questions: a code, codes, text, a number, a day in ISO, for `conditions` a code for
each condition's key, for an instrument the key of its assessment; None when the patient did not want to answer."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be chosen."""

    code: str
    words: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on what is known. One of `question`, `instrument` and `group` is named."""

    question: str = ""
    codes: tuple[str, ...] = ()
    given: bool = False
    instrument: str = ""
    group: str = ""
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question; the fields are those of data/comprehensive.toml."""

    name: str
    section: str
    text: str
    kind: str
    options: tuple[Choice, ...] = ()
    unit: str = ""
    least: float = 0
    most: float = 0
    places: int = 0
    instrument: str = ""
    fresh_days: int = 0
    of: str = ""
    fills: str = ""
    record: str = ""
    task: str = ""
    when: tuple[Test, ...] = ()
    optional: bool = False
    help: str = ""

    @property
    def counts(self) -> bool:
        """Whether it belongs to what is to be answered."""
        return not self.optional and self.kind != TELLS


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the assessment."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A record that several questions fill together."""

    name: str
    of: str
    fixed: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Suggest:
    """What answers suggest: a goal, a task, or a condition."""

    name: str
    kind: str
    words: str
    when: tuple[Test, ...] = ()
    any: tuple[Test, ...] = ()
    topic: str = ""
    responsible: str = ""
    own_words: str = ""
    days: int = 0
    ticked: bool = True


@dataclass(frozen=True, slots=True)
class Book:
    """The whole assessment as its file describes it."""

    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    records: Mapping[str, Filled]
    suggests: tuple[Suggest, ...]

    def of(self, section: str) -> tuple[Question, ...]:
        """The questions of a section."""
        return tuple(one for one in self.questions if one.section == section)

    def question(self, name: str) -> Question | None:
        """A question by its name."""
        return next((one for one in self.questions if one.name == name), None)


class Score(NamedTuple):
    """What an instrument came to."""

    score: float | None
    whole: bool = True


class Facts(NamedTuple):
    """What is known besides the answers: the chart's active conditions by key with their groups, and scores."""

    conditions: tuple[str, ...] = ()
    groups: frozenset[str] = frozenset()
    scores: Mapping[str, Score] = {}


class Far(NamedTuple):
    """How far a section is."""

    answered: int
    asked: int
    begun: bool
    """Whether anything at all is answered."""

    @property
    def done(self) -> bool:
        """Whether nothing is open."""
        return self.begun and self.answered == self.asked


def holds(test: Test, answers: Answers, facts: Facts) -> bool:
    """Tells whether a condition holds for certain."""
    if test.group:
        return test.group in facts.groups
    if test.instrument:
        found = facts.scores.get(test.instrument)
        return found is not None and found.score is not None and _within(test, found.score)
    value = answers.get(test.question)
    if test.given:
        return value not in (None, "", [], {})
    if test.codes:
        return any(one in test.codes for one in _codes(value))
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and _within(test, float(value or 0))


def asked(book: Book, section: str, answers: Answers, facts: Facts) -> list[Question]:
    """Returns the questions of a section that are asked by what is known so far, those that only tell included."""
    return [one for one in book.of(section) if is_asked(one, answers, facts)]


def is_asked(question: Question, answers: Answers, facts: Facts) -> bool:
    """Tells whether a question is asked."""
    if question.kind == EACH and not facts.conditions:
        return False
    return all(holds(test, answers, facts) for test in question.when)


def is_answered(question: Question, answers: Answers, facts: Facts) -> bool:
    """Tells whether a question has its answer; that the patient did not want to answer is one."""
    if question.name not in answers:
        return False
    value = answers[question.name]
    if question.kind == EACH:
        return isinstance(value, Mapping) and all(key in value for key in facts.conditions)
    if question.kind == INSTRUMENT and value is not None:
        found = facts.scores.get(question.instrument)
        return found is None or found.whole
    return True


def far(book: Book, section: str, answers: Answers, facts: Facts) -> Far:
    """Returns how far a section is."""
    questions = asked(book, section, answers, facts)
    counted = [one for one in questions if one.counts]
    done = sum(1 for one in counted if is_answered(one, answers, facts))
    return Far(done, len(counted), any(one.name in answers for one in questions))


def whole(book: Book, answers: Answers, facts: Facts) -> Far:
    """Returns how far the whole assessment is."""
    parts = [far(book, one.name, answers, facts) for one in book.sections]
    return Far(
        sum(one.answered for one in parts), sum(one.asked for one in parts), any(p.begun for p in parts)
    )


def next_open(book: Book, answers: Answers, facts: Facts, after: str = "") -> str:
    """Returns the section to go on with: the first that is not done after a section, else from the beginning; ''
    when all are done."""
    names = [one.name for one in book.sections]
    at = names.index(after) + 1 if after in names else 0
    for name in (*names[at:], *names[:at]):
        if not far(book, name, answers, facts).done:
            return name
    return ""


def suggested(book: Book, answers: Answers, facts: Facts) -> list[Suggest]:
    """Returns what the answers suggest, in the file's order."""
    return [
        one
        for one in book.suggests
        if (one.when or one.any)
        and all(holds(test, answers, facts) for test in one.when)
        and (not one.any or any(holds(test, answers, facts) for test in one.any))
    ]


def changed(before: Answers, after: Answers, names: Collection[str]) -> set[str]:
    """Returns the questions whose answers differ; one that is gone counts as changed."""
    missing = object()
    return {name for name in names if before.get(name, missing) != after.get(name, missing)}


def pressure(text: str) -> tuple[int, int] | None:
    """Reads a blood pressure such as 132/78; None when it is none."""
    upper, slash, lower = text.partition("/")
    if not slash or not (upper.strip().isdecimal() and lower.strip().isdecimal()):
        return None
    pair = int(upper), int(lower)
    return pair if 40 <= pair[1] < pair[0] <= 300 else None


def same_words(one: str, other: str, fold: Callable[[str], str] = str.casefold) -> bool:
    """Tells whether two names are the same but for case and spaces."""
    return fold(" ".join(one.split())) == fold(" ".join(other.split()))


def _within(test: Test, number: float) -> bool:
    return (test.least is None or number >= test.least) and (test.most is None or number <= test.most)


def _codes(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [one for one in value.values() if isinstance(one, str)]
    if isinstance(value, (list, tuple)):
        return [one for one in value if isinstance(one, str)]
    return []
