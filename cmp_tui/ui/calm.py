"""Screens and widgets that stay still when the focus moves."""

from typing import TypeVar

from textual import events
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

Answer = TypeVar("Answer")


class CalmScreen(Screen[Answer]):
    """The base of every screen of the program: `class Today(CalmScreen[None])`.

    Textual draws a whole screen anew whenever the focus moves, some 6 kB at 80 by 24: each tab in a form,
    each question. The widgets that gain and lose the focus draw themselves, so the screen need not.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]


class CalmFocus(Widget):
    """For a widget that looks the same with and without the focus: `class WindowTable(CalmFocus, ScrollView)`.

    Textual draws a widget anew that gains or loses it; so a form that opens over this one costs none of its lines.
    """

    def _on_focus(self, event: events.Focus) -> None:
        event.prevent_default()
        self.has_focus = True
        if self.parent is not None:
            self.parent.post_message(events.DescendantFocus(self))

    def _on_blur(self, event: events.Blur) -> None:
        event.prevent_default()
        self.has_focus = False
        if self.parent is not None:
            self.parent.post_message(events.DescendantBlur(self))
