"""Notices that the computer's clock was set while the app is open: everything that is saved is dated by it."""

from __future__ import annotations

from datetime import datetime, timedelta

from cmp_tui.clinic.clock import Clock, Mark
from cmp_tui.contacts.timer_rules import as_noted, set_words


class ClockWatch:
    """Holds the computer's clock against one that nobody can set."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen = self._look()

    def words(self) -> str:
        """Returns what to say when the clock was set since it was asked last; "" when it was not."""
        (at, mark), (now, mark_now) = self._seen, self._look()
        self._seen = now, mark_now
        if mark is None or mark_now is None:
            return ""
        moved = as_noted(at, now, timedelta(seconds=round(mark_now.seconds - mark.seconds))) - at
        if not moved:
            return ""
        return (
            f"The computer's clock was {set_words(int(moved.total_seconds()))}. A timer counts what really went "
            "by; what is saved now is dated by the new time."
        )

    def _look(self) -> tuple[datetime, Mark | None]:
        return self._clock.now(), self._clock.mark()
