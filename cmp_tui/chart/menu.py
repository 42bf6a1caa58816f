"""A question that is answered by one letter, in the notice line: "Add  p phone  c condition …"."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.chart.base_panel import Choice, Menu
from cmp_tui.ui.dock import LAYER
from cmp_tui.ui.keys import key
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table_lines import cell, draw


class KeyMenu(Widget, can_focus=False):
    """Lies over the notice line while it asks, and has no height otherwise: nothing else is drawn again.

    One of its letters chooses; any other key leaves it, so that no letter does something by accident.
    """

    DEFAULT_CSS = f"""
    KeyMenu {{ layer: {LAYER}; dock: bottom; width: 100%; height: auto; margin: 0 0 1 0; }}
    """

    BINDINGS: ClassVar[list[BindingType]] = [key("menu.leave", "escape", "leave", "leave it")]

    class Chosen(Message):
        """A letter was pressed."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, *, signs: Signs) -> None:
        super().__init__()
        self._signs = signs
        self._menu: Menu | None = None
        self._before: Widget | None = None

    @property
    def is_modal(self) -> bool:
        """While it asks, no other key works."""
        return self._menu is not None

    @property
    def menu(self) -> Menu | None:
        """What it asks now."""
        return self._menu

    def ask(self, menu: Menu) -> None:
        """Asks; the answer comes as `Chosen`, or not at all."""
        if self._menu is None:
            self._before = self.screen.focused
        self._menu = menu
        self.can_focus = True
        self.refresh(layout=True)
        self.screen.set_focus(self, scroll_visible=False)
        self.screen.refresh_bindings()

    def action_leave(self) -> None:
        """Goes back without an answer."""
        self._close()

    def on_key(self, event: events.Key) -> None:
        """Takes a letter of the menu."""
        if self._menu is None or event.key == "escape":
            return
        event.stop()
        event.prevent_default()
        chosen = next((one for one in self._menu.choices if one.key == event.character), None)
        self._close()
        if chosen is not None:
            self.post_message(self.Chosen(chosen))

    def on_click(self, event: events.Click) -> None:
        """Takes the choice under the mouse."""
        for y, at, one in self._places(self.size.width):
            if event.y == y and at <= event.x < at + _wide(one):
                self._close()
                self.post_message(self.Chosen(one))
                return

    def on_blur(self) -> None:
        """Whoever goes elsewhere has not answered."""
        if self.app.app_focus:
            self._close()

    def _close(self) -> None:
        if self._menu is None:
            return
        self._menu = None
        self.can_focus = False
        if self._before is not None and self._before.is_attached and self.has_focus:
            self.screen.set_focus(self._before, scroll_visible=False)
        self._before = None
        self.refresh(layout=True)
        self.screen.refresh_bindings()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as it takes, while it asks."""
        return 1 + max((y for y, _, _ in self._places(width)), default=0) if self._menu is not None else 0

    def _places(self, width: int) -> list[tuple[int, int, Choice]]:
        """Each choice with its line and its first column: below each other where one line is too short."""
        if self._menu is None:
            return []
        found: list[tuple[int, int, Choice]] = []
        start = at = 1 + len(self._menu.words) + 2
        y = 0
        for one in self._menu.choices:
            if at > start and at + _wide(one) > width - 1:
                y, at = y + 1, start
            found.append((y, at, one))
            at += _wide(one) + 2
        return found

    def render_line(self, y: int) -> Strip:
        """The letters in accent, their words dim."""
        width = self.size.width
        if self._menu is None:
            return Strip.blank(width)
        parts: list[str | tuple[str, str]] = [" ", (self._menu.words if y == 0 else "", "bold")]
        column = 1 + (len(self._menu.words) if y == 0 else 0)
        for line, at, one in self._places(width):
            if line == y:
                parts += [" " * (at - column), (one.key, "$accent"), (f" {one.words}", "$dim")]
                column = at + _wide(one)
        line_content = cell(Content.assemble(*parts), width, "left", self._signs.more)
        return draw([line_content], self.visual_style, width, self.app.stylesheet.parse_style)


def _wide(one: Choice) -> int:
    return len(one.key) + 1 + len(one.words)
