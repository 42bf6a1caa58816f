"""Start to the first painted Today, against a Textual app with a table of 50 rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tests.bench.common import Bench, Figure, median, middle, ms, times
from tests.bench.looking import COUNTED, TEAM, at_today, first_name
from tests.bench.meter import Answer, Meter, Wrote

FRAME = 0.015
"""Pieces that follow one another this closely are one frame."""


def run(bench: Bench) -> Iterator[Figure]:
    path = bench.clinic
    name = first_name(path)
    mine: list[Answer] = []
    floor: list[Answer] = []
    later: list[float] = []
    for number in range(bench.size.runs + 1):
        with bench.bare(50) as bare:
            other, _ = _painted(bare, re.compile(r"row 0\s+overdue"))
        with bench.app(path) as app:
            own, counted = _painted(app, name, COUNTED)
        if number:  # the first round warms the disk's cache
            mine.append(own)
            floor.append(other)
            later.append(counted - own.last)
    own, other = middle(mine), middle(floor)
    ratio = own.last / other.last
    yield Figure(
        "start to the first painted Today", ms(own.last), ms(other.last), times(own.last, other.last),
        f"{own.plain / 1000:.0f} kB ({own.deflated / 1000:.1f} deflated)", "≤ 1.8×", ratio <= 1.8,
    )  # fmt: skip
    wait = max(0.0, median(later))
    yield Figure("… its counts stand so much later", ms(wait), aim="≤ 500 ms", meets=wait <= 0.5)
    team: list[float] = []
    with at_today(bench) as app:
        for _ in range(bench.size.runs):
            app.press("f")
            team.append(app.until(TEAM)[0])
            app.settle(0.5, 1.0)
            app.press("f")
            app.until(COUNTED)
            app.settle(0.5, 1.0)
    wait = median(team)
    yield Figure("… the whole clinic's counts and rows (f)", ms(wait), aim="≤ 500 ms", meets=wait <= 0.5)


def _painted(
    meter: Meter, rows: re.Pattern[str], counts: re.Pattern[str] | None = None
) -> tuple[Answer, float]:
    """When the frame with the rows was out, with all bytes till then; and when the counts stood."""
    _, pieces = meter.until(rows)
    counted = 0.0 if counts is None or counts.search(meter.text()) else meter.until(counts)[0]
    more = meter.settle(0.3, 0.3)
    return Answer.of(_frame(pieces, more)), counted


def _frame(pieces: Sequence[Wrote], more: Sequence[Wrote]) -> list[Wrote]:
    frame = list(pieces)
    for piece in more:
        if piece.at - frame[-1].at > FRAME:
            break
        frame.append(piece)
    return frame
