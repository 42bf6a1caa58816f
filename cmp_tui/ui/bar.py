"""The thin bar of minutes towards a threshold."""

from textual.content import Content

from cmp_tui.ui.signs import Signs

NEAR = 0.7
"""The share of the threshold from which minutes count as near it."""


def bar_style(minutes: int, threshold: int) -> str:
    """The colour of minutes: accent when the threshold is reached, amber when near, else dim."""
    if threshold <= 0:
        return "$dim"
    if minutes >= threshold:
        return "$accent"
    return "$amber" if minutes >= threshold * NEAR else "$dim"


def number_style(minutes: int, threshold: int) -> str:
    """The colour of the number beside the bar: as the bar, but plain text where the bar is dim."""
    style = bar_style(minutes, threshold)
    return "$text" if style == "$dim" else style


def bar(minutes: int, threshold: int, signs: Signs, cells: int = 5) -> Content:
    """A bar `cells` wide. It is full only when the threshold is reached, and empty only at nought."""
    if threshold <= 0:
        return Content(" " * cells)
    halves = min(max(minutes, 0) * cells * 2 // threshold, cells * 2)
    if minutes > 0:
        halves = max(halves, 1)
    full, half = divmod(halves, 2)
    filled = signs.bar_full * full + signs.bar_half * half
    return Content.assemble(
        (filled, bar_style(minutes, threshold)),
        (signs.bar_empty * (cells - full - half), "$rule"),
    )


def minutes_cell(minutes: int, threshold: int) -> Content:
    """The number of minutes, coloured as its bar."""
    return Content.styled(str(minutes), number_style(minutes, threshold))


def month_line(minutes: int, threshold: int, signs: Signs, cells: int = 14) -> Content:
    """'12 ━━━━━━───── of 20' for a preview or a chart; without a threshold only the minutes."""
    if threshold <= 0:
        return Content.assemble(str(minutes), (" min", "$dim"))
    return Content.assemble(
        minutes_cell(minutes, threshold),
        " ",
        bar(minutes, threshold, signs, cells),
        (f" of {threshold}", "$dim"),
    )
