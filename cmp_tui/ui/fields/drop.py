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
        width, index = self.size.width, self.top + y
        if index >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        row = self.rows[index]
        marked = index == self.at
        column = max((cell_len(one.words) for one in self.rows), default=0)
        column = min(column, width - 2)
        words = fit(row.words, column)
        words = f" {words}{' ' * (column - cell_len(words) + 1)}"
        hint = fit(row.hint, max(0, width - column - 4)) if row.hint else ""
        more = self._more(y)
        segments = [
            Segment(words, self._style("row" if marked else "text")),
            Segment(f" {hint}", self._style("row-dim" if marked else "dim")),
        ]
        ground = self._style("row" if marked else "text")
        strip = Strip(segments).adjust_cell_length(width, ground)
        if more:
            strip = Strip.join([strip.crop(0, width - 1), Strip([Segment(more, self._style("dim"))])])
        return strip

    def _more(self, y: int) -> str:
        """A sign in the last column where the list goes on."""
        plain = self.sheet.here.marks.edge == ">"
        if y == 0 and self.top > 0:
            return "^" if plain else "↑"
        if y == self.page - 1 and self.top + self.page < len(self.rows):
            return "v" if plain else "↓"
        return ""
