"""The referral report on the screen: every number opens into its referrals, they into their charts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, NamedTuple

from textual.binding import BindingType
from textual.content import Content

from cmp_tui.enrollment.report_lines import Period, periods
from cmp_tui.files.document import as_text
from cmp_tui.referrals.report_queries import (
    GroupLine,
    Number,
    ReferralReport,
    ReportRow,
    referral_report,
    report_rows,
)
from cmp_tui.referrals.report_rules import MEASURES, Cell
from cmp_tui.referrals.report_text import HEADS, TITLES, report_document, spread_words
from cmp_tui.ui.keys import key
from cmp_tui.ui.listing import day as day_cells
from cmp_tui.ui.listing import patient_cells, whole
from cmp_tui.ui.listing import text as text_cells
from cmp_tui.ui.messages import OpenChart
from cmp_tui.ui.picker import Pick
from cmp_tui.ui.report_board import BEHIND, ReportBoard
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.words import day_words

LABEL, MORE, NUMBER = 26, 18, 7
"""Cells of a line's label, of the rest of it on a wide terminal, and of each number."""
WIDE = 112
"""Cells of a terminal from which a label has more room, and the days are shown, too."""


SHOWN = tuple(measure for measure in MEASURES if measure != "other")
"""The measures that have a column."""


class Line(NamedTuple):
    """A line of the report: its place, its words, the numbers that can be opened, and those shown by measure."""

    name: str
    label: str
    numbers: tuple[tuple[str, Number], ...]
    days: tuple[str, str]

    def shown(self, measure: str) -> str:
        """A number, '' where the line has none of the kind."""
        return next((str(one.loops) for name, one in self.numbers if name == measure), "")


class ReferralReportScreen(ReportBoard):
    """How the orders of a period went."""

    TITLE = "Referral report"
    HELP = (
        "The orders of a period, whatever became of them until today. enter on a line asks which of its numbers, and "
        "shows the referrals behind it; there enter opens the chart, esc goes back. f chooses the period, y copies all "
        "of it as text. Late are open ones that our own clocks say should be closed by now; in time are those that "
        "were closed by then."
    )
    TAB = 4
    IN, OF, HOME = "ordered in", "referral", "referrals"

    BINDINGS: ClassVar[list[BindingType]] = [
        key("report.period", "f", "period", "period"),
        key("board.copy", "y", "copy_preview", "copy as text"),
    ]

    def periods(self) -> Sequence[Period]:
        """The periods that can be chosen."""
        return periods(self.cmp.today())

    def report_table(self) -> WindowTable:
        """The report: a label and its numbers."""
        return WindowTable(
            self._numbers(), signs=self.cmp.signs, identity=lambda row: row.name, open_word="which", id="rows",
            empty=Content("Nothing was ordered in this time. f chooses another one."),
        )  # fmt: skip

    def rows_table(self) -> WindowTable:
        """The referrals behind a number."""
        return WindowTable(
            self._loops(), signs=self.cmp.signs, identity=lambda row: row.id, open_word="chart", id=BEHIND,
            empty=Content("None any more."),
        )  # fmt: skip

    async def read_report(self) -> ReferralReport:
        """Reads the report of the period."""
        return await self.cmp.live.ask_long(referral_report, self._period.first, self._period.last)

    async def read_behind(self, cell: Cell) -> Sequence[ReportRow]:
        """Reads the referrals behind a number."""
        return await self.cmp.live.ask_long(report_rows, self._period.first, self._period.last, cell)

    def lines_of(self, report: ReferralReport) -> tuple[list[Line], list[tuple[int, Content]]]:
        """The lines of the report and its headings."""
        lines: list[Line] = []
        headings: list[tuple[int, Content]] = []
        wide = self.size.width >= WIDE
        for title, measured, some in _sections(report, self.cmp.clinic.reference.label):
            headings.append((len(lines), Content.styled(_heading(title, wide, measured), "$dim")))
            lines += some
        return lines, headings

    def cell_words(self, cell: Cell) -> str:
        """'late, cardiology'"""
        return cell.text

    def as_text(self) -> str:
        """The report as plain text."""
        return as_text(report_document(self._report, self.cmp.clinic.reference), 100)

    # -- keys -------------------------------------------------------------------------------------------------

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """A line asks which of its numbers; a referral opens the chart."""
        if isinstance(event.row, ReportRow):
            self.post_message(OpenChart(event.row.patient, "referrals"))
        elif isinstance(event.row, Line):
            self._which(event.row)

    def _which(self, line: Line) -> None:
        cells = {one.cell.text: one.cell for _, one in line.numbers if one.loops}
        picks = [
            Pick(one.cell.text, HEADS.get(name, name), str(one.loops))
            for name, one in line.numbers
            if one.loops
        ]

        async def then(name: str) -> None:
            await self.open_cell(cells[name])

        if len(picks) == 1:
            self.run_worker(then(picks[0].value), group="report", exclusive=True)
        elif picks:
            self.pick(f"{line.label}: which", picks, picks[0].value, then)
        else:
            self.say("No referral stands behind this line.")

    # -- words ------------------------------------------------------------------------------------------------

    def _numbers(self) -> tuple[Column, ...]:
        def label(row: Line, state: RowState) -> Content:
            words = row.label[:LABEL] if self.size.width >= WIDE else row.label
            return Content.styled(words, state.name_style(False))

        def rest(row: Line, state: RowState) -> Content:
            return Content.styled(row.label[LABEL:], state.name_style(False))

        def number(measure: str) -> Column:
            def render(row: Line, state: RowState) -> Content:
                text = row.shown(measure)
                late = measure == "late" and text not in ("", "0")
                return Content.styled(text, "$coral" if late else "$dim" if text == "0" else "")

            return Column(HEADS[measure], render, width=NUMBER, align="right")

        def days(place: int, head: str) -> Column:
            return Column(
                head, lambda row, state: row.days[place], width=NUMBER, align="right", min_width=WIDE
            )

        return (
            Column("what", label, width=LABEL, gap=0, cells=text_cells("what", lambda row: row.label)),
            Column("", rest, width=MORE, min_width=WIDE, gap=0, cells=()),
            *(number(measure) for measure in SHOWN),
            days(0, "median"), days(1, "9 of 10"),
        )  # fmt: skip

    def _loops(self) -> tuple[Column, ...]:
        cmp, say = self.cmp, self.cmp.clinic.reference.label

        def who(row: ReportRow, state: RowState) -> Content:
            return Content.styled(cmp.shown_name(row.family, row.given), state.name_style(False))

        def now(row: ReportRow) -> str:
            return say("referral_end", row.end) if row.end else say("referral_stage", row.stage)

        def ordered(row: ReportRow, state: RowState) -> Content:
            return Content.styled(day_words(row.ordered_on, cmp.today()), "$dim")

        return (
            Column("who", who, width=20, cells=patient_cells(cmp)),
            Column("what", lambda row, state: row.what, fraction=2, cells=text_cells("what", lambda row: row.what)),
            Column("to", lambda row, state: row.to, fraction=2, min_width=WIDE,
                   cells=text_cells("to", lambda row: row.to)),
            Column("ordered", ordered, width=11, cells=day_cells("ordered", lambda row: row.ordered_on)),
            Column("now", lambda row, state: now(row), fraction=1, cells=text_cells("now", now)),
            Column("days", lambda row, state: str(row.days), width=5, align="right",
                   cells=whole("days", lambda row: row.days)),
        )  # fmt: skip


def _heading(title: str, wide: bool, measured: bool) -> str:
    """A heading whose words stand above the columns: of all measures, or of one number."""
    heads = ["orders"]
    if measured:
        heads = [HEADS[measure] for measure in SHOWN] + (["median", "9 of 10"] if wide else [])
    return (
        f"{title:<{LABEL + (MORE if wide else 0)}}{''.join(f'{head:>{NUMBER}} ' for head in heads)}".rstrip()
    )


def _sections(
    report: ReferralReport, say: Callable[[str, str], str]
) -> Iterable[tuple[str, bool, list[Line]]]:
    """The report's lines under their headings, and whether all is measured of them; nothing of nothing."""
    if not report.total.numbers["ordered"].loops:
        return
    yield "All", True, [_line("all", report.total)]
    came = [
        Line(f"stage {stage}", say("referral_stage", stage), (("ordered", one),), ("", ""))
        for stage, one in report.stages.items()
    ]
    yield "How far they came", False, came
    for group, lines in report.groups.items():
        if lines:
            measured = group not in ("end", "missed")
            yield TITLES[group], measured, [_line(f"{group} {one.value}", one, measured) for one in lines]


def _line(name: str, line: GroupLine, measured: bool = True) -> Line:
    if not measured:
        return Line(name, line.label, (("ordered", line.numbers["ordered"]),), ("", ""))
    return Line(name, line.label, tuple(line.numbers.items()), spread_words(line.closing))
