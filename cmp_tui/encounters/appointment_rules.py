"""What an appointment's days and hours mean: reminders, two at one hour, an outcome that nobody told. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from cmp_tui.clinic.calendar import add_business_days

OWN = "office"
"""The kind of an appointment with the clinic itself: when it took place, a visit comes of it."""
OPEN = ("proposed", "booked")
ENDED = ("fulfilled", "noshow", "cancelled")
NEAR_MINUTES = 60
"""Two appointments that begin less than this apart can't both be kept."""
FAR = timedelta(days=3 * 366)
"""A day further ahead than this is a slip of the year."""
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*([ap])?\.?m?\.?", re.IGNORECASE)


def hour_words(at: time | str | None) -> str | None:
    """Returns a time of day as it is kept ('09:30'), None for none.

    A text may be '9:30', '09:30', '2 pm', '2:15p'. Raises ValueError for anything else.
    """
    if at is None or isinstance(at, time):
        return None if at is None else f"{at:%H:%M}"
    text = " ".join(at.split())
    if not text:
        return None
    match = _CLOCK.fullmatch(text)
    if match is None or (match[2] is None and match[3] is None):
        raise ValueError(text)
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{time(hour, minute):%H:%M}"


def clock_of(kept: str | None) -> time | None:
    """Returns a kept time of day as a time; None when there is none, or when it is other words (imported ones)."""
    try:
        found = hour_words(kept)
    except ValueError:
        return None
    return time.fromisoformat(found) if found else None


def hour(kept: str | None) -> str:
    """Returns a kept time of day as people say it: '2:30 pm'; other words as they stand."""
    at = clock_of(kept)
    if at is None:
        return kept or ""
    return f"{(at.hour - 1) % 12 + 1}:{at.minute:02d} {'am' if at.hour < 12 else 'pm'}"


def wrong(values: dict[str, Any], today: date) -> dict[str, str]:
    """Returns what is wrong with an appointment's own values, by field."""
    told: dict[str, str] = {}
    day = values.get("day")
    if day is None:
        told["day"] = "Say on which day it is."
    elif day > today + FAR:
        told["day"] = f"{day} is more than three years ahead. Is the year right?"
    if not str(values.get("what") or "").strip():
        told["what"] = "Say what it is for, in a few words."
    return told


def remind_day(day: date, today: date) -> date | None:
    """Returns the business day before an appointment, on which the patient is reminded; None when it is past."""
    before = add_business_days(day, -1)
    return before if before >= today else None


def needs_outcome(status: str, day: date, today: date) -> bool:
    """Tells whether the day is past and nobody knows yet what became of it."""
    return status in OPEN and day < today


def too_near(at: str | None, others: Iterable[str | None]) -> bool:
    """Tells whether a time of day lies so near to one of the others of that day that both can't be kept."""
    mine = _minutes(at)
    if mine is None:
        return False
    return any((its := _minutes(other)) is not None and abs(its - mine) < NEAR_MINUTES for other in others)


def _minutes(at: str | None) -> int | None:
    clock = clock_of(at)
    return None if clock is None else clock.hour * 60 + clock.minute
