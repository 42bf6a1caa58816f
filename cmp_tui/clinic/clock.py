"""The one place that asks the machine for the time."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from cmp_tui.clinic.errors import Stopped


class Clock:
    """The machine's time, in whole seconds of UTC."""

    def now(self) -> datetime:
        """Returns the present instant, aware, UTC, whole seconds."""
        return datetime.now(UTC).replace(microsecond=0)

    def today(self, zone: ZoneInfo) -> date:
        """Returns the calendar day it is now in `zone`."""
        return self.now().astimezone(zone).date()

    def ticks(self) -> float:
        """Returns seconds on a clock that only goes forward, for waiting and for noticing clock jumps."""
        return time.monotonic()


class FrozenClock(Clock):
    """A clock that stands still, for practice files and tests."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC).replace(microsecond=0)

    def now(self) -> datetime:
        return self.at


def frozen_from(text: str, zone: ZoneInfo) -> FrozenClock:
    """Reads `CMP_TUI_NOW`: an ISO time; without an offset it is clinic time.

    Raises Stopped with a sentence when it can't be read.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Stopped(f"CMP_TUI_NOW is {text!r}; write a time like 2026-11-23T09:00.") from None
    return FrozenClock(at if at.tzinfo else at.replace(tzinfo=zone))
