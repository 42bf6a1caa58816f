"""Draws the lines of a table, and keeps what it drew until something changes."""

from collections.abc import Sequence
from typing import Any

from textual.content import Content
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table_lines import MARGIN, Column, Place, RowState, as_content, cell, draw, lay_out, styled_as

KEPT = 400
"""Lines kept at a time."""


class Painter:
    """The columns of a table, laid out for its width."""

    def __init__(self, table: Widget, columns: Sequence[Column], signs: Signs) -> None:
        self.signs = signs
        self._table = table
        self.columns = tuple(columns)
        self.width = -1
        self._places: tuple[Place, ...] = ()
        self._strips: dict[tuple[int, bool, bool], Strip] = {}

    def lay_out(self, width: int) -> None:
        """Lay the columns out for a width in cells; forgets what was drawn."""
        self.width = width
        self.forget()
        self._places = lay_out(self.columns, width)

    def forget(self) -> None:
        """Draw everything anew when asked again."""
        self._strips.clear()

    def row(self, place: int, row: Any, cursor: bool, marked: bool, width: int) -> Strip:
        """The line of a row."""
        kept = self._strips.get((place, cursor, marked))
        if kept is not None:
            return kept
        if len(self._strips) >= KEPT:
            self._strips.clear()
        signs = self.signs
        if cursor:
            edge = signs.edge_mark if marked else signs.edge
        else:
            edge = signs.mark if marked else " "
        parts = [Content.styled(edge, "$accent")]
        for column, cells in self._places:
            content = as_content(column.render(row, RowState(cursor, marked, cells)))
            parts += [cell(content, cells, column.align, signs.more), Content(" " * column.gap)]
        base = styled_as(self._table, "table--cursor") if cursor else self._table.visual_style
        strip = self._drawn(parts, base, width)
        self._strips[place, cursor, marked] = strip
        return strip

    def titles(self, width: int) -> Strip:
        """The line of the columns' titles."""
        parts = [Content(" " * MARGIN)]
        for column, cells in self._places:
            title = cell(Content(column.title), cells, column.align, self.signs.more)
            parts += [title, Content(" " * column.gap)]
        return self._drawn(parts, styled_as(self._table, "table--title"), width)

    def plain(self, content: Content, component: str, width: int) -> Strip:
        """A line that is no row: a heading, or words where rows would be."""
        parts = [Content(" " * MARGIN), cell(content, max(width - MARGIN, 0), "left", self.signs.more)]
        return self._drawn(parts, styled_as(self._table, component), width)

    def _drawn(self, parts: Sequence[Content], base: Style, width: int) -> Strip:
        return draw(parts, base, width, self._table.app.stylesheet.parse_style)
