"""A plain page over the lower part of the screen: words to read, or to select with the terminal's own mouse."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from cmp_tui.ui.keys import key

FOOT = Content.assemble(("esc", "$accent"), (" closes this", "$dim"))


class PlainPage(ModalScreen[None]):
    """Words, and a key that closes them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("page.close", "escape,enter,q,ctrl+g", "close", "close"),
        key("page.down", "down,j", "scroll_by(1)", "down", show=False),
        key("page.up", "up,k", "scroll_by(-1)", "up", show=False),
    ]

    DEFAULT_CSS = """
    PlainPage { align: center bottom; }
    PlainPage > VerticalScroll {
        width: 100%; height: auto; max-height: 90%; background: $surface; color: $text;
        border-top: heavy $accent; padding: 0 2 1 2;
    }
    """

    def __init__(self, content: Content) -> None:
        super().__init__()
        self._content = content

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        with VerticalScroll():
            yield Static(Content("\n").join([self._content, Content(""), FOOT]), markup=False)

    def action_close(self) -> None:
        """Goes back."""
        self.dismiss(None)

    def action_scroll_by(self, by: int) -> None:
        """Scrolls by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
