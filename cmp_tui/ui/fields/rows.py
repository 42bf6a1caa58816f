"""One of a few things that need more than a word: each has a line, and dim words under it."""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.ui.fields.base import Board, Field, Here, Raw, Reading
from cmp_tui.ui.fields.editor import Editor
from cmp_tui.ui.words import fit

GAP = "  "
MARK = 2
"""Columns before each line, for the sign of the marked one."""


class RowOption(NamedTuple):
    """One thing: its value, the cells of its line, the dim words under it, and the letter or digit that marks it.

    The cells of several lines stand below each other; a line of one cell stands for itself.
    """

    value: str
    cells: tuple[str, ...]
    hint: str = ""
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class RowsField(Field):
    """One of `options`, below each other; one of them is always marked."""

    options: tuple[RowOption, ...]

    def editor(self, board: Board) -> Editor:
        return RowsEditor(self, board)

    def say(self, value: object, here: Here) -> str:
        return next(
            (" ".join(one.cells) for one in self.options if one.value == value), super().say(value, here)
        )


class RowsEditor(Editor, Widget, can_focus=True):
    """The lines; arrows, a letter or the mouse mark one."""

    DEFAULT_CSS = """
    RowsEditor { background: $surface; color: $text; }
    """

    spec: RowsField

    def __init__(self, spec: RowsField, board: Board) -> None:
        super().__init__()
        self.spec = spec
        self.begin(spec, board)
        self.at = 0

    def show(self, value: object) -> None:
        self.at = next((at for at, one in enumerate(self.spec.options) if one.value == value), 0)

    def raw(self) -> Raw:
        return self.spec.options[self.at].value

    def show_raw(self, raw: Raw) -> None:
        self.show(raw)

    def read(self) -> Reading:
        return Reading(self.spec.options[self.at].value)

    def wish(self) -> int:
        return self.spec.width or 60

    def tall(self, width: int) -> int:
        return sum(1 + len(self._hints(at, width)) for at in range(len(self.spec.options)))

    def hint(self) -> str:
        return self.spec.help or "arrows choose"

    def _hints(self, at: int, width: int) -> list[str]:
        return wrap(self.spec.options[at].hint, max(12, width - MARK))

    def _lines(self, width: int) -> list[tuple[int, str, bool]]:
        """The lines as (place of the option, text, whether it is the first of its option)."""
        found = []
        for at, option in enumerate(self.spec.options):
            found.append((at, self._line(option), True))
            found += [(at, text, False) for text in self._hints(at, width)]
        return found

    def _line(self, option: RowOption) -> str:
        if len(option.cells) == 1:
            return option.cells[0]
        lines = [one.cells for one in self.spec.options if len(one.cells) == len(option.cells)]
        widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
        return GAP.join(
            cell + " " * (wide - cell_len(cell)) for cell, wide in zip(option.cells, widths, strict=True)
        )

    def _mark(self, at: int) -> None:
        if at != self.at:
            self.at = at
            self.mark_edited()
            self.refresh()
            lines = [y for y, line in enumerate(self._lines(self.size.width)) if line[0] == at]
            for y in (lines[-1], lines[0]):
                self.board.show_line(self, y)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters are this field's; the key line shows no others for them."""
        return character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        if self.board.busy:
            return
        last = len(self.spec.options) - 1
        keys: Mapping[str, int] = {one.key: at for at, one in enumerate(self.spec.options) if one.key}
        if event.key in ("up", "left") and self.at > 0:
            self._mark(self.at - 1)
        elif event.key in ("down", "right") and self.at < last:
            self._mark(self.at + 1)
        elif event.character and event.character.casefold() in keys:
            self._mark(keys[event.character.casefold()])
        elif not event.is_printable and event.key not in ("left", "right"):
            return
        event.stop()
        event.prevent_default()

    def on_click(self, event: events.Click) -> None:
        lines = self._lines(self.size.width)
        if 0 <= event.y < len(lines) and not self.board.busy:
            self._mark(lines[event.y][0])

    def render_line(self, y: int) -> Strip:
        width, marks = self.size.width, self.board.here.marks
        lines = self._lines(width)
        if y >= len(lines):
            return self.strip_of([], width)
        at, text, first = lines[y]
        chosen = at == self.at
        sign = f"{marks.on if chosen else ' '} " if first else "  "
        style = ("chosen" if chosen else "text") if first else "dim"
        if cell_len(text) > width - MARK:
            text = fit(text, width - MARK, marks.more)
        return self.strip_of([(sign, "chosen"), (text, style)], width)
