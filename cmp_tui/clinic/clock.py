"""The one place that asks the machine for the time."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

from cmp_tui.clinic.errors import Stopped

BOOT = Path("/proc/sys/kernel/random/boot_id")


class Mark(NamedTuple):
    """Where a clock stands that nobody can set: seconds since `boot`, the start of the machine (or the program)."""

    boot: str
    seconds: float


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

    def mark(self) -> Mark | None:
        """Returns where the clock stands that can't be set, so that a jump of the other one can be told.

        It goes on while the machine sleeps. None: there is no such clock.
        """
        kind = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
        return Mark(self._boot, time.monotonic() if kind is None else time.clock_gettime(kind))

    @cached_property
    def _boot(self) -> str:
        """Marks of another start of the machine can't be compared; where it has no name, those of other programs."""
        try:
            return BOOT.read_text().strip()
        except OSError:
            return uuid4().hex


class FrozenClock(Clock):
    """A clock that stands still, for practice files and tests."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC).replace(microsecond=0)

    def now(self) -> datetime:
        return self.at

    def mark(self) -> None:
        """A clock that is set by hand does not jump."""


def frozen_from(text: str, zone: ZoneInfo) -> FrozenClock:
    """Reads `CMP_TUI_NOW`: an ISO time; without an offset it is clinic time.

    Raises Stopped with a sentence when it can't be read.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Stopped(f"CMP_TUI_NOW is {text!r}; write a time like 2026-11-23T09:00.") from None
    return FrozenClock(at if at.tzinfo else at.replace(tzinfo=zone))
