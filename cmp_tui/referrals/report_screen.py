"""The referral report on the screen: every number opens into its referrals, they into their charts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from cmp_tui.clinic.errors import ClinicError
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


class ReferralReportScreen(Board):
    """How the orders of a period went."""

    TITLE = "Referral report"
    HELP = (
        "The orders of a period, whatever became of them until today. enter on a line asks which of its numbers, and "
        "shows the referrals behind it; there enter opens the chart, esc goes back. f chooses the period, y copies all "
        "of it as text. Late are open ones that our own clocks say should be closed by now; in time are those that "
        "were closed by then."
    )
    TAB = 4

    BINDINGS: ClassVar[list[BindingType]] = [
        key("report.period", "f", "period", "period"),
        key("board.copy", "y", "copy_preview", "copy as text"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._period: Period = periods(self.cmp.today())[0]
        self._report: ReferralReport | None = None
        self._cell: Cell | None = None
        self._count = 0

    def middle(self) -> Iterable[Widget]:
        """The report, and in its place the referrals behind a number."""
        signs = self.cmp.signs
        with Horizontal(classes="side-by-side"):
            yield WindowTable(
                self._numbers(), signs=signs, identity=lambda row: row.name, open_word="which", id="rows",
                empty=Content("Nothing was ordered in this time. f chooses another one."),
            )  # fmt: skip
            yield WindowTable(
                self._loops(), signs=signs, identity=lambda row: row.id, open_word="chart", id="loops",
                empty=Content("None any more."),
            )  # fmt: skip

    def on_mount(self) -> None:
        """Reads the report."""
        self._swap()
        self.refresh_rows()

    @property
    def table(self) -> WindowTable:
        """What is shown: the report, or the referrals of one number."""
        return self.query_one("#rows" if self._cell is None else "#loops", WindowTable)

    def subject(self) -> bytes | None:
        """The patient under the cursor, where referrals are shown."""
        if self._cell is None or not self.is_mounted:
            return None
        row: ReportRow | None = self.table.row
        return row.patient if row is not None else None

    def refresh_rows(self) -> None:
        """Reads the report again, and the referrals if they are shown."""
        if self.is_mounted:
            self.run_worker(self._read(), group="report", exclusive=True)

    async def _read(self) -> None:
        try:
            report = await self.cmp.live.ask_long(referral_report, self._period.first, self._period.last)
            if self._cell is not None:
                await self._show_loops(self._cell)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        self._report = report
        lines: list[Line] = []
        headings: list[tuple[int, Content]] = []
        wide = self.size.width >= WIDE
        for title, measured, some in _sections(report, self.cmp.clinic.reference.label):
            headings.append((len(lines), Content.styled(_heading(title, wide, measured), "$dim")))
            lines += some
        self.query_one("#rows", WindowTable).show(ListSource(lines, headings), keep_place=True)
        self.put_title(self._title())

    async def _show_loops(self, cell: Cell) -> None:
        found = await self.cmp.live.ask_long(report_rows, self._period.first, self._period.last, cell)
        await self.cmp.live.look("list", view=f"report referrals {cell.text}", rows=len(found))
        self._cell, self._count = cell, len(found)
        self.query_one("#loops", WindowTable).show(ListSource(found), keep_place=True)

    def _swap(self) -> None:
        """Shows the one table and hides the other."""
        for name, shown in (("#rows", self._cell is None), ("#loops", self._cell is not None)):
            self.query_one(name, WindowTable).display = shown
        self.set_focus(self.table, scroll_visible=False)
        self.put_title(self._title())
        self.keys_follow(self._cell is None, self.table.row is None)

    def on_resize(self, event: events.Resize) -> None:
        """The headings stand above their columns."""
        if self.is_mounted and self._report is not None:
            self.refresh_rows()

    # -- keys -------------------------------------------------------------------------------------------------

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """The keys follow whether somebody is under the cursor."""
        self.keys_follow(self._cell is None, self.table.row is None)

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
            try:
                await self._show_loops(cells[name])
            except ClinicError as error:
                self.say(str(error), "wrong")
                return
            self._swap()

        if len(picks) == 1:
            self.run_worker(then(picks[0].value), group="report", exclusive=True)
        elif picks:
            self._pick(f"{line.label}: which", picks, picks[0].value, then)
        else:
            self.say("No referral stands behind this line.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no preview."""
        return False if action in ("preview", "scroll_preview") else super().check_action(action, parameters)

    def action_period(self) -> None:
        """Asks for the period."""
        choices = {one.name: one for one in periods(self.cmp.today())}
        picks = [Pick(one.name, one.words, f"{one.first} to {one.last}") for one in choices.values()]

        async def then(name: str) -> None:
            self._period, self._cell = choices[name], None
            self._swap()
            self.refresh_rows()

        self._pick("Ordered in", picks, self._period.name, then)

    def action_copy_preview(self) -> None:
        """Copies the report as plain text."""
        if self._report is not None:
            text = as_text(report_document(self._report, self.cmp.clinic.reference), 100)
            self.app.copy_to_clipboard(text)
            self.say(f"Copied {plural(len(text.splitlines()), 'line')} to the terminal's clipboard.", "done")

    def action_back(self) -> None:
        """From the referrals to the report, then to the board."""
        if self._cell is not None:
            self._cell = None
            self._swap()
        else:
            self.cmp.go("referrals")

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

    def _title(self) -> Content:
        dot = f" {self.cmp.signs.dot} "
        if self._cell is None:
            return Content.assemble((self.TITLE, "bold"), (f"  ordered in {self._period.words}", "$dim"))
        words = f"{self._cell.text}{dot}{plural(self._count, 'referral')}{dot}{self._period.words}"
        return Content.assemble((self.TITLE, "bold"), (f"  {words}", "$dim"))

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
