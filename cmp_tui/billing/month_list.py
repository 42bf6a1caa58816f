"""What the Month shows: the list, what stands in the way of closing in its place, and the preview; without its keys."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from cmp_tui.billing.close_rules import Stand
from cmp_tui.billing.closing import what_stands
from cmp_tui.billing.month_board import MonthDetail, month_detail
from cmp_tui.billing.month_columns import month_columns, says_of, stand_columns
from cmp_tui.billing.month_preview import Look, month_lines
from cmp_tui.billing.month_rows import MonthRow
from cmp_tui.billing.month_source import FILTERS, MonthSource
from cmp_tui.billing.month_title import month_title, stands_title
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.ui.asking import Asking
from cmp_tui.ui.preview import GAP, Line, Preview
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_source import ListSource

KEPT = 4
"""Months and views that are kept as they were read."""
TELL_EVERY = 0.5
"""Seconds between two words on how far a long reading is."""


class MonthList(Asking):
    """One month, everybody in it: what is read and drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._month = Month.of(self.cmp.today())
        self._whose = "mine"
        self._sources: dict[tuple[Month, str], MonthSource] = {}
        self._source = self._source_of(self._month, self._whose)
        self._detail: MonthDetail | None = None
        self._stands: Sequence[Stand] = ()
        self._in_close = False

    def middle(self) -> Iterable[Widget]:
        """The list, what stands in the way of closing in its place, and the preview."""
        signs = self.cmp.signs
        with Horizontal(classes="side-by-side"):
            yield WindowTable(
                month_columns(self.cmp, signs, self.cmp.today, lambda: self._was_closed),
                signs=signs,
                identity=lambda row: row.id,
                titles=True,
                open_word="chart",
                empty=self._empty(),
                id="rows",
            )
            stands = WindowTable(
                stand_columns(self.cmp, signs),
                signs=signs,
                identity=lambda row: (row.kind, row.patient, row.rows, row.says),
                open_word="chart",
                empty=Content("Nothing stands in the way."),
                id="stands",
            )
            stands.display = False
            yield stands
            yield Preview(signs=signs)

    def on_mount(self) -> None:
        """Reads the month."""
        self.set_focus(self.table)
        self._show()

    def on_unmount(self) -> None:
        """The program ends: a month that is being read is given up."""
        for source in self._sources.values():
            source.stop()

    @property
    def table(self) -> WindowTable:
        """The list that is shown."""
        return self.query_one("#stands" if self._in_close else "#rows", WindowTable)

    @property
    def row(self) -> MonthRow | None:
        """The row under the cursor; none while another month's rows still stand there."""
        row = self.query_one("#rows", WindowTable).row
        return row if isinstance(row, MonthRow) and row.month == str(self._month) else None

    def subject(self) -> bytes | None:
        """The patient under the cursor."""
        if not self.is_mounted:
            return None
        if self._in_close:
            stand: Stand | None = self.table.row
            return stand.patient if stand is not None else None
        return self.row.id if self.row else None

    def preview_opened(self, patient: bytes) -> None:
        """A preview that stays is a look at the record."""
        self.cmp.seen_for_a_while(patient)

    def refresh_rows(self) -> None:
        """Reads again what has changed; the cursor stays with its row."""
        self.query_one("#rows", WindowTable).reload()
        if self._in_close:
            self.run_worker(self._read_stands(), group="stands", exclusive=True)

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """The title says how many stand how."""
        self._put_title()
        self.refresh_bindings()

    def on_window_table_rested(self, event: WindowTable.Rested) -> None:
        """Draws the preview."""
        if event.table is self.table:
            self.run_worker(self._preview(), group="preview", exclusive=True)

    async def _preview(self) -> None:
        subject, preview = self.subject(), self.query_one(Preview)
        stand: Stand | None = self.table.row if self._in_close else None
        above = () if stand is None else (Line("In the way", says_of(self.cmp, stand)), GAP)
        if subject is None:
            self._detail = None
            preview.show(above)
            return
        try:
            detail = await self.cmp.live.ask(month_detail, subject, self._month)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        if subject != self.subject():
            return
        self._detail = detail
        look = Look(self.cmp.clinic.reference, self.cmp.settings.zone, self.cmp.signs, self.cmp.masked)
        preview.show((*above, *month_lines(detail, look)))
        self.cmp.seen_for_a_while(subject)

    async def _read_stands(self) -> bool:
        try:
            self._stands = await self.cmp.live.ask_long(what_stands, self._month)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return False
        if self._stands and self._stands[0].kind == "closed":
            if self._in_close:  # it has just been said
                self._leave_close()
            else:
                self.say(self._stands[0].says, "soon")
            return False
        keys = (("L", "$accent"), (" closes the month, ", "$dim"), ("esc", "$accent"), (" leaves", "$dim"))
        self.say(Content.assemble(*keys))
        self.query_one("#stands", WindowTable).show(ListSource(self._stands), keep_place=self._in_close)
        return True

    def _leave_close(self) -> None:
        if self._in_close:
            self._in_close = False
            self._swap()

    def _swap(self) -> None:
        self.query_one("#rows", WindowTable).display = not self._in_close
        self.query_one("#stands", WindowTable).display = self._in_close
        self.set_focus(self.table, scroll_visible=False)
        self._put_title()
        self.run_worker(self._preview(), group="preview", exclusive=True)
        self.refresh_bindings()

    @property
    def _was_closed(self) -> bool:
        board = self._source.board
        return board is not None and board.closed is not None

    def _source_of(self, month: Month, whose: str) -> MonthSource:
        found = self._sources.pop((month, whose), None) or MonthSource(self.cmp.live, month, whose)
        self._sources[month, whose] = found
        while len(self._sources) > KEPT:
            self._sources.pop(next(iter(self._sources))).stop()
        return found

    def _show(self) -> None:
        """Shows the month that is chosen, filtered and sorted as before."""
        before, source = self._source, self._source_of(self._month, self._whose)
        source.filter, source.sort = before.filter, before.sort
        if source is not before:
            before.stop()
        self._source = source
        self.query_one("#rows", WindowTable).show(source)
        self._put_title()
        self.run_worker(self._watch(source), group="watch", exclusive=True)

    async def _watch(self, source: MonthSource) -> None:
        """Says how far a long reading is."""
        while source is self._source and source.board is None:
            await asyncio.sleep(TELL_EVERY)
            self._put_title()

    def _narrow(self, name: str) -> None:
        self._source.filter = next(one for one in FILTERS if one.name == name)
        self.query_one("#rows", WindowTable).show(self._source)

    def _put_title(self) -> None:
        if not self.is_mounted:
            return
        if self._in_close:
            self.put_title(stands_title(self._month, self._stands, self.cmp.signs, self.size.width - 2))
        else:
            self.put_title(
                month_title(
                    self._source,
                    self.cmp.today(),
                    self.cmp.settings.zone,
                    self.cmp.signs,
                    self.size.width - 2,
                )
            )

    def _empty(self) -> Content:
        return Content.assemble(
            ("Nobody here. ", ""),
            ("What would be here: everybody with time, a stay, an enrollment or a service in the month. ", "$dim"),
            ("< >", "$accent"), (" go to other months, ", "$dim"),
            ("w", "$accent"), (" shows the whole clinic, ", "$dim"),
            ("esc", "$accent"), (" takes a filter away", "$dim"),
        )  # fmt: skip
