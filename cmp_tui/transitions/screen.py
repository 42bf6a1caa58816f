"""Transitions: every discharge whose window is open, with its clocks, in the order of what is due first. Its keys."""

from __future__ import annotations

from typing import ClassVar, get_args

from textual.binding import BindingType

from cmp_tui.clinic.staff import staff_list
from cmp_tui.patients.queries import loans
from cmp_tui.transitions.queries import RegisterRow, Show
from cmp_tui.transitions.register_board import SHOWN, RegisterBoard
from cmp_tui.transitions.settling import booking, putting_off, settling
from cmp_tui.ui.keys import key
from cmp_tui.ui.messages import OpenChart, OpenForm
from cmp_tui.ui.picker import Pick
from cmp_tui.ui.table import WindowTable

ABOUT_ROW = frozenset({"edit", "done", "snooze", "book", "summary"})


class TransitionsScreen(RegisterBoard):
    """Discharges and what is due after them."""

    TITLE = "Transitions"
    HELP = (
        "Who came home in the last 30 days, with what is due until when: the call in two business days, the medicines "
        "by the visit, the visit by day 7 or 14. d opens what settles the first of them, f shows those in hospital."
    )
    TAB = 5

    BINDINGS: ClassVar[list[BindingType]] = [
        key("transitions.done", "d", "done", "done"),
        key("transitions.snooze", "z", "snooze", "snooze"),
        key("transitions.new", "n", "new", "new stay"),
        key("transitions.edit", "e", "edit", "edit"),
        key("transitions.book", "b", "book", "book visit"),
        key("transitions.summary", "r", "summary", "summary came"),
        key("transitions.filter", "f", "filter", "filter"),
        key("transitions.view", "w", "view", "mine/team"),
    ]

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """Opens the chart on the stay."""
        row: RegisterRow | None = event.row
        if row is not None:
            self.post_message(OpenChart(row.patient, "transitions", row.id.hex()))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys about a row work only where there is one."""
        if action in ABOUT_ROW and self.is_mounted and self.row is None:
            return False
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """Out of the preview, then out of the filter, then to the screen before."""
        if not self.has_class("-preview") and self._show != "open":
            self._show = "open"
            self.reshow()
        else:
            super().action_back()

    def action_done(self) -> None:
        """Opens what settles the first open clock."""
        row = self.row
        if row is None:
            return
        clock = row.transition.first
        if clock is None:
            self.say(f"Nothing is open here: {self._why_none(row)}.", "soon")
        else:
            self.post_message(settling(row.patient, row.transition.stay, clock, self.cmp.today()))

    def action_snooze(self) -> None:
        """Puts the first open clock off, with a reason; past its day the form says so."""
        row = self.row
        clock = row.transition.first if row is not None else None
        if row is None or clock is None:
            self.say("Nothing is open here that could be put off.", "soon")
            return
        self.post_message(putting_off(row.patient, row.transition, clock))

    def action_new(self) -> None:
        """Records a stay: asks whose first."""
        self.post_message(OpenForm("new-stay"))

    def action_edit(self) -> None:
        """Changes the stay."""
        if row := self.row:
            self.post_message(OpenForm("stay", row.patient, row.id))

    def action_book(self) -> None:
        """Books the visit, or changes the appointment that is booked."""
        if row := self.row:
            self.post_message(booking(row.patient, row.transition))

    def action_summary(self) -> None:
        """Records that the discharge summary came."""
        if row := self.row:
            self.post_message(OpenForm("stay-summary", row.patient, row.id))

    def action_filter(self) -> None:
        """Asks which stays are shown."""

        async def then(name: str) -> None:
            self._show = next(one for one in get_args(Show) if one == name)
            self.reshow()

        picks = [Pick(name, words) for name, words in SHOWN.items()]
        self.pick("Show", picks, self._show, then)

    def action_view(self) -> None:
        """Mine, the whole team's, then those whose panels are lent to me."""
        self.run_worker(self._next_view(), group="view", exclusive=True)

    async def _next_view(self) -> None:
        lent = await self.cmp.live.ask(loans)
        mine = {loan.owner for loan in lent if loan.now and loan.cover == self.cmp.me.id}
        staff = await self.cmp.live.ask(staff_list)
        views = ["mine", "team", *(f"cover:{person.username}" for person in staff if person.id in mine)]
        at = views.index(self._whose) if self._whose in views else 0
        self._whose = views[(at + 1) % len(views)]
        self.reshow()

    def _why_none(self, row: RegisterRow) -> str:
        if row.transition.why_not == "inside":
            return "the clocks start with the discharge; e records it"
        return "everything is done" if row.transition.counts else "this discharge starts no clocks"
