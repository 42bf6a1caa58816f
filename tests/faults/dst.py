"""Calls over both changes of the clock, 2000 to 2030, in many zones: minutes are what has gone by (row 33).

Each change is met by spans of instants, by times as the forms and the command line read them, and for some by
entries in a clinic file.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from random import Random
from zoneinfo import ZoneInfo

from cmp_tui.billing.queries import time_log
from cmp_tui.clinic.calendar import Month, day_of, is_skipped, local, split_span, utc
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Invalid
from cmp_tui.contacts.actions import log_time
from cmp_tui.contacts.form_values import meant
from cmp_tui.contacts.rules import seconds_of
from cmp_tui.patients.actions import add_patient
from cmp_tui.ui.spans import Span
from tests.faults.common import Outcome, practice, standing

ZONES = (
    "America/Chicago", "America/New_York", "America/Denver", "America/Los_Angeles", "America/Anchorage",
    "America/St_Johns", "America/Havana", "America/Sao_Paulo", "Europe/Berlin", "Africa/Cairo", "Asia/Beirut",
    "Australia/Lord_Howe", "Pacific/Apia", "America/Nuuk", "Pacific/Auckland",
)  # fmt: skip
HOUR = timedelta(hours=1)
BY_LENGTH = attrgetter("seconds")


def changes(zone: ZoneInfo) -> list[datetime]:
    """The instants from 2000 to 2030 at which the clock was or will be changed."""
    found = []
    at, last = datetime(2000, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
    while at < last:
        after = at + timedelta(days=1)
        low, high = at, after
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(high.replace(microsecond=0))
        at = after
    return found


class Watch:
    """What was tried, and what was not as long as it was."""

    def __init__(self) -> None:
        self.tried = self.refused = self.naive = 0
        self.wrong: list[str] = []

    def span(self, start: datetime, end: datetime, zone: ZoneInfo) -> None:
        """A span of instants, split by the day."""
        self.tried += 1
        gone = int((end - start).total_seconds())
        parts = [seconds_of(*part) for part in split_span(start, end, zone)]
        if sum(parts) != gone or min(parts) < 0:
            self.wrong.append(f"{zone} {start}: {parts} of {gone} s")
        wall = local(end, zone).replace(tzinfo=None) - local(start, zone).replace(tzinfo=None)
        self.naive += int(wall.total_seconds()) != gone

    def typed(self, start: datetime, minutes: int, zone: ZoneInfo) -> None:
        """Minutes that were typed with the time at which the call began."""
        began = local(start, zone)
        try:
            given = meant(began.date(), began.time(), Span(minutes), start + timedelta(days=1), zone)
        except Invalid:
            self.refused += 1
            return
        self.tried += 1
        if given.end - given.start != timedelta(minutes=minutes):
            self.wrong.append(f"{zone} {began:%Y-%m-%d %H:%M} + {minutes} min is {given}")

    def clock(self, start: datetime, end: datetime, zone: ZoneInfo) -> None:
        """Both ends as the clock showed them: what was meant, unless the hour came twice, and never negative."""
        first, last = local(start, zone), local(end, zone)
        if first.date() != last.date() or last.time() <= first.time():
            return
        span = Span(1, first.time(), last.time())
        try:
            given = meant(first.date(), None, span, end + timedelta(days=1), zone)
        except Invalid:
            self.refused += 1
            return
        self.tried += 1
        plain = utc(first.replace(tzinfo=None, fold=0), zone) == start
        plain = plain and utc(last.replace(tzinfo=None, fold=0), zone) == end
        if given.end < given.start or (plain and (given.start, given.end) != (start, end)):
            self.wrong.append(f"{zone} {first:%Y-%m-%d %H:%M} to {last:%H:%M} is {given}")

    def skipped(self, moment: datetime, zone: ZoneInfo) -> None:
        """A time that the clock was set forward over is refused by the forms, and no earlier one elsewhere."""
        shown = local(moment, zone).replace(tzinfo=None) - timedelta(minutes=20)
        if not is_skipped(shown, zone):
            return
        self.tried += 1
        with suppress(Invalid):
            meant(shown.date(), shown.time(), Span(5), moment + HOUR, zone)
            self.wrong.append(f"{zone} {shown} was taken, and the clock never showed it")
        self.refused += 1
        if local(utc(shown, zone), zone).replace(tzinfo=None) < shown:
            self.wrong.append(f"{zone} {shown} is read as an earlier time")

    def in_file(self, zone: str, moments: list[datetime]) -> None:
        """Entries over some changes in a clinic file, and what the time log says of them."""
        here = ZoneInfo(zone)
        with practice(zone=zone, now="2030-12-31T12:00") as path:
            clinic = standing(path, now="2030-12-31T12:00")
            assert isinstance(clinic.clock, FrozenClock)
            patient = clinic.run(add_patient, family="Weiss", mrn="1").id
            months = set()
            for moment in moments:
                start, end = moment - HOUR / 2, moment + HOUR / 2
                clinic.run(log_time, patient, start=start, end=end, activity="call")
                months |= {Month.of(day_of(at, here)) for at in (start, end)}
            spans = [span for month in months for span in clinic.read(time_log, month)]
            self.tried += len(spans)
            if (
                sum(span.seconds for span in spans) != 3600 * len(moments)
                or min(spans, key=BY_LENGTH).seconds <= 0
            ):
                self.wrong.append(f"{zone}: the time log has {[span.seconds for span in spans]}")
            clinic.close_here()


def run(zones: int = 12, calls: int = 8, files: int = 3) -> Outcome:
    watch, count = Watch(), 0
    for number, name in enumerate(ZONES[:zones]):
        random, zone = Random(name), ZoneInfo(name)
        moments = changes(zone)
        count += len(moments)
        for moment in moments:
            for _ in range(calls):
                start = moment - timedelta(seconds=random.randint(0, 7200))
                minutes = random.randint(1, 180)
                end = start + timedelta(minutes=minutes, seconds=random.randint(0, 59))
                watch.span(start, end, zone)
                watch.typed(start.replace(second=0), minutes, zone)
                watch.clock(start.replace(second=0), end.replace(second=0), zone)
            watch.skipped(moment, zone)
        if number < files:
            watch.in_file(name, random.sample(moments, min(10, len(moments))))
    figures = {
        "zones": min(zones, len(ZONES)),
        "changes": count,
        "calls": watch.tried,
        "refused_with_a_sentence": watch.refused,
        "wrong": len(watch.wrong),
        "the_walls_clock_would_be_wrong": watch.naive,
        "error": "; ".join(watch.wrong[:3]),
    }
    return Outcome(not watch.wrong and watch.naive > 0 and count > 0, figures)
