"""The line above the keys: what was saved, what went wrong, a question with yes and no."""

import asyncio
from typing import ClassVar, Literal

from textual.binding import BindingType
from textual.content import Content
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from cmp_tui.clinic.text import terminal_safe
from cmp_tui.ui.keys import key
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table_lines import cell, draw


class Notice(Widget, can_focus=False):
    """One line above the keys: what was saved, what went wrong, a question with yes and no. No pop-ups.

    The line is always there, so nothing jumps when it speaks.
    """

    DEFAULT_CSS = """
    Notice { height: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("notice.yes", "enter,y", "answer(True)", "yes"),
        key("notice.no", "escape,n,ctrl+g", "answer(False)", "no"),
    ]

    STAYS = 8.0
    """Seconds that a notice stays unless it is kept."""

    def __init__(self, *, signs: Signs, id: str | None = None) -> None:
        super().__init__(id=id)
        self._signs = signs
        self._content = Content("")
        self._clear: Timer | None = None
        self._answer: asyncio.Future[bool] | None = None
        self._before: Widget | None = None

    @property
    def is_modal(self) -> bool:
        """While it asks, no other key works."""
        return self._answer is not None

    @property
    def content(self) -> Content:
        """What it says now."""
        return self._content

    def say(
        self,
        words: Content | str,
        kind: Literal["plain", "done", "soon", "wrong"] = "plain",
        *,
        keep: bool | None = None,
    ) -> None:
        """Say something. What went wrong stays until the next notice, the rest goes after a few seconds.

        Words that are no Content may quote a file name or a settings file: they are made safe for the terminal.
        """
        self._settle(False)
        sign, style = {
            "plain": ("", "$text"),
            "done": (self._signs.done, "$accent"),
            "soon": (self._signs.today, "$amber"),
            "wrong": (self._signs.overdue, "$coral"),
        }[kind]
        body = words if isinstance(words, Content) else Content(terminal_safe(words))
        self._put(Content.assemble((sign + " ", style), body) if sign else body)
        if not (kind == "wrong" if keep is None else keep):
            self._clear = self.set_timer(self.STAYS, self.clear)

    def clear(self) -> None:
        """Say nothing."""
        self._put(Content(""))

    async def ask(self, words: Content | str) -> bool:
        """Ask; True on enter, False on esc, when something else takes the focus, or when asked again.

        Call it from a worker: it waits for the answer.
        """
        self._settle(False)
        body = words if isinstance(words, Content) else Content(terminal_safe(words))
        self._put(
            Content.assemble(
                body, ("  enter", "$accent"), (" = yes, ", "$dim"), ("esc", "$accent"), (" = no", "$dim")
            )
        )
        answer = self._answer = asyncio.get_running_loop().create_future()
        self._before = self.screen.focused
        self.can_focus = True
        self.screen.set_focus(self, scroll_visible=False)
        try:
            yes: bool = await answer
            return yes
        finally:
            if self._answer is answer:
                self._settle(False)

    def action_answer(self, yes: bool) -> None:
        """Take the answer."""
        self._settle(yes)

    def on_blur(self) -> None:
        """Whoever goes elsewhere has not said yes; a look at another window is no answer."""
        if self.app.app_focus:
            self._settle(False)

    def _settle(self, yes: bool) -> None:
        answer, self._answer = self._answer, None
        if answer is None:
            return
        self.can_focus = False
        if self.has_focus and self._before is not None and self._before.is_attached:
            self.screen.set_focus(self._before, scroll_visible=False)
        self._before = None
        self.clear()
        if not answer.done():
            answer.set_result(yes)

    def _put(self, content: Content) -> None:
        if self._clear is not None:
            self._clear.stop()
            self._clear = None
        if not content.is_same(self._content):
            self._content = content
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The notice, cut to the line."""
        del y
        width = self.size.width
        parts = [Content(" "), cell(self._content, max(width - 2, 0), "left", self._signs.more)]
        return draw(parts, self.visual_style, width, self.app.stylesheet.parse_style)
