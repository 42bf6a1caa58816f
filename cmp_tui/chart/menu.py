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
        at = 1 + len(self._menu.words if self._menu else "")
        for one in self._menu.choices if self._menu else ():
            end = at + 2 + len(one.key) + 1 + len(one.words)
            if at <= event.x < end:
                self._close()
                self.post_message(self.Chosen(one))
                return
            at = end

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
        """One line while it asks."""
        return 1 if self._menu is not None else 0

    def render_line(self, y: int) -> Strip:
        """The letters in accent, their words dim."""
        width = self.size.width
        if self._menu is None:
            return Strip.blank(width)
        parts: list[str | tuple[str, str]] = [" ", (self._menu.words, "bold")]
        for one in self._menu.choices:
            parts += ["  ", (one.key, "$accent"), (f" {one.words}", "$dim")]
        line = cell(Content.assemble(*parts), width, "left", self._signs.more)
        return draw([line], self.visual_style, width, self.app.stylesheet.parse_style)
