"""What holds of a care plan: which states go on, what is late, when its review is due, what a plan covers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
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
    instruments: Mapping[str, str] = MappingProxyType({})
    """What each instrument that was completed is called, by its name."""
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
    """An element of a plan: what it is called, whether it is filled, what there is or what is missing."""

    name: str
    words: str
    filled: bool
    says: str
    fills: str


def elements(facts: Covered, today: date) -> tuple[Found, ...]:
    """Returns CMS's typical elements of a comprehensive care plan (not all of them fit everyone), in its order.

    Source: CMS's booklet on chronic care management services (MLN909188), what a comprehensive care plan typically has.
    """
    mind, body = _taken(facts, MIND), _taken(facts, BODY)
    both = f"{'; '.join(part for part in (mind, body) if part)}"
    no_measure = facts.open_goals - facts.measured_goals
    return (
        _found("problems", "Problem list", facts.conditions, f"{_many(facts.conditions, 'condition')}", "n p"),
        Found(
            "outlook", "Expected outcome, prognosis", facts.outlook,
            "written" if facts.outlook else "what can be expected", "n m",
        ),
        Found(
            "goals", "Measurable goals", facts.measured_goals > 0,
            _many(facts.measured_goals, "goal") + (f", {no_measure} without a measure or day" if no_measure else "")
            if facts.open_goals else "a target and a day", "n g",
        ),
        Found(
            "function", "Mind and daily function", facts.function or bool(mind and body),
            "written" if facts.function else both or "an instrument, or words", "n m",
        ),
        Found(
            "symptoms", "Symptoms to watch", facts.signs > 0,
            _many(facts.signs, "warning sign") if facts.signs else "warning signs, and what to do", "n w",
        ),
        Found(
            "interventions", "Interventions, whose", facts.open_steps > 0,
            _many(facts.open_steps, "step") if facts.open_steps else "who does what", "n i",
        ),
        _found("medicines", "Medicines", facts.medicines, _many(facts.medicines, "medicine"), "Medicines"),
        Found(
            "home", "Home and surroundings", facts.home or bool(_taken(facts, LIVING)),
            "written" if facts.home else _taken(facts, LIVING) or "how the patient lives", "n m",
        ),
        Found(
            "caregiver", "Caregiver", facts.caregiver,
            "written" if facts.caregiver else
            f"{_many(facts.caregivers, 'caregiver')}: how it goes for them" if facts.caregivers else
            "who helps, or that nobody has to", "n m",
        ),
        Found(
            "outside", "Others who help", facts.outside or facts.team > 0,
            "written" if facts.outside else
            f"{facts.team} in the care team" if facts.team else "specialists, agencies, services", "n m",
        ),
        Found(
            "review", "Reviewed in time", facts.review_due is not None and facts.review_due >= today,
            "in time" if facts.review_due is not None and facts.review_due >= today else
            "overdue" if facts.review_due else "never finished", "R",
        ),
        Found(
            "revision", "Revised when needed", facts.versions > 0 and not facts.changed,
            f"version {facts.versions}" if facts.versions and not facts.changed else
            f"{_many(facts.changed, 'change')} since version {facts.versions}" if facts.versions else
            "no version yet", "R",
        ),
    )  # fmt: skip


def _found(name: str, words: str, count: int, says: str, fills: str) -> Found:
    return Found(name, words, count > 0, says if count else "none", fills)


def _taken(facts: Covered, names: frozenset[str]) -> str:
    return ", ".join(sorted(title for name, title in facts.instruments.items() if name in names))


def _many(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"


def lines_of(text: str) -> list[str]:
    """Returns the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def signs_of(given: Mapping[str, str | Sequence[str]]) -> dict[str, list[str]]:
    """Returns warning signs as they are kept: a list for each thing to do, without empty ones."""
    lists = {act: lines_of(one) if isinstance(one, str) else list(one) for act, one in given.items()}
    return {act: some for act, some in lists.items() if some}
