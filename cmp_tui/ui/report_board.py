"""A report on the screen: every number opens into its rows, they into their charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, Protocol

from textual import events
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.ui.asking import Asking
from cmp_tui.ui.picker import Pick
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_source import ListSource
from cmp_tui.ui.words import plural

BEHIND = "behind"


class Period(Protocol):
    """A period by its name."""

    @property
    def name(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...


class ReportBoard(Asking):
    """A report of a period, and in its place the rows behind one of its numbers (a `cell`).

    A report gives its words (`IN`: "received in", `OF`: "person", `HOME`: the board it belongs to) and what it reads.
    """

    IN: ClassVar[str]
    OF: ClassVar[str]
    HOME: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self._period = self.periods()[0]
        self._report: Any = None
        self._cell: Any = None
        self._count = 0

    # -- what a report gives ------------------------------------------------------------------------------------

    def periods(self) -> Sequence[Period]:
        """The periods that can be chosen; the first is the usual one."""
        raise NotImplementedError

    def report_table(self) -> WindowTable:
        """The table of the report; its id is "rows"."""
        raise NotImplementedError

    def rows_table(self) -> WindowTable:
        """The table of the rows behind a number; its id is BEHIND."""
        raise NotImplementedError

    async def read_report(self) -> Any:
        """Reads the report of the period."""
        raise NotImplementedError

    async def read_behind(self, cell: Any) -> Sequence[Any]:
        """Reads the rows behind a number."""
        raise NotImplementedError

    def lines_of(self, report: Any) -> tuple[list[Any], list[tuple[int, Content]]]:
        """The lines of a report, and its headings: (place of the line below, words)."""
        raise NotImplementedError

    def cell_words(self, cell: Any) -> str:
        """What a number counts, in words."""
        raise NotImplementedError

    def as_text(self) -> str:
        """The report as plain text."""
        raise NotImplementedError

    # -- the two tables -----------------------------------------------------------------------------------------

    def middle(self) -> Iterable[Widget]:
        """The report, and in its place the rows behind a number."""
        with Horizontal(classes="side-by-side"):
            yield self.report_table()
            yield self.rows_table()

    def on_mount(self) -> None:
        """Reads the report."""
        self.swap()
        self.refresh_rows()

    @property
    def table(self) -> WindowTable:
        """What is shown: the report, or the rows of one number."""
        return self.query_one("#rows" if self._cell is None else f"#{BEHIND}", WindowTable)

    def subject(self) -> bytes | None:
        """The patient under the cursor, where rows of patients are shown."""
        if self._cell is None or not self.is_mounted:
            return None
        row = self.table.row
        return row.patient if row is not None else None

    def refresh_rows(self) -> None:
        """Reads the report again, and the rows if they are shown."""
        if self.is_mounted:
            self.run_worker(self._read(), group="report", exclusive=True)

    async def _read(self) -> None:
        try:
            report = await self.read_report()
            if self._cell is not None:
                await self.show_behind(self._cell)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        self._report = report
        lines, headings = self.lines_of(report)
        self.query_one("#rows", WindowTable).show(ListSource(lines, headings), keep_place=True)
        self.put_title(self._title())

    async def open_cell(self, cell: Any) -> None:
        """Shows the rows behind a number."""
        try:
            await self.show_behind(cell)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        self.swap()

    async def show_behind(self, cell: Any) -> None:
        """Reads the rows behind a number into their table; the look is logged."""
        found = await self.read_behind(cell)
        await self.cmp.live.look("list", view=f"report {self.HOME} {cell.text}", rows=len(found))
        self._cell, self._count = cell, len(found)
        self.query_one(f"#{BEHIND}", WindowTable).show(ListSource(found), keep_place=True)

    def swap(self) -> None:
        """Shows the one table and hides the other."""
        for name, shown in (("#rows", self._cell is None), (f"#{BEHIND}", self._cell is not None)):
            self.query_one(name, WindowTable).display = shown
        self.set_focus(self.table, scroll_visible=False)
        self.put_title(self._title())
        self.keys_follow(self._cell is None, self.table.row is None)

    def on_resize(self, event: events.Resize) -> None:
        """The headings stand above their columns."""
        if self.is_mounted and self._report is not None:
            self.refresh_rows()

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """The keys follow what is under the cursor."""
        self.keys_follow(self._cell is None, self.table.row is None)

    # -- keys -------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no preview."""
        return False if action in ("preview", "scroll_preview") else super().check_action(action, parameters)

    def action_period(self) -> None:
        """Asks for the period."""
        choices = {one.name: one for one in self.periods()}
        picks = [Pick(one.name, one.words, f"{one.first} to {one.last}") for one in choices.values()]

        async def then(name: str) -> None:
            self._period, self._cell = choices[name], None
            self.swap()
            self.refresh_rows()

        self.pick(f"{self.IN[:1].upper()}{self.IN[1:]}", picks, self._period.name, then)

    def action_copy_preview(self) -> None:
        """Copies the report as plain text."""
        if self._report is not None:
            text = self.as_text()
            self.app.copy_to_clipboard(text)
            self.say(f"Copied {plural(len(text.splitlines()), 'line')} to the terminal's clipboard.", "done")

    def action_back(self) -> None:
        """From the rows to the report, then to its board."""
        if self._cell is not None:
            self._cell = None
            self.swap()
        else:
            self.cmp.go(self.HOME)

    def _title(self) -> Content:
        dot, title = f" {self.cmp.signs.dot} ", (self.TITLE or "", "bold")
        if self._cell is None:
            return Content.assemble(title, (f"  {self.IN} {self._period.words}", "$dim"))
        words = f"{self.cell_words(self._cell)}{dot}{plural(self._count, self.OF)}{dot}{self._period.words}"
        return Content.assemble(title, (f"  {words}", "$dim"))
