"""Where the fields of a form stand: labels in one column, short neighbours on one line. Pure."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.cells import cell_len

LEFT = 2
"""Columns before the labels: the edge mark and a space."""
RIGHT = 2
"""Columns left free at the right."""
GAP = 3
"""Columns between neighbours on one line."""
AFTER_LABEL = 2
WIDEST_LABEL = 18


class Ask(NamedTuple):
    """What one field asks for."""

    name: str
    label: str
    row: str
    wish: int
    tall: Callable[[int], int]
    under: Callable[[int], Sequence[tuple[str, str]]]
    """The lines (text, style name) that stand under it at a width."""
    above: int = 0
    """The lines that its question takes, above the field."""


class Place(NamedTuple):
    """Where one field stands."""

    label_x: int
    x: int
    y: int
    width: int
    height: int
    under: int
    """The first line under its own."""
    top: int
    """Where its question begins; its own line where it has none."""


class Plan(NamedTuple):
    """All places, the lines of text under fields as (x, y, text, style name), and the height of the whole."""

    places: dict[str, Place]
    texts: list[tuple[int, int, str, str]]
    height: int


def lay_out(asks: Sequence[Ask], width: int) -> Plan:
    """Give every field its place in `width` columns."""
    labels = [min(cell_len(ask.label), WIDEST_LABEL) for ask in asks]
    column = LEFT + max(labels, default=0) + AFTER_LABEL
    right = max(width - RIGHT, column + 8)
    places: dict[str, Place] = {}
    texts: list[tuple[int, int, str, str]] = []
    y = at = 0
    while at < len(asks):
        line = _line(asks, at, column, right)
        top = y
        y += max(asks[index].above for index, *_ in line)
        height = max(asks[index].tall(wide) for index, _, _, wide in line)
        below = y + height
        for index, label_x, x, wide in line:
            ask = asks[index]
            under = ask.under(right - x)
            places[ask.name] = Place(label_x, x, y, wide, ask.tall(wide), below, y if not ask.above else top)
            for text, style in under:
                texts.append((x, below, text, style))
                below += 1
        y = below
        at += len(line)
    return Plan(places, texts, y)


def _line(asks: Sequence[Ask], at: int, column: int, right: int) -> list[tuple[int, int, int, int]]:
    """The fields from `at` on that share a line, as (index, label column, column, width)."""
    first = asks[at]
    line = [(at, LEFT, column, min(first.wish, right - column))]
    index = at + 1
    while first.row and index < len(asks) and asks[index].row == first.row:
        label_x = line[-1][2] + line[-1][3] + GAP
        x = label_x + min(cell_len(asks[index].label), WIDEST_LABEL) + AFTER_LABEL
        if x + asks[index].wish > right:
            break
        line.append((index, label_x, x, asks[index].wish))
        index += 1
    # What is left over belongs to the last field of the line: its echo, its sentence.
    last = line[-1]
    line[-1] = (last[0], last[1], last[2], right - last[2])
    return line
