"""The drop list of a form: one for all its fields, drawn over what lies below."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.ui.fields.base import Row
from cmp_tui.ui.fields.dropping import PAGE, Dropping
from cmp_tui.ui.fields.editor import STYLES
from cmp_tui.ui.words import fit

if TYPE_CHECKING:
    from cmp_tui.ui.fields.sheet import Sheet


class Drop(Widget):
    """Shows the rows that a field offers; a click takes one."""

    COMPONENT_CLASSES = set(STYLES)
    DEFAULT_CSS = """
    Drop { overlay: screen; display: none; width: auto; height: auto; }
    Drop.-open { display: block; }
    """

    def __init__(self, sheet: "Sheet") -> None:
        super().__init__()
        self.sheet = sheet
        self.owner: Dropping | None = None
        self.rows: Sequence[Row] = ()
        self.at = 0
        self.top = 0
        self.page = PAGE

    def offer(self, owner: Dropping, rows: Sequence[Row], at: int) -> None:
        """Show rows; the marked one is always among those seen."""
        moved = owner is not self.owner or len(rows) != len(self.rows) or rows is not self.rows
        self.owner, self.rows, self.at = owner, rows, at
        self.top = self.top if not moved else 0
        self._follow()
        if moved:
            self.add_class("-open")
            self.sheet.arrange_again()
        self.refresh()

    def fit_in(self, lines: int) -> int:
        """Take so many lines on the screen."""
        self.page = lines
        self._follow()
        return lines

    def _follow(self) -> None:
        self.top = min(max(self.top, self.at - self.page + 1), self.at)

    def withdraw(self) -> None:
        """Take the list away."""
        self.owner, self.rows = None, ()
        self.remove_class("-open")

    def wish(self, most: int) -> tuple[int, int]:
        """The columns and lines that the list wants."""
        words = max((cell_len(row.words) for row in self.rows), default=0)
        hint = max((cell_len(row.hint) for row in self.rows), default=0)
        return min(max(words + 2 + (hint + 2 if hint else 0), 16), most), min(len(self.rows), PAGE)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        index = self.top + event.y
        if self.owner is not None and index < len(self.rows):
            self.owner.take(index)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll(-1)

    def _scroll(self, step: int) -> None:
        self.top = min(max(self.top + step, 0), max(0, len(self.rows) - self.page))
        self.refresh()

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"form--{name}")

    def render_line(self, y: int) -> Strip:
        width, index, marks = self.size.width, self.top + y, self.sheet.here.marks
        if index >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        row, marked = self.rows[index], index == self.at
        inner = width - 2
        column = min(max((cell_len(one.words) for one in self.rows), default=0), inner)
        words = fit(row.words, column, marks.more)
        hint = fit(row.hint, max(0, inner - column - 2), marks.more)
        words += " " * (column - cell_len(words))
        hint = f"  {hint}" if hint else ""
        rest = " " * (inner - cell_len(words) - cell_len(hint))
        ground, dim = ("row", "row-dim") if marked else ("text", "dim")
        first = (marks.edge, "accent") if marked else (marks.rule, "dim")
        parts = (first, (words, ground), (hint, dim), (rest, ground), (self._last(y), "dim"))
        return Strip([Segment(text, self._style(style)) for text, style in parts]).adjust_cell_length(width)

    def _last(self, y: int) -> str:
        """The last column: an edge, or a sign where the list goes on."""
        marks = self.sheet.here.marks
        if y == 0 and self.top > 0:
            return marks.up
        if y == self.page - 1 and self.top + self.page < len(self.rows):
            return marks.down
        return marks.rule
