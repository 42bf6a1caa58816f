"""The app's memory at Today, against the same in a clinic of 1,000 patients."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.common import Bench, Figure, median, times
from tests.bench.looking import at_today

REST = 2.0


def run(bench: Bench) -> Iterator[Figure]:
    big, small = bench.clinic, bench.beside
    found = [(_memory(bench, big), _memory(bench, small)) for _ in range(min(3, bench.size.runs))]
    for place, name in enumerate(("memory of the app at Today", "… after a search, all names held")):
        mine, floor = median(one[place] for one, _ in found), median(one[place] for _, one in found)
        yield Figure(
            name, f"{mine:.0f} MB", f"{floor:.0f} MB at {bench.size.beside.patients:,} patients",
            times(mine, floor), aim="≤ 1.8×", meets=mine <= 1.8 * floor,
        )  # fmt: skip


def _memory(bench: Bench, path: Path) -> tuple[float, float]:
    with at_today(bench, path) as app:
        time.sleep(REST)
        app.settle(0.2, 0.2)
        at_rest = app.memory()
        app.key("/")
        for letter in "smith jo":
            app.key(letter if letter != " " else "space")
        time.sleep(REST)
        return at_rest, app.memory()
