"""A cursor step in every list, key to last byte, against a DataTable of 1,000 rows; and the resting preview."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle

from tests.bench.common import Bench, Figure, fine, kb, middle, times
from tests.bench.looking import CASELOAD, IN_CHART, at_today
from tests.bench.meter import Answer, Meter, Wrote, parted

CALLS = 2
"""Panels from the chart's first one to Calls & time; History is the last one."""
UP_AND_DOWN = (*["down"] * 12, *["up"] * 12)
"""The floor's keys: its table does not scroll either."""


class Steps:
    """Steps in the app and in the floor by turns, so that a machine that is busy now and then slows both."""

    def __init__(self, app: Meter, bare: Meter, count: int) -> None:
        self._app, self._bare, self._count = app, bare, count
        self._floor_keys = cycle(UP_AND_DOWN)

    def take(self, keys: str) -> tuple[Answer, Answer, Answer]:
        """The medians of the step, of what was drawn when it rested, and of the floor's step."""
        steps, rests, floors = [], [], []
        for number in range(self._count + 2):
            step, rest = parted(_pressed(self._app, keys[number % len(keys)]))
            floor, _ = parted(_pressed(self._bare, next(self._floor_keys)))
            if number > 1:
                steps.append(step)
                floors.append(floor)
                rests += [rest] if rest.plain else []
        return middle(steps), middle(rests) if rests else Answer(0, 0, 0, 0), middle(floors)


def run(bench: Bench) -> Iterator[Figure]:
    with bench.bare(1000) as bare, at_today(bench) as app:
        bare.until(re.compile(r"row 0\s+overdue"))
        bare.settle(0.5, 1.0)
        steps = Steps(app, bare, bench.size.steps)
        yield from _figures("Today", *steps.take("j"))
        app.press("enter")
        app.until(IN_CHART)
        app.settle(0.6, 1.0)
        for _ in range(CALLS):
            app.key("]")
        yield from _figures("a chart's calls & time", *steps.take("jk"))
        app.key("[")
        for _ in range(CALLS):
            app.key("[")
        yield from _figures("a chart's history", *steps.take("jk"))
        app.press("2")
        app.until(CASELOAD)
        app.settle(0.6, 1.0)
        yield from _figures("Caseload", *steps.take("j"))


def _figures(name: str, step: Answer, preview: Answer, floor: Answer) -> Iterator[Figure]:
    yield Figure(
        f"cursor step, {name}", fine(step.last), f"{fine(floor.last)}, {floor.plain / 1000:.1f} kB",
        times(step.last, floor.last), kb(step), "≤ 1×, ≤ 0.6 kB", step.last <= floor.last and step.plain <= 600,
    )  # fmt: skip
    if preview.plain:
        yield Figure(
            f"resting preview, {name}", fine(preview.last), wrote=kb(preview), aim="≤ 3 kB",
            meets=preview.plain <= 3000,
        )  # fmt: skip


def _pressed(meter: Meter, key: str) -> list[Wrote]:
    pieces = meter.key(key, limit=1.0)
    if not pieces:
        raise RuntimeError(f"a step drew nothing:\n{meter.text()}")
    return pieces
