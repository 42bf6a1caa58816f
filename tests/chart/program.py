"""Driving the program as a person does: keys one by one, and the screen read as words."""

from __future__ import annotations

import asyncio

from textual.pilot import Pilot

from cmp_tui.chart.screen import ChartScreen
from cmp_tui.ui.table import WindowTable

READING = frozenset({"rows", "pages", "chart", "day", "mode", "end", "preview", "dismiss", "default"})
"""The groups of workers that end by themselves; a form's and a question's wait for a person."""


async def settle(pilot: Pilot[int]) -> None:
    """Waits until what was asked of the file is on the screen, and the preview of the row is drawn."""
    quiet = 0
    for _ in range(400):
        await pilot.pause()
        busy = any(one.group in READING and not one.is_finished for one in pilot.app.workers)
        resting = any(table._rest is not None for table in pilot.app.screen.query(WindowTable))
        quiet = 0 if busy or resting else quiet + 1
        if quiet == 2:
            return
        await asyncio.sleep(0.01)


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Presses keys one by one, as a person does."""
    for one in keys:
        await pilot.press(one)
        await settle(pilot)


def screen_of(pilot: Pilot[int]) -> ChartScreen:
    """The chart that is shown."""
    screen = pilot.app.screen
    assert isinstance(screen, ChartScreen)
    return screen


def words_of(pilot: Pilot[int]) -> str:
    """The screen as somebody without colours reads it."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)
