"""What holds of a care plan: which states go on, what is late, when its review is due, what a plan covers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

OPEN_STEPS = ("in-progress", "not-started", "scheduled", "on-hold", "unknown")
"""States of an intervention that goes on (FHIR CarePlan.activity.detail.status), in the order of lists."""
OVER = frozenset({"completed", "cancelled", "stopped"})
CHASED = frozenset({"in-progress", "not-started", "scheduled", "unknown"})
"""States in which an intervention can be late: one on hold is not."""
HABIT = 7
"""What a patient does again after so many days, or fewer, is a habit."""
MOST_SCALE = 10
"""Importance and confidence go from 0 to this."""
MIND = frozenset({"mini-cog", "moca", "slums"})
BODY = frozenset({"katz", "lawton", "oasis-m1033"})
LIVING = frozenset({"ahc-hrsn", "ahc-hrsn-more"})
"""Instruments whose result says something about an element: the mind, the daily life, the home."""


def is_habit(responsible: str, every: int | None) -> bool:
    """Tells whether an intervention is something that a patient or caregiver does day by day: nobody ticks it off."""
    return responsible in ("patient", "caregiver") and every is not None and every <= HABIT


def is_late(
    status: str, due: date | None, today: date, responsible: str = "care-manager", every: int | None = None
) -> bool:
    """Tells whether an intervention should have been done. A habit is never late."""
    return due is not None and due < today and status in CHASED and not is_habit(responsible, every)


def comes_again(done_on: date, every: int | None) -> date | None:
    """Returns when something done is due again; None when it is not."""
    return done_on + timedelta(days=every) if every else None


def review_due(made_on: date | None, reviewed_on: date | None, months: int) -> date | None:
    """Returns when a plan's review is due; None for a plan that nobody has finished yet."""
    last = max((day for day in (made_on, reviewed_on) if day is not None), default=None)
    return None if last is None else last + relativedelta(months=months)


class Covered(NamedTuple):
    """What the chart has of the typical elements."""

    conditions: int = 0
    outlook: bool = False
    open_goals: int = 0
    measured_goals: int = 0
    """Open goals with a target and a day."""
    function: bool = False
    instruments: frozenset[str] = frozenset()
    """The names of the instruments that were completed."""
    signs: int = 0
    open_steps: int = 0
    medicines: int = 0
    home: bool = False
    caregivers: int = 0
    caregiver: bool = False
    team: int = 0
    outside: bool = False
    versions: int = 0
    reviewed: date | None = None
    review_due: date | None = None
    changed: int = 0
    """What has changed since the last version."""


class Found(NamedTuple):
    """An element of a plan: what it is called, whether it is filled, what there is, and the keys that fill it."""

    name: str
    words: str
    filled: bool
    says: str
    fills: str


def elements(facts: Covered, today: date) -> tuple[Found, ...]:
    """Returns CMS's typical elements of a comprehensive care plan (not all of them fit everyone), in its order.

    Source: CMS's booklet on chronic care management services (MLN909188), what a comprehensive care plan typically has.
    """
    mind, body, living = (_taken(facts, names) for names in (MIND, BODY, LIVING))
    in_time = facts.review_due is not None and facts.review_due >= today
    missing = facts.open_goals - facts.measured_goals
    measured = (
        f"{facts.measured_goals} of {_many(facts.open_goals, 'goal')}"
        if missing
        else _many(facts.measured_goals, "goal")
    )
    helpers = f", {facts.caregivers} named" if facts.caregivers else ""
    found = (
        Found("problems", "Problem list", facts.conditions > 0, _many(facts.conditions, "condition"), "n p"),
        Found("outlook", "Expected outcome", facts.outlook, "written", "n m"),
        Found("goals", "Measurable goals", facts.measured_goals > 0, measured, "n g"),
        Found(
            "function", "Mind and daily life", facts.function or bool(mind and body),
            "written" if facts.function else _many(mind + body, "instrument"), "n m",
        ),
        Found("symptoms", "Symptoms to watch", facts.signs > 0, _many(facts.signs, "sign"), "n w"),
        Found("interventions", "Steps, and whose", facts.open_steps > 0, _many(facts.open_steps, "step"), "n i"),
        Found("medicines", "Medicines", facts.medicines > 0, _many(facts.medicines, "medicine"), "in Medicines"),
        Found(
            "home", "Home", facts.home or living > 0,
            "written" if facts.home else _many(living, "instrument"), "n m",
        ),
        Found("caregiver", "Caregiver", facts.caregiver, "written", f"n m{helpers}"),
        Found(
            "outside", "Others who help", facts.outside or facts.team > 0,
            "written" if facts.outside else f"{facts.team} in the team", "n m",
        ),
        Found("review", "Review", in_time, "in time", "overdue: R" if facts.review_due else "R"),
        Found(
            "revision", "Revision", facts.versions > 0 and not facts.changed,
            f"version {facts.versions}", f"{_many(facts.changed, 'change')}: R" if facts.versions else "R",
        ),
    )  # fmt: skip
    return tuple(one if one.filled else one._replace(says="") for one in found)


def _taken(facts: Covered, names: frozenset[str]) -> int:
    return sum(1 for name in names if name in facts.instruments)


def _many(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"


def lines_of(text: str) -> list[str]:
    """Returns the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def signs_of(given: Mapping[str, str | Sequence[str]]) -> dict[str, list[str]]:
    """Returns warning signs as they are kept: a list for each thing to do, without empty ones."""
    lists = {act: lines_of(one) if isinstance(one, str) else list(one) for act, one in given.items()}
    return {act: some for act, some in lists.items() if some}
