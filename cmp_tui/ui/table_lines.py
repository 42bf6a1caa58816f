"""The columns of a table, and one row of it as a line of the screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from rich.segment import Segment
from rich.text import Text
from textual.content import Content
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from cmp_tui.ui.listing import Cell
from cmp_tui.ui.words import fit

Drawn = Content | Text | str
"""What a column's render may return. A str is plain words: no markup is read from it."""


class RowState(NamedTuple):
    """What a column may need to know besides the row."""

    cursor: bool
    marked: bool
    width: int
    """The cells that the column has."""

    def name_style(self, late: bool) -> str:
        """Names are bold when late or under the cursor."""
        return "bold" if late or self.cursor else ""


@dataclass(frozen=True)
class Column:
    """One column. Give `width` in cells, or `fraction` for a share of what the other columns leave."""

    title: str
    render: Callable[[Any, RowState], Drawn]
    width: int = 0
    fraction: int = 0
    align: Literal["left", "right"] = "left"
    min_width: int = 0
    """The width of the table, in cells, from which the column appears."""
    gap: int = 1
    """Empty cells after the column."""
    cells: tuple[Cell, ...] | None = None
    """What a file gets for it; None: its words under its title, and nothing where it has no title."""


class Place(NamedTuple):
    """A column that is shown, and how wide."""

    column: Column
    width: int


MARGIN = 1
"""The cell on the left in which the cursor's edge stands."""


def lay_out(columns: Sequence[Column], width: int) -> tuple[Place, ...]:
    """Which columns a table of `width` cells shows, and how wide each is."""
    shown = [column for column in columns if width >= column.min_width]
    fixed = sum(0 if column.fraction else column.width for column in shown)
    gaps = sum(column.gap for column in shown[:-1])
    left = max(width - MARGIN - fixed - gaps, 0)
    shares = sum(column.fraction for column in shown)
    places = []
    for column in shown:
        if column.fraction:
            cells = left * column.fraction // shares
            shares -= column.fraction
            left -= cells
        else:
            cells = column.width
        places.append(Place(column, cells))
    return tuple(places)


def as_content(drawn: Drawn) -> Content:
    """What a column returned, as Content. Words of people never become markup."""
    if isinstance(drawn, Content):
        return drawn
    return Content.from_rich_text(drawn) if isinstance(drawn, Text) else Content(drawn)


def cell(content: Content, width: int, align: Literal["left", "right"], more: str) -> Content:
    """Content in exactly `width` cells; what is cut off is marked."""
    length = content.cell_length
    if length > width or "\n" in content.plain:
        kept = fit(content.plain, width, more)
        body = kept[: -len(more)] if kept.endswith(more) and not content.plain.endswith(more) else kept
        # Styles stand by the place of a character: they hold only where the words were not changed before it.
        content = (
            (content[: len(body)] + kept[len(body) :]) if content.plain.startswith(body) else Content(kept)
        )
        length = content.cell_length
    if length == width:
        return content
    return content.pad_left(width - length) if align == "right" else content.pad_right(width - length)


def draw(parts: Sequence[Content], base: Style, width: int, parse: Callable[[str | Style], Style]) -> Strip:
    """Contents one after the other as a line of the screen, exactly `width` cells wide."""
    runs: list[tuple[str, Style]] = []
    for part in parts:
        for text, style in part.render(base, end="", parse_style=parse):
            runs.append((text, style if style is base else base + style))
    segments = [Segment(text, style.rich_style) for text, style in _fewer(runs)]
    return Strip(segments).adjust_cell_length(width, base.rich_style).simplify()


def _fewer(runs: Sequence[tuple[str, Style]]) -> list[tuple[str, Style]]:
    """The same line in fewer runs of one style: each costs some forty bytes on the wire.

    An empty cell shows its ground only, so it takes the style of what stands before it (at the
    start, after it).
    """
    joined: list[tuple[str, Style]] = []
    for text, style in runs:
        if not text:
            continue
        if joined:
            before, styled = joined[-1]
            if style == styled or (text.isspace() and _same_ground(style, styled)):
                joined[-1] = before + text, styled
                continue
            if before.isspace() and _same_ground(style, styled):
                joined[-1] = before + text, style
                continue
            lead = len(text) - len(text.lstrip(" "))
            if lead and _same_ground(style, styled):
                joined[-1], text = (before + text[:lead], styled), text[lead:]
        joined.append((text, style))
    return joined


def _same_ground(one: Style, other: Style) -> bool:
    return (
        one.background == other.background
        and not (one.underline or one.reverse or one.strike)
        and not (other.underline or other.reverse or other.strike)
    )


def styled_as(widget: Widget, component: str) -> Style:
    """A widget's own style with what the style sheet says of one of its parts laid over it."""
    styles = widget.get_component_styles(component)
    text = styles.text_style
    return widget.visual_style + Style(
        background=styles.background if styles.has_rule("background") else None,
        foreground=styles.color if styles.has_rule("color") else None,
        bold=text.bold,
        underline=text.underline,
        reverse=text.reverse,
    )
