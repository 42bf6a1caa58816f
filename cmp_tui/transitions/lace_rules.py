"""LACE with its parts, from rows of the chart: length of stay, acute admission, comorbidity, emergency visits. Pure.

Derived, never ticked. What is not known makes a range, and is said. The points are in data/lace.toml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from cmp_tui.clinic.calendar import add_months
from cmp_tui.transitions.facts import ConditionFact, StayFact
from cmp_tui.transitions.use_rules import EMERGENCY

Steps = Sequence[tuple[int, int]]
MONTHS = 6
"""How far back emergency visits count."""
HERE = frozenset({"active", "recurrence", "relapse", "inactive", "remission"})
"""States of a condition that is not over for good."""
SCORED = frozenset({"inpatient", "observation", "psychiatric", "rehab", "ltch"})
"""Stays that have a LACE."""


class Disease(NamedTuple):
    """A kind of disease of the score (data/lace.toml)."""

    name: str
    words: str
    points: int
    prefixes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    grade: str = ""
    past: bool = False
    unsure: int = 0
    unsure_words: str = ""


@dataclass(frozen=True)
class LaceBook:
    """The points of the score. `by_code` and `by_group` find a disease."""

    high: int
    length: Steps
    acute: int
    comorbidity: Steps
    visits: Steps
    diseases: tuple[Disease, ...]
    by_code: Mapping[str, Disease]
    by_group: Mapping[str, Disease]

    def disease(self, one: ConditionFact) -> tuple[Disease, bool] | None:
        """Returns the disease that a condition is, and whether its code says the grade; None for any other."""
        if one.code:
            for length in range(len(one.code), 1, -1):
                if found := self.by_code.get(one.code[:length]):
                    return found, True
            return None
        found = self.by_group.get(one.group or "")
        return (found, False) if found is not None else None


class Part(NamedTuple):
    """One part: its letter, its points (a range where something is not known), why, and the rows behind it."""

    letter: Literal["L", "A", "C", "E"]
    least: int
    most: int
    why: str
    rows: tuple[bytes, ...] = ()
    unknown: str = ""

    @property
    def points(self) -> str:
        """'3', or '0 to 3' where it is not known."""
        return ranged(self.least, self.most)


class Lace(NamedTuple):
    """The score of a stay. `high` is from how many points on it is high."""

    parts: tuple[Part, ...]
    high: int

    @property
    def least(self) -> int:
        """At least so many points."""
        return sum(part.least for part in self.parts)

    @property
    def most(self) -> int:
        """At most so many points."""
        return sum(part.most for part in self.parts)

    @property
    def points(self) -> str:
        """'11', or '8 to 11' where something is not known."""
        return ranged(self.least, self.most)

    @property
    def band(self) -> str:
        """'high', 'not high' or, where the range lies across, 'may be high'."""
        if self.least >= self.high:
            return "high"
        return "may be high" if self.most >= self.high else "not high"

    @property
    def unknown(self) -> tuple[str, ...]:
        """What is not known, in words."""
        return tuple(part.unknown for part in self.parts if part.unknown)


def ranged(least: int, most: int) -> str:
    """'3', or '0 to 3'."""
    return str(least) if least == most else f"{least} to {most}"


def lace(
    book: LaceBook,
    stay: StayFact,
    stays: Sequence[StayFact],
    conditions: Sequence[ConditionFact],
    today: date,
) -> Lace | None:
    """Returns the LACE of a stay, as far as it has come; None for a kind of stay that has none."""
    if stay.kind not in SCORED:
        return None
    parts = (
        _length(book, stay, today),
        _acute(book, stay),
        _comorbidity(book, stay, conditions),
        _visits(book, stay, stays),
    )
    return Lace(parts, book.high)


def step(steps: Steps, number: int) -> int:
    """The points of the highest step that a number reaches."""
    return max((points for least, points in steps if number >= least), default=0)


def _length(book: LaceBook, stay: StayFact, today: date) -> Part:
    days = max(((stay.discharged or today) - stay.admitted).days, 0)
    points = step(book.length, days)
    words = f"{days} day{'' if days == 1 else 's'}" if days else "less than a day"
    if stay.discharged is None:
        most = max(value for _, value in book.length)
        return Part("L", points, most, f"{words} so far", (stay.key,), "still in hospital")
    return Part("L", points, points, words, (stay.key,))


def _acute(book: LaceBook, stay: StayFact) -> Part:
    if stay.emergency or (stay.emergency is None and stay.came_from == "ed"):
        why = "came in as an emergency" if stay.emergency else "came by the emergency department"
        return Part("A", book.acute, book.acute, why, (stay.key,))
    if stay.emergency is None:
        return Part("A", 0, book.acute, "not said", (stay.key,), "whether they came in as an emergency")
    return Part("A", 0, 0, "planned", (stay.key,))


def _comorbidity(book: LaceBook, stay: StayFact, conditions: Sequence[ConditionFact]) -> Part:
    least: dict[str, tuple[int, Disease]] = {}
    most: dict[str, int] = {}
    keys: dict[str, list[bytes]] = {}
    unsure: dict[str, str] = {}
    before = stay.admitted.isoformat()
    seen = False
    for one in conditions:
        if one.onset and one.onset > before[: len(one.onset)]:
            continue
        seen = True
        found = book.disease(one)
        if found is None or (one.status not in HERE and not found[0].past):
            continue
        disease, graded = found
        group = disease.grade or disease.name
        if group not in least or disease.points > least[group][0]:
            least[group] = (disease.points, disease)
        more = disease.points + (0 if graded else disease.unsure)
        most[group] = max(most.get(group, 0), more)
        keys.setdefault(group, []).append(one.key)
        if not graded and disease.unsure:
            unsure[group] = disease.unsure_words
    sure = sum(points for points, _ in least.values())
    whole = sum(most.values())
    rows = tuple(key for group in least for key in keys[group])
    if not seen:
        top = max(points for _, points in book.comorbidity)
        return Part("C", 0, top, "no conditions recorded", (), "the conditions")
    several = len(least) > 1
    named = (f"{disease.words} {points}" if several else disease.words for points, disease in least.values())
    words = ", ".join(named) or "none of the score's diseases"
    at_least, at_most = step(book.comorbidity, sure), step(book.comorbidity, whole)
    # A grade that changes no points is not worth a word.
    opened = (said for group, said in unsure.items() if most[group] > least[group][0])
    unknown = ", ".join(opened) if at_most > at_least else ""
    return Part("C", at_least, at_most, words, rows, unknown)


def _visits(book: LaceBook, stay: StayFact, stays: Sequence[StayFact]) -> Part:
    since = add_months(stay.admitted, -MONTHS)
    days: dict[date, bytes] = {}
    for one in stays:
        if one.kind == EMERGENCY and since <= one.admitted <= stay.admitted and not leads_to(one, stay):
            days.setdefault(one.admitted, one.key)
    points = step(book.visits, len(days))
    words = f"{len(days)} in the 6 months before" if days else "none recorded"
    return Part("E", points, points, words, tuple(days.values()))


def leads_to(visit: StayFact, stay: StayFact) -> bool:
    """Whether an emergency visit is the one that led to a stay: it ended as the stay began, or the night before."""
    left = visit.discharged or visit.admitted
    night = left == stay.admitted - timedelta(days=1) and visit.to == "hospital"
    return left >= stay.admitted or visit.admitted == stay.admitted or night
