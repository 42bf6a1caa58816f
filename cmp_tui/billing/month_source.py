"""Where the Month screen's rows come from: judged beside the screen, kept until something changes."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from cmp_tui.billing.month_board import MonthBoard, Reading, month_again, month_board
from cmp_tui.billing.month_rows import MonthRow, in_order
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.ui.listing import Batches
from cmp_tui.ui.look_once import LookOnce
from cmp_tui.ui.table_source import Source


class Filter(NamedTuple):
    """Which rows are shown: those in one of some states; all when it names none."""

    name: str
    words: str
    states: frozenset[str]


FILTERS = (
    Filter("", "everybody", frozenset()),
    Filter("blocked", "blocked", frozenset({"blocked", "barred", "amended"})),
    Filter("short", "short or on its way", frozenset({"short", "way"})),
    Filter("ready", "ready to bill", frozenset({"ready"})),
    Filter("check", "to check with the payer", frozenset({"check"})),
    Filter("out", "out of reach", frozenset({"out"})),
    Filter("none", "nothing to do", frozenset({"none"})),
)


class MonthSource(Source[MonthRow]):
    """A month's rows for one view. The month is read once; after a change only those whom it is about."""

    def __init__(self, live: LiveClinic, month: Month, whose: str) -> None:
        self._live, self.month, self.whose = live, month, whose
        self.filter, self.sort = FILTERS[0], "attention"
        self.board: MonthBoard | None = None
        self.reading: Reading | None = None
        self._look = LookOnce(live, "list", view=f"month:{month}", whose=whose)
        self._rows: Sequence[MonthRow] = ()
        self._task: asyncio.Task[MonthBoard] | None = None

    async def count(self) -> int:
        """How many rows the filter leaves. What is shown is logged once, before any of it is."""
        await self._look.done()
        board = self.board = await self._current()
        states = self.filter.states
        found = [row for row in board.rows if not states or row.state in states]
        self._rows = found if self.sort == "attention" else in_order(found, self.sort)
        return len(self._rows)

    async def fetch(self, offset: int, limit: int) -> Sequence[MonthRow]:
        """Rows in the chosen order."""
        return self._rows[offset : offset + limit]

    async def find(self, key: Hashable) -> int | None:
        """Where a patient stands now."""
        return next((place for place, row in enumerate(self._rows) if row.id == key), None)

    def everything(self) -> Batches:
        """The rows that are shown."""
        shown = self._rows
        return lambda scope: (shown,)

    def stop(self) -> None:
        """Nobody waits for the month any more: a reading that is under way is given up."""
        if self.reading is not None:
            self.reading.stop = True

    async def _current(self) -> MonthBoard:
        if self.board is not None:
            again = await self._live.ask(month_again, self.board)
            if again is not None:
                return again
        if self._task is None:  # who looks elsewhere meanwhile and comes back waits for the same reading
            self._task = asyncio.ensure_future(self._read())
            self._task.add_done_callback(_heard)
        return await asyncio.shield(self._task)

    async def _read(self) -> MonthBoard:
        reading = self.reading = Reading()
        try:
            return await self._live.ask_long(month_board, self.month, self.whose, reading)
        finally:
            self._task = self.reading = None


def _heard(task: asyncio.Task[MonthBoard]) -> None:
    """A reading that was given up has failed, and nobody asks any more why."""
    if not task.cancelled():
        task.exception()
