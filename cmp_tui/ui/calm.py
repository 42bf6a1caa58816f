"""A screen that stays still when the focus moves."""

from typing import TypeVar

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
