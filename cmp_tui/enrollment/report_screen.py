"""The enrollment report on the screen: every number opens into its people, they into their charts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.enrollment.report_lines import (
    PLACES,
    Period,
    ReportLine,
    Shown,
    heading,
    openings,
    periods,
    sections_of,
)
from cmp_tui.enrollment.report_queries import EnrollmentReport, ReportRow, enrollment_report, report_rows
from cmp_tui.enrollment.report_rules import Cell
from cmp_tui.enrollment.report_text import SHORT, STEP_WORDS, report_document
from cmp_tui.files.document import as_text
from cmp_tui.ui.board import Board
from cmp_tui.ui.keys import key
from cmp_tui.ui.listing import day as day_cells
from cmp_tui.ui.listing import patient_cells, whole
from cmp_tui.ui.listing import text as text_cells
from cmp_tui.ui.messages import OpenChart
from cmp_tui.ui.picker import Pick, PickScreen
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.table_source import ListSource
from cmp_tui.ui.words import day_words, plural

LABEL, MORE, NUMBER = 24, 17, 8
"""Cells of a line's label, of the rest of it on a wide terminal, and of each number."""
WIDE = 100
"""Cells of a terminal from which a label has more room."""


class EnrollmentReportScreen(Board):
    """How far people came, how long it took, why they left."""

    TITLE = "Enrollment report"
    HELP = (
        "Those who were received in a period, whatever became of them until today. Left and right choose a number of "
        "the line, enter shows whom it counts; there enter opens the chart, esc goes back. f chooses the period."
    )
    TAB = 3

    BINDINGS: ClassVar[list[BindingType]] = [
        key("report.left", "left,h", "column(-1)", "number before", show=False),
        key("report.right", "right,l", "column(1)", "next number", show=False),
        key("report.period", "f", "period", "period"),
        key("board.copy", "y", "copy_preview", "copy as text"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._period: Period = periods(self.cmp.today())[0]
        self._report: EnrollmentReport | None = None
        self._place = 0
        self._cell: Cell | None = None
        self._count = 0

    def middle(self) -> Iterable[Widget]:
        """The report, and in its place the people behind a number."""
        signs = self.cmp.signs
        with Horizontal(classes="side-by-side"):
            yield WindowTable(
                self._numbers(),
                signs=signs,
                identity=lambda row: row.name,
                empty=Content(""),
                open_word="who",
                id="rows",
            )
            yield WindowTable(
                self._people(), signs=signs, identity=lambda row: row.id, empty=Content("Nobody any more."),
                open_word="chart", id="people",
            )  # fmt: skip

    def on_mount(self) -> None:
        """Reads the report."""
        self._swap()
        self.refresh_rows()

    @property
    def table(self) -> WindowTable:
        """What is shown: the report, or the people of one number."""
        return self.query_one("#rows" if self._cell is None else "#people", WindowTable)

    def subject(self) -> bytes | None:
        """The patient under the cursor, where people are shown."""
        if self._cell is None or not self.is_mounted:
            return None
        row: ReportRow | None = self.table.row
        return row.patient if row is not None else None

    def refresh_rows(self) -> None:
        """Reads the report again, and the people if they are shown."""
        self.run_worker(self._read(), group="report", exclusive=True)

    async def _read(self) -> None:
        first, last = self._period.first, self._period.last
        try:
            report = await self.cmp.live.ask_long(enrollment_report, first, last)
            if self._cell is not None:
                await self._show_people(self._cell)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        self._report = report
        lines: list[ReportLine] = []
        headings: list[tuple[int, Content]] = []
        label = LABEL + (MORE if self._is_wide else 0)
        for section in sections_of(report, self.cmp.clinic.reference):
            headings.append((len(lines), Content.styled(heading(section, label, NUMBER), "$dim")))
            lines += section.lines
        self.query_one("#rows", WindowTable).show(ListSource(lines, headings), keep_place=True)
        self.put_title(self._title())

    async def _show_people(self, cell: Cell) -> None:
        people = await self.cmp.live.ask_long(report_rows, self._period.first, self._period.last, cell)
        await self.cmp.live.look("list", view=f"report enrollment {cell.text}", rows=len(people))
        self._cell, self._count = cell, len(people)
        self.query_one("#people", WindowTable).show(ListSource(people), keep_place=True)

    def _swap(self) -> None:
        """Shows the one table and hides the other."""
        for name, shown in (("#rows", self._cell is None), ("#people", self._cell is not None)):
            self.query_one(name, WindowTable).display = shown
        self.set_focus(self.table, scroll_visible=False)
        self.put_title(self._title())
        self.keys_follow(self._cell is None, self.table.row is None)

    @property
    def _is_wide(self) -> bool:
        return self.size.width >= WIDE

    def on_resize(self, event: events.Resize) -> None:
        """The headings stand above their columns."""
        if self.is_mounted and self._report is not None:
            self.refresh_rows()

    # -- keys -------------------------------------------------------------------------------------------------

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """A line may have fewer numbers than the one before."""
        self.keys_follow(self._cell is None, self.table.row is None)

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """A number opens into its people, one of them into the chart."""
        if isinstance(event.row, ReportRow):
            self.post_message(OpenChart(event.row.patient))
        elif isinstance(event.row, ReportLine):
            self.run_worker(self._open(self._chosen(event.row)), group="report", exclusive=True)

    async def _open(self, shown: Shown) -> None:
        if shown.cell is None:
            self.say("Nobody stands behind this. Left and right choose another number.")
            return
        try:
            await self._show_people(shown.cell)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        self._swap()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Numbers are chosen in the report only; there is no preview."""
        if action == "column" and self._cell is not None:
            return False
        if action in ("preview", "scroll_preview"):
            return False
        return super().check_action(action, parameters)

    def action_column(self, by: int) -> None:
        """Goes to the next number of the line that can be opened."""
        row: ReportLine | None = self.table.row
        if row is None:
            return
        places = openings(row)
        at = self._at(row)
        further = [place for place in places if (place > at if by > 0 else place < at)]
        if further:
            self._place = further[0] if by > 0 else further[-1]
            self.table.redraw()

    def action_period(self) -> None:
        """Asks for the period."""
        choices = {one.name: one for one in periods(self.cmp.today())}
        picks = [Pick(one.name, one.words, f"{one.first} to {one.last}") for one in choices.values()]

        async def then(name: str) -> None:
            self._period, self._cell = choices[name], None
            self._swap()
            self.refresh_rows()

        self._pick("Received in", picks, self._period.name, then)

    def action_copy_preview(self) -> None:
        """Copies the report as plain text."""
        if self._report is not None:
            text = as_text(report_document(self._report, self.cmp.clinic.reference), 100)
            self.app.copy_to_clipboard(text)
            self.say(f"Copied {plural(len(text.splitlines()), 'line')} to the terminal's clipboard.", "done")

    def action_back(self) -> None:
        """From the people to the report, then to the screen before."""
        if self._cell is not None:
            self._cell = None
            self._swap()
        else:
            self.cmp.go("enrollment")

    def _pick(self, title: str, picks: list[Pick], now: str, then: Callable[[str], Awaitable[None]]) -> None:
        ready = self.cmp.keyboard.hold()

        async def asked() -> None:
            try:
                screen = PickScreen(Content.styled(f" {title}", "bold"), picks, now, self.cmp.signs, ready)
                picked = await self.cmp.push_screen_wait(screen)
            finally:
                ready()
            if picked is not None:
                await then(picked)

        self.run_worker(asked(), group="forms")

    # -- words ------------------------------------------------------------------------------------------------

    def _at(self, row: ReportLine) -> int:
        """The column that is chosen on a line: the one that was chosen, or the nearest that can be opened."""
        places = openings(row)
        return min(places, key=lambda place: abs(place - self._place), default=0)

    def _chosen(self, row: ReportLine) -> Shown:
        return row.at(self._at(row))

    def _title(self) -> Content:
        dot = f" {self.cmp.signs.dot} "
        if self._cell is None:
            return Content.assemble((self.TITLE, "bold"), (f"  received in {self._period.words}", "$dim"))
        words = (
            f"{_cell_words(self._cell, self.cmp.clinic.reference.label)}{dot}{plural(self._count, 'person')}"
        )
        return Content.assemble((self.TITLE, "bold"), (f"  {words}{dot}{self._period.words}", "$dim"))

    def _numbers(self) -> tuple[Column, ...]:
        def number(place: int) -> Column:
            def render(row: ReportLine, state: RowState) -> Content:
                shown = row.at(place)
                if state.cursor and shown.cell is not None and place == self._at(row):
                    return Content.styled(shown.text, "reverse bold")
                return Content.styled(shown.text, "" if shown.cell is not None else "$dim")

            return Column(str(place + 1), render, width=NUMBER, align="right")

        def label(row: ReportLine, state: RowState) -> Content:
            words = row.label[:LABEL] if self._is_wide else row.label
            return Content.styled(words, state.name_style(False))

        def rest(row: ReportLine, state: RowState) -> Content:
            return Content.styled(row.label[LABEL:], state.name_style(False))

        return (
            Column("what", label, width=LABEL, gap=0, cells=text_cells("what", lambda row: row.label)),
            Column("", rest, width=MORE, min_width=WIDE, gap=0),
            Column("", lambda row, state: "", width=0),
            *(number(place) for place in range(PLACES)),
        )

    def _people(self) -> tuple[Column, ...]:
        cmp, reference = self.cmp, self.cmp.clinic.reference

        def who(row: ReportRow, state: RowState) -> Content:
            return Content.styled(cmp.shown_name(row.family, row.given), state.name_style(False))

        def now(row: ReportRow) -> str:
            if row.end is not None:
                back = f", back {day_words(row.back_on, cmp.today())}" if row.back_on else ""
                return f"{reference.label('program_end', row.end)}{back}"
            return reference.label("intake_stage", row.stage)

        def source(row: ReportRow) -> str:
            return SHORT.get(row.source, row.source)

        return (
            Column("who", who, width=22, cells=patient_cells(cmp)),
            Column("source", lambda row, state: Content.styled(source(row), "$dim"), width=9,
                   cells=text_cells("source", source)),
            Column("received", lambda row, state: Content.styled(day_words(row.received, cmp.today()), "$dim"),
                   width=11, cells=day_cells("received", lambda row: row.received)),
            Column("now", lambda row, state: now(row), fraction=1, cells=text_cells("now", now)),
            Column("days", lambda row, state: str(row.days), width=5, align="right",
                   cells=whole("days", lambda row: row.days)),
        )  # fmt: skip


def _cell_words(cell: Cell, say: Callable[[str, str], str]) -> str:
    """'agreed, claims'"""
    name = {
        "step": lambda: STEP_WORDS.get(cell.name, cell.name),
        "left": lambda: f"left {say('intake_stage', cell.name)}",
        "still": lambda: f"still in {say('intake_stage', cell.name)}",
        "end": lambda: say("program_end", cell.name),
        "back": lambda: f"{say('program_end', cell.name)}, comes back",
        "referrer": lambda: f"referrals: {cell.name}",
    }[cell.kind]()
    return f"{name}, {SHORT.get(cell.source, cell.source)}" if cell.source else name
