"""What the import of a spreadsheet shows: the file, its columns, its rows, one list at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from cmp_tui.chart.changes import Sayer
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.clinic.staff import staff_list
from cmp_tui.exchange.caseload.columns_panel import column_columns, column_lines
from cmp_tui.exchange.caseload.file_panel import PathLine, file_columns, teach
from cmp_tui.exchange.caseload.paths import offers
from cmp_tui.exchange.caseload.preview_rows import SHOW_WORDS, PreviewRow, Show
from cmp_tui.exchange.caseload.rows_panel import row_columns, row_lines
from cmp_tui.exchange.caseload.working import Importing
from cmp_tui.ui.board import Board
from cmp_tui.ui.preview import Line, Preview
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_source import ListSource
from cmp_tui.ui.words import plural

Step = Literal["file", "columns", "rows"]
IMPORTING = "Importing"
RIGHT = "exchange.import_caseload"


class RowSource(ListSource[PreviewRow]):
    """Rows of a sheet, found again by their number."""

    def __init__(self, rows: Sequence[PreviewRow]) -> None:
        super().__init__(rows)
        self._places = {row.number: place for place, row in enumerate(rows)}

    async def find(self, key: Any) -> int | None:
        """The place of a row."""
        return self._places.get(key)


class ImportBoard(Board):
    """The screen without its keys."""

    def __init__(self) -> None:
        super().__init__()
        self.work = Importing(self.cmp.live)
        self.step: Step = "file"
        self.show_only: Show = ""
        self.doing = ""
        """What is under way, in words; "" while nothing is."""
        self._say: Sayer | None = None

    def middle(self) -> Iterable[Widget]:
        """The line for the path, a list for each step, the preview."""
        signs, zone = self.cmp.signs, self.cmp.settings.zone
        yield PathLine(placeholder="~/tracker.xlsx", select_on_focus=False, id="path")
        with Horizontal(classes="side-by-side"):
            yield WindowTable(
                file_columns(zone, self.cmp.today()),
                signs=signs,
                identity=lambda row: row.path,
                empty=teach(),
                open_word="take it",
                id="file",
            )
            yield WindowTable(
                column_columns(self.cmp, lambda: self.work.mapping.year if self.work.mapping else None),
                signs=signs,
                identity=lambda row: row.place,
                titles=True,
                open_word="what it means",
                id="columns",
            )
            yield WindowTable(
                row_columns(self.cmp),
                signs=signs,
                identity=lambda row: row.number,
                titles=True,
                open_word="whole",
                empty=Content("No rows of this kind. f shows others."),
                id="rows",
            )
            yield Preview(signs=signs)

    def on_mount(self) -> None:
        """Goes on where the person left."""
        title = self.query_one(".title", Static)
        title.styles.height = 4
        title.styles.padding = (1, 1, 1, 1)
        self.query_one("#file", WindowTable).can_focus = False
        self.open_step("file")
        self.run_worker(self._begin(), group="import", exclusive=True)

    @property
    def table(self) -> WindowTable:
        """The list of the step."""
        return self.query_one(f"#{self.step}", WindowTable)

    @property
    def path_line(self) -> PathLine:
        """Where the path is typed."""
        return self.query_one(PathLine)

    def list_words(self) -> str:
        """What of the import is shown."""
        return self._second_line()

    # -- steps ------------------------------------------------------------------------------------------------

    def open_step(self, step: Step) -> None:
        """Shows one step, with what is known now."""
        self.step = step
        for name in ("file", "columns", "rows"):
            self.query_one(f"#{name}", WindowTable).display = name == step
        self.path_line.display = step == "file"
        preview = self.query_one(Preview)
        preview.show(())
        if step == "file":
            preview.display = False
        else:  # the style sheet says where there is room for it
            preview.styles.clear_rule("display")
            preview.refresh(layout=True)
        if step == "file":
            path = self.work.chosen.path
            if not self.path_line.value:
                self.type_path(str(path) if path else "~/")
            self.set_focus(self.path_line)
            self.offer_soon()
        else:
            self.set_focus(self.table, scroll_visible=False)
        self.draw(keep_place=False)

    def type_path(self, text: str) -> None:
        """Puts a path into the line, to be gone on with."""
        self.path_line.value = text
        self.path_line.cursor_position = len(text)

    def draw(self, *, keep_place: bool = True) -> None:
        """Draws what is known now: the title, and the rows of the step."""
        work = self.work
        self.put_title(self._title())
        if self.step == "columns" and work.mapping is not None:
            self.table.show(ListSource(work.mapping.columns), keep_place=keep_place)
        elif self.step == "rows":
            rows = [row for row in work.rows if row.fits(self.show_only)]
            self.table.show(RowSource(rows), keep_place=keep_place)
        self.refresh_bindings()

    def offer_soon(self) -> None:
        """Offers what fits, unless more is typed before."""
        # Given as a function: of two in a row the first ends before it begins.
        self.run_worker(self.offer, group="offer", exclusive=True)  # type: ignore[arg-type]

    async def offer(self) -> None:
        """Offers what the folder holds that begins as is typed."""
        typed = self.path_line.value
        found = await asyncio.to_thread(offers, typed)
        if self.step == "file" and self.path_line.value == typed:
            self.query_one("#file", WindowTable).show(ListSource(found.entries))
            self.put_title(self._title(found.why))

    # -- long work --------------------------------------------------------------------------------------------

    async def _begin(self) -> None:
        try:
            self.cmp.clinic.rights.require(self.cmp.me.roles, RIGHT)
            staff = await self.cmp.live.ask(staff_list, everyone=True)
            names = {one.id: one.name for one in staff}
            cmp = self.cmp
            self._say = Sayer(cmp.clinic.reference, cmp.settings.zone, cmp.today(), names, {})
            if not await self.work.take_up():
                return
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        path, step = self.work.chosen.path, self.work.chosen.step
        if path is None or step == "file":
            return
        self.type_path(str(path))
        if await self.read(str(path)) and step == "rows" and not self._needs_year():
            await self.look()

    async def read(self, path: str, sheet: str | None = None) -> bool:
        """Reads a file and shows its columns; returns whether that went well."""
        from pathlib import Path

        try:
            await self._watched(self.work.read(Path(path), self.cmp.today(), sheet), "Reading the file")
        except ClinicError as error:
            self.say(str(error), "wrong")
            return False
        self.type_path(path)
        self.say(" ".join(self.work.book.said) if self.work.book else "")
        await self._at("columns")
        return True

    async def look(self) -> bool:
        """Works out what each row would do, and shows it; returns whether that went well."""
        count = len(self.work.book.rows) if self.work.book else 0
        keep = self.step == "rows"
        try:
            await self._watched(self.work.look(), f"Comparing {plural(count, 'row')} with the clinic")
        except ClinicError as error:
            self.say(str(error), "wrong")
            return False
        if not any(row.fits(self.show_only) for row in self.work.rows):
            self.show_only = ""
        if keep:
            self.draw()
        else:
            self.show_only = "decide" if any(row.asks for row in self.work.rows) else ""
            await self._at("rows")
        return True

    async def _at(self, step: Step) -> None:
        self.work.chosen.step = step
        self.open_step(step)
        await self.work.keep()

    async def _watched(self, work: Any, words: str) -> None:
        """Waits for some work; the title says how far it is."""
        self.doing = words
        task = asyncio.ensure_future(work)
        try:
            while not (await asyncio.wait({task}, timeout=0.5))[0]:
                self.put_title(self._title())
            task.result()
        finally:
            task.cancel()
            self.doing = ""
            self.put_title(self._title())
            self.refresh_bindings()

    def _needs_year(self) -> bool:
        return self.work.mapping is not None and self.work.mapping.needs_year

    # -- what the lists tell ----------------------------------------------------------------------------------

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """The keys follow the row."""
        self.refresh_bindings()

    def on_window_table_rested(self, event: WindowTable.Rested) -> None:
        """Shows the column or the row whole."""
        if event.table is self.table and self.step != "file":
            self.query_one(Preview).show(() if event.row is None else self.lines_of(event.row))

    def lines_of(self, row: Any) -> Sequence[Line]:
        """A column or a row whole."""
        if self.step == "columns" and self.work.mapping is not None:
            return column_lines(row, self.work.mapping, self.cmp.masked)
        if self.step == "rows" and self._say is not None:
            return row_lines(row, self._say, self.cmp.masked)
        return ()

    # -- words ------------------------------------------------------------------------------------------------

    def _title(self, why: str = "") -> Content:
        first = Content.assemble(("Import a caseload", "bold"), ("  " + self._first_line(), "$dim"))
        if self.doing:
            stops = "" if self.doing == IMPORTING else "esc stops it"
            return Content.assemble(first, "\n", (f"{self._progress()}   ", "$amber"), (stops, "$dim"))
        if why:
            return Content.assemble(first, "\n", (why, "$amber"))
        return Content.assemble(first, "\n", self._second_line())

    def _first_line(self) -> str:
        book = self.work.book
        if self.step == "file" or book is None:
            return "1 the file"
        dot = f" {self.cmp.signs.dot} "
        sheet = f"{dot}{book.sheet}" if book.sheet else ""
        return f"{'2 its columns' if self.step == 'columns' else '3 its rows'}{dot}{book.file}{sheet}"

    def _second_line(self) -> str:
        dot = f" {self.cmp.signs.dot} "
        if self.step == "columns" and self.work.book is not None and self.work.mapping is not None:
            mapping = self.work.mapping
            unknown = sum(one.how == "none" for one in mapping.columns)
            parts = [plural(len(self.work.book.rows), "row"), plural(len(mapping.columns), "column")]
            parts += [f"{unknown} not known"] if unknown else []
            parts += ["as last time"] if mapping.remembered else []
            parts += ["months without a year: Y"] if mapping.needs_year else []
            return dot.join(parts)
        if self.step == "rows":
            counts = self.work.counts
            parts = [
                f"{counts[state]:,} {state}"
                for state in ("new", "changed", "same", "skipped", "refused")
                if counts.get(state)
            ]
            asks = sum(row.asks for row in self.work.rows)
            parts += [f"{asks:,} to decide"] if asks else []
            shown = SHOW_WORDS.get(self.show_only, self.show_only)
            return dot.join(parts) + f"   showing: {shown}"
        return "Type the path of a CSV or XLSX file; enter takes the marked one."

    def _progress(self) -> str:
        rows = self.work.rows_read
        return f"{self.doing} …" + (f" {rows:,} rows" if rows and self.doing.startswith("Reading") else "")
