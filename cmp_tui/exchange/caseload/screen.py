"""Importing a spreadsheet in the app: the file, what its columns mean, then every row with what it would do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input

from cmp_tui.exchange.caseload.board import IMPORTING
from cmp_tui.exchange.caseload.columns_panel import meaning_picks, meaning_title, year_form
from cmp_tui.exchange.caseload.deciding import Deciding
from cmp_tui.exchange.caseload.paths import Entry, offers, whole
from cmp_tui.exchange.caseload.reading import SheetName
from cmp_tui.exchange.caseload.rows_panel import as_page
from cmp_tui.ui.form import Submission
from cmp_tui.ui.keys import key
from cmp_tui.ui.page import PlainPage
from cmp_tui.ui.picker import Pick
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.words import plural

OF_STEPS: Mapping[str, frozenset[str]] = {
    "columns": frozenset({"go_on", "year", "sheet", "start_over"}),
    "rows": frozenset(
        {"go_on", "show_only", "same", "new", "out", "overwrite", "about", "dates", "start_over"}
    ),
    "file": frozenset({"complete", "offered"}),
}
"""The actions that a step has; the others of the screen work everywhere."""
OWN = frozenset().union(*OF_STEPS.values())


class ImportScreen(Deciding):
    """A spreadsheet comes in: nothing is written before the last question, and one undo takes it all back."""

    TITLE = "Import a caseload"
    HELP = (
        "A spreadsheet with one row for each patient comes in: name the file, look at what each column was taken "
        "for, then at every row. Nothing is written before ctrl+s asks; u takes the whole import back."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        key("import.go_on", "ctrl+s", "go_on", "go on"),
        key("import.show", "f", "show_only(1)", "filter"),
        key("import.show_back", "F", "show_only(-1)", "filter back", show=False),
        key("import.same", "m", "same", "same one"),
        key("import.new", "n", "new", "new"),
        key("import.out", "x", "out", "leave out"),
        key("import.overwrite", "o", "overwrite", "what differs"),
        key("import.about", "i", "about", "totals", show=False),
        key("import.dates", "D", "dates", "day or month first", show=False),
        key("import.year", "Y", "year", "year"),
        key("import.sheet", "w", "sheet", "other sheet"),
        key("import.start_over", "ctrl+r", "start_over", "start over", show=False),
    ]

    # -- keys -------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each step has its own keys; while a path is typed letters are text."""
        if not self.is_mounted:
            return super().check_action(action, parameters)
        if action in OWN and (self.doing or action not in OF_STEPS[self.step]):
            return False
        if self.step == "file" and action not in OF_STEPS["file"] and action != "back":
            return False
        if action == "sheet":
            return self.work.book is not None and len(self.work.book.sheets) > 1
        if action == "year":
            return self.work.mapping is not None and any(one.month for one in self.work.mapping.columns)
        if action in ("same", "new"):
            return self._row is not None and self._row.plan is not None and bool(self._row.plan.alike)
        if action == "out" and (self._row is None or self._row.plan is None):
            return False
        return super().check_action(action, parameters)

    def key_word(self, binding_id: str) -> str | None:
        """ctrl+s leads on, in the last step into the clinic's file."""
        if binding_id == "import.go_on":
            return "import" if self.step == "rows" else "see the rows"
        if binding_id == "import.out" and self._row is not None and self._is_decided(self._row):
            return "take back"
        return None

    def action_back(self) -> None:
        """Stops what is under way; else goes one step back, and from the first away. What was chosen is kept."""
        if self.doing == IMPORTING:
            self.say("The rows are being written; that can't be stopped now. u takes all of it back after.")
        elif self.doing:
            self.work.stop()
            self.workers.cancel_group(self, "import")
            self.say("Stopped.")
        elif self.has_class("-preview"):
            super().action_back()
        elif self.step != "file":
            self.run_worker(self._at("columns" if self.step == "rows" else "file"), group="import")
        else:
            self.cmp.go_back()

    def refresh_rows(self) -> None:
        """Something was written, or the person came back: the rows may do something else now."""
        if self.is_mounted and self.step == "rows" and not self.doing:
            self.run_worker(self.look(), group="import", exclusive=True)

    def action_start_over(self) -> None:
        """Forgets the file and what was said about it."""
        self.run_worker(self._start_over(), group="question", exclusive=True)

    async def _start_over(self) -> None:
        if await self.ask("Forget this file and what you said about it?"):
            await self.work.forget()
            self.path_line.value = ""
            self.open_step("file")

    # -- the file ---------------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offers what begins like this."""
        self.offer_soon()

    def action_offered(self, by: int) -> None:
        """Moves in what is offered; the line keeps the focus."""
        self.table.action_step(by)

    def action_complete(self) -> None:
        """Writes the marked name out."""
        row: Entry | None = self.table.row
        if row is not None and row.typable:
            self.type_path(row.typed)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Takes the file that was typed, else the marked one; goes into a folder."""
        self.run_worker(self._take(event.value), group="import", exclusive=True)

    async def _take(self, typed: str) -> None:
        path = whole(typed)
        if await asyncio.to_thread(_is_file, str(path)):
            await self.read(str(path))
            return
        # What stands in the list may be the answer to what was typed before.
        fitting = (await asyncio.to_thread(offers, typed)).entries
        row: Entry | None = self.table.row
        if row not in fitting:
            row = fitting[0] if fitting else None
        if row is None:
            self.say("There is no such file. Type another path; esc leaves.", "wrong")
        elif row.folder:
            self.type_path(row.typed)
        else:
            await self.read(str(row.path))

    # -- the columns ------------------------------------------------------------------------------------------

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """What enter does: takes a file, says what a column means, shows a row whole."""
        if self.doing:
            return
        if self.step == "file":
            self.run_worker(self._take(str(event.row.path)), group="import", exclusive=True)
        elif self.step == "columns":
            self._ask_meaning(event.row)
        else:
            self.cmp.push_screen(PlainPage(as_page(tuple(self.lines_of(event.row)))))

    def _ask_meaning(self, column: Any) -> None:
        async def mean(meaning: str) -> None:
            self.work.mean(column.heading, meaning)
            self.draw()
            self.table.action_step(1)
            await self.work.keep()

        self._pick(meaning_title(column), meaning_picks(column), column.option, mean)

    def action_year(self) -> None:
        """Says the year of the months."""
        self._ask_year(self.draw)

    def _ask_year(self, then: Callable[[], None]) -> None:
        mapping = self.work.mapping
        assert mapping is not None

        async def submit(submission: Submission) -> None:
            year = submission.values["year"]
            assert isinstance(year, int)
            self.work.say_year(year)
            await self.work.keep()

        year = mapping.year or mapping.year_guess or self.cmp.today().year
        self._open(year_form(mapping), {"year": year}, submit, then)

    def action_sheet(self) -> None:
        """Reads another sheet of the workbook."""
        book, path = self.work.book, self.work.chosen.path
        assert book is not None and path is not None
        picks = [Pick(one.name, one.name, _about(one)) for one in book.sheets]

        async def read(name: str) -> None:
            self.run_worker(self.read(str(path), name), group="import", exclusive=True)

        self._pick(Content.styled(" Which sheet?", "bold"), picks, book.sheet, read)

    def action_go_on(self) -> None:
        """From the columns to the rows; from the rows into the clinic's file, after a question."""
        if self.step == "rows":
            self.run_worker(self._ask_to_bring_in(), group="question", exclusive=True)
        elif self.work.mapping is not None and self.work.mapping.needs_year:
            self._ask_year(self._look)
        else:
            self._look()

    def _look(self) -> None:
        self.run_worker(self.look(), group="import", exclusive=True)


def _about(sheet: SheetName) -> str:
    known = plural(sheet.promising, "known heading") if sheet.promising else "no known headings"
    return f"{known}, hidden" if sheet.hidden else known


def _is_file(path: str) -> bool:
    from pathlib import Path

    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False
