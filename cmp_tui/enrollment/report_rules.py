"""How far people came, how long they stood in a stage, why they left: the numbers of the report. Pure.

The report is about those who were received in a period, whatever became of them until today: so that the numbers of a
step can be held against those of the step before. A rate of a short period is low while its people are on the way.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from statistics import median
from typing import Literal, NamedTuple

STEPS = ("received", "reached", "eligible", "consented", "enrolled", "ended")
"""The steps of the funnel, in order; an end is none of the way, and is counted beside it."""
STAGES = ("intake", "outreach", "eligibility", "consent")
"""The stages whose time is measured."""
EVERY_SOURCE = ""
"""Stands for all sources together."""


class Way(NamedTuple):
    """What the report has to know of one intake. Days of stages that were passed over are None."""

    id: bytes
    patient: bytes
    source: str
    received: date
    stage: str
    outreach_on: date | None = None
    eligibility_on: date | None = None
    consent_on: date | None = None
    enrolled_on: date | None = None
    consented: bool = False
    end: str | None = None
    ended_on: date | None = None
    back_on: date | None = None
    answered_on: date | None = None


class Stay(NamedTuple):
    """A stage that someone was in: since when, and until when if they have left it."""

    stage: str
    since: date
    left: date | None


class Cell(NamedTuple):
    """Which people a number counts: `kind` is "step", "left", "still", "end", "back" or "referrer"; `name` the step,
    the stage, the coded end or the state of the answer; `source` one source or all."""

    kind: Literal["step", "left", "still", "end", "back", "referrer"]
    name: str
    source: str = EVERY_SOURCE

    @property
    def text(self) -> str:
        """As a person writes it: 'step:enrolled' or 'step:enrolled:claims'."""
        return ":".join(part for part in self if part)


class Spread(NamedTuple):
    """The days of those who left a stage: how many, the median, and what nine of ten did not exceed."""

    people: int
    median: float | None
    ninth: int | None


def steps_of(way: Way) -> frozenset[str]:
    """Returns the steps that someone took. A later step says that the earlier ones were taken, however it came."""
    enrolled = way.enrolled_on is not None
    consented = enrolled or way.consented
    eligible = consented or way.consent_on is not None
    reached = eligible or way.eligibility_on is not None
    taken = {
        "received": True,
        "reached": reached,
        "eligible": eligible,
        "consented": consented,
        "enrolled": enrolled,
    }
    return frozenset(
        [name for name, is_so in taken.items() if is_so] + (["ended"] if way.stage == "ended" else [])
    )


def stays_of(way: Way) -> list[Stay]:
    """Returns the stages that someone was in, in order."""
    entered: list[tuple[str, date]] = [("intake", way.received)]
    days = (way.outreach_on, way.eligibility_on, way.consent_on)
    entered += [(stage, day) for stage, day in zip(STAGES[1:], days, strict=True) if day is not None]
    over = way.enrolled_on or way.ended_on
    found: list[Stay] = []
    for place, (stage, since) in enumerate(entered):
        left = entered[place + 1][1] if place + 1 < len(entered) else over
        found.append(Stay(stage, since, left))
    return found


def days_in(way: Way, stage: str, today: date) -> int | None:
    """Returns how many days someone was in a stage, until today where they are in it still; None when never."""
    for stay in stays_of(way):
        if stay.stage == stage:
            return max(0, ((stay.left or today) - stay.since).days)
    return None


def spread(days: Sequence[int]) -> Spread:
    """Returns the median of some numbers of days, and the least one that nine of ten do not exceed (nearest rank)."""
    if not days:
        return Spread(0, None, None)
    ordered = sorted(days)
    return Spread(len(ordered), float(median(ordered)), ordered[math.ceil(0.9 * len(ordered)) - 1])


def is_in(way: Way, cell: Cell) -> bool:
    """Tells whether a number counts someone: the number and its rows go by this alone."""
    if cell.source not in (EVERY_SOURCE, way.source):
        return False
    if cell.kind == "step":
        return cell.name in steps_of(way)
    if cell.kind in ("left", "still"):
        return any(
            stay.stage == cell.name and (stay.left is None) == (cell.kind == "still")
            for stay in stays_of(way)
        )
    if cell.kind in ("end", "back"):
        return (
            way.stage == "ended" and way.end == cell.name and (cell.kind == "end" or way.back_on is not None)
        )
    return way.source == "provider-referral" and cell.name in referrer_states(way)


def referrer_states(way: Way) -> frozenset[str]:
    """Returns where the answer to whoever referred someone stands: all of them are "referred"; then "answered", or
    "waiting" once there is something to tell, else "open"."""
    if way.answered_on is not None:
        return frozenset({"referred", "answered"})
    return frozenset({"referred", "waiting" if way.stage in ("enrolled", "ended") else "open"})


def counted(ways: Iterable[Way], cell: Cell) -> list[Way]:
    """Returns those whom a number counts."""
    return [way for way in ways if is_in(way, cell)]


def share(part: int, whole: int) -> str:
    """'42%', or nothing of nobody."""
    return f"{part * 100 / whole:.0f}%" if whole else ""
