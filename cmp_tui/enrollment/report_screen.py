"""The enrollment report on the screen: every number opens into its people, they into their charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

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
from cmp_tui.ui.keys import key
from cmp_tui.ui.listing import day as day_cells
from cmp_tui.ui.listing import patient_cells, whole
from cmp_tui.ui.listing import text as text_cells
from cmp_tui.ui.messages import OpenChart
from cmp_tui.ui.report_board import BEHIND, ReportBoard
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.words import day_words

LABEL, MORE, NUMBER = 24, 17, 8
"""Cells of a line's label, of the rest of it on a wide terminal, and of each number."""
WIDE = 100
"""Cells of a terminal from which a label has more room."""


class EnrollmentReportScreen(ReportBoard):
    """How far people came, how long it took, why they left."""

    TITLE = "Enrollment report"
    HELP = (
        "Those who were received in a period, whatever became of them until today. Left and right choose a number of "
        "the line, enter shows whom it counts; there enter opens the chart, esc goes back. f chooses the period."
    )
    TAB = 3
    IN, OF, HOME = "received in", "person", "enrollment"

    BINDINGS: ClassVar[list[BindingType]] = [
        key("report.left", "left,h", "column(-1)", "number before", show=False),
        key("report.right", "right,l", "column(1)", "next number", show=False),
        key("report.period", "f", "period", "period"),
        key("board.copy", "y", "copy_preview", "copy as text"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._place = 0

    def periods(self) -> Sequence[Period]:
        """The periods that can be chosen."""
        return periods(self.cmp.today())

    def report_table(self) -> WindowTable:
        """The report: a label and its numbers."""
        return WindowTable(
            self._numbers(), signs=self.cmp.signs, identity=lambda row: row.name, empty=Content(""), open_word="who",
            id="rows",
        )  # fmt: skip

    def rows_table(self) -> WindowTable:
        """The people behind a number."""
        return WindowTable(
            self._people(), signs=self.cmp.signs, identity=lambda row: row.id, empty=Content("Nobody any more."),
            open_word="chart", id=BEHIND,
        )  # fmt: skip

    async def read_report(self) -> EnrollmentReport:
        """Reads the report of the period."""
        return await self.cmp.live.ask_long(enrollment_report, self._period.first, self._period.last)

    async def read_behind(self, cell: Cell) -> Sequence[ReportRow]:
        """Reads the people behind a number."""
        return await self.cmp.live.ask_long(report_rows, self._period.first, self._period.last, cell)

    def lines_of(self, report: EnrollmentReport) -> tuple[list[ReportLine], list[tuple[int, Content]]]:
        """The lines of the report and its headings."""
        lines: list[ReportLine] = []
        headings: list[tuple[int, Content]] = []
        label = LABEL + (MORE if self._is_wide else 0)
        for section in sections_of(report, self.cmp.clinic.reference):
            headings.append((len(lines), Content.styled(heading(section, label, NUMBER), "$dim")))
            lines += section.lines
        return lines, headings

    def cell_words(self, cell: Cell) -> str:
        """'agreed, claims'"""
        return _cell_words(cell, self.cmp.clinic.reference.label)

    def as_text(self) -> str:
        """The report as plain text."""
        return as_text(report_document(self._report, self.cmp.clinic.reference), 100)

    @property
    def _is_wide(self) -> bool:
        return self.size.width >= WIDE

    # -- keys -------------------------------------------------------------------------------------------------

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """A number opens into its people, one of them into the chart."""
        if isinstance(event.row, ReportRow):
            self.post_message(OpenChart(event.row.patient))
        elif isinstance(event.row, ReportLine):
            cell = self._chosen(event.row).cell
            if cell is None:
                self.say("Nobody stands behind this. Left and right choose another number.")
            else:
                self.run_worker(self.open_cell(cell), group="report", exclusive=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Numbers are chosen in the report only."""
        if action == "column" and self._cell is not None:
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

    # -- words ------------------------------------------------------------------------------------------------

    def _at(self, row: ReportLine) -> int:
        """The column that is chosen on a line: the one that was chosen, or the nearest that can be opened."""
        places = openings(row)
        return min(places, key=lambda place: abs(place - self._place), default=0)

    def _chosen(self, row: ReportLine) -> Shown:
        return row.at(self._at(row))

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
