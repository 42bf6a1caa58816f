"""The app's way to the terminal: pictures go through the wire, which sends what has changed."""

from __future__ import annotations

import os
from typing import Any, TypeVar

from rich.console import RenderableType
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.screen import Screen
from textual.theme import Theme

from cmp_tui.ui.wire import Lean, Wire

Answer = TypeVar("Answer")


class LeanApp(App[Answer]):
    """The base of the program's app."""

    wire: Wire | None = None
    _was_told_size = False
    """The terminal tells its size at the start, too, when nothing has happened to it."""

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        drawn: Any = renderable
        if isinstance(renderable, LayoutUpdate | ChopsUpdate) and not (self.is_headless or self.is_inline):
            if self.wire is None:
                self.wire = Wire(erases=erases_in_colour())
            drawn = Lean(renderable, self.wire)
        super()._display(screen, drawn)

    def wear(self, theme: str) -> None:
        """Changes the colours. Before the first picture that costs nothing: the style sheets are read afterwards."""
        if self._driver is not None:
            self.theme = theme
            return
        self.set_reactive(App.theme, theme)
        dark = self.current_theme.dark
        self.update_classes(
            {f"-theme-{theme}": True, "-dark-mode": dark, "-light-mode": not dark}, update=False
        )
        self._refresh_truecolor_filter(self.ansi_theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_theme(self, theme_name: str) -> Theme | None:
        """Returns a theme by name. Textual asks for it at each line that it draws, and would copy all themes first."""
        return self._registered_themes.get(theme_name) or super().get_theme(theme_name)

    def draw_anew(self) -> None:
        """Draws the whole screen: nobody knows what the terminal shows."""
        if self.wire is not None:
            self.wire.forget()
        self.refresh(repaint=True, layout=True)

    async def on_event(self, event: events.Event) -> None:
        """After another size, or after a stop, the terminal may show anything."""
        told_again = isinstance(event, events.Resize) and self._was_told_size
        if isinstance(event, events.Resize):
            self._was_told_size = True
        if told_again and self.wire is not None:
            self.wire.forget()
        await super().on_event(event)
        if told_again:
            self.screen.refresh()  # also where it has the size that it had before


def erases_in_colour() -> bool:
    """Tells whether the terminal says that what it erases takes the colour of the ground."""
    import _curses  # the part that reads terminfo; the rest of curses is not needed

    try:
        _curses.setupterm(os.environ.get("TERM", "dumb"), 1)
        return _curses.tigetflag("bce") == 1
    except _curses.error:
        return False
