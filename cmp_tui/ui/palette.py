"""The palette: finds anything by name, and sends nothing while it rests."""

from textual.app import ComposeResult
from textual.command import CommandPalette
from textual.widgets import Input


class Palette(CommandPalette):
    """Textual's palette, whose cursor does not blink: that is 6 kB a minute over a slow line."""

    def compose(self) -> ComposeResult:
        """The palette's own widgets."""
        for widget in super().compose():
            if isinstance(widget, Input):
                widget.cursor_blink = False
            yield widget
