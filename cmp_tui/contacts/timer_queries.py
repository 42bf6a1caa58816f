"""The person's timers: the one that runs, and those that wait."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.lines import patient_name
from cmp_tui.contacts.model import Timer
from cmp_tui.contacts.rules import seconds_of
from cmp_tui.contacts.timer_rules import Absence
from cmp_tui.contacts.timer_state import absence_of, started
from cmp_tui.patients.model import Patient


class TimerLine(NamedTuple):
    """A timer. `seconds` counts up to now or to when it was parked; `absence` is what has to be asked, if anything.

    `clock_set` is by how many seconds the computer's clock was set (forward) while it ran: `start` moved with it.
    """

    id: bytes
    version: int
    patient: bytes
    name: str
    start: datetime
    on_call: bool
    status: str
    stopped_at: datetime | None
    seconds: int
    absence: Absence | None
    clock_set: int = 0


def running_timer(scope: Scope) -> TimerLine | None:
    """Returns the person's running timer."""
    return next(iter(_timers(scope, "running")), None)


def parked_timers(scope: Scope) -> list[TimerLine]:
    """Returns the person's timers that wait to be logged or discarded, oldest first."""
    return _timers(scope, "parked")


def _timers(scope: Scope, status: str) -> list[TimerLine]:
    query = (
        Timer.live(Timer, patient_name().alias("shown"))
        .join(Patient, on=(Patient.id == Timer.patient))
        .where((Timer.staff == scope.who.id) & (Timer.status == status))
        .order_by(Timer.start, Timer.id)
        .objects()
    )
    return [_line(scope, timer) for timer in query]


def _line(scope: Scope, timer: Any) -> TimerLine:
    until, start = timer.stopped_at or scope.now, started(scope, timer)
    return TimerLine(
        timer.id,
        timer.version,
        timer.patient,
        timer.shown,
        start,
        timer.on_call,
        timer.status,
        timer.stopped_at,
        seconds_of(start, max(until, start)),
        absence_of(scope, timer),
        int((start - timer.start).total_seconds()),
    )
