"""The Month: everybody's minutes and lines, what is in the way, the forecast; and closing a month."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from cmp_tui.billing.close_rules import Stand
from cmp_tui.billing.closing import what_stands
from cmp_tui.billing.month_asks import Asking, elsewhere, filter_picks, mend_steps
from cmp_tui.billing.month_board import MonthDetail, month_detail
from cmp_tui.billing.month_columns import month_columns, says_of, stand_columns
from cmp_tui.billing.month_out import charge_listing, packet_file, packet_page
from cmp_tui.billing.month_preview import Look, month_lines
from cmp_tui.billing.month_rows import SORTS, MonthRow
from cmp_tui.billing.month_source import FILTERS, MonthSource
from cmp_tui.billing.month_title import month_title, stands_title
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.ui.keys import key
from cmp_tui.ui.messages import OpenChart, OpenForm
from cmp_tui.ui.page import PlainPage
from cmp_tui.ui.picker import Pick
from cmp_tui.ui.preview import GAP, Line, Preview
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_source import ListSource

LAST_AHEAD = 12
"""Months after this one that can be looked at."""
KEPT = 4
"""Months and views that are kept as they were read."""
TELL_EVERY = 0.5
"""Seconds between two words on how far a long reading is."""
ABOUT_ROW = frozenset({"edit", "consent", "mend", "packet"})


class MonthScreen(Asking):
    """One month, everybody in it: what needs attention first."""

    TITLE = "Month"
    HELP = (
        "Everybody with time, a stay, an enrollment or a service in the month; what needs attention first. m opens "
        "the form that mends what is in the way, < and > go to other months."
    )
    TAB = 6
    BY_NAME = (
        ("Close this month", "What stands in the way; then lock it, for administrators", "close_month"),
        ("Export charges", "What to bill in this month, as CSV or as a spreadsheet", "charges"),
        ("Audit packet", "The month of the patient under the cursor as PDF, for a reviewer", "packet"),
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        key("month.mend", "m", "mend", "mend"),
        key("month.before", "less_than_sign,left_square_bracket,left", "month(-1)", "before"),
        key("month.after", "greater_than_sign,right_square_bracket,right", "month(1)", "after"),
        key("month.filter", "f", "filter", "filter"),
        key("month.view", "w", "view", "mine/team"),
        key("month.packet", "p", "packet", "packet"),
        key("month.close", "L", "close_month", "close"),
        key("month.sort", "s", "sort(1)", "sort", show=False),
        key("month.sort_back", "S", "sort(-1)", "sort back", show=False),
        key("month.consent", "C", "consent", "consent", show=False),
        key("month.edit", "e", "edit", "edit the person", show=False),
        key("month.charges", "E", "charges", "export charges", show=False),
    ]

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

    # -- what the list tells ----------------------------------------------------------------------------------

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """The title says how many stand how."""
        self._put_title()
        self.refresh_bindings()

    def on_window_table_rested(self, event: WindowTable.Rested) -> None:
        """Draws the preview."""
        if event.table is self.table:
            self.run_worker(self._preview(), group="preview", exclusive=True)

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """The minutes open into their entries; without minutes the chart opens."""
        subject = self.subject()
        if subject is None:
            if self._in_close:
                self.action_close_month()
            return
        spent = self._in_close or (self.row is not None and self.row.minutes > 0)
        self.post_message(OpenChart(subject, "calls" if spent else "summary", str(self._month)))

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

    # -- keys -------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys about a patient work only where there is one; those of the list only while it is shown."""
        if action in ABOUT_ROW and self.is_mounted and self.subject() is None:
            return False
        if self._in_close and action in ("month", "filter", "view", "sort"):
            return False
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """Out of the close, then out of the filter, then to the screen before."""
        if self.has_class("-preview"):
            super().action_back()
        elif self._in_close:
            self._leave_close()
        elif self._source.filter.name:
            self._narrow("")
        else:
            super().action_back()

    def action_month(self, by: int) -> None:
        """Goes to the month before or after."""
        wanted = self._month.plus(by)
        if wanted > Month.of(self.cmp.today()).plus(LAST_AHEAD):
            self.say("That is as far ahead as can be looked.")
            return
        self._month = wanted
        self._show()

    def action_view(self) -> None:
        """My panel, or the whole clinic."""
        self._whose = "team" if self._whose == "mine" else "mine"
        self._show()

    def action_sort(self, by: int) -> None:
        """Sorts otherwise."""
        at = SORTS.index(self._source.sort)
        self._source.sort = SORTS[(at + by) % len(SORTS)]
        self.table.show(self._source)

    def action_filter(self) -> None:
        """Asks which rows are shown."""

        async def then(name: str) -> None:
            self._narrow(name)

        self.pick("Show", filter_picks(self._source.board), self._source.filter.name, then)

    def action_mend(self) -> None:
        """Opens the form that mends what is in the way; asks which, where there are several."""
        self.run_worker(self._mend(), group="mend", exclusive=True)

    def action_consent(self) -> None:
        """Records the patient's consent."""
        if subject := self.subject():
            self.post_message(OpenForm("consent", subject))

    def action_edit(self) -> None:
        """Changes the person's own data: payer, Medicare number, who bills."""
        if subject := self.subject():
            self.post_message(OpenForm("patient", subject, subject))

    def action_packet(self) -> None:
        """Writes the audit packet of the patient's month."""
        if subject := self.subject():
            self.run_worker(self._packet(subject, self._month), group="take-out")

    def action_charges(self) -> None:
        """Writes what to bill in the month, of the whole clinic."""
        board = self._source.board
        ready = sum(1 for row in board.rows if row.lines) if board is not None else 0
        self.cmp.take_out(charge_listing(self._month, ready))

    def action_close_month(self) -> None:
        """Shows what stands in the way of closing the month; there, closes it."""
        if self._in_close:
            self.post_message(OpenForm("close-month", None, None, {"month": str(self._month)}))
        elif not self.cmp.clinic.rights.may(self.cmp.me.roles, "billing.close_month"):
            self.say("A month is closed by an administrator.", "soon")
        else:
            self.run_worker(self._begin_close(), group="stands", exclusive=True)

    # -- closing ----------------------------------------------------------------------------------------------

    async def _begin_close(self) -> None:
        self.say(f"Looking for what stands in the way of closing {self._month.label} …")
        if await self._read_stands():
            self._in_close = True
            self._swap()

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

    # -- inside -----------------------------------------------------------------------------------------------

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

    async def _mend(self) -> None:
        subject = self.subject()
        if subject is None:
            return
        if self._detail is None or self._detail.card.id != subject:
            await self._preview()
        detail = self._detail
        if detail is None:
            return
        steps = mend_steps(detail.result, str(self._month))
        if not steps:
            self.say(elsewhere(detail.result), "soon")
            return
        if len(steps) == 1:
            self.post_message(steps[0][2])
            return

        async def then(picked: str) -> None:
            self.post_message(steps[int(picked)][2])

        picks = [Pick(str(place), words, says) for place, (words, says, _) in enumerate(steps)]
        self.pick("Mend", picks, "0", then)

    async def _packet(self, subject: bytes, month: Month) -> None:
        self.say("Writing the packet …")
        try:
            written = await self.cmp.live.ask_long(packet_file, self.cmp.clinic, subject, month)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        self.say(f"The packet is in {written.path.name}.", "done")
        if self.cmp.screen is self and not self.dock.is_open:
            self.cmp.push_screen(PlainPage(packet_page(written, month, os.environ)))

    # -- words ------------------------------------------------------------------------------------------------

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
