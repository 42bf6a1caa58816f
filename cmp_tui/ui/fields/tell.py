"""A part of a form that says something and asks nothing: steps to take, the score so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.ui.fields.base import Board, Field, Raw, Reading
from cmp_tui.ui.fields.editor import Editor
from cmp_tui.ui.fields.sheet import Sheet

Part = tuple[str, str]
"""Words and the name of their style."""
Saying = Callable[[Mapping[str, object]], Sequence[Part]]


@dataclass(frozen=True, kw_only=True)
class TellField(Field):
    """Lines that say something and ask nothing: steps to take, the score so far."""

    lines: Saying
    follows: bool = False
    """Whether it is worked out anew with every key that is typed elsewhere in the form."""

    def editor(self, board: Board) -> Editor:
        return Telling(self, board)


class Telling(Editor, Widget, can_focus=True):
    """Draws what the answers amount to; enter goes on."""

    spec: TellField

    def __init__(self, spec: TellField, board: Board) -> None:
        Widget.__init__(self)
        self.spec = spec
        self._now: list[Part] = []
        self.begin(spec, board)

    def show(self, value: object) -> None:
        """There is no value."""

    def raw(self) -> Raw:
        return None

    def show_raw(self, raw: Raw) -> None:
        """There is no value."""

    def read(self) -> Reading:
        return Reading(None)

    def others_changed(self) -> None:
        if self.spec.follows:
            self.look_again()

    def look_again(self) -> None:
        """An answer changed."""
        before = len(self._now)
        self._read_lines()
        if len(self._now) != before:
            self.board.arrange_again()
        self.refresh()

    def _read_lines(self) -> None:
        sheet = self.parent
        self._now = list(self.spec.lines(sheet.values())) if isinstance(sheet, Sheet) else []

    def on_focus(self) -> None:
        self.look_again()
        self.call_after_refresh(self.call_after_refresh, self._seen)

    def _seen(self) -> None:
        if self.has_focus:
            self.board.show_line(self, self.tall(self.size.width) - 1)
            self.board.show_line(self, 0)

    def hint(self) -> str:
        return self.field.help or "enter goes on"

    def wish(self) -> int:
        return 200

    def _wrapped(self, width: int) -> list[list[Part]]:
        if not self._now:
            self._read_lines()
        found: list[list[Part]] = []
        for words, style in self._now:
            room = max(16, width)
            indent = "   " if words[:1].isdigit() and words[1:3] == "  " else ""
            found += [[(line, style)] for line in wrap(words, room, subsequent_indent=indent) or [""]]
        return found

    def tall(self, width: int) -> int:
        return max(1, len(self._wrapped(width)))

    def render_line(self, y: int) -> Strip:
        lines = self._wrapped(self.size.width)
        return self.strip_of(lines[y] if y < len(lines) else [], self.size.width)
