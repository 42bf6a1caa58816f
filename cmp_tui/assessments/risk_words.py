"""Risk tiers in plain words: the tier that holds, what each rule gives and why, the rows behind it. Pure.

Days are said by who shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from cmp_tui.assessments.risk_rules import HIGHEST, SCORES, WISHES, Band, Book, Part, Rule, Step

Day = Callable[[date], str]
Label = Callable[[str, str | None], str]
Title = Callable[[str], str]


class Standing(Protocol):
    """A tier as it is kept."""

    @property
    def tier(self) -> int: ...
    @property
    def points(self) -> int: ...
    @property
    def set_tier(self) -> int | None: ...
    @property
    def review_on(self) -> date | None: ...
    @property
    def effective(self) -> int: ...
    @property
    def set_by_signature(self) -> str: ...


def points_words(points: int) -> str:
    """Returns '1 point', '8 points'."""
    return "1 point" if points == 1 else f"{points} points"


def tier_words(tier: int, book: Book) -> str:
    """Returns '5 of 6 (high)'."""
    return f"{tier} of {HIGHEST} ({book.words(tier)})"


def standing_words(kept: Standing, day: Day, dot: str = "·") -> str:
    """Returns the tier that holds, by what or by whom, and what was computed where that is another thing."""
    computed = (
        f" {dot} computed {kept.tier} ({points_words(kept.points)})" if kept.set_tier is not None else ""
    )
    return f"{kept.effective} of {HIGHEST} {dot} {by_words(kept, day, dot)}{computed}"


def by_words(kept: Standing, day: Day, dot: str = "·") -> str:
    """Returns by what or by whom a tier holds: '11 points', 'set by Amy Levin, MD · review Fri 4 Dec'."""
    if kept.set_tier is None:
        return points_words(kept.points)
    by = f" by {kept.set_by_signature}" if kept.set_by_signature else " by a clinician"
    review = f" {dot} review {day(kept.review_on)}" if kept.review_on else ""
    return f"set{by}{review}"


def part_words(part: Part, rule: Rule) -> str:
    """Returns what a rule found and what that gives: '5 found: 3 give 1 point, 5 give 2, 7 give 3.'"""
    if rule.reads == SCORES:
        gives = f"gives {points_words(part.points)}" if part.points else "gives no points"
        return f"Score {part.number:g}, which {gives}."
    number = f"{part.number:g}"
    if rule.reads == WISHES:
        number += " wished for" if part.number else ", so far nothing is wished for"
    else:
        number += " found"
    return f"{number}: {steps_words(rule.steps)}."


def steps_words(steps: tuple[Step, ...]) -> str:
    """Returns '3 give 1 point, 5 give 2'."""
    parts = []
    for place, one in enumerate(steps):
        verb = "gives" if one.least == 1 else "give"
        parts.append(f"{one.least} {verb} {one.points if place else points_words(one.points)}")
    return ", ".join(parts)


def bands_words(bands: tuple[Band, ...], title: Title) -> str:
    """Returns 'Katz ADL 0 to 2 gives 3 points, 3 to 5 gives 1'."""
    parts, last = [], ""
    for one in bands:
        name = "" if one.instrument == last else f"{title(one.instrument)} "
        last = one.instrument
        parts.append(f"{name}{one.least:g} to {one.most:g} gives {points_words(one.points)}")
    return ", ".join(parts)


def moved_words(name: str, before: int, after: int, book: Book) -> str:
    """Returns how a rule's points moved: 'Hospital stays, 6 months +2'."""
    sign = "+" if after > before else "−"
    return f"{book.label(name)} {sign}{abs(after - before)}"


def row_words(table: str, line: Any, label: Label, day: Day, title: Title, flags: Mapping[str, str]) -> str:
    """Returns a row behind a point in one line: what it is, and when. `flags` are words of its instrument's flags."""
    return ", ".join(part for part in _parts(table, line, label, day, title, flags) if part)


def _parts(
    table: str, line: Any, label: Label, day: Day, title: Title, flags: Mapping[str, str]
) -> Iterator[str]:
    if table == "condition":
        yield line.words
        yield line.code or ""
        yield "chronic" if line.chronic else ""
        yield f"since {line.onset}" if line.onset else ""
    elif table == "stay":
        until = f" to {day(line.discharged)}" if line.discharged and line.discharged != line.admitted else ""
        yield f"{label('stay_kind', line.kind)} {day(line.admitted)}{until}"
        yield line.facility or ""
        yield line.reason or ""
    elif table == "medication":
        yield line.display
        yield line.dosage or ""
    elif table == "assessment":
        score = f" {line.score:g}" if line.score is not None else ""
        yield f"{title(line.instrument)}{score}"
        yield line.band or ""
        wanted = [flags.get(name, name) for name, wants in line.flags.items() if wants == "yes"]
        yield f"help wanted: {'; '.join(wanted)}" if wanted else ""
        yield day(line.date)
