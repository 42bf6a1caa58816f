"""How referrals went: how far they came, how many were closed in time, to whom, why they ended. Pure.

The report is about the orders of a period, whatever became of them until today. A loop is closed when it was gone to
its end (the need met, or not): not when a report came, and not when it was called off. It was closed in time when
that was no later than the clinic's own clocks give in all (data/referral_targets.toml).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from cmp_tui.clinic.text import fold
from cmp_tui.referrals.rules import NO_REPORT, RAN, WAY, Loop, Track, due_after, seen_by

STAGES = tuple(stage for stage in WAY if stage != "plan-updated")
"""The stages that are counted; that the plan was updated is one only where there was something to update."""
MEASURES = ("ordered", "open", "late", "closed", "in-time", "met", "other")
"""What is counted of a group. "late" are open ones that our clocks say should be closed; "other" ended otherwise."""
GROUPS = ("kind", "to", "urgency", "end", "missed")
NOBODY = "nobody named"


class Way(NamedTuple):
    """What the report has to know of one referral. `reached` are the stages that it was in, `missed` why visits were
    missed, `close_by` the day until which our clocks give it in all."""

    id: bytes
    patient: bytes
    kind: str
    what: str
    urgency: str
    to: str
    ordered_on: date
    stage: str
    reached: frozenset[str]
    seen_on: date | None
    missed: tuple[str, ...]
    ended_on: date | None
    end: str | None
    close_by: date


class Cell(NamedTuple):
    """Which referrals a number counts: a measure, or "reached-" and a stage; of one group's value, or of all."""

    measure: str
    group: str = ""
    value: str = ""

    @property
    def text(self) -> str:
        """As a person writes it: 'in-time', 'in-time:kind:specialist'."""
        return ":".join(part for part in self if part)


def close_by(track: Track, kind: str, urgency: str, ordered_on: date) -> date:
    """Returns the day until which a loop is to be closed: its stages' times one after the other, from the day until
    which the visit is to have been."""
    loop = Loop(kind, urgency, "ordered", ordered_on, ordered_on)
    day = seen_by(track, loop)
    stages: Sequence[str] = ("attended", "report", "reviewed")
    if day is None:
        day, stages = ordered_on, ("ordered", "sent", "accepted", "attended", "report", "reviewed")
    for stage in stages:
        if kind in NO_REPORT and stage in ("report", "reviewed"):
            continue
        day = due_after(track.clocks[stage], loop._replace(stage=stage, stage_on=day))
    return day


def states(way: Way, today: date) -> frozenset[str]:
    """Returns the measures that count a referral."""
    if way.ended_on is None:
        return frozenset({"ordered", "open", "late"} if way.close_by < today else {"ordered", "open"})
    if way.end not in RAN:
        return frozenset({"ordered", "other"})
    found = {"ordered", "closed"}
    if way.ended_on <= way.close_by:
        found.add("in-time")
    if way.end == "met":
        found.add("met")
    return frozenset(found)


def values_of(way: Way, group: str) -> tuple[str, ...]:
    """Returns the values under which a group counts a referral; a missed visit's reasons may be several."""
    if group == "kind":
        return (way.kind,)
    if group == "urgency":
        return (way.urgency,)
    if group == "to":
        return (recipient(way.to),)
    if group == "missed":
        return way.missed
    return (way.end,) if way.end else ()


def recipient(to: str) -> str:
    """Returns a recipient for counting: one name, however it is spelled in capitals and signs."""
    return fold(to) or NOBODY


def is_in(way: Way, cell: Cell, today: date) -> bool:
    """Tells whether a number counts a referral: the number and its rows go by this alone."""
    if cell.group and cell.value not in values_of(way, cell.group):
        return False
    if cell.measure.startswith("reached-"):
        return cell.measure.removeprefix("reached-") in passed(way)
    return cell.measure in states(way, today)


def passed(way: Way) -> frozenset[str]:
    """Returns the stages that a referral came through. Who was seen had been sent and scheduled, though nobody wrote it
    down; a recipient who declined was written to."""
    last = max((STAGES.index(stage) for stage in way.reached if stage in STAGES), default=0)
    if way.reached & {"declined"}:
        last = max(last, STAGES.index("sent"))
    if way.reached & {"missed", "cancelled"}:
        last = max(last, STAGES.index("scheduled"))
    return frozenset(STAGES[: last + 1])


def counted(ways: Iterable[Way], cell: Cell, today: date) -> list[Way]:
    """Returns those that a number counts."""
    return [way for way in ways if is_in(way, cell, today)]


def days_to_close(ways: Iterable[Way]) -> list[int]:
    """Returns the days from order to end of those that were closed."""
    return [
        (way.ended_on - way.ordered_on).days for way in ways if way.ended_on is not None and way.end in RAN
    ]


def days_to_visit(ways: Iterable[Way]) -> list[int]:
    """Returns the days from the order to the visit of those who were seen."""
    return [(way.seen_on - way.ordered_on).days for way in ways if way.seen_on is not None]
