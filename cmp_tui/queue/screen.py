"""Today: everything that is due, most pressing first, with why it is here and what clears it."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.clinic.staff import staff_list
from cmp_tui.patients.queries import loans
from cmp_tui.queue.listing import queue_cells
from cmp_tui.queue.queries import Counts, QueueRow, every, leaf, ranked
from cmp_tui.queue.ranked import Ranked
from cmp_tui.queue.source import WAITS
from cmp_tui.queue.sources import SOURCES
from cmp_tui.ui.bar import bar, minutes_cell
from cmp_tui.ui.board import Board
from cmp_tui.ui.keys import key
from cmp_tui.ui.listing import Batches
from cmp_tui.ui.look_once import LookOnce
from cmp_tui.ui.messages import OpenChart, OpenDraft, OpenForm
from cmp_tui.ui.preview import GAP, Line, Preview
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.table_source import PAGE, Source
from cmp_tui.ui.words import age_words, due_words, plural

VIEWS = ("mine", "team")


class QueueSource(Source[QueueRow]):
    """Today's rows from the clinic file, a page at a time."""

    def __init__(self, live: LiveClinic, whose: str) -> None:
        self._live, self.whose = live, whose
        self.counts = Counts(0, 0, 0, 0)
        self._order: Ranked | None = None
        self._ahead: asyncio.Future[Sequence[QueueRow]] | None = None
        self._first: Sequence[QueueRow] | None = None
        self._look = LookOnce(live, "list", view=whose)

    def read_ahead(self) -> None:
        """Begins to read the first rows, before there is a list to show them."""
        self._ahead = asyncio.ensure_future(self._read_ahead())

    async def _read_ahead(self) -> Sequence[QueueRow]:
        await self._rank()
        return await self._leaf(0, PAGE)

    async def count(self) -> int:
        """How many rows there are; the line above the list is told by the same counts.

        A view is a look at many patients: it is logged once, before any of it is shown.
        """
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            self._first = await ahead
        else:
            self._first = None
            await self._rank()
        return self.counts.rows

    async def _rank(self) -> None:
        await self._look.done()
        # The whole clinic takes longer than a draft should wait.
        ask = self._live.ask_long if self.whose == "team" else self._live.ask
        self._order = await ask(ranked, self.whose)
        self.counts = self._order.counts()

    async def fetch(self, offset: int, limit: int) -> Sequence[QueueRow]:
        """Rows in order of urgency, as they were ranked when they were counted."""
        first, self._first = self._first, None
        if first is not None and offset == 0 and limit == PAGE:
            return first
        return await self._leaf(offset, limit)

    async def _leaf(self, offset: int, limit: int) -> Sequence[QueueRow]:
        if self._order is None:
            return ()
        return await self._live.ask(leaf, self._order, self.whose, offset, limit)

    async def find(self, key: Hashable) -> int | None:
        """Where the row is now."""
        if self._order is None or not isinstance(key, tuple):
            return None
        return self._order.place(*key)

    def everything(self) -> Batches:
        """All rows at one moment."""
        return partial(every, whose=self.whose)


class TodayScreen(Board):
    """One ranked list: tasks, tries that come back, people not reached, minutes short, open drafts."""

    TITLE = "Today"
    HELP = "Everything that is due, most pressing first. Each row says why it is here; the preview says what clears it."
    TAB = 1

    BINDINGS: ClassVar[list[BindingType]] = [
        key("today.snooze", "z", "snooze", "snooze"),
        key("today.done", "d", "done", "done"),
        key("today.new", "n", "new", "task"),
        key("today.edit", "e", "edit", "edit", show=False),
        key("today.hand", "h", "hand_over", "hand over", show=False),
        key("today.view", "f,w", "view", "mine/team"),
        key("today.review", "r", "review", "day review"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._whose = "mine"
        self._told: object = None
        self._source = QueueSource(self.cmp.live, self._whose)
        self._source.read_ahead()

    def middle(self) -> Iterable[Widget]:
        """The list and its preview."""
        signs = self.cmp.signs
        with Horizontal(classes="side-by-side"):
            yield WindowTable(
                self._columns(signs),
                signs=signs,
                identity=_identity,
                empty=self._empty(),
                markable=True,
                open_word="chart",
                id="rows",
            )
            yield Preview(signs=signs)

    def on_mount(self) -> None:
        """Reads the list."""
        self.table.show(self._source)
        self.table.focus()

    @property
    def table(self) -> WindowTable:
        """The list."""
        return self.query_one("#rows", WindowTable)

    @property
    def row(self) -> QueueRow | None:
        """The row under the cursor."""
        row: QueueRow | None = self.table.row
        return row

    def key_word(self, binding_id: str) -> str | None:
        """What `d` does to the row under the cursor."""
        row = self.row if self.is_mounted else None
        return row.settle.word if row is not None and binding_id == "today.done" else None

    def subject(self) -> bytes | None:
        """The patient of the row under the cursor."""
        return self.row.patient if self.is_mounted and self.row else None

    def preview_opened(self, patient: bytes) -> None:
        """A preview that stays is a look at the record."""
        self.cmp.seen_for_a_while(patient)

    def refresh_rows(self) -> None:
        """Reads the list again; the cursor stays with its row."""
        self.table.reload()

    # -- what the list tells ----------------------------------------------------------------------------------

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """The counts stand in the title line."""
        told = (self._source.whose, self._source.counts)
        if told != self._told:
            self._told = told
            self.put_title(self._title(self._source.counts))
        row = self.row
        self.keys_follow(row is None, row and row.settle, row and row.patient is None)

    def on_window_table_rested(self, event: WindowTable.Rested) -> None:
        """Draws the preview of the row on which the cursor rests."""
        self.run_worker(self._preview(event.row), group="preview", exclusive=True)

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """Opens the chart; a draft opens its form."""
        self._open(event.row)

    async def _preview(self, row: QueueRow | None) -> None:
        preview = self.query_one(Preview)
        if row is None or row.patient is None:
            preview.show(() if row is None else _why(row))
            return
        from cmp_tui.desk.panel import overview_lines
        from cmp_tui.desk.queries import overview

        try:
            facts = await self.cmp.live.ask(overview, row.patient)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        lines = overview_lines(facts, self.cmp.look_of(), _why(row))
        preview.show(lines)
        self.cmp.seen_for_a_while(row.patient)

    # -- keys -------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys about a row work only where there is one."""
        if action in ("snooze", "done", "edit", "hand_over") and self.is_mounted and self.row is None:
            return False
        return super().check_action(action, parameters)

    def action_snooze(self) -> None:
        """Puts the row off until a day, with a reason."""
        row = self.row
        if row is None:
            return
        source = SOURCES[row.source]
        if not source.snooze:
            self.say(source.no_snooze, "soon")
        elif source.snooze == WAITS:
            about = {"source": row.source}
            if source.counts:
                about["due"] = row.due.isoformat()
            self.post_message(OpenForm(WAITS, row.patient, None, about))
        else:
            self.post_message(OpenForm(source.snooze, row.patient, row.ref))

    def action_done(self) -> None:
        """Asks how a task was settled; on a derived row opens what settles it."""
        row = self.row
        if row is None:
            return
        settle = row.settle
        if row.source == "handed" and not row.mine:
            self.say(f"This waits until {row.clears}. h hands it to someone else.", "soon")
        elif not settle.form:
            self._open(row)
        else:
            about = {settle.about: row.topic} if settle.about and row.topic else {}
            record = row.ref if settle.on_record else None
            self.post_message(OpenForm(settle.form, row.patient, record, about))

    def action_new(self) -> None:
        """Adds a task, about the patient under the cursor if there is one."""
        self.post_message(OpenForm("task", self.subject()))

    def action_edit(self) -> None:
        """Changes the task under the cursor."""
        row = self.row
        if row is not None and row.source in ("task", "handed"):
            self.post_message(OpenForm("task", row.patient, row.ref))
        elif row is not None and row.patient is not None:
            self.post_message(OpenForm("patient", row.patient, row.patient))

    def action_hand_over(self) -> None:
        """Hands the task under the cursor to someone else."""
        row = self.row
        if row is not None and row.source in ("task", "handed"):
            self.post_message(OpenForm("hand-over", row.patient, row.ref))
        else:
            self.say("Only a task can be handed over. n makes one for this patient.", "soon")

    def action_view(self) -> None:
        """Mine, the whole team's, then those whose panels are lent to me."""
        self.run_worker(self._next_view(), group="view", exclusive=True)

    def action_review(self) -> None:
        """What I logged today, and what is missing."""
        self.cmp.go("day")

    def marked(self) -> tuple[bytes, ...]:
        """The patients of the marked rows, each once, always in the same order: a draft is found again by it."""
        return tuple(sorted({mark[0] for mark in self.table.marks if isinstance(mark, tuple) and mark[0]}))

    async def _next_view(self) -> None:
        mine = {
            loan.owner for loan in await self.cmp.live.ask(loans) if loan.now and loan.cover == self.cmp.me.id
        }
        staff = await self.cmp.live.ask(staff_list)
        views = [*VIEWS, *(f"cover:{person.username}" for person in staff if person.id in mine)]
        at = views.index(self._whose) if self._whose in views else 0
        self._whose = views[(at + 1) % len(views)]
        self._source = QueueSource(self.cmp.live, self._whose)
        self.table.show(self._source)

    def _open(self, row: QueueRow) -> None:
        if row.source == "draft" and row.ref is not None:
            self.post_message(OpenDraft(row.ref))
        elif row.source == "timer" and row.ref is not None:
            self.post_message(OpenForm("timer", row.patient, row.ref))
        elif row.patient is None:
            self.action_edit()
        else:
            self.post_message(OpenChart(row.patient))

    # -- words ------------------------------------------------------------------------------------------------

    def _title(self, found: Counts) -> Content:
        dot = self.cmp.signs.dot
        whose = {"mine": "mine", "team": "team"}.get(
            self._whose, "cover for " + self._whose.partition(":")[2]
        )
        parts: list[str | tuple[str, str]] = [("Today", "bold"), (f"  {whose} {dot} {found.due} due", "$dim")]
        if found.overdue:
            parts += [(f" {dot} ", "$dim"), (f"{found.overdue} overdue", "$coral")]
        if found.drafts:
            parts += [(f" {dot} {plural(found.drafts, 'draft')}", "$dim")]
        return Content.assemble(*parts)

    def _empty(self) -> Content:
        return Content.assemble(
            "Nothing is due. ",
            (
                "What would be here: tasks, tries that come back, people not reached for a while, minutes short of ",
                "$dim",
            ),
            ("the month's threshold. ", "$dim"),
            ("2", "$accent"),
            (" shows the caseload, ", "$dim"),
            ("n", "$accent"),
            (" adds a task, ", "$dim"),
            ("/", "$accent"),
            (" finds someone. An empty clinic? ", "$dim"),
            ("2", "$accent"),
            (" then ", "$dim"),
            ("n", "$accent"),
            (" adds a patient, ", "$dim"),
            ("I", "$accent"),
            (" brings a spreadsheet in", "$dim"),
        )

    def _columns(self, signs: Signs) -> tuple[Column, ...]:
        today = self.cmp.today

        def when(row: QueueRow, state: RowState) -> Content:
            words = due_words(row.due, today())
            sign, style = _sign(row, signs, words)
            return Content.styled(f"{sign} {words}", style)

        def who(row: QueueRow, state: RowState) -> Content:
            name = self.cmp.shown_name(row.family, row.given) if row.patient else "(no patient)"
            return Content.styled(name, state.name_style(row.due < today()))

        def age(row: QueueRow, state: RowState) -> Content:
            years = "died" if row.deceased else age_words(row.birth_date, today()) if row.birth_date else ""
            return Content.styled(f"{years:>3} {row.sex}"[: state.width] if row.patient else "", "$dim")

        def minutes(row: QueueRow, state: RowState) -> Content:
            return minutes_cell(row.seconds // 60, row.first) if row.patient else Content("")

        def line(row: QueueRow, state: RowState) -> Content:
            return bar(row.seconds // 60, row.first, signs) if row.patient else Content("")

        cells = queue_cells(self.cmp, today)
        return (
            Column("due", when, width=9, cells=cells["due"]),
            Column("who", who, width=16, cells=cells["who"]),
            Column("age", age, width=5, cells=cells["age"]),
            Column("why", lambda row, state: row.reason, fraction=1),
            Column("min", minutes, width=4, align="right", cells=cells["min"]),
            Column("", line, width=5),
        )


def _identity(row: QueueRow) -> Hashable:
    return row.key


def _sign(row: QueueRow, signs: Signs, words: str) -> tuple[str, str]:
    if words == "overdue":
        return signs.overdue, "$coral"
    return (signs.today, "$amber") if words == "today" else (signs.later, "$dim")


def _why(row: QueueRow) -> tuple[Line, ...]:
    lines = [Line("Why here", row.reason), Line("Clears when", row.clears)]
    if row.assignee:
        lines.append(Line("Whose", row.assignee))
    return (*lines, GAP)
