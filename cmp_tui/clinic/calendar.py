"""Days, months and instants as a clinic counts them. Pure: asks no clock and reads no file.

An instant is an aware datetime in UTC. Days and months are those of the clinic's time zone. A day runs from
its first moment to the first moment of the next day, so that every instant is in exactly one day and one
month, on days of 23 and 25 hours too.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cmp_tui.clinic.text import terminal_safe

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_DAY = timedelta(days=1)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


# Months


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, from 1800 to 2999."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1800 <= self.year <= 2999 and 1 <= self.month <= 12):
            raise ValueError(f"{self.year:04d}-{self.month:02d} is not a month. Write it like 2026-10.")

    @classmethod
    def parse(cls, text: str) -> Month:
        """Reads '2026-10'. Raises ValueError with a sentence for anything else."""
        found = _MONTH.fullmatch(text.strip())
        if not found:
            raise ValueError(f'"{terminal_safe(text.strip()[:20])}" is not a month. Write it like 2026-10.')
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """Returns the month that holds a day."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def label(self) -> str:
        """'October 2026'"""
        return f"{self.name} {self.year}"

    @property
    def name(self) -> str:
        """'October'"""
        return MONTHS[self.month - 1]

    @property
    def first(self) -> date:
        """The month's first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The month's last day."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def plus(self, months: int) -> Month:
        """Returns the month that comes `months` later (earlier when negative)."""
        years, month = divmod(self.month - 1 + months, 12)
        return Month(self.year + years, month + 1)

    def next(self) -> Month:
        """Returns the month after this one."""
        return self.plus(1)

    def previous(self) -> Month:
        """Returns the month before this one."""
        return self.plus(-1)

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Returns the month's first instant and the first one after it, in UTC."""
        return day_start(self.first, zone), day_start(self.last + _DAY, zone)


def month_span(month: str | date | Month, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Returns the first instant of a month in `zone` and the first one after it, in UTC.

    The month is '2026-10', a day in it, or a Month. Raises ValueError with a sentence when it can't be read.
    """
    if isinstance(month, str):
        month = Month.parse(month)
    elif isinstance(month, date):
        month = Month.of(month)
    return month.span(zone)


# Instants and the clock on the wall


def local(instant: datetime, zone: ZoneInfo) -> datetime:
    """Returns an instant as the clinic's clock shows it (aware). Raises ValueError when it has no zone."""
    return _aware(instant).astimezone(zone)


def utc(shown: datetime, zone: ZoneInfo) -> datetime:
    """Returns the instant, in UTC, at which the clinic's clock shows the naive time `shown`.

    A time that the clock skips in spring counts as if nobody had set the clock: 02:30 is read as 03:30.
    A time that the clock shows twice in autumn is the first of the two, unless `shown.fold` is 1 (PEP 495).
    Raises ValueError when `shown` has a zone already.
    """
    if shown.tzinfo is not None:
        raise ValueError("A time on the clinic's clock has no zone of its own.")
    return shown.replace(tzinfo=zone).astimezone(UTC)


def is_skipped(shown: datetime, zone: ZoneInfo) -> bool:
    """Tells whether the clinic's clock never shows this naive time (it was set forward over it)."""
    there_and_back = utc(shown, zone).astimezone(zone).replace(tzinfo=None)
    return there_and_back != shown.replace(fold=0)


def is_twice(shown: datetime, zone: ZoneInfo) -> bool:
    """Tells whether the clinic's clock shows this naive time twice (it was set back over it)."""
    return utc(shown.replace(fold=0), zone) < utc(shown.replace(fold=1), zone)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Returns the first instant of a day in `zone`, in UTC.

    It is midnight; where the clock skips midnight, the moment it skips it (Cairo's summer starts at 01:00).
    Where the clock was set back over midnight (Newfoundland until 2011) the day starts at its first midnight.
    A day that a country left out (Samoa, 30 December 2011) starts and ends at the same instant.
    """
    midnight = datetime.combine(day, time.min)
    late, early = utc(midnight, zone), utc(midnight.replace(fold=1), zone)
    if early >= late:
        return late
    # Skipped: the offset changes somewhere after `early` and not after `late`.
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """Returns the day of `zone` to which an instant counts, by `day_start`."""
    day = local(instant, zone).date()
    # Differs from the date on the clock only in an hour that was set back over midnight.
    while day_start(day + _DAY, zone) <= instant:
        day += _DAY
    return day


def split_span(start: datetime, end: datetime, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Cuts a span of time at the start of each day of `zone`, and so at each month's end too.

    The parts are in UTC, in order, without gaps; together they are exactly as long as the whole. A span
    without length comes back as it is. Raises ValueError when an instant has no zone, or when the end comes
    before the start.
    """
    start, end = _aware(start).astimezone(UTC), _aware(end).astimezone(UTC)
    if end < start:
        raise ValueError("The end comes before the start.")
    parts = []
    day = day_of(start, zone)
    while True:
        day += _DAY
        cut = day_start(day, zone)
        if cut >= end:
            parts.append((start, end))
            return parts
        if cut > start:
            parts.append((start, cut))
            start = cut


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    return instant


# Years


def add_months(day: date, months: int) -> date:
    """Returns the same day some months later; the month's last day where it has no such day."""
    month = Month.of(day).plus(months)
    return month.first.replace(day=min(day.day, month.last.day))


def add_years(day: date, years: int) -> date:
    """Returns the same day some years later, for what is due yearly; 29 February becomes 28 (never late)."""
    return add_months(day, 12 * years)


def birthday(born: date, year: int) -> date:
    """Returns the birthday in a year; who was born on 29 February has it on 1 March of other years."""
    if (born.month, born.day) == (2, 29) and monthrange(year, 2)[1] == 28:
        return date(year, 3, 1)
    return born.replace(year=year)


def full_years(born: date, day: date) -> int:
    """Returns the years completed on a day, by `birthday`; negative before birth."""
    return day.year - born.year - (day < birthday(born, day.year))


# Business days

_FIXED = {
    (1, 1): (1885, "New Year's Day"),
    (6, 19): (2021, "Juneteenth"),  # Public Law 117-17
    (7, 4): (1885, "Independence Day"),
    (11, 11): (1978, "Veterans Day"),  # Public Law 94-97
    (12, 25): (1885, "Christmas Day"),
}
# Month, weekday (Monday is 0) and which one of the month; -1 is the last.
_NTH = {
    (1, 0, 3): (1986, "Martin Luther King Jr. Day"),  # Public Law 98-144
    (2, 0, 3): (1971, "Washington's Birthday"),  # Public Law 90-363, as the next one and Columbus Day
    (5, 0, -1): (1971, "Memorial Day"),
    (9, 0, 1): (1894, "Labor Day"),
    (10, 0, 2): (1971, "Columbus Day"),
    (11, 3, 4): (1942, "Thanksgiving Day"),
}


def holiday(day: date) -> str | None:
    """Returns the name of the federal holiday for which offices are closed on a day, if any.

    5 U.S.C. 6103(a) for the dates, 6103(b) and Executive Order 11582 for the day off: a holiday on a Saturday
    is kept on the Friday before, one on a Sunday on the Monday after; the weekend day itself is named too.
    Right from 1978 on. Inauguration Day is left out: it is a day off around Washington only.
    """
    name = _named(day)
    if name is None and day.weekday() == 4:
        return _named(day + _DAY)
    if name is None and day.weekday() == 0:
        return _named(day - _DAY)
    return name


def _named(day: date) -> str | None:
    fixed = _FIXED.get((day.month, day.day))
    if fixed:
        return fixed[1] if day.year >= fixed[0] else None
    week = (day.day - 1) // 7 + 1
    last_of_month = (day + 7 * _DAY).month != day.month
    moved = _NTH.get((day.month, day.weekday(), -1 if day.month == 5 and last_of_month else week))
    return moved[1] if moved and day.year >= moved[0] else None


def is_business_day(day: date) -> bool:
    """Tells whether a day is Monday to Friday and no federal holiday."""
    return day.weekday() < 5 and holiday(day) is None


def add_business_days(day: date, count: int) -> date:
    """Returns the `count`-th business day after a day (before it when negative); for 0 the day itself.

    The day itself never counts: two business days after a discharge on Friday is Tuesday.
    """
    step = _DAY if count > 0 else -_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_business_day(day)
    return day


def business_days_between(start: date, end: date) -> int:
    """Returns the business days after `start` up to and with `end`; negative, with their number, when `end`
    comes first. It is the count for which `add_business_days(start, count)` gives the business day `end`.
    """
    if end < start:
        return -_business_days(end, start - _DAY)
    return _business_days(start + _DAY, end)


def business_days_left(day: date, last: date) -> int:
    """Returns the business days from `day` to `last`, both included; 0 when `last` is past."""
    return max(0, _business_days(day, last))


def _business_days(first: date, last: date) -> int:
    return sum(is_business_day(first + n * _DAY) for n in range((last - first).days + 1))
