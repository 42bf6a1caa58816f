"""Many short entries: seconds are summed and floored once, so that rounding carries nobody over a threshold (row 36).

The figures name how many patients would cross 20, 40 or 60 minutes if each entry were rounded by itself.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from cmp_tui.billing.queries import Span, by_patient
from cmp_tui.billing.rules import still_needed, whole_minutes
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.reference import Reference
from cmp_tui.contacts.rules import minutes_of, seconds_of
from tests.faults.common import Outcome

MONTH = Month(2026, 11)
THRESHOLDS = (20, 40, 60)
NOON = datetime(2026, 11, 10, 18, 0, tzinfo=UTC)


def span(patient: int, seconds: int) -> Span:
    values: dict[str, Any] = dict.fromkeys(Span._fields)
    values |= {"mrn": f"{patient:06}", "patient": "Weiss, Ruth", "seconds": seconds, "billable": True}
    return Span(**values | {"program": "CCM", "staff": "Dana Ruiz", "date": date(2026, 11, 10)})


def work(random: Random, target: int) -> list[tuple[int, int, int]]:
    """Short entries (seconds, group size, place) that end within a minute or two of a threshold."""
    left, made = target * 60 + random.randint(-90, 90), []
    while left > 0:
        seconds = min(left, random.randint(5, 600))
        size = random.choice((1, 1, 1, 2, 3, 7))
        made.append((seconds * size + random.randrange(size), size, random.randrange(size)))
        left -= seconds
    return made


def shares(entries: list[tuple[int, int, int]]) -> list[int]:
    return [seconds_of(NOON, NOON + timedelta(seconds=whole), size, place) for whole, size, place in entries]


def run(seeds: int = 10_000) -> Outcome:
    reference, wrong, spans = Reference(), [], []
    exact: list[int] = []
    up = nearest = 0
    for seed in range(seeds):
        random = Random(seed)
        target = random.choice(THRESHOLDS)
        parts = shares(work(random, target))
        total = sum(parts)
        exact.append(total)
        spans += [span(seed, seconds) for seconds in parts]
        up += sum(-(-part // 60) for part in parts) >= target > total / 60
        nearest += sum(round(part / 60) for part in parts) >= target > total / 60
        minutes = {whole_minutes(total), minutes_of(total), int(total / 60)}
        if len(minutes) != 1 or (still_needed(total, target) == 0) != (total >= 60 * target):
            wrong.append(f"seed {seed}: {total} s are {minutes}")
    months = by_patient(reference, MONTH, spans)
    for month, total in zip(months, exact, strict=True):
        crossed = [60 * limit <= total for limit in THRESHOLDS] != [
            limit <= month.minutes for limit in THRESHOLDS
        ]
        if month.seconds != total or month.minutes != total // 60 or crossed:
            wrong.append(f"{month.mrn}: {total} s are told as {month.minutes} min")
    figures = {
        "patients": seeds,
        "entries": len(spans),
        "cross_by_rounding": len(wrong),
        "rounding_each_up_would": up,
        "rounding_each_would": nearest,
        "error": "; ".join(wrong[:3]),
    }
    return Outcome(not wrong and up > 0, figures)
