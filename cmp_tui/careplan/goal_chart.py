"""A goal's values as a small picture of signs: days across, values upwards, the target as a line. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cmp_tui.careplan.goal_rules import Point, number

Parts = list[tuple[str, str]]
"""One line as (text, style name)."""
LINES = 6
"""Lines that the values have."""
LEAST = 8
"""Columns below which no picture is drawn."""


@dataclass(frozen=True)
class Pens:
    """The signs that it is drawn with."""

    value: str
    second: str
    target: str
    axis: str


UNICODE = Pens("●", "○", "╌", "│")
ASCII = Pens("*", "o", "-", "|")


def chart_lines(
    points: Sequence[Point],
    target: float | None,
    target2: float | None,
    pens: Pens,
    width: int,
    words: tuple[str, str] = ("", ""),
) -> list[Parts]:
    """Returns the picture, `width` columns wide: the values (oldest first) and the lines of the targets.

    The numbers stand on the left: the highest, the lowest and the target's. `words` say the first and the last day.
    Nothing comes of fewer than two values, or where there is no room.
    """
    if len(points) < 2:
        return []
    numbers = [one.value for one in points] + [one.second for one in points if one.second is not None]
    aims = [one for one in (target, target2) if one is not None]
    low, high = min(numbers + aims), max(numbers + aims)
    if low == high:
        low, high = low - 1, high + 1
    labels = {_line(one, low, high): number(one) for one in (low, high, *aims)}
    margin = max(map(len, labels.values())) + 2
    across = width - margin
    if across < LEAST:
        return []
    grid = [[" "] * across for _ in range(LINES)]
    for aim in aims:
        grid[_line(aim, low, high)] = [pens.target] * across
    for one in points:
        x = _column(one.date, points, across)
        if one.second is not None:
            grid[_line(one.second, low, high)][x] = pens.second
        grid[_line(one.value, low, high)][x] = pens.value
    aimed = {_line(one, low, high) for one in aims}
    lines = [
        [
            (labels.get(place, "").rjust(margin - 2), "$accent" if place in aimed else "$dim"),
            (f" {pens.axis}", "$dim"),
            *_runs(row, pens),
        ]
        for place, row in enumerate(grid)
    ]
    first, last = words
    gap = across - len(first) - len(last)
    if gap > 0 and (first or last):
        lines.append([(" " * margin + first + " " * gap + last, "$dim")])
    return lines


def _line(value: float, low: float, high: float) -> int:
    return round((high - value) / (high - low) * (LINES - 1))


def _column(day: date, points: Sequence[Point], across: int) -> int:
    first, last = points[0].date, points[-1].date
    if first == last:
        return across - 1
    return round((day - first).days / (last - first).days * (across - 1))


def _runs(row: list[str], pens: Pens) -> Parts:
    """A row in runs of one style: values plain, the target in accent."""
    parts: Parts = []
    for sign in row:
        style = "$accent" if sign == pens.target else "bold" if sign == pens.value else "$text"
        if parts and parts[-1][1] == style:
            parts[-1] = (parts[-1][0] + sign, style)
        else:
            parts.append((sign, style))
    return parts
