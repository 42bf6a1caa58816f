"""Coming back within 30 days, and how often somebody was in hospital or in the emergency room. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from cmp_tui.clinic.calendar import add_months
from cmp_tui.transitions.facts import StayFact

EMERGENCY = "ed"
ADMISSIONS = frozenset({"inpatient", "observation", "psychiatric"})
"""Kinds of stays that are counted as admissions, as in the risk tier (data/risk.toml)."""
BACK_WITHIN = 30
"""Days between a discharge and the next admission that make it a readmission; the 30th is one of them."""


class Back(NamedTuple):
    """Somebody came back: the earlier stay, the later one, and the days between."""

    earlier: StayFact
    later: StayFact
    days: int


class Use(NamedTuple):
    """How often somebody was admitted or in the emergency room until a day, with the keys of the rows behind it.

    One day is one: a stay may come from the hospital and from the claims.
    """

    admissions_6: tuple[bytes, ...] = ()
    admissions_12: tuple[bytes, ...] = ()
    emergency_6: tuple[bytes, ...] = ()
    emergency_12: tuple[bytes, ...] = ()


def readmissions(stays: Iterable[StayFact]) -> list[Back]:
    """Returns who came back: admissions within 30 days after the discharge of the one before, oldest first.

    Going on to another hospital on the same day, or from observation into a bed, is one time in hospital; so is a stay
    that two sources tell of.
    """
    found: list[Back] = []
    chain = sorted(
        (one for one in stays if one.kind in ADMISSIONS),
        key=lambda one: (one.admitted, one.discharged or date.max, one.key),
    )
    left: StayFact | None = None
    for one in chain:
        if left is not None and left.discharged is not None and one.admitted >= left.discharged:
            days = (one.admitted - left.discharged).days
            if days <= BACK_WITHIN and one.admitted != left.admitted and not is_one_time(left, one):
                found.append(Back(left, one, days))
        if left is None or left.discharged is None or (one.discharged or date.max) >= left.discharged:
            left = one
    return found


def is_one_time(left: StayFact, next_one: StayFact) -> bool:
    """Whether the second of two stays only goes on with the first."""
    if left.discharged != next_one.admitted:
        return False
    return left.to == "hospital" or next_one.came_from == "hospital" or left.kind == "observation"


def use_until(stays: Sequence[StayFact], day: date) -> Use:
    """Counts admissions and emergency visits that began in the 6 and in the 12 months up to a day, itself included."""
    half, year = add_months(day, -6), add_months(day, -12)

    def among(kinds: frozenset[str], since: date) -> tuple[bytes, ...]:
        days: dict[date, bytes] = {}
        for one in stays:
            if one.kind in kinds and since <= one.admitted <= day:
                days.setdefault(one.admitted, one.key)
        return tuple(days.values())

    rooms = frozenset({EMERGENCY})
    return Use(among(ADMISSIONS, half), among(ADMISSIONS, year), among(rooms, half), among(rooms, year))
