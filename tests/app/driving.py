"""Driving the program with keys: open it on a clinic, press keys, wait until it is quiet, read the screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from cmp_tui.app import CmpApp
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.enrollment.pipeline_cards import CardColumns
from cmp_tui.ui.board import Board
from cmp_tui.ui.fields.editor import Editor
from cmp_tui.ui.form import Form
from cmp_tui.ui.notice import Notice
from cmp_tui.ui.preview import Preview
from cmp_tui.ui.table import WindowTable

WAITING = frozenset({"forms", "reading", "undo", "leave", "question", "search", "timer"})
"""The groups of workers that may wait for a person; all others end by themselves."""
SIZES = ((80, 24), (120, 36))


class Driver:
    """A person at the keyboard."""

    def __init__(self, pilot: Pilot[Any]) -> None:
        self.pilot = pilot
        assert isinstance(pilot.app, CmpApp)
        self.app = pilot.app

    async def settle(self) -> None:
        """Waits until rows are read, the resting cursor has brought its preview, and nothing is under way."""
        quiet = 0
        for _ in range(500):
            await self.pilot.pause()
            # A form that is being saved waits while it asks something in another one over it.
            asks = any(isinstance(one, Board) and len(one.dock.forms) > 1 for one in self.app.screen_stack)
            waiting = WAITING | {"end"} if asks else WAITING
            busy = any(one.group not in waiting and not one.is_finished for one in self.app.workers)
            lists = (*self.app.screen.query(WindowTable), *self.app.screen.query(CardColumns))
            resting = any(one._rest is not None for one in lists)
            quiet = 0 if busy or resting else quiet + 1
            if quiet == 3:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"the program does not come to rest: {list(self.app.workers)}")

    async def press(self, *keys: str) -> None:
        """Presses keys one after the other, as a person does; a text in quotes is typed."""
        for key in keys:
            names = list(key[1:-1]) if len(key) > 2 and key[0] == key[-1] == "'" else [key]
            for name in names:
                await self.pilot.press({" ": "space"}.get(name, name))
            await self.settle()

    @property
    def lines(self) -> list[str]:
        """The screen, line by line, as somebody without colours sees it."""
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def board(self) -> Board:
        """The main screen that is shown."""
        return self.app.board

    @property
    def form(self) -> Form | None:
        """The form on top, if one is open."""
        return self.board.dock.form

    @property
    def notice(self) -> str:
        """What the notice line says."""
        return self.board.query_one(Notice).content.plain

    @property
    def title(self) -> str:
        """The title line."""
        return str(self.board.query_one(".title").render())

    @property
    def preview(self) -> str:
        """What the preview says."""
        return self.board.query_one(Preview).plain

    @property
    def row(self) -> Any:
        """The row under the cursor."""
        return self.board.query_one("#rows", WindowTable).row

    def field(self, name: str) -> Editor:
        """A field of the open form."""
        assert self.form is not None
        return self.form.sheet.editors[name]

    def value(self, name: str) -> object:
        """What a field of the open form holds."""
        return self.field(name).read().value

    async def go_to(self, name: str) -> None:
        """Goes to a field of the open form with tab."""
        assert self.form is not None
        for _ in range(30):
            if self.form.sheet.here_now == name:
                return
            await self.press("tab")
        raise AssertionError(f"tab does not come to {name}")


@asynccontextmanager
async def driving(clinic: Clinic, size: tuple[int, int] = (120, 36), **options: Any) -> AsyncIterator[Driver]:
    """Opens the program on a clinic."""
    app = CmpApp(clinic, **options)
    async with app.run_test(size=size) as pilot:
        driver = Driver(pilot)
        await driver.settle()
        yield driver
