"""The risk tier: points for what is on file, and a tier for their sum. Pure.

The points themselves stand in data/risk.toml. What is not on file gives no points, which does not say that it is not
so: `asked_for` names the rules that had nothing to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

CONDITIONS, STAYS, MEDICINES, SCORES, WISHES = "conditions", "stays", "medicines", "scores", "wishes"
READS = (CONDITIONS, STAYS, MEDICINES, SCORES, WISHES)
"""What a rule may look at."""
HIGHEST = 6
HIGH = 5
"""From this tier on a patient is called high."""
Day = date  # a field of this name hides the type


class Condition(NamedTuple):
    """A condition that goes on. `name` is what makes it another one: its group, else its code or words."""

    name: str
    group: str | None
    code: str | None
    chronic: bool | None
    key: bytes


class Stay(NamedTuple):
    """A stay, or an emergency visit, that has begun."""

    kind: str
    admitted: Day
    key: bytes


class Medicine(NamedTuple):
    """A medicine on the present list. `words` is its folded text, `rules` name the rules whose names stand in it."""

    words: str
    rules: frozenset[str]
    key: bytes


class Asked(NamedTuple):
    """An instrument that was filled in. `wishes` are the possible needs that the patient wants help with."""

    instrument: str
    date: Day
    score: float | None
    wishes: tuple[str, ...]
    key: bytes


class Known(NamedTuple):
    """Everything of one patient that the rules look at; `asked` is oldest first."""

    conditions: Sequence[Condition] = ()
    stays: Sequence[Stay] = ()
    medicines: Sequence[Medicine] = ()
    asked: Sequence[Asked] = ()


class Step(NamedTuple):
    """From so many on: so many points."""

    least: int
    points: int


class Band(NamedTuple):
    """A score of an instrument from `least` to `most`, both included: so many points."""

    instrument: str
    least: float
    most: float
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of data/risk.toml. Its fields are those of the file; `since` is the first day that `months` reach."""

    name: str
    label: str
    why: str
    reads: str
    steps: tuple[Step, ...] = ()
    groups: frozenset[str] = frozenset()
    codes: tuple[str, ...] = ()
    chronic: bool = False
    kinds: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    instruments: frozenset[str] = frozenset()
    bands: tuple[Band, ...] = ()
    months: int = 0
    since: date = date.min


class TierRow(NamedTuple):
    """A tier: from so many points on, and its words."""

    tier: int
    least: int
    words: str


@dataclass(frozen=True, slots=True)
class Book:
    """The rules of a day, and the tiers, lowest first. `reads_since` is the earliest day that any rule reaches."""

    today: date
    rules: tuple[Rule, ...]
    tiers: tuple[TierRow, ...]
    stays_since: date
    asked_since: date

    def rule(self, name: str) -> Rule | None:
        """Returns a rule by its name; None for one that the file does not hold (any more)."""
        return next((one for one in self.rules if one.name == name), None)

    def label(self, name: str) -> str:
        """Returns what a rule is called."""
        found = self.rule(name)
        return name if found is None else found.label

    def words(self, tier: int) -> str:
        """Returns what a tier is called."""
        return next((one.words for one in self.tiers if one.tier == tier), "")

    def tier(self, points: int) -> int:
        """Returns the tier of a sum of points."""
        return max((one.tier for one in self.tiers if points >= one.least), default=1)


class Part(NamedTuple):
    """What one rule gives: its points, what it counted (a score is a number too), and the rows behind it."""

    rule: str
    points: int
    number: float
    keys: tuple[bytes, ...]


class Risk(NamedTuple):
    """A patient's points and tier. `parts` are the rules that found something, also when that gives no points yet."""

    tier: int
    points: int
    parts: tuple[Part, ...]

    def given(self) -> dict[str, int]:
        """Returns the points of each rule that gives some, as they are stored."""
        return {one.rule: one.points for one in self.parts if one.points}


class Found(NamedTuple):
    """What a rule counted, its points, and the rows that it looked at."""

    number: float
    points: int
    keys: tuple[bytes, ...]


def judge(known: Known, book: Book) -> Risk:
    """Returns what the rules make of a patient."""
    parts = []
    total = 0
    for rule in book.rules:
        found = _READERS[rule.reads](rule, known)
        if found is not None:
            parts.append(Part(rule.name, found.points, found.number, found.keys))
            total += found.points
    return Risk(book.tier(total), total, tuple(parts))


def asked_for(known: Known, book: Book) -> tuple[Rule, ...]:
    """Returns the rules for which nobody has asked the patient anything in time: nothing is known, not "no"."""
    return tuple(
        rule
        for rule in book.rules
        if rule.reads in (SCORES, WISHES)
        and not any(one.instrument in rule.instruments and one.date >= rule.since for one in known.asked)
    )


def step_points(steps: Iterable[Step], number: int) -> int:
    """Returns the points of the highest step that a number reaches."""
    return max((one.points for one in steps if number >= one.least), default=0)


def moved_rules(before: Mapping[str, int], after: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """Returns the rules whose points differ, with their points before and after; the largest difference first."""
    names = dict.fromkeys((*after, *before))
    found = [(name, before.get(name, 0), after.get(name, 0)) for name in names]
    return sorted((one for one in found if one[1] != one[2]), key=lambda one: -abs(one[2] - one[1]))


def _conditions(rule: Rule, known: Known) -> Found | None:
    names: dict[str, None] = {}
    keys = []
    for one in known.conditions:
        if _counts(rule, one):
            names[one.name] = None
            keys.append(one.key)
    return Found(len(names), step_points(rule.steps, len(names)), tuple(keys)) if keys else None


def _counts(rule: Rule, one: Condition) -> bool:
    if rule.chronic and one.chronic is not True:
        return False
    if rule.groups and one.group not in rule.groups:
        return False
    return not rule.codes or (one.code is not None and one.code.startswith(rule.codes))


def _stays(rule: Rule, known: Known) -> Found | None:
    # One day is one stay: it comes from the hospital and from the claims.
    days: dict[date, None] = {}
    keys = []
    for one in known.stays:
        if one.kind in rule.kinds and one.admitted >= rule.since:
            days[one.admitted] = None
            keys.append(one.key)
    return Found(len(days), step_points(rule.steps, len(days)), tuple(keys)) if keys else None


def _medicines(rule: Rule, known: Known) -> Found | None:
    words: dict[str, None] = {}
    keys = []
    for one in known.medicines:
        if not rule.names or rule.name in one.rules:
            words[one.words] = None
            keys.append(one.key)
    return Found(len(words), step_points(rule.steps, len(words)), tuple(keys)) if keys else None


def _scores(rule: Rule, known: Known) -> Found | None:
    latest: dict[str, Asked] = {}
    for one in known.asked:
        if one.instrument in rule.instruments and one.date >= rule.since and one.score is not None:
            latest[one.instrument] = one
    best: Found | None = None
    for one in latest.values():
        score = one.score or 0.0
        bands = (band for band in rule.bands if band.instrument == one.instrument)
        points = max((band.points for band in bands if band.least <= score <= band.most), default=0)
        if best is None or points > best.points:
            best = Found(score, points, (one.key,))
    return best


def _wishes(rule: Rule, known: Known) -> Found | None:
    latest = {
        one.instrument: one
        for one in known.asked
        if one.instrument in rule.instruments and one.date >= rule.since
    }
    wishes = {wish for one in latest.values() for wish in one.wishes}
    if not latest:
        return None
    keys = tuple(one.key for one in latest.values() if one.wishes or not wishes)
    return Found(len(wishes), step_points(rule.steps, len(wishes)), keys)


_READERS: Mapping[str, Callable[[Rule, Known], Found | None]] = {
    CONDITIONS: _conditions,
    STAYS: _stays,
    MEDICINES: _medicines,
    SCORES: _scores,
    WISHES: _wishes,
}
