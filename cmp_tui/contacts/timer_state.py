"""The last key that was pressed while a timer ran: working state, kept by the app, read wherever it is asked.

The app calls `clinic.keep("timer", ids.shown(timer.id), {})` at a key press (once a minute is enough), but only
while `absence_of` has no question: the key that ends an absence must not wipe it out.
"""

from __future__ import annotations

from datetime import datetime

from cmp_tui.clinic import ids, working
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Timer
from cmp_tui.contacts.timer_rules import Absence, absence

KIND = "timer"
OPEN = ("running", "parked")


def last_key(staff: bytes, timer: bytes) -> datetime | None:
    """Returns when a key was last pressed while the timer ran, as far as it is known."""
    kept = working.one(staff, KIND, ids.shown(timer))
    return None if kept is None else kept.at


def forget_closed(staff: bytes) -> None:
    """Lets go of the last keys of someone's timers that neither run nor wait.

    Asked when a timer starts, not when one ends: an undo soon after that brings a timer back with its last key,
    so that nobody is asked about an absence that was none.
    """
    kept = {one.key for one in working.kept(staff, KIND)}
    if kept:
        still = Timer.live(Timer.id).where((Timer.staff == staff) & Timer.status.in_(OPEN))
        for key in kept - {ids.shown(timer) for (timer,) in rows(still)}:
            working.forget(staff, KIND, key)


def absence_of(scope: Scope, timer: Timer) -> Absence | None:
    """Returns what has to be asked about a timer that runs or is parked; None when nothing has to."""
    return absence(
        timer.start,
        last_key(timer.staff, timer.id),
        timer.stopped_at or scope.now,
        timer.on_call,
        scope.settings.idle_minutes,
        scope.settings.on_call_question_minutes,
    )
