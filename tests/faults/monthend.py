"""Work round midnight, month ends and 29 February, in several zones: each second is in exactly one month (row 35).

Part of it is logged in real clinic files, whose months, days and time log must say the same.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from cmp_tui.billing.queries import by_patient, time_log
from cmp_tui.clinic.calendar import Month, day_of, day_start, split_span
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.actions import log_time
from cmp_tui.contacts.month import month_seconds
from cmp_tui.patients.actions import add_patient
from tests.faults.common import Outcome, practice, standing

ZONES = (
    "America/Chicago", "Africa/Cairo", "America/Havana", "Pacific/Apia", "Asia/Kathmandu", "America/St_Johns", "UTC",
)  # fmt: skip
Piece = tuple[datetime, datetime]


def pieces(random: Random, zone: ZoneInfo, count: int, first: date, days: int) -> list[Piece]:
    """Spans of up to nine hours that begin near a midnight, most of them near the end of a month."""
    made = []
    while len(made) < count:
        day = first + timedelta(days=random.randrange(days))
        if random.random() < 0.7:
            day = Month.of(day).last
        start = day_start(day + timedelta(days=1), zone) + timedelta(seconds=random.randint(-20_000, 20_000))
        made.append((start, start + timedelta(seconds=random.randint(1, random.choice((600, 7200, 32_000))))))
    return made


def split(spans: list[Piece], zone: ZoneInfo, wrong: list[str]) -> tuple[int, int, int]:
    """The seconds of some spans, those that their parts have, and those that a cut in UTC puts into another month."""
    total = placed = other = 0
    for start, end in spans:
        total += int((end - start).total_seconds())
        for first, last in split_span(start, end, zone):
            seconds = int((last - first).total_seconds())
            month = Month.of(day_of(first, zone))
            low, high = month.span(zone)
            if not (low <= first < last <= high) or day_of(last - timedelta(seconds=1), zone) != day_of(
                first, zone
            ):
                wrong.append(f"{zone} {first} to {last} is not in one day of {month}")
            placed += seconds
            other += seconds if Month.of(first.date()) != month else 0
    return total, placed, other


def months_of(scope: Scope, months: list[Month]) -> dict[Month, int]:
    return {month: sum(seconds for _, seconds in rows(month_seconds(scope, month))) for month in months}


def logged(zone: str, random: Random, count: int, wrong: list[str]) -> int:
    """Logs spans in a file; holds its months and its time log against an own sum."""
    own: Counter[Month] = Counter()
    here = ZoneInfo(zone)
    with practice(zone=zone, now="2028-04-15T12:00") as path:
        clinic = standing(path, now="2028-04-15T12:00")
        assert isinstance(clinic.clock, FrozenClock)
        patient = clinic.run(add_patient, family="Weiss", mrn="1").id
        for start, end in pieces(random, here, count, date(2027, 12, 1), 120):
            if end > clinic.clock.at:
                continue
            clinic.run(
                log_time, patient, start=start, end=end, activity="call", long_why="a long night", note="x"
            )
            for first, last in split_span(start, end, here):
                own[Month.of(day_of(first, here))] += int((last - first).total_seconds())
        months = [Month(2027, 11).plus(number) for number in range(7)]
        stored = clinic.read(months_of, months)
        for month in months:
            spans = clinic.read(time_log, month)
            told = {sum(span.seconds for span in spans), stored[month], own[month]}
            told |= {sum(one.seconds for one in by_patient(clinic.reference, month, spans))}
            if len(told) != 1 or any(Month.of(span.date) != month for span in spans):
                wrong.append(f"{zone} {month}: {told}")
        clinic.close_here()
    return sum(own.values())


def run(entries: int = 20_000, zones: int = 6, in_files: int = 60) -> Outcome:
    wrong: list[str] = []
    total = placed = other = stored = 0
    chosen = ZONES[:zones]
    for name in chosen:
        random, zone = Random(name), ZoneInfo(name)
        spans = pieces(random, zone, entries // len(chosen), date(2000, 1, 1), 11_000)
        counts = split(spans, zone, wrong)
        total, placed, other = total + counts[0], placed + counts[1], other + counts[2]
        stored += logged(name, random, in_files // len(chosen), wrong)
    figures = {
        "entries": entries + in_files,
        "zones": len(chosen),
        "seconds_worked": total,
        "lost": total - placed,
        "seconds_in_files": stored,
        "wrong": len(wrong),
        "a_cut_in_utc_would_move": f"{100 * other / total:.2f} %",
        "error": "; ".join(wrong[:3]),
    }
    return Outcome(total == placed and not wrong and other > 0 and stored > 0, figures)
