"""The last key that was pressed while a timer ran: working state, kept by the app, read wherever it is asked.

The app calls `clinic.keep("timer", ids.shown(timer.id), {})` at a key press (once a minute is enough), but only
while `absence_of` has no question: the key that ends an absence must not wipe it out.
"""

from __future__ import annotations

from datetime import datetime

from cmp_tui.clinic import ids, working
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Timer
from cmp_tui.contacts.timer_rules import Absence, absence

KIND = "timer"


def last_key(staff: bytes, timer: bytes) -> datetime | None:
    """Returns when a key was last pressed while the timer ran, as far as it is known."""
    wanted = ids.shown(timer)
    return next((kept.at for kept in working.kept(staff, KIND) if kept.key == wanted), None)


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
