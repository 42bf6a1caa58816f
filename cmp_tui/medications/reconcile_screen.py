"""Reconciliation on the screen: two lists side by side, the differences one after the other, one key each."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from cmp_tui.clinic.errors import ClinicError, Gone
from cmp_tui.medications.drug_book import drug_book
from cmp_tui.medications.reconcile_actions import decide, reopen
from cmp_tui.medications.reconcile_columns import walk_columns
from cmp_tui.medications.reconcile_preview import WalkTelling
from cmp_tui.medications.reconcile_queries import Walk, WalkLine, reconciliation
from cmp_tui.medications.reconcile_rules import CHANGE, key_decision
from cmp_tui.medications.reconcile_words import list_words, short_list
from cmp_tui.patients.queries import Card, patient_card
from cmp_tui.ui.board import Board
from cmp_tui.ui.keys import key
from cmp_tui.ui.messages import OpenChart, OpenForm, SomethingSaved
from cmp_tui.ui.preview import Preview
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_source import ListSource
from cmp_tui.ui.words import day_words, plural

DECIDES = frozenset({"decide", "why", "words"})
PANEL = "medications"
OF_OURS = ("c", "s", "h")
"""Keys that need a medicine of our list."""


class WalkTable(WindowTable, inherit_bindings=False):
    """The list of the lines; k keeps a medicine here and does not move up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("list.open", "enter", "open", "words", show=False),
        key("list.down", "down,j", "step(1)", "next row", show=False),
        key("walk.up", "up", "step(-1)", "row before", show=False),
        key("list.pagedown", "pagedown,ctrl+d", "page(1)", "page down", show=False),
        key("list.pageup", "pageup,ctrl+u", "page(-1)", "page up", show=False),
        key("list.first", "home,g", "first", "first row", show=False),
        key("list.last", "end,G", "last", "last row", show=False),
    ]


class ReconcileScreen(Board):
    """One reconciliation: each difference is decided by a key, and the work is signed."""

    TITLE = "Reconciliation"
    HELP = (
        "Our list and another one, side by side. Each difference is decided by one key; the cursor goes on to the "
        "next. Nothing is written into the list before ctrl+s signs it; what is half done waits in the chart. "
        "k on a line that is new leaves it off. u takes the last decision back."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        key("walk.keep", "k", "decide('k')", "keep"),
        key("walk.add", "a", "decide('a')", "take on"),
        key("walk.change", "c", "decide('c')", "change"),
        key("walk.stop", "s", "decide('s')", "stop"),
        key("walk.hold", "h", "decide('h')", "hold"),
        key("walk.ask", "p", "decide('p')", "ask"),
        key("walk.why", "w", "why", "why"),
        key("walk.words", "e", "words", "words", show=False),
        key("walk.back", "u", "take_back", "back"),
        key("walk.sign", "ctrl+s", "sign", "sign"),
        key("walk.reopen", "R", "reopen", "open again"),
        key("walk.strike", "x,delete", "strike", "strike out", show=False),
        key("board.preview", "space", "preview", "read the line whole", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._record: bytes | None = None
        self._walk: Walk | None = None
        self._card: Card | None = None
        self._done: list[bytes] = []
        """The lines that were decided here, the last one last."""

    def middle(self) -> Iterable[Widget]:
        """The lines, and the one under the cursor whole."""
        signs = self.cmp.signs
        with Horizontal(classes="side-by-side"):
            yield WalkTable(
                walk_columns(lambda: self._walk, self.cmp.clinic.reference, signs), signs=signs,
                identity=_identity, titles=True, empty=Content(""), open_word="words", id="rows",
            )  # fmt: skip
            yield Preview(signs=signs)

    def on_mount(self) -> None:
        """The line under the cursor is read whole, below the list on a narrow terminal."""
        self.add_class("-preview")
        reference, cmp = self.cmp.clinic.reference, self.cmp
        self._tell = WalkTelling(reference, drug_book(reference), cmp.signs, cmp.today())
        self.set_focus(self.table)

    @property
    def table(self) -> WindowTable:
        """The list."""
        return self.query_one("#rows", WindowTable)

    @property
    def row(self) -> WalkLine | None:
        """The line under the cursor, as it was read last."""
        row = self.table.row if self.is_mounted else None
        lines = self._walk.lines if self._walk is not None else ()
        return row if isinstance(row, WalkLine) and any(row is one for one in lines) else None

    def subject(self) -> bytes | None:
        """The patient."""
        return self._walk.head.patient if self._walk is not None else None

    async def show_record(self, record: bytes) -> None:
        """Shows a reconciliation; the cursor stands on the first line that waits."""
        if record != self._record:
            self._record, self._walk, self._done = record, None, []
        await self._read(first=True)

    def refresh_rows(self) -> None:
        """Reads the lines again."""
        if self._record is not None and self.is_mounted:
            self.run_worker(self._read(), group="walk", exclusive=True)

    async def _read(self, *, first: bool = False, after: bytes | None = None) -> None:
        record = self._record
        if record is None:
            return
        try:
            walk = await self.cmp.live.ask(reconciliation, record)
            card = await self.cmp.live.ask(patient_card, walk.head.patient)
        except ClinicError as error:
            self.say(str(error), "wrong")
            if isinstance(error, Gone):
                self._leave()
            return
        if record != self._record:
            return
        self._walk, self._card = walk, card
        walked = sum(one.is_walked for one in walk.lines)
        headings: list[tuple[int, str]] = []
        if walked:
            left = sum(one.decision is None for one in walk.lines[:walked])
            headings.append((0, f"To go through: {plural(walked, 'difference')}, {left} not decided"))
        if walked < len(walk.lines):
            headings.append(
                (walked, f"The same on both: {len(walk.lines) - walked}, kept unless you say otherwise")
            )
        self.put_title(self._title(walk, card))
        await self.table.load(ListSource(walk.lines, headings), keep_place=not first)
        place = self._next(walk, after) if first or after is not None else None
        if place is not None:
            self.table.move_to(place)
        self.keys_follow(walk.head.is_open, self.row is None)

    def _next(self, walk: Walk, after: bytes | None) -> int | None:
        """The place of the line that waits next, after the one that was decided; None when none does."""
        at = next((place for place, one in enumerate(walk.lines) if one.id == after), -1)
        waiting = [place for place, one in enumerate(walk.lines) if one.decision is None]
        return next((place for place in waiting if place > at), waiting[0] if waiting else None)

    # -- what the list tells ----------------------------------------------------------------------------------

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """The line whole, at once: each decision needs it."""
        self._show_line()
        row = self.row
        self.keys_follow(self._is_open, row is None or (row.listed is None, row.medication is None))

    def on_window_table_rested(self, event: WindowTable.Rested) -> None:
        """It may have been read anew."""
        self._show_line()

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """Writes the words that go into our list."""
        self.action_words()

    def _show_line(self) -> None:
        row = self.row
        shown = () if row is None or self._walk is None else self._tell.lines(self._walk, row)
        self.query_one(Preview).show(shown)

    # -- keys -------------------------------------------------------------------------------------------------

    @property
    def _is_open(self) -> bool:
        return self._walk is not None and self._walk.head.is_open

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Decisions only while it is open, and those that the line can take."""
        if action == "take_back" or action == "sign":
            can: bool = self._is_open
        elif action == "strike":
            can = self._walk is not None
        elif action == "reopen":
            can = self._walk is not None and not self._is_open
        elif action in DECIDES:
            can = self._can_decide(str(parameters[0]) if parameters else "")
        else:
            can = True
        return can and super().check_action(action, parameters)

    def _can_decide(self, letter: str) -> bool:
        row = self.row
        if row is None or not self._is_open:
            return False
        return (
            row.medication is None if letter == "a" else letter not in OF_OURS or row.medication is not None
        )

    def key_word(self, binding_id: str) -> str | None:
        """To keep our list as it is leaves off what is new."""
        if binding_id == "board.timer":
            return ""
        row = self.row
        is_new = row is not None and row.medication is None
        return "leave off" if binding_id == "walk.keep" and is_new else None

    def action_decide(self, letter: str) -> None:
        """Decides on the line, and goes on to the next."""
        row = self.row
        if row is None:
            return
        decision = key_decision(letter, ours=row.medication is not None)
        if decision == CHANGE and row.listed is None and not row.written:
            self.post_message(OpenForm("reconcile-line", self.subject(), row.id, {"decision": CHANGE}))
            return
        self.run_worker(self._decide(row, decision), group="write", exclusive=False)

    def action_take_back(self) -> None:
        """Takes the decision of the line back; of a line without one, the last that was made here."""
        row, walk = self.row, self._walk
        if walk is None:
            return
        while self._done and (row is None or row.decision is None or row.id != self._done[-1]):
            last = self._done.pop()
            found = next((one for one in walk.lines if one.id == last and one.decision is not None), None)
            if found is not None:
                row = found
                break
        if row is None or row.decision is None:
            self.say("Nothing was decided here yet. On a decided line u takes its decision back.")
            return
        if row.id in self._done:
            self._done.remove(row.id)
        self.run_worker(self._decide(row, None), group="write")

    async def _decide(self, row: WalkLine, decision: str | None) -> None:
        try:
            await self.cmp.live.do(decide, row.id, row.version, decision)
        except ClinicError as error:
            self.say(str(error), "wrong")
            await self._read()
            return
        if decision is None:
            await self._read()
            walk = self._walk
            place = next((at for at, one in enumerate(walk.lines) if one.id == row.id), 0) if walk else 0
            self.table.move_to(place)
            self.say("Taken back.")
            return
        self._done.append(row.id)
        await self._read(after=row.id)
        head = self._walk.head if self._walk is not None else None
        if head is not None and head.decided == head.total:
            self.say("Everything is decided. ctrl+s signs it and writes it into the list.", "done")
        else:
            self.say("")

    def action_why(self) -> None:
        """Writes why."""
        if (row := self.row) is not None:
            self.post_message(OpenForm("reconcile-why", self.subject(), row.id))

    def action_words(self) -> None:
        """Writes what goes into our list."""
        row = self.row
        if row is None:
            return
        if not self._is_open:
            self.say("This reconciliation is signed; its lines are read in the preview. R opens it again.")
            return
        self.post_message(OpenForm("reconcile-line", self.subject(), row.id))

    def action_sign(self) -> None:
        """Signs, after a look at what it writes."""
        self.post_message(OpenForm("reconcile-sign", self.subject(), self._record))

    def action_strike(self) -> None:
        """Strikes the reconciliation out."""
        self.post_message(OpenForm("strike-reconciliation", self.subject(), self._record))

    def action_reopen(self) -> None:
        """Opens a signed one again, after a question."""
        self.run_worker(self._reopen(), group="question", exclusive=True)

    async def _reopen(self) -> None:
        walk = self._walk
        if walk is None or not await self.ask("Open it again? What it wrote into the list stays there."):
            return
        try:
            await self.cmp.live.do(reopen, walk.head.id, walk.head.version)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        self.say("Open again; ctrl+s signs it anew.", "done")
        self.post_message(SomethingSaved())

    def action_preview(self) -> None:
        """Shows or hides the line below the list on a narrow terminal."""
        self.toggle_class("-preview")

    def action_back(self) -> None:
        """Back to the patient's medicines; what was decided is kept."""
        self._leave()

    def _leave(self) -> None:
        patient = self.subject()
        if patient is None:
            self.cmp.go_back()
        else:
            self.post_message(OpenChart(patient, PANEL))

    # -- words ------------------------------------------------------------------------------------------------

    def _title(self, walk: Walk, card: Card) -> Content:
        head, dot, today = walk.head, f" {self.cmp.signs.dot} ", self.cmp.today()
        who = self.cmp.shown_name(card.family, card.given or "")
        source = short_list(head.list_from)
        if head.list_on is not None:
            source += f" {day_words(head.list_on, today)}"
        parts: list[str | tuple[str, str]] = [
            (who, "bold"), (f"  {card.birth_date or ''}{dot}{source}{dot}", "$dim"),
        ]  # fmt: skip
        if head.is_open:
            full = head.decided == head.total
            parts.append((f"{head.decided} of {head.total} decided", "$accent" if full else "$amber"))
        else:
            day = day_words(head.done_on, today) if head.done_on else ""
            parts.append((f"signed {day}, {head.signed_as or 'someone'}", "$accent"))
        if walk.unlisted:
            parts.append((f"{dot}{plural(len(walk.unlisted), 'medicine')} came since", "$amber"))
        return Content.assemble(*parts)

    def list_words(self) -> str:
        """What stands in the title."""
        return list_words(self._walk.head) if self._walk is not None else ""

    _tell: WalkTelling


def _identity(line: WalkLine) -> Hashable:
    return line.id
