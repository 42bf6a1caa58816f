"""Time as spans between instants: seconds, shares, breaks, overlaps, gaps, lateness. Pure.

Seconds are summed for the clinic's month and floored to minutes once, at the very end; no entry is ever rounded
by itself (billing-rules, section 2, "Seconds").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cmp_tui.clinic.calendar import day_of

GAP_OVER = timedelta(minutes=15)
"""A gap in a day is shown when it is longer than this (DESIGN, day review)."""


class Span(NamedTuple):
    """A stretch of time between two instants."""

    start: datetime
    end: datetime


class Work(NamedTuple):
    """A span that one person worked: which entry, and which shared activity it belongs to, if any."""

    key: bytes
    start: datetime
    end: datetime
    group: bytes | None = None


def seconds_of(start: datetime, end: datetime, group_size: int = 1, place: int = 0) -> int:
    """Returns the whole seconds of a span that count for one patient.

    A span shared by n patients is cut into n parts, and the patient at `place` (0 to n-1) has one. Part p is
    floor(s·(p+1)/n) - floor(s·p/n): each is s/n rounded down or up to the second, and together they are exactly
    s. So no second is lost between the patients, and none is counted twice. The same formula stands in SQL in
    contacts/month.py.
    """
    return share_of(_seconds(end - start), group_size, place)


def share_of(seconds: int, group_size: int, place: int) -> int:
    """Returns the seconds of a span that count for the patient at a place of its group: see `seconds_of`."""
    return seconds * (place + 1) // group_size - seconds * place // group_size


def minutes_of(seconds: int) -> int:
    """Returns the full minutes in a sum of seconds: 19:59 is 19. Only ever used on a finished sum."""
    return seconds // 60


def is_late(end: datetime, entered_at: datetime, zone: ZoneInfo) -> bool:
    """Tells whether time was entered on a later day of the clinic than the one on which it ended.

    What ends at the stroke of midnight ended on the new day: the first part of work over midnight, logged when
    it was done, is not late.
    """
    return day_of(entered_at, zone) > day_of(end, zone)


def typed_span(at: datetime, minutes: int, now: datetime) -> Span:
    """Returns the span for minutes that were typed: from `at` on, but ending now at the latest.

    The form may be opened before the call or filled in right after it; nobody has worked in the future.
    """
    length = timedelta(minutes=minutes)
    end = min(at + length, now)
    return Span(end - length, end)


def cut_break(start: datetime, end: datetime, break_start: datetime, break_end: datetime) -> list[Span]:
    """Returns what is left of a span when a break is taken out of it: two spans, one, or none."""
    parts = (Span(start, min(end, break_start)), Span(max(start, break_end), end))
    if break_end <= break_start or break_end <= start or break_start >= end:
        return [Span(start, end)]
    return [part for part in parts if part.end > part.start]


def cut_breaks(start: datetime, end: datetime, breaks: Iterable[tuple[datetime, datetime]]) -> list[Span]:
    """Returns what is left of a span without its breaks, in order; the breaks may overlap each other."""
    parts = [Span(start, end)]
    for break_start, break_end in breaks:
        parts = [left for part in parts for left in cut_break(part.start, part.end, break_start, break_end)]
    return parts


def overlaps(work: Sequence[Work]) -> list[tuple[Work, Work]]:
    """Returns the pairs of one person's spans that share at least a second, each pair once, earlier start first.

    The shares of one activity for several patients do not overlap each other: its minutes are divided.
    """
    pairs = []
    open_now: list[Work] = []
    for one in sorted(work, key=lambda each: (each.start, each.end, each.key)):
        open_now = [other for other in open_now if other.end > one.start]
        for other in open_now:
            shared = one.group is not None and one.group == other.group
            if not shared and one.end > one.start:
                pairs.append((other, one))
        open_now.append(one)
    return pairs


def gaps(worked: Iterable[Span], first: datetime, last: datetime, over: timedelta = GAP_OVER) -> list[Span]:
    """Returns the stretches between `first` and `last` longer than `over` in which nothing was worked."""
    found = []
    reached = first
    for span in sorted(worked):
        if span.start - reached > over and span.start <= last:
            found.append(Span(reached, span.start))
        reached = max(reached, span.end)
    if last - reached > over:
        found.append(Span(reached, last))
    return found


def gap_name(span: Span) -> str:
    """Returns the name by which a gap is dismissed in the day review."""
    return f"gap:{int(span.start.timestamp())}-{int(span.end.timestamp())}"


def is_dismissed(span: Span, names: Iterable[str]) -> bool:
    """Tells whether a gap lies within one that was dismissed (time logged since may have made it smaller)."""
    for name in names:
        kind, _, rest = name.partition(":")
        start, _, end = rest.partition("-")
        if kind == "gap" and start.isdigit() and end.isdigit():
            inside = int(start) <= span.start.timestamp() and span.end.timestamp() <= int(end)
            if inside:
                return True
    return False


def look_name(patient: bytes) -> str:
    """Returns the name by which a chart that was opened is dismissed in the day review."""
    return f"look:{patient.hex()}"


def _seconds(length: timedelta) -> int:
    return length.days * 86_400 + length.seconds
