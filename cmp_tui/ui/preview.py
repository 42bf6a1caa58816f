"""The preview beside a list: labels and values in two columns, one thin line on the left."""

from collections.abc import Sequence
from typing import NamedTuple

from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table_lines import Drawn, as_content, draw

LABEL = 12
"""Cells that the labels have, the gap after them included."""

_EDGE = 3


class Line(NamedTuple):
    """One line of a preview; a long value goes on below itself.

    With a label the value stands in the second column; with an empty label too; with None it has the
    whole width.
    """

    label: str | None
    value: Drawn


GAP = Line(None, "")
"""An empty line between two parts."""


class Preview(Widget):
    """Lines of (label, value). Only lines that changed are drawn again; it can't take the focus."""

    DEFAULT_CSS = """
    Preview { width: 2fr; height: 1fr; }
    """

    def __init__(self, *, signs: Signs, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._signs = signs
        self._lines: tuple[Line, ...] = ()
        self._drawn: list[tuple[Content, ...]] = []
        self._width = -1
        self._top = 0

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines."""
        self._lines = tuple(lines)
        before = self._drawn
        self._compose_lines(self.size.width)
        if self._top:
            self._top = 0
            self.refresh()
            return
        for y in range(min(max(len(before), len(self._drawn)), self.size.height)):
            old = before[y] if y < len(before) else ()
            new = self._drawn[y] if y < len(self._drawn) else ()
            if not _same(old, new):
                self.refresh(Region(0, y, self.size.width, 1))

    def scroll_by(self, by: int) -> None:
        """Shows what stands further down (or up), where there is more than fits."""
        top = min(max(self._top + by, 0), max(len(self._drawn) - self.size.height, 0))
        if top != self._top:
            self._top = top
            self.refresh()

    @property
    def plain(self) -> str:
        """What is shown as plain text, for copying."""
        return "\n".join("".join(part.plain for part in parts).rstrip() for parts in self._drawn)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as there is room."""
        del viewport
        return container.width

    def render_line(self, y: int) -> Strip:
        """One line: the thin line on the left, then its part of the preview."""
        width = self.size.width
        if width != self._width:
            self._compose_lines(width)
        height = self.size.height
        at = y + self._top
        parts = self._drawn[at] if at < len(self._drawn) else ()
        if y == height - 1 and len(self._drawn) - self._top > height:
            parts = (Content.styled(self._signs.more, "$dim"),)
        edge = Content.styled(self._signs.rule_down + " " * (_EDGE - 1), "$rule")
        return draw((edge, *parts), self.visual_style, width, self.app.stylesheet.parse_style)

    def _compose_lines(self, width: int) -> None:
        self._width = width
        self._drawn = []
        room = max(width - _EDGE - 1, 1)
        for label, value in self._lines:
            content = as_content(value)
            if label is None:
                self._drawn += [(line,) for line in content.wrap(room)] if content else [()]
                continue
            head = Content.styled(label.ljust(LABEL), "$dim")
            for line in content.wrap(max(room - LABEL, 8)) if content else [Content("")]:
                self._drawn.append((head, line))
                head = Content(" " * LABEL)


def _same(old: tuple[Content, ...], new: tuple[Content, ...]) -> bool:
    return len(old) == len(new) and all(one.is_same(other) for one, other in zip(old, new, strict=True))
