"""The floor for what the app does: a Textual app with nothing in it but tables.

`python -m tests.bench.bare ROWS` shows a DataTable; the keys 1 and 2 switch between two modes that have one each.
"""

from __future__ import annotations

import sys
from typing import Any

from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import DataTable

WORDS = ("overdue", "Okafor, James", "68 M", "call back, third try, in the morning", "0")


class Table(Screen[None]):
    """A table of so many rows."""

    def __init__(self, rows: int, first: str) -> None:
        super().__init__()
        self._rows, self._first = rows, first

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table: DataTable[Any] = self.query_one(DataTable)
        table.add_columns("", "due", "who", "age", "why it is here", "min")
        for number in range(self._rows):
            table.add_row(f"{self._first} {number}", *WORDS)
        table.focus()


class Bare(App[None]):
    """Two modes, and nothing else."""

    BINDINGS = [("1", "go('one')"), ("2", "go('two')"), ("q", "quit")]

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.add_mode("one", lambda: Table(rows, "row"))
        self.add_mode("two", lambda: Table(rows, "line"))

    async def on_mount(self) -> None:
        await self.switch_mode("one")

    async def action_go(self, mode: str) -> None:
        await self.switch_mode(mode)


if __name__ == "__main__":
    Bare(int(sys.argv[1])).run()
