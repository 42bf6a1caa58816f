"""Pastes that go nowhere are told: where nothing takes text, and where a line of one's own can't take so much."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.events import Paste
from textual.widgets import Input

from cmp_tui.clinic.text import one_line
from cmp_tui.ui.board import Board
from cmp_tui.ui.fields.editor import Editor
from cmp_tui.ui.fields.line import LineEditor
from cmp_tui.ui.fields.longtext import LongEditor
from cmp_tui.ui.notice import Notice

LINE = 200
"""Characters that the search and other lines outside of forms take at once."""


def refuse(app: App[Any], text: str) -> bool:
    """Whether the widget with the focus can't take this paste; then the person has been told so.

    Fields of text answer for themselves: they know how much fits.
    """
    focused = app.focused
    if isinstance(focused, LineEditor | LongEditor):
        return False
    if isinstance(focused, Input):
        if len(text.strip()) <= LINE and len(text.strip().splitlines()) < 2:
            return False
        _say(app, f"Nothing was pasted: this line takes {LINE} characters, without line breaks.")
    elif isinstance(focused, Editor):
        focused.tell("Nothing was pasted: text does not go into this field.")
    elif isinstance(focused, Notice):
        app.bell()
    else:
        _say(app, "Nothing was pasted: nothing here takes text. It goes into a field of a form, or into /.")
    return True


def cleaned(app: App[Any], event: Paste) -> Paste:
    """The paste without what a terminal would obey, for a line outside of forms. Fields clean for themselves."""
    focused = app.focused
    if not isinstance(focused, Input) or isinstance(focused, LineEditor):
        return event
    return Paste(one_line(event.text))


def _say(app: App[Any], sentence: str) -> None:
    screen = app.screen
    if isinstance(screen, Board) and (form := screen.dock.form) is not None:
        form.title_line.complain(sentence)
    elif isinstance(screen, Board):
        screen.say(sentence, "soon")
    else:
        app.notify(sentence, markup=False)
