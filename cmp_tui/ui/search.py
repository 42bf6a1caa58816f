"""Search from anywhere: a name, an MRN, a birth date or a telephone number, with the answers below as you type."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from cmp_tui.clinic.errors import ClinicError, Superseded
from cmp_tui.ui.keys import key
from cmp_tui.ui.listing import Listing
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_lines import Column
from cmp_tui.ui.table_source import ListSource
from cmp_tui.ui.take_out import listing_of
from cmp_tui.ui.words import plural

FOOT = Content.assemble(
    (" enter", "$accent"), (" chart   ", "$dim"), ("esc", "$accent"), (" close   ", "$dim"),
    ("ctrl+s", "$accent"), (" save as file", "$dim"),
)  # fmt: skip
NOBODY = Content.assemble(
    " Nobody found. ", ("Try fewer letters, or a birth date, or a telephone number.   ", "$dim"),
    ("esc", "$accent"), (" close", "$dim"),
)  # fmt: skip


class SearchScreen(ModalScreen[Any]):
    """A line to type in and the rows that match; returns the row that was chosen, None when none was."""

    TITLE = "Search"
    HELP = "Type a name (typing errors are forgiven), an MRN, a birth date or a telephone number."

    BINDINGS: ClassVar[list[BindingType]] = [
        key("search.close", "escape,ctrl+g", "close", "close"),
        key("search.take_out", "ctrl+s", "take_out", "save as file", show=False),
        key("search.down", "down", "step(1)", "next", show=False),
        key("search.up", "up", "step(-1)", "before", show=False),
    ]

    DEFAULT_CSS = """
    SearchScreen { align: center bottom; }
    SearchScreen > Vertical { height: auto; width: 100%; }
    SearchScreen WindowTable { height: 10; }
    SearchScreen Static { height: 1; }
    """

    def __init__(
        self,
        find: Callable[[str], Awaitable[Sequence[Any]]],
        columns: Sequence[Column],
        signs: Signs,
        searched: Callable[[str], Awaitable[None]],
        ready: Callable[[], None],
        hold: Callable[[], Callable[[], None]],
        take_out: Callable[[Listing], None],
    ) -> None:
        """`hold` keeps the keys back that are typed after enter; `let_go`, then, lets them go to what opens.

        `take_out` saves what was found as a file.
        """
        super().__init__()
        self._hold = hold
        self.let_go: Callable[[], None] = lambda: None
        self._find, self._columns, self._signs = find, columns, signs
        self._searched, self._ready, self._take_out = searched, ready, take_out
        self._last = ""
        self._rows: Sequence[Any] = ()

    def compose(self) -> ComposeResult:
        """The answers, the line to type in, and its keys."""
        with Vertical(classes="search"):
            yield WindowTable(
                self._columns,
                signs=self._signs,
                identity=lambda row: row.id,
                empty=Content.styled(
                    "Type a name, an MRN, a birth date (1948-02-11) or a telephone number.", "$dim"
                ),
                id="found",
            )
            line = Input(placeholder="search", select_on_focus=False, id="search")
            line.cursor_blink = False  # a screen that rests sends nothing
            yield line
            yield Static(FOOT, classes="search-foot", markup=False)

    def on_mount(self) -> None:
        """The table starts empty; the line has the focus."""
        self.query_one(WindowTable).show(ListSource([]))
        self.query_one(WindowTable).can_focus = False
        self.set_focus(self.query_one(Input))
        self._ready()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Looks again; what a later key makes needless is dropped before it runs."""
        self.run_worker(self._look(event.value), group="search", exclusive=False)

    async def _look(self, text: str) -> None:
        try:
            rows = await self._find(text) if text.strip() else []
        except Superseded:
            return
        except ClinicError as error:
            self.notify(str(error), markup=False)
            return
        if self.is_attached and self.query_one(Input).value == text:
            self._last, self._rows = text, rows
            self.query_one(WindowTable).show(ListSource(rows))
            self.query_one(".search-foot", Static).update(FOOT if rows or not text.strip() else NOBODY)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Takes the row under the cursor, among the answers to what stands in the line now."""
        self.let_go = self._hold()
        self.run_worker(self._choose(event.value), group="choose", exclusive=True)

    async def _choose(self, text: str) -> None:
        if self._last != text:  # enter came before the answers: those on the screen are to another question
            await self._look(text)
        if self._rows or not text.strip():
            self._leave(self._rows[self.query_one(WindowTable).cursor] if self._rows else None)
        else:
            self.let_go()

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """A click on the row."""
        self._leave(event.row)

    def action_step(self, by: int) -> None:
        """Moves in the answers while the line keeps the focus."""
        self.query_one(WindowTable).action_step(by)

    async def action_take_out(self) -> None:
        """Saves the answers as a file, and leaves."""
        found = await listing_of(self.query_one(WindowTable), self.TITLE, plural(len(self._rows), "answer"))
        if found is not None:
            self._leave(None, then=lambda: self._take_out(found))

    def action_close(self) -> None:
        """Goes back without choosing."""
        self._leave(None)

    def on_key(self, event: events.Key) -> None:
        """Keys of the list work from the line too."""
        if event.key in ("pagedown", "pageup"):
            self.query_one(WindowTable).action_page(1 if event.key == "pagedown" else -1)
            event.stop()

    def _leave(self, row: Any, then: Callable[[], None] = lambda: None) -> None:
        async def log_then_leave() -> None:
            if self._last.strip():
                await self._searched(self._last)
            self.dismiss(row)
            then()

        self.run_worker(log_then_leave(), exclusive=True)
