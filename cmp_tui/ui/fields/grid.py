"""A small table to look at in a form: arrows go from cell to cell, a sentence says what is there, enter opens it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.ui.fields.base import Board, Field, Raw, Reading
from cmp_tui.ui.fields.editor import Editor
from cmp_tui.ui.page import PlainPage
from cmp_tui.ui.words import fit

LABEL_GAP = 2
WIDEST_CELL = 9
MOST_LINES = 3
"""Lines of the sentence under the table."""


class GridCell(NamedTuple):
    """One cell: its short text and the form's style for it, what it says, and the page that enter opens."""

    text: str
    style: str
    says: str
    page: Callable[[], Content] | None = None


class GridRow(NamedTuple):
    """One row: its label and its cells; a row with fewer cells than columns has wider ones. None is an empty cell."""

    label: str
    cells: Sequence[GridCell | None]


@dataclass(frozen=True, kw_only=True)
class GridField(Field):
    """A table that is looked at. It has no value: what saves the form leaves its name out."""

    heads: Sequence[str]
    rows: Sequence[GridRow]
    begin_at: tuple[int, int] = (0, 0)
    """Row and column of the cell on which the cursor begins."""

    def editor(self, board: Board) -> Editor:
        return GridEditor(self, board)


class GridEditor(Editor, Widget, can_focus=True):
    """The table; its cursor stays where it was while other fields have the focus."""

    enter_word = "what is behind it"
    spec: GridField

    def __init__(self, spec: GridField, board: Board) -> None:
        super().__init__()
        self.spec = spec
        self.begin(spec, board)
        self.at_row, self.at_column = spec.begin_at

    def show(self, value: object) -> None:
        """It shows always the same."""

    def raw(self) -> Raw:
        return None

    def show_raw(self, raw: Raw) -> None:
        """It holds nothing."""

    def read(self) -> Reading:
        return Reading(None)

    def wish(self) -> int:
        return 400  # the whole line

    def tall(self, width: int) -> int:
        return 1 + len(self.spec.rows) + self._says_lines(width)

    def hint(self) -> str:
        return self.field.help or "arrows look, enter opens what is behind it, tab goes on"

    @property
    def cell(self) -> GridCell | None:
        """The cell under the cursor."""
        cells = self.spec.rows[self.at_row].cells
        return cells[self._place(self.at_row)] if cells else None

    def _place(self, row: int) -> int:
        """The place in a row of the cell that lies under the cursor's column."""
        count = len(self.spec.rows[row].cells)
        return min(count - 1, self.at_column * count // max(1, len(self.spec.heads))) if count else 0

    def _label(self) -> int:
        return max((cell_len(row.label) for row in self.spec.rows), default=0) + LABEL_GAP

    def _column(self, width: int) -> int:
        return max(3, min(WIDEST_CELL, (width - self._label()) // max(1, len(self.spec.heads))))

    def _says_lines(self, width: int) -> int:
        says = (cell.says for row in self.spec.rows for cell in row.cells if cell is not None)
        return max((min(MOST_LINES, len(_wrapped(text, width))) for text in says), default=0)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters do nothing here; none leaks to the screen below."""
        return character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        if self.board.busy:
            return
        last = len(self.spec.rows) - 1
        if event.key == "up" and self.at_row > 0:
            self.at_row -= 1
        elif event.key == "down" and self.at_row < last:
            self.at_row += 1
        elif event.key in ("left", "right"):
            self._sideways(1 if event.key == "right" else -1)
        elif event.key == "enter":
            if self.cell is not None and self.cell.page is not None:
                self.app.push_screen(PlainPage(self.cell.page()))
        else:
            return
        event.stop()
        event.prevent_default()
        self.refresh()
        self.board.show_line(self, self.size.height - 1)
        self.board.show_line(self, 0 if self.at_row == 0 else self.at_row + 1)

    def _sideways(self, step: int) -> None:
        """To the next cell of the row; a wide one is left at its own edge."""
        here, column = self._place(self.at_row), self.at_column
        while 0 <= column + step < len(self.spec.heads):
            column += step
            self.at_column = column
            if self._place(self.at_row) != here:
                return

    def on_click(self, event: events.Click) -> None:
        width = self.size.width
        row, column = event.y - 1, (event.x - self._label()) // self._column(width)
        if 0 <= row < len(self.spec.rows) and 0 <= column < len(self.spec.heads):
            self.at_row, self.at_column = row, column
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        label, column = self._label(), self._column(width)
        if y == 0:
            heads = [(fit(head, column - 1).center(column), "dim") for head in self.spec.heads]
            return self.strip_of([(" " * label, "dim"), *heads], width)
        if y <= len(self.spec.rows):
            return self.strip_of(self._row(y - 1, label, column), width)
        lines = _wrapped(self.cell.says, width) if self.cell is not None else []
        at = y - 1 - len(self.spec.rows)
        text = lines[at] if at < len(lines) else ""
        if at == MOST_LINES - 1 and len(lines) > MOST_LINES:
            text = fit(f"{text} {lines[at + 1]}", width, self.board.here.marks.more)
        return self.strip_of([(text, "text" if self.has_focus else "dim")], width)

    def _row(self, row: int, label: int, column: int) -> list[tuple[str, str]]:
        found = self.spec.rows[row]
        mine = row == self.at_row
        parts = [(found.label.ljust(label), "text" if mine and self.has_focus else "dim")]
        count = len(found.cells)
        total, marks = column * len(self.spec.heads), self.board.here.marks
        for place, cell in enumerate(found.cells):
            wide = total * (place + 1) // count - total * place // count
            text = cell.text if cell is not None else marks.off
            if mine and place == self._place(row):
                shown = f"{marks.left}{fit(text, wide - 2, marks.more)}{marks.right}"
                style = "chosen" if self.has_focus else (cell.style if cell is not None else "dim")
            else:
                shown, style = fit(text, wide, marks.more), cell.style if cell is not None else "dim"
            parts.append((shown.center(wide), style))
        return parts


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(text, max(20, width))
