"""What is known of a timer besides its row: working state, kept by the app and the actions, read wherever it is asked.

The last key that was pressed while it ran: the app calls `clinic.keep(KIND, ids.shown(timer.id), noted(mark))` at a
key press (once a minute is enough), but only while `absence_of` has no question: the key that ends an absence must
not wipe it out. And where a clock that nobody can set stood when it was started: what went by since is told by that,
so that setting the computer's clock neither adds nor takes a minute (reliability, rule 7).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cmp_tui.clinic import ids, working
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clock import Mark
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Timer
from cmp_tui.contacts.timer_rules import Absence, absence, as_noted

KIND = "timer"
STARTED = "timer-started"
OPEN = ("running", "parked")


def noted(mark: Mark | None) -> dict[str, Any]:
    """What is kept with the moment of a key or a start: where the clock that nobody can set stood."""
    return {} if mark is None else {"boot": mark.boot, "seconds": mark.seconds}


def note_start(change: Change, timer: Timer) -> None:
    """Notes where that clock stands when a timer is started."""
    if change.scope.mark is not None:
        _keep(change, STARTED, timer, change.now, noted(change.scope.mark))


def note_key(change: Change, timer: Timer, at: datetime) -> None:
    """Notes a moment as that of the timer's last key; of a timer that runs, the moment is now."""
    _keep(change, KIND, timer, at, {} if timer.stopped_at else noted(change.scope.mark))


def started(scope: Scope, timer: Timer) -> datetime:
    """Returns when a timer began, on the clock as it stands now: while it runs, a jump of the clock moves its start."""
    kept = None if timer.stopped_at else working.one(timer.staff, STARTED, ids.shown(timer.id))
    start: datetime = timer.start
    return start if kept is None else start + (_moment(scope, kept) - kept.at)


def settled(change: Change, timer: Timer) -> datetime:
    """Returns when a timer that is about to end began, and notes its last key, on the clock as it stands now.

    A jump of the clock while it ran stands in the audit trail.
    """
    start = started(change.scope, timer)
    if start != timer.start:
        change.about(timer.patient)
        change.note(clock_set=int((start - timer.start).total_seconds()))
        key = last_key(change.scope, timer)
        if key is not None:
            _keep(change, KIND, timer, key, {})
    return start


def last_key(scope: Scope, timer: Timer) -> datetime | None:
    """Returns when a key was last pressed while the timer ran, as far as it is known."""
    kept = working.one(timer.staff, KIND, ids.shown(timer.id))
    if kept is None:
        return None
    return kept.at if timer.stopped_at else _moment(scope, kept)


def forget_closed(staff: bytes) -> None:
    """Lets go of what is known of someone's timers that neither run nor wait.

    Asked when a timer starts, not when one ends: an undo soon after that brings a timer back with its last key,
    so that nobody is asked about an absence that was none.
    """
    kept = [(kind, one.key) for kind in (KIND, STARTED) for one in working.kept(staff, kind)]
    if kept:
        query = Timer.live(Timer.id).where((Timer.staff == staff) & Timer.status.in_(OPEN))
        still = {ids.shown(timer) for (timer,) in rows(query)}
        for kind, key in kept:
            if key not in still:
                working.forget(staff, kind, key)


def absence_of(scope: Scope, timer: Timer) -> Absence | None:
    """Returns what has to be asked about a timer that runs or is parked; None when nothing has to."""
    return absence(
        started(scope, timer),
        last_key(scope, timer),
        timer.stopped_at or scope.now,
        timer.on_call,
        scope.settings.idle_minutes,
        scope.settings.on_call_question_minutes,
    )


def _moment(scope: Scope, kept: working.Kept) -> datetime:
    """When something was noted, on the clock as it stands now."""
    mark = scope.mark
    if mark is None or kept.data.get("boot") != mark.boot:
        return kept.at
    return as_noted(kept.at, scope.now, timedelta(seconds=round(mark.seconds - kept.data["seconds"])))


def _keep(change: Change, kind: str, timer: Timer, at: datetime, data: dict[str, Any]) -> None:
    working.keep(timer.staff, kind, ids.shown(timer.id), at, data, new_id=change.new_id())
