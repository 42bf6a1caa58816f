"""The half that fields with a drop list share: which rows are offered, which is marked, and its keys."""

from collections.abc import Sequence

from textual import events

from cmp_tui.ui.fields.base import Row
from cmp_tui.ui.fields.editor import Editor

PAGE = 8
"""Rows of a drop list that are seen at once."""


class Dropping(Editor):
    """Mixed into a field's widget; the widget says what taking a row does."""

    rows: Sequence[Row] = ()
    at = 0
    is_open = False

    def take(self, index: int) -> None:
        """The person chose a row, by key or by the mouse."""
        raise NotImplementedError

    def drop(self, rows: Sequence[Row], at: int = 0) -> None:
        """Open the list, or show other rows in it; no rows close it."""
        self.rows = rows
        self.at = min(max(at, 0), len(rows) - 1) if rows else 0
        if rows:
            self.is_open = True
            self.board.offer(self, rows, self.at)
        else:
            self.close()

    def close(self) -> None:
        """Take the list away."""
        if self.is_open:
            self.is_open = False
            self.board.withdraw(self)

    def drop_key(self, event: events.Key) -> bool:
        """Answer a key while the list is open; False when it is not the list's."""
        if not self.is_open:
            return False
        steps = {"up": -1, "down": 1, "pageup": -PAGE, "pagedown": PAGE}
        if event.key in steps:
            self.at = min(max(self.at + steps[event.key], 0), len(self.rows) - 1)
            self.board.offer(self, self.rows, self.at)
        elif event.key == "enter":
            self.take(self.at)
        elif event.key == "escape":
            self.close()
        else:
            return False
        event.stop()
        event.prevent_default()
        return True
