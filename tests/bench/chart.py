"""Opening a chart from a list, against a bare switch between two modes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.bench.common import Bench, Figure, middle, ms, times
from tests.bench.looking import at_today
from tests.bench.meter import Answer, painted


def run(bench: Bench) -> Iterator[Figure]:
    mine: tuple[list[Answer], list[Answer]] = ([], [])
    floors: tuple[list[Answer], list[Answer]] = ([], [])
    for _ in range(min(3, bench.size.runs)):
        with bench.bare(50) as bare, at_today(bench) as app:
            bare.until(re.compile(r"row 0\s+overdue"))
            bare.settle(0.5, 1.0)
            for number in range(bench.size.runs + 1):
                later = number > 0
                mine[later].append(painted(app.key("enter")))
                floors[later].append(painted(bare.key("2")))
                for key in ("escape", "j"):
                    app.key(key)
                bare.key("1")
    for later, name, most in ((False, "first visit", 80_000), (True, "later", 20_000)):
        own, floor = middle(mine[later]), middle(floors[later])
        yield Figure(
            f"open a chart from Today, {name}", ms(own.last), f"{ms(floor.last)}, {floor.plain / 1000:.0f} kB",
            times(own.last, floor.last), f"{own.plain / 1000:.1f} kB ({own.deflated / 1000:.1f} deflated)",
            f"≤ 1.5×, ≤ {most // 1000} kB", own.last <= 1.5 * floor.last and own.plain <= most,
        )  # fmt: skip
