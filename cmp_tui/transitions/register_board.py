"""What the Transitions screen shows: the register, its title, the preview; without its keys."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.transitions.preview import Look, detail_lines
from cmp_tui.transitions.queries import RegisterRow, Show, transition_of
from cmp_tui.transitions.register_columns import register_columns
from cmp_tui.transitions.register_source import RegisterSource
from cmp_tui.transitions.words import SETTLES
from cmp_tui.ui.list_board import ListBoard
from cmp_tui.ui.preview import Preview
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.words import plural

SHOWN: dict[Show, str] = {
    "open": "windows that are open", "inside": "still in hospital", "none": "discharged, no clocks",
    "past": "windows that are over",
}  # fmt: skip
"""The filters, in words."""


class RegisterBoard(ListBoard):
    """The register of discharges: what is read and drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._whose = "mine"
        self._show: Show = "open"
        self._source = RegisterSource(self.cmp.live, self._whose, self._show)
        self._told: object = None

    def middle(self) -> Iterable[Widget]:
        """The list and the preview."""
        signs = self.cmp.signs
        with Horizontal(classes="side-by-side"):
            yield WindowTable(
                register_columns(self.cmp, signs, self.cmp.today, self.cmp.clinic.reference),
                signs=signs,
                identity=lambda row: row.id,
                titles=True,
                open_word="chart",
                empty=self._empty(),
                id="rows",
            )
            yield Preview(signs=signs)

    @property
    def row(self) -> RegisterRow | None:
        """The row under the cursor."""
        row: RegisterRow | None = self.table.row
        return row

    def key_word(self, binding_id: str) -> str | None:
        """What `d` settles on the row under the cursor."""
        row = self.row if self.is_mounted else None
        if row is None or binding_id != "transitions.done":
            return None
        first = row.transition.first
        return SETTLES[first.name if first is not None else ""]

    def reshow(self) -> None:
        """Shows the view and the filter that are chosen."""
        self._source = RegisterSource(self.cmp.live, self._whose, self._show)
        self.table.show(self._source)

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """The title says how many."""
        told = (self._source, self._source.found)
        if told != self._told:
            self._told = told
            self.put_title(self._title())
        row = self.row
        first = row.transition.first if row is not None else None
        self.keys_follow(row is None, first and first.name)

    async def read_preview(self) -> None:
        """The row under the cursor whole."""
        row, preview = self.row, self.query_one(Preview)
        if row is None:
            preview.show(())
            return
        try:
            detail = await self.cmp.live.ask(transition_of, row.id)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        if self.row is None or self.row.id != row.id:
            return
        cmp = self.cmp
        preview.show(detail_lines(detail, Look(cmp.clinic.reference, cmp.signs, cmp.masked, detail.today)))
        cmp.seen_for_a_while(row.patient)

    def _title(self) -> Content:
        """'Transitions  mine · 4 open · 1 late · 2 in hospital'"""
        dot = f" {self.cmp.signs.dot} "
        whose = {"mine": "mine", "team": "team"}.get(
            self._whose, "cover for " + self._whose.partition(":")[2]
        )
        parts: list[str | tuple[str, str]] = [("Transitions", "bold"), (f"  {whose}", "$dim")]
        found = self._source.found
        if found is None:
            return Content.assemble(*parts)
        if self._show == "open":
            parts.append((f"{dot}{len(found.rows):,} open", "$dim"))
            late = sum(row.transition.is_late for row in found.rows)
            today = sum(one.first.due == found.today for row in found.rows if (one := row.transition).first)
            if late:
                parts += [(dot, "$dim"), (f"{late:,} late", "$coral")]
            if today:
                parts += [(dot, "$dim"), (f"{today:,} due today", "$amber")]
            if found.inside:
                parts.append((f"{dot}{found.inside:,} in hospital", "$dim"))
        else:
            parts += [(dot, "$dim"), (f"only {SHOWN[self._show]}", "$accent")]
            parts += [
                (f"{dot}{plural(len(found.rows), 'stay')}", "$dim"),
                ("  esc shows the open ones", "$dim"),
            ]
        return Content.assemble(*parts)

    def _empty(self) -> Content:
        return Content.assemble(
            ("No discharge has its window open. ", ""),
            ("What would be here: who came home in the last 30 days, with what is due until when. ", "$dim"),
            ("n", "$accent"), (" records a stay, ", "$dim"),
            ("f", "$accent"), (" shows those in hospital and past ones, ", "$dim"),
            ("w", "$accent"), (" the whole clinic, ", "$dim"),
            ("esc", "$accent"), (" takes a filter away", "$dim"),
        )  # fmt: skip
