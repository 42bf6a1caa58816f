"""The day review: what I logged on a day, in its order, and what the day still lacks; one key each to settle it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date, time, timedelta
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from cmp_tui.clinic.calendar import local
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.contacts.actions import dismiss_gap
from cmp_tui.contacts.day import DayReview, GapLine, LookLine
from cmp_tui.contacts.day_rows import DayRow, day_rows
from cmp_tui.contacts.names import patient_names
from cmp_tui.contacts.panel import contact_lines_of, entry_lines_of
from cmp_tui.contacts.queries import my_day
from cmp_tui.ui.board import Board
from cmp_tui.ui.keys import key
from cmp_tui.ui.listing import clock, text, whole
from cmp_tui.ui.messages import OpenChart, OpenDraft, OpenForm, SomethingSaved
from cmp_tui.ui.preview import GAP, Line, Preview
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.table_source import ListSource
from cmp_tui.ui.words import clock_words, full_day_words, minutes_words, plural

DRAFT = "draft"


class DayScreen(Board):
    """One day of mine: entries and contacts in their order, gaps, charts without time, timers, drafts."""

    TITLE = "Day review"
    HELP = (
        "What you logged on a day, and what it still lacks: gaps over 15 minutes, charts you opened without "
        "logging time, timers, drafts. Left and right go to other days."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        key("day.log", "l", "log", "log"),
        key("day.dismiss", "x,delete", "let_go", "dismiss"),
        key("day.edit", "e", "edit", "edit"),
        key("day.before", "left_square_bracket,left", "day(-1)", "day before"),
        key("day.after", "right_square_bracket,right", "day(1)", "day after"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._day: date | None = None
        self._told: date | None = None

    def middle(self) -> Iterable[Widget]:
        """The list and its preview."""
        signs = self.cmp.signs
        with Horizontal(classes="side-by-side"):
            yield WindowTable(
                self._columns(),
                signs=signs,
                identity=_identity,
                empty=self._empty(),
                open_word="open",
                id="rows",
            )
            yield Preview(signs=signs)

    def on_mount(self) -> None:
        """Shows today."""
        self.table.focus()
        self.refresh_rows()

    @property
    def table(self) -> WindowTable:
        """The list."""
        return self.query_one("#rows", WindowTable)

    @property
    def row(self) -> DayRow | None:
        """The row under the cursor."""
        row: DayRow | None = self.table.row
        return row

    @property
    def day(self) -> date:
        """The day that is shown."""
        return self._day or self.cmp.today()

    def subject(self) -> bytes | None:
        """The patient of the row under the cursor."""
        return self.row.patient if self.is_mounted and self.row else None

    def contact_args(self) -> dict[str, object]:
        """A contact for a chart that was opened begins when it was opened; how long it took nobody knows."""
        row = self.row
        if row is None or row.kind != "look":
            return {}
        return {"at": row.start.isoformat()}

    def refresh_rows(self) -> None:
        """Reads the day again; the cursor stays with its row."""
        if self.is_mounted:
            self.run_worker(self._read(keep_place=True), group="day", exclusive=True)

    async def _read(self, keep_place: bool) -> None:
        live, day = self.cmp.live, self.day
        try:
            review = await live.ask(my_day, day)
            drafts = await live.kept(DRAFT)
            names = await live.ask(patient_names, {one.patient for one in drafts if one.patient})
            if self._told != day:
                self._told = day
                await live.look("day")
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        reference = live.clinic.reference
        found, headings = day_rows(review, drafts, names, reference, self.cmp.today())
        self.put_title(self._title(review))
        self.table.show(ListSource(found, headings), keep_place=keep_place)

    # -- what the list tells ----------------------------------------------------------------------------------

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """The keys follow the row."""
        self.refresh_bindings()

    def on_window_table_rested(self, event: WindowTable.Rested) -> None:
        """Draws the preview of the row on which the cursor rests."""
        row: DayRow | None = event.row
        self.query_one(Preview).show(self._lines(row) if row is not None else ())

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """Opens what the row is about."""
        row: DayRow = event.row
        if row.kind in ("gap", "look", "timer", "draft"):
            self._log(row)
        elif row.patient is not None:
            self.post_message(OpenChart(row.patient, "calls"))

    # -- keys -------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys work on the rows that they are for."""
        row = self.row if self.is_mounted and action in ("log", "let_go", "edit") else None
        if action == "log" and row is not None and row.kind in ("entry", "contact"):
            return row.kind == "contact"
        if action == "let_go":
            return row is not None and row.kind in ("gap", "look")
        if action == "edit":
            return row is not None and row.kind in ("entry", "contact")
        return super().check_action(action, parameters)

    def action_log(self) -> None:
        """Logs the time of the row: a gap's span, a chart's patient, a timer; without a row, new time."""
        if self.row is None:
            self.post_message(OpenForm("time", None))
        else:
            self._log(self.row)

    def action_edit(self) -> None:
        """Changes an entry's time, or a contact that has none."""
        row = self.row
        if row is not None and row.kind == "entry":
            self.post_message(OpenForm("entry", row.patient, row.line.id))
        elif row is not None and row.kind == "contact":
            self.post_message(OpenForm("contact-edit", row.patient, row.line.id))

    def action_let_go(self) -> None:
        """Lets go of a gap, or of a chart that needs no time."""
        row = self.row
        if row is not None and isinstance(row.line, GapLine | LookLine):
            self.run_worker(self._dismiss(row), group="dismiss")

    def action_day(self, by: int) -> None:
        """Goes to the day before or after; today is the last one."""
        other = self.day + timedelta(days=by)
        if other > self.cmp.today():
            self.say("The day after this has not come yet.")
            return
        self._day = None if other == self.cmp.today() else other
        self.run_worker(self._read(keep_place=False), group="day", exclusive=True)

    def action_back(self) -> None:
        """Back to the list one came from; the review begins with today again."""
        if not self.has_class("-preview"):
            self._day = None
        super().action_back()

    async def _dismiss(self, row: DayRow) -> None:
        try:
            await self.cmp.live.do(dismiss_gap, self.day, row.line.what)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        self.post_message(SomethingSaved())
        what = "The gap" if row.kind == "gap" else "The chart without time"
        self.say(f"{what} is dismissed; u brings it back.", "done")

    def _log(self, row: DayRow) -> None:
        if row.kind == "draft":
            self.post_message(OpenDraft(row.line.id))
        elif row.kind == "timer":
            self.post_message(OpenForm("timer", row.patient, row.line.id))
        elif row.kind == "contact":
            about = {"activity": "call", "contact": row.line.id.hex(), "at": row.start.isoformat()}
            self.post_message(OpenForm("time", row.patient, None, about))
        elif row.kind == "gap" and row.end is not None:
            span = {"start": row.start.isoformat(), "end": row.end.isoformat()}
            self.post_message(OpenForm("time", None, None, span))
        else:
            self.post_message(OpenForm("time", row.patient, None, {"activity": "records-review"}))

    # -- words ------------------------------------------------------------------------------------------------

    def _title(self, review: DayReview) -> Content:
        dot = self.cmp.signs.dot
        day = full_day_words(review.day) + (" (today)" if review.day == self.cmp.today() else "")
        parts: list[str | tuple[str, str]] = [
            ("Day review", "bold"),
            (f"  {day} {dot} ", "$dim"),
            minutes_words(review.seconds),
            (f" logged {dot} {plural(len(review.entries), 'entry', 'entries')}", "$dim"),
        ]
        for count, words in (
            (len(review.gaps), plural(len(review.gaps), "gap")),
            (len(review.looks), plural(len(review.looks), "chart") + " without time"),
            (len(review.overlaps), plural(len(review.overlaps), "overlap")),
        ):
            if count:
                parts += [(f" {dot} ", "$dim"), (words, "$amber")]
        return Content.assemble(*parts)

    def _empty(self) -> Content:
        return Content.assemble(
            "Nothing on this day yet. ",
            ("What would be here: the time you log, gaps between, charts you opened, drafts. ", "$dim"),
            ("l", "$accent"),
            (" logs time, ", "$dim"),
            ("left", "$accent"),
            (" shows the day before.", "$dim"),
        )

    def _columns(self) -> tuple[Column, ...]:
        signs, zone = self.cmp.signs, self.cmp.settings.zone

        def span(row: DayRow, state: RowState) -> Content:
            until = f"–{clock_words(row.end, zone)}" if row.end and row.end != row.start else ""
            return Content.styled(
                f"{clock_words(row.start, zone)}{until}", "$amber" if row.kind == "gap" else "$dim"
            )

        def sign(row: DayRow, state: RowState) -> Content:
            if row.clashes or row.kind in ("gap", "look", "draft"):
                return Content.styled(signs.today, "$amber")
            return Content.styled(
                signs.timer if row.kind == "timer" else signs.done,
                "$amber" if row.kind == "timer" else "$dim",
            )

        def shown_name(row: DayRow) -> str:
            family, _, given = row.name.partition(", ")
            return self.cmp.shown_name(family, given) if row.patient else ""

        def who(row: DayRow, state: RowState) -> Content:
            return Content.styled(shown_name(row), state.name_style(False))

        def what(row: DayRow, state: RowState) -> Content:
            return (
                Content.styled(row.words, "$amber")
                if row.kind == "gap" or row.clashes
                else Content(row.words)
            )

        def minutes(row: DayRow, state: RowState) -> str:
            return str(whole_minutes(row)) if row.seconds is not None else ""

        def whole_minutes(row: DayRow) -> int | None:
            return None if row.seconds is None else row.seconds // 60

        def starts(row: DayRow) -> time:
            return local(row.start, zone).time()

        def ends(row: DayRow) -> time | None:
            return local(row.end, zone).time() if row.end else None

        return (
            Column("", sign, width=1),
            Column("time", span, width=11, cells=(*clock("from", starts), *clock("to", ends))),
            Column("who", who, width=18, cells=text("patient", lambda row: shown_name(row) or None)),
            Column("what", what, fraction=1),
            Column("min", minutes, width=4, align="right", cells=whole("minutes", whole_minutes)),
        )

    def _lines(self, row: DayRow) -> tuple[Line, ...]:
        """The row whole, for the preview."""
        reference, zone, today = self.cmp.live.clinic.reference, self.cmp.settings.zone, self.cmp.today()
        if row.kind == "entry":
            lines = [*entry_lines_of(row.line, reference, zone, today)]
        elif row.kind == "contact":
            lines = [*contact_lines_of(row.line, reference, zone, today)]
        else:
            lines = [Line("What", row.words)]
        for clash in row.clashes:
            lines += [GAP, Line("Overlap", Content.styled(minutes_words(clash.seconds), "$amber"))]
            for one in (clash.earlier, clash.later):
                family, _, given = one.name.partition(", ")
                times = f"{clock_words(one.start, zone)}–{clock_words(one.end, zone)}"
                lines.append(Line("", f"{times} {self.cmp.shown_name(family, given)}"))
        hint = {"gap": "l logs it, x dismisses it", "look": "l logs time, c a contact, x dismisses it"}
        if row.kind in hint:
            lines += [GAP, Line(None, Content.styled(hint[row.kind], "$dim"))]
        return tuple(lines)


def _identity(row: DayRow) -> Hashable:
    return row.key
