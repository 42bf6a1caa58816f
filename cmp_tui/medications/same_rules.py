"""Whether two lines name the same medicine, and which lines of two lists belong together. Pure.

The name decides (equal ingredients); strength, form, release, salt, route and frequency are compared apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from cmp_tui.medications.dose_rules import Dose
from cmp_tui.medications.name_rules import Reading

CHANGES = ("strength", "form", "release", "salt", "route", "frequency")
SHORTEST = 6
"""Letters of an unknown word that may be spelt otherwise on the other list."""


_ALIKE: Mapping[str, str] = MappingProxyType({"capsule": "tablet", "drops": "liquid", "powder": "inhaler"})
"""Forms that are no change."""


class Same(NamedTuple):
    """Whether two lines name the same medicine; what both say and say differently; whether a spelling was read over."""

    same: bool
    changed: tuple[str, ...] = ()
    spelling: bool = False


class Match(NamedTuple):
    """A line of ours and one of theirs, by place; None where there is none: theirs is new, or ours is gone."""

    ours: int | None
    theirs: int | None
    changed: tuple[str, ...] = ()
    spelling: bool = False


def same_medicine(one: Reading, other: Reading) -> Same:
    """Returns whether two lines name the same medicine, and what changed from the one to the other.

    Unknown names are the same with an equal code, or with equal words, or with words that differ by a letter or two.
    """
    spelling = bool(one.read_as or other.read_as)
    if one.known and other.known:
        if one.ingredients != other.ingredients or one.unread != other.unread or _elsewhere(one, other):
            return Same(False)
        return Same(True, _changed(one, other), spelling)
    if one.code and one.code == other.code:
        return Same(True, _changed(one, other), spelling)
    if one.known or other.known or not one.rest or not other.rest:
        return Same(False)
    if one.rest == other.rest:
        return Same(True, _changed(one, other))
    return Same(True, _changed(one, other), True) if _nearly(one.rest, other.rest) else Same(False)


def matched(ours: Sequence[Reading], theirs: Sequence[Reading]) -> list[Match]:
    """Pairs two lists one to one: lines that agree most first. In the order of ours, then what is new with them."""
    pairs: list[tuple[int, bool, int, int, Same]] = []
    for left, one in enumerate(ours):
        for right, other in enumerate(theirs):
            found = same_medicine(one, other)
            if found.same:
                pairs.append((len(found.changed), found.spelling, left, right, found))
    pairs.sort(key=lambda pair: pair[:4])
    of_left: dict[int, Match] = {}
    used: set[int] = set()
    for _, _, left, right, found in pairs:
        if left not in of_left and right not in used:
            of_left[left] = Match(left, right, found.changed, found.spelling)
            used.add(right)
    matches = [of_left.get(left, Match(left, None)) for left in range(len(ours))]
    return [*matches, *(Match(None, right) for right in range(len(theirs)) if right not in used)]


def _elsewhere(one: Reading, other: Reading) -> bool:
    """Whether one stays where it is put and the other doesn't: a cream is not the tablet."""
    return one.local != other.local and bool(one.route or one.form) and bool(other.route or other.form)


def _changed(one: Reading, other: Reading) -> tuple[str, ...]:
    found = []
    if one.doses and other.doses and not _same_strength(one, other) and not _same_amount(one, other):
        found.append("strength")
    if one.form and other.form and _ALIKE.get(one.form, one.form) != _ALIKE.get(other.form, other.form):
        found.append("form")
    if one.release and other.release and one.release != other.release:
        found.append("release")
    if one.salt and other.salt and set(one.salt).isdisjoint(other.salt):
        found.append("salt")
    if one.route and other.route and one.route != other.route:
        found.append("route")
    if _often(one) and _often(other) and _often(one) != _often(other):
        found.append("frequency")
    return tuple(found)


def _often(one: Reading) -> tuple[Fraction | None, bool] | None:
    return (one.frequency.per_day, one.frequency.as_needed) if one.frequency else None


def _same_strength(one: Reading, other: Reading) -> bool:
    """Equal strengths; 1 % is 10 mg in a ml, and whoever leaves out "a puff" or "an hour" means the same."""
    return _amounts(one.doses) == _amounts(other.doses)


def _amounts(doses: tuple[Dose, ...]) -> list[tuple[Decimal, str, bool]]:
    return sorted(
        (amount * 10, "mg", True) if unit == "%" else (amount, unit, per == "ml")
        for amount, unit, per in doses
    )


def _same_amount(one: Reading, other: Reading) -> bool:
    """Two tablets of 10 mg are one of 20 mg: only where both say how many and have one strength."""
    if one.count is None or other.count is None or len(one.doses) != 1 or len(other.doses) != 1:
        return False
    mine, yours = one.doses[0], other.doses[0]
    if (mine.unit, mine.per) != (yours.unit, yours.per):
        return False
    return one.count * Fraction(mine.amount) == other.count * Fraction(yours.amount)


def _nearly(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if len(one) != len(other):
        return False
    from rapidfuzz.distance import OSA

    for mine, yours in zip(one, other, strict=True):
        short = min(len(mine), len(yours))
        reach = 0 if short < SHORTEST else 1 if short < 8 else 2
        if mine != yours and OSA.distance(mine, yours, score_cutoff=reach) > reach:
            return False
    return True
