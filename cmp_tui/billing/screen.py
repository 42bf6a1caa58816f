"""The Month: everybody's minutes and lines, what is in the way, the forecast; and closing a month. Its keys."""

from __future__ import annotations

import os
from typing import ClassVar

from textual.binding import BindingType

from cmp_tui.billing.month_asks import elsewhere, filter_picks, mend_steps
from cmp_tui.billing.month_list import MonthList
from cmp_tui.billing.month_out import charge_listing, packet_file, packet_page
from cmp_tui.billing.month_rows import SORTS
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.ui.keys import key
from cmp_tui.ui.messages import OpenChart, OpenForm
from cmp_tui.ui.page import PlainPage
from cmp_tui.ui.picker import Pick
from cmp_tui.ui.table import WindowTable

LAST_AHEAD = 12
"""Months after this one that can be looked at."""
ABOUT_ROW = frozenset({"edit", "consent", "mend", "packet"})


class MonthScreen(MonthList):
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

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """The minutes open into their entries; without minutes the chart opens."""
        subject = self.subject()
        if subject is None:
            if self._in_close:
                self.action_close_month()
            return
        spent = self._in_close or (self.row is not None and self.row.minutes > 0)
        self.post_message(OpenChart(subject, "calls" if spent else "summary", str(self._month)))

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

    async def _begin_close(self) -> None:
        self.say(f"Looking for what stands in the way of closing {self._month.label} …")
        if await self._read_stands():
            self._in_close = True
            self._swap()

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
