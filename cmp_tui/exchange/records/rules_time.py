"""Times and spans as the records folder writes them. Pure.

A time is the clinic's, written with its offset, so that the hour that the clock shows twice in autumn is told apart.
Read without an offset it is the clinic's time, and of two such hours the first.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cmp_tui.clinic.calendar import day_of, day_start, is_skipped, local, split_span, utc
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.clinic.partial import FIRST_YEAR, LAST_YEAR

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?"
    r"(?:([Zz])|([+-])([0-9]{2})(?::?([0-9]{2})(?::?([0-9]{2}))?)?)?"
)
_DAY = timedelta(days=1)
LONGEST = timedelta(days=31)
"""A span that is longer has a slip in its end."""


class Unreadable(ClinicError, ValueError):
    """A cell, or a row, can't be read: why."""


def read_day(text: str) -> date:
    """Reads '2026-11-01'. Raises Unreadable."""
    found = _DATE.fullmatch(text)
    if not found:
        raise Unreadable("is not a date. Write it like 2026-11-30.")
    if not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise Unreadable(f"can't be right: write a year from {FIRST_YEAR} to {LAST_YEAR}.")
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise Unreadable("is not a date: that month has no such day.") from None


def read_instant(text: str, zone: ZoneInfo) -> datetime:
    """Reads '2026-11-01T01:30[:00][-05:00]' into an instant, in UTC. Parts of a second are cut off.

    24:00 is the end of its day, and second 60 (a leap second) the start of the next minute. Raises Unreadable, also
    for a time that the clinic's clock skips in spring.
    """
    found = _TIME.fullmatch(text)
    if not found:
        raise Unreadable("is not a time. Write it like 2026-11-30T14:05 or 2026-11-30T14:05:30-06:00.")
    day = read_day(found[1])
    hour, minute, second = int(found[2]), int(found[3]), int(found[4] or 0)
    if hour == 24 and minute == second == 0:
        shown = datetime.combine(day, time.min) + _DAY
    elif hour > 23 or minute > 59 or second > 60:
        raise Unreadable("is not a time: there is no such time of day.")
    else:
        shown = datetime.combine(day, time(hour, minute, min(second, 59))) + timedelta(seconds=second == 60)
    if found[5] or found[6]:
        return shown.replace(tzinfo=UTC if found[5] else _offset(found)).astimezone(UTC)
    if is_skipped(shown, zone):
        raise Unreadable("does not exist: the clinic's clock is set forward over it. Give its offset too.")
    return utc(shown, zone)


def _offset(found: re.Match[str]) -> timezone:
    offset = timedelta(hours=int(found[7]), minutes=int(found[8] or 0), seconds=int(found[9] or 0))
    if offset >= _DAY or int(found[8] or 0) > 59:
        raise Unreadable("is not a time: there is no such offset from UTC.")
    return timezone(-offset if found[6] == "-" else offset)


def read_moment(text: str, zone: ZoneInfo) -> date | datetime:
    """Reads a time, or the day alone where only the day is known. Raises Unreadable."""
    return read_day(text) if len(text) == 10 else read_instant(text, zone)


def write_instant(at: datetime, zone: ZoneInfo) -> str:
    """Returns the clinic's time with its offset: '2026-11-01T01:30:00-05:00'."""
    return local(at, zone).isoformat()


def write_moment(at: datetime, precision: str | None, zone: ZoneInfo) -> str:
    """Returns the day alone where only the day or the month is known, else the time."""
    if precision is not None:
        day = day_of(at, zone)
        if at == day_start(day, zone) and (precision == "day" or day.day == 1):
            return day.isoformat()
    return write_instant(at, zone)


def standing_at(
    moment: date | datetime, precision: str | None, zone: ZoneInfo
) -> tuple[datetime, str | None]:
    """Returns the instant at which a moment is kept, and its precision: a day alone stands at its beginning, and a
    month at that of its first day."""
    if isinstance(moment, datetime):
        return moment, precision
    if precision == "month":
        moment = moment.replace(day=1)
    return day_start(moment, zone), precision or "day"


class Spent(NamedTuple):
    """Time as an entry keeps it. `typed`: its minutes were said, and its end follows from them."""

    start: datetime
    end: datetime
    precision: str | None
    typed: bool
    warning: str = ""


def spent(
    start: date | datetime, end: datetime | None, minutes: int | None, precision: str | None, zone: ZoneInfo
) -> Spent:
    """Returns the span that a row tells of: from `start` to `end`, or for so many minutes.

    When both are given the end decides; minutes that contradict it by a minute or more are named. Raises Unreadable
    without both, when the end comes first, and for more time than the day (the month) has.
    """
    at, precision = standing_at(start, precision, zone)
    warning = ""
    if end is None:
        if minutes is None:
            raise Unreadable("end: this is needed, or else minutes.")
        length = timedelta(minutes=min(minutes, 10**6))
        to = at + length
    else:
        to, length = end, end - at
        if length < timedelta(0):
            raise Unreadable("end: it comes before the start.")
        if minutes is not None and abs(length - timedelta(minutes=min(minutes, 10**6))) >= timedelta(
            minutes=1
        ):
            had = int(length.total_seconds()) // 60
            warning = f"minutes: {minutes} contradict start and end, which are {had} apart; those were taken."
    if not isinstance(start, datetime) and precision == "day" and to > day_start(start + _DAY, zone):
        raise Unreadable("minutes: this is more than that day has.")
    if length > LONGEST:
        raise Unreadable("end: it is more than 31 days after the start.")
    return Spent(at, to, precision, end is None, warning)


def pieces(time_spent: Spent, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Returns the spans in which the time is kept: cut at the clinic's midnights. A month's total stays whole."""
    if time_spent.precision is not None:
        return [(time_spent.start, time_spent.end)]
    return split_span(time_spent.start, time_spent.end, zone)
