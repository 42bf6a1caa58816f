"""A board of one list, each row about a patient, with its preview beside it."""

from __future__ import annotations

from typing import Any

from cmp_tui.ui.asking import Asking
from cmp_tui.ui.table import WindowTable


class ListBoard(Asking):
    """A board of one list (`_source`; the table's id is "rows") whose rows have a `patient`, and a preview."""

    _source: Any

    def on_mount(self) -> None:
        """Reads the list."""
        self.set_focus(self.table)
        self.table.show(self._source)

    @property
    def table(self) -> WindowTable:
        """The list."""
        return self.query_one("#rows", WindowTable)

    def subject(self) -> bytes | None:
        """The patient of the row under the cursor."""
        row = self.table.row if self.is_mounted else None
        return row.patient if row is not None else None

    def preview_opened(self, patient: bytes) -> None:
        """A preview that stays is a look at the record."""
        self.cmp.seen_for_a_while(patient)

    def refresh_rows(self) -> None:
        """Reads the list again; the cursor stays with its row."""
        self.table.reload()

    async def read_preview(self) -> None:
        """Reads and draws the preview of the row under the cursor."""
        raise NotImplementedError

    def on_window_table_rested(self, event: WindowTable.Rested) -> None:
        """Draws the preview."""
        self.run_worker(self.read_preview(), group="preview", exclusive=True)
