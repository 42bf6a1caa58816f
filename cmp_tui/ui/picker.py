"""Picking one thing out of a list: all of it is shown, typing narrows it, enter takes the marked one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from cmp_tui.ui.keys import key
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.table_source import ListSource

FOOT = Content.assemble(
    (" enter", "$accent"), (" takes it   ", "$dim"), ("esc", "$accent"), (" leaves   ", "$dim"),
    ("typing narrows the list", "$dim"),
)  # fmt: skip


class Pick(NamedTuple):
    """One thing that can be picked: its value, its words, dim words behind them."""

    value: str
    words: str
    hint: str = ""


class PickScreen(ModalScreen[str | None]):
    """A list over the lower part of the screen; returns the value that was picked, None when none was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("pick.close", "escape,ctrl+g", "close", "leave"),
        key("pick.down", "down", "step(1)", "next", show=False),
        key("pick.up", "up", "step(-1)", "before", show=False),
    ]

    DEFAULT_CSS = """
    PickScreen { align: center bottom; }
    PickScreen > Vertical { height: auto; width: 100%; background: $surface; border-top: heavy $accent; }
    PickScreen WindowTable { height: 10; background: $surface; }
    PickScreen Static { height: 1; background: $surface; }
    PickScreen Input { padding: 0 1; }
    """

    def __init__(
        self, title: Content, picks: Sequence[Pick], now: str, signs: Signs, ready: Callable[[], None]
    ) -> None:
        """`now` is the value that holds now; `ready` is called when the list has the keys."""
        super().__init__()
        self._title_words, self._picks, self._now = title, picks, now
        self._signs, self._ready = signs, ready
        self._shown = list(picks)

    def compose(self) -> ComposeResult:
        """The title, the list, the line to type in, and its keys."""
        with Vertical():
            yield Static(self._title_words, markup=False)
            yield WindowTable(
                _columns(),
                signs=self._signs,
                identity=lambda row: row.value,
                empty=Content.styled("Nothing is called that. Try fewer letters.", "$dim"),
            )
            yield Input(placeholder="type a part of it", select_on_focus=False)
            yield Static(FOOT, markup=False)

    def on_mount(self) -> None:
        """The list is whole; the line has the keys."""
        table = self.query_one(WindowTable)
        table.can_focus = False
        table.show(ListSource(self._picks))
        self.set_focus(self.query_one(Input))
        self._ready()

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """When the list is first read, the cursor goes to what holds now."""
        now, self._now = self._now, ""
        place = next((at for at, one in enumerate(self._shown) if now and one.value == now), None)
        if place is not None:
            event.table.move_to(place)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrows the list: what begins with the letters first."""
        wanted = event.value.casefold().split()
        fitting = [
            one for one in self._picks if all(part in f"{one.words} {one.hint}".casefold() for part in wanted)
        ]
        if wanted:
            self._now = ""
            fitting.sort(key=lambda one: not one.words.casefold().startswith(wanted[0]))
        self._shown = fitting
        self.query_one(WindowTable).show(ListSource(fitting))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Takes the marked one."""
        place = self.query_one(WindowTable).cursor
        if self._shown:
            self.dismiss(self._shown[min(place, len(self._shown) - 1)].value)

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """A click on the marked one."""
        self.dismiss(event.row.value)

    def action_step(self, by: int) -> None:
        """Moves in the list while the line keeps the keys."""
        self.query_one(WindowTable).action_step(by)

    def action_close(self) -> None:
        """Goes back without picking."""
        self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """A page up or down."""
        if event.key in ("pagedown", "pageup"):
            self.query_one(WindowTable).action_page(1 if event.key == "pagedown" else -1)
            event.stop()


def _columns() -> tuple[Column, ...]:
    def words(row: Pick, state: RowState) -> Content:
        return Content.styled(row.words, state.name_style(False))

    return (
        Column("", words, fraction=2),
        Column("", lambda row, state: Content.styled(row.hint, "$dim"), fraction=1),
    )
