"""What of a timer's time counts when nobody touched the keyboard for a while. Pure.

The app keeps the instant of the last key as working state. Time after it is counted only when the person says
so: keep all, trim to the last key, or discard (user-pains 2.1, rows 4 to 6).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from cmp_tui.contacts.rules import Span

Answer = Literal["keep", "trim", "discard"]
ANSWERS: tuple[Answer, ...] = ("trim", "keep", "discard")
"""The default comes first."""
NOISE = timedelta(seconds=1)
"""What two clocks read in whole seconds may differ by; more is a jump."""


class Absence(NamedTuple):
    """A stretch at the end of a timer in which no key was pressed; it counts only with an answer."""

    since: datetime
    until: datetime
    on_call: bool

    @property
    def minutes(self) -> int:
        """Its full minutes."""
        return int((self.until - self.since).total_seconds()) // 60


def absence(
    start: datetime,
    last_key: datetime | None,
    until: datetime,
    on_call: bool,
    idle_minutes: int,
    on_call_minutes: int,
) -> Absence | None:
    """Returns what has to be asked about a timer that ran from `start` to `until`; None when nothing has to.

    Without a known key (the working state may go) the start is the last sign of life. On a call the keyboard
    rests while someone works, so the question comes after `on_call_minutes` there ("still on the call?"),
    otherwise after `idle_minutes`. A clock that was set back asks nothing and counts nothing.
    """
    seen = start if last_key is None else min(max(start, last_key), max(start, until))
    patience = timedelta(minutes=on_call_minutes if on_call else idle_minutes)
    return Absence(seen, until, on_call) if until - seen >= patience else None


def as_noted(at: datetime, now: datetime, went_by: timedelta) -> datetime:
    """Returns the moment `at` on the clock as it stands now, when `went_by` is what really went by since.

    When the clock was set meanwhile, the moment moves with it; else it stays.
    """
    return at if abs(now - at - went_by) <= NOISE else now - went_by


def set_words(seconds: int) -> str:
    """'set forward by 1 h 5 min', 'set back by 40 s': how a clock was set, in words; `seconds` forward."""
    amount = abs(seconds)
    sizes = (
        ("d", amount // 86_400),
        ("h", amount // 3600 % 24),
        ("min", amount // 60 % 60),
        ("s", amount % 60),
    )
    parts = [f"{number} {unit}" for unit, number in sizes if number][:2]
    return f"set {'forward' if seconds > 0 else 'back'} by {' '.join(parts)}"


def counted(start: datetime, until: datetime, away: Absence | None, answer: Answer = "trim") -> Span | None:
    """Returns the span that counts after an answer; None when nothing is left."""
    if away is not None and answer == "trim":
        until = min(until, away.since)
    if (away is not None and answer == "discard") or until <= start:
        return None
    return Span(start, until)
