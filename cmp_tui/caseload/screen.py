"""The caseload: everyone in one list, sorted by any column, narrowed by a small query."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from cmp_tui.assessments.risk_rules import HIGH
from cmp_tui.caseload.language import KEYS, NotUnderstood, parse
from cmp_tui.caseload.listing import case_cells
from cmp_tui.caseload.queries import CaseRow, every, leaf, ranked
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.desk.panel import overview_lines
from cmp_tui.desk.queries import overview
from cmp_tui.patients.coding import load_condition_tables
from cmp_tui.ui.bar import bar, minutes_cell
from cmp_tui.ui.board import Board
from cmp_tui.ui.keys import key
from cmp_tui.ui.listing import Batches
from cmp_tui.ui.look_once import LookOnce
from cmp_tui.ui.messages import OpenChart, OpenForm
from cmp_tui.ui.notice import Notice
from cmp_tui.ui.preview import Preview
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.table_source import Source
from cmp_tui.ui.words import age_words, day_words, due_words, plural

SORTS = (
    ("name", False, "name"),
    ("due", False, "next due"),
    ("minutes", True, "minutes, most first"),
    ("minutes", False, "minutes, least first"),
    ("risk", True, "risk, highest first"),
    ("reached", False, "longest not reached"),
    ("age", False, "oldest"),
    ("manager", False, "care manager"),
    ("payer", False, "payer"),
)


KEY = 16
"""The bytes of a patient's key."""

RARE = frozenset({"name", "mrn", "sex", "alive", "lang", "payer"})
"""Filters that are named last: where the line is short they may be cut off."""


class CaseSource(Source[CaseRow]):
    """The caseload's rows from the clinic file, a page at a time."""

    def __init__(
        self,
        live: LiveClinic,
        whose: str,
        text: str,
        sort: str,
        descending: bool,
        look: LookOnce | None = None,
    ) -> None:
        """`look` is that of the same patients in another order, if they were shown already."""
        self._live = live
        self.look = look or LookOnce(live, "list", filtered=bool(text), view=whose)
        self.whose, self.text, self.sort, self.descending = whose, text, sort, descending
        self.total = 0
        self._keys = b""

    async def count(self) -> int:
        """How many patients the filter leaves. What is shown is logged once, before any of it is."""
        await self.look.done()
        # The whole clinic takes longer than a draft should wait.
        ask = self._live.ask_long if self.whose == "team" else self._live.ask
        self._keys = await ask(ranked, self.whose, self.text, self.sort, self.descending)
        self.total = len(self._keys) // KEY
        return self.total

    async def fetch(self, offset: int, limit: int) -> Sequence[CaseRow]:
        """Patients in the chosen order, as they were ranked when they were counted."""
        places = range(offset, min(offset + limit, self.total))
        return await self._live.ask(leaf, [self._keys[at * KEY : at * KEY + KEY] for at in places])

    async def find(self, key: Hashable) -> int | None:
        """Where the patient stands now."""
        if not isinstance(key, bytes):
            return None
        at = self._keys.find(key)
        while at > 0 and at % KEY:
            at = self._keys.find(key, at + 1)
        return at // KEY if at >= 0 else None

    def everything(self) -> Batches:
        """All rows at one moment."""
        return partial(
            every, whose=self.whose, filter_text=self.text, sort=self.sort, descending=self.descending
        )


class FilterLine(Input):
    """Where the filter is typed; it takes the place of nothing and goes when it is left."""

    cursor_blink = False

    BINDINGS: ClassVar[list[BindingType]] = [
        key("filter.apply", "enter", "submit", "apply"),
        key("filter.leave", "escape,ctrl+g", "screen.back", "leave"),
    ]

    DEFAULT_CSS = """
    FilterLine { height: 1; dock: bottom; margin: 0 0 2 0; display: none; }
    FilterLine.-open { display: block; }
    """


class CaseloadScreen(Board):
    """Everyone, with minutes this month and what is due next."""

    TITLE = "Caseload"
    HELP = "Everyone in one list. f narrows it: has:diabetes min:<20 due:overdue cm:me; s sorts by another column."
    TAB = 2

    BINDINGS: ClassVar[list[BindingType]] = [
        key("caseload.filter", "f", "filter", "filter"),
        key("caseload.sort", "s", "sort(1)", "sort"),
        key("caseload.sort_back", "S", "sort(-1)", "sort back", show=False),
        key("caseload.view", "w", "view", "mine/team"),
        key("caseload.new", "n", "new", "new patient"),
        key("caseload.edit", "e", "edit", "edit"),
        key("caseload.enroll", "E", "enroll", "enroll", show=False),
        key("caseload.merge", "M", "merge", "merge the marked two", show=False),
        key("caseload.consent", "C", "consent", "consent", show=False),
        key("caseload.class", "K", "teach_class", "class for the marked", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._whose, self._text, self._sort = "mine", "", 0
        self._shorts: dict[str, str] = {}
        self._told: object = None
        self._source = self._make_source()

    def middle(self) -> Iterable[Widget]:
        """The list, its preview, and the line for the filter."""
        signs = self.cmp.signs
        with Horizontal(classes="side-by-side"):
            yield WindowTable(
                self._columns(signs),
                signs=signs,
                identity=lambda row: row.id,
                titles=True,
                markable=True,
                open_word="chart",
                empty=self._empty(),
                id="rows",
            )
            yield Preview(signs=signs)
        line = FilterLine(placeholder="has:diabetes min:<20 due:overdue cm:me age:>75", select_on_focus=False)
        line.cursor_blink = False  # nothing ticks: each blink would be sent over the line
        yield line

    async def on_mount(self) -> None:
        """Reads the list."""
        self.set_focus(self.table)
        tables = await asyncio.to_thread(load_condition_tables, self.cmp.clinic.reference.folder)
        self._shorts = {group.id: group.short for group in tables.groups()}
        self.table.show(self._source)

    @property
    def table(self) -> WindowTable:
        """The list."""
        return self.query_one("#rows", WindowTable)

    def subject(self) -> bytes | None:
        """The patient under the cursor."""
        row: CaseRow | None = self.table.row if self.is_mounted else None
        return row.id if row else None

    def marked(self) -> tuple[bytes, ...]:
        """The marked patients, always in the same order: a draft is found again by it."""
        return (
            tuple(sorted(mark for mark in self.table.marks if isinstance(mark, bytes)))
            if self.is_mounted
            else ()
        )

    def preview_opened(self, patient: bytes) -> None:
        """A preview that stays is a look at the record."""
        self.cmp.seen_for_a_while(patient)

    def refresh_rows(self) -> None:
        """Reads the list again."""
        self.table.reload()

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """The title says how many."""
        told = (self._source.whose, self._source.text, self._sort, self._source.total)
        if told != self._told:
            self._told = told
            self.put_title(self._title())
        self.keys_follow(self.subject() is None)

    def on_window_table_rested(self, event: WindowTable.Rested) -> None:
        """Draws the preview."""
        self.run_worker(self._preview(event.row), group="preview", exclusive=True)

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """Opens the chart."""
        self.post_message(OpenChart(event.row.id))

    async def _preview(self, row: CaseRow | None) -> None:
        if row is None:
            self.query_one(Preview).show(())
            return
        try:
            facts = await self.cmp.live.ask(overview, row.id)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        self.query_one(Preview).show(overview_lines(facts, self.cmp.look_of()))
        self.cmp.seen_for_a_while(row.id)

    # -- keys -------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While the filter is typed its letters are text."""
        if self.is_mounted and self.query_one(FilterLine).has_focus and action != "back":
            return False
        if action in ("edit", "enroll", "consent", "merge") and self.is_mounted and self.subject() is None:
            return False
        return super().check_action(action, parameters)

    def action_filter(self) -> None:
        """Opens the line for the filter."""
        line = self.query_one(FilterLine)
        line.value = self._text
        line.cursor_position = len(line.value)
        line.add_class("-open")
        self.set_focus(line)
        names = (f"{one.name}:" for one in sorted(KEYS, key=lambda one: one.name in RARE))
        self.query_one(Notice).say(" ".join(names), keep=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Applies the filter; one that is not understood says why and stays."""
        try:
            parse(event.value)
        except NotUnderstood as error:
            self.say(str(error), "wrong")
            return
        self._text = event.value.strip()
        self._close_filter()
        self._read_again()

    def action_back(self) -> None:
        """Leaves the filter line, or clears the filter."""
        if self.query_one(FilterLine).has_focus:
            self._close_filter()
        elif self._text and not self.has_class("-preview"):
            self._text = ""
            self._read_again()
        else:
            super().action_back()

    def action_sort(self, by: int) -> None:
        """Sorts by another column."""
        self._sort = (self._sort + by) % len(SORTS)
        self._read_again()

    def action_view(self) -> None:
        """My panel, or the whole clinic."""
        self._whose = "team" if self._whose == "mine" else "mine"
        self._read_again()

    def action_new(self) -> None:
        """Adds a patient."""
        self.post_message(OpenForm("patient"))

    def action_edit(self) -> None:
        """Changes the patient under the cursor."""
        if subject := self.subject():
            self.post_message(OpenForm("patient", subject, subject))

    def action_enroll(self) -> None:
        """Enrolls the patient under the cursor."""
        if subject := self.subject():
            self.post_message(OpenForm("enrollment", subject))

    def action_merge(self) -> None:
        """Merges the two marked records; without marks, the one under the cursor with another that is looked for."""
        marked, subject = self.marked(), self.subject()
        if len(marked) == 2:
            self.post_message(OpenForm("merge", marked[0], marked[1]))
        elif len(marked) > 2:
            self.say("Two records are merged at a time: mark two of them.", "soon")
        elif one := (marked[0] if marked else subject):
            self.post_message(OpenForm("merge-with", one))

    def action_teach_class(self) -> None:
        """Makes a class for the marked patients, or for the one under the cursor."""
        subject = self.subject()
        people = self.marked() or ((subject,) if subject else ())
        if not people:
            self.say("Mark those who are invited with x.", "soon")
            return
        self.post_message(OpenForm("class", None, None, {"patients": [key.hex() for key in people]}))

    def action_consent(self) -> None:
        """Records the consent of the patient under the cursor."""
        if subject := self.subject():
            self.post_message(OpenForm("consent", subject))

    def _close_filter(self) -> None:
        self.query_one(FilterLine).remove_class("-open")
        self.query_one(Notice).clear()
        self.set_focus(self.table)

    def _short(self, groups: str) -> str:
        """Condition groups by their short names, as many as fit."""
        return " ".join(self._shorts.get(group, group) for group in groups.split())

    def _make_source(self, look: LookOnce | None = None) -> CaseSource:
        sort, descending, _ = SORTS[self._sort]
        return CaseSource(self.cmp.live, self._whose, self._text, sort, descending, look)

    def _read_again(self) -> None:
        before = self._source
        same = (before.whose, before.text) == (self._whose, self._text)
        self._source = self._make_source(before.look if same else None)
        self.table.show(self._source)

    # -- words ------------------------------------------------------------------------------------------------

    def _title(self) -> Content:
        dot = self.cmp.signs.dot
        parts: list[str | tuple[str, str]] = [
            ("Caseload", "bold"),
            (
                f"  {self._whose} {dot} {plural(self._source.total, 'patient')} {dot} by {SORTS[self._sort][2]}",
                "$dim",
            ),
        ]
        if self._text:
            parts += [(f" {dot} ", "$dim"), (self._text, "$accent"), ("  esc shows all", "$dim")]
        return Content.assemble(*parts)

    def _empty(self) -> Content:
        return Content.assemble(
            ("Nobody here. ", ""),
            ("n", "$accent"),
            (" adds a patient, ", "$dim"),
            ("w", "$accent"),
            (" shows the whole clinic, ", "$dim"),
            ("esc", "$accent"),
            (" takes a filter away, ", "$dim"),
            ("I", "$accent"),
            (" brings a spreadsheet in. From another program: cmp-tui import fhir FOLDER", "$dim"),
        )

    def _columns(self, signs: Signs) -> tuple[Column, ...]:
        today = self.cmp.today

        def who(row: CaseRow, state: RowState) -> Content:
            late = row.due is not None and row.due < today()
            return Content.styled(self.cmp.shown_name(row.family, row.given), state.name_style(late))

        def age(row: CaseRow, state: RowState) -> Content:
            years = "died" if row.deceased else age_words(row.birth_date, today()) if row.birth_date else ""
            return Content.styled(f"{years:>3} {row.sex}", "$dim")

        def due(row: CaseRow, state: RowState) -> Content:
            if row.due is None:
                return Content("")
            words = due_words(row.due, today())
            styles = {"overdue": (signs.overdue, "$coral"), "today": (signs.today, "$amber")}
            sign, style = styles.get(words, (signs.later, "$dim"))
            return Content.styled(f"{sign} {words}", style)

        def risk(row: CaseRow, state: RowState) -> Content:
            if row.tier is None:
                return Content.styled("–", "$dim")
            style = "$coral" if row.tier >= HIGH else "$amber" if row.tier == HIGH - 1 else "$dim"
            return Content.styled(f"{row.tier}{'*' if row.tier_set else ' '}", style)

        def reached(row: CaseRow, state: RowState) -> Content:
            return Content.styled(day_words(row.reached, today()) if row.reached else "never", "$dim")

        def minutes(row: CaseRow, state: RowState) -> Content:
            return minutes_cell(row.seconds // 60, row.first)

        cells = case_cells(self.cmp, self._short, today)

        def program(row: CaseRow, state: RowState) -> Content:
            return Content(row.programs) if row.programs else Content.styled("–", "$dim")

        return (
            Column("patient", who, width=17, cells=cells["patient"]),
            Column("age", age, width=6, cells=cells["age"]),
            Column("program", program, width=7, cells=cells["program"]),
            Column(
                "conditions", lambda row, state: Content.styled(self._short(row.groups), "$dim"), fraction=3
            ),
            Column("risk", risk, width=4, align="right", cells=cells["risk"]),
            Column("next due", due, width=9, cells=cells["next due"]),
            Column("reached", reached, width=10, cells=cells["reached"]),
            Column(
                "care manager",
                lambda row, state: Content.styled(row.manager, "$dim"),
                fraction=2,
                min_width=110,
            ),
            Column("min", minutes, width=4, align="right", cells=cells["min"]),
            Column("", lambda row, state: bar(row.seconds // 60, row.first, signs), width=5),
        )
