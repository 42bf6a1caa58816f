"""The days that the fictional work fills, seen from now, and who is busy when. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cmp_tui.clinic.calendar import Month, add_business_days, day_of, is_business_day, utc

OPENS, CLOSES = 8 * 60 + 10, 17 * 60
LUNCH = (12 * 60, 12 * 60 + 40)
PAUSE = 2
"""Minutes between two things that one person does."""


class Days(NamedTuple):
    """The stretch of the work: from the first business day three months ago until now."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The clinic's day."""
        return day_of(self.now, self.zone)

    @property
    def first(self) -> date:
        """The day on which the clinic's file was made: the first business day of the month three months ago."""
        return add_business_days(Month.of(self.today).plus(-3).first - timedelta(days=1), 1)

    @property
    def week(self) -> date:
        """Monday of this week."""
        return self.today - timedelta(days=self.today.weekday())

    def back(self, count: int) -> date:
        """The `count`-th business day before today."""
        return add_business_days(self.today, -count)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """The instant at which the clinic's clock shows a time of a day."""
        return utc(datetime.combine(day, time(hour, minute)), self.zone)

    def ago(self, minutes: int) -> datetime:
        """So many minutes ago."""
        return self.now - timedelta(minutes=minutes)

    def business(self, first: date, last: date) -> list[date]:
        """The business days from one day to another, both included."""
        span = (last - first).days + 1
        return [day for day in (first + timedelta(days=n) for n in range(span)) if is_business_day(day)]


class Diary:
    """Who is busy when, in minutes of the clinic's day: two things of one person never overlap by accident.

    `taken` holds starts and ends for each person and day.
    """

    def __init__(self, days: Days) -> None:
        self._days = days
        self.taken: dict[tuple[str, date], list[tuple[int, int]]] = {}

    def take(self, who: str, day: date, hour: int, minute: int, minutes: int) -> datetime:
        """Keeps a time that a story needs; returns its start."""
        start = hour * 60 + minute
        self.taken.setdefault((who, day), []).append((start, start + minutes))
        return self._days.at(day, hour, minute)

    def find(self, who: str, day: date, minutes: int, rng: Random) -> datetime:
        """Finds free minutes in a working day, from a moment picked at random on; returns their start."""
        wanted = rng.randrange(OPENS, CLOSES - minutes)
        taken = sorted([*self.taken.get((who, day), []), LUNCH])
        start = self._free(taken, wanted, minutes)
        if start + minutes > CLOSES:
            start = self._free(taken, OPENS, minutes)
        return self.take(who, day, *divmod(start, 60), minutes)

    @staticmethod
    def _free(taken: list[tuple[int, int]], start: int, minutes: int) -> int:
        for begin, end in taken:
            if start < end + PAUSE and begin < start + minutes + PAUSE:
                start = end + PAUSE
        return start
