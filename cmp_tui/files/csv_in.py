"""Reads the CSV files that `csv_out` writes, also after a spreadsheet program saved them again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.files.formula import armed

LONGEST_ROW = 4_000_000
"""Bytes of one row; more is a quote that is never closed."""

_CELL = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^",\r]*))(,|\Z)')


class BadCsv(ClinicError):
    """A CSV file can't be read: which line, and why."""

    def __init__(self, line: int, why: str) -> None:
        self.line = line
        super().__init__(f"Line {line}: {why}")


class Line(NamedTuple):
    """A row's cells, and the line of the file on which it starts (the first is 1)."""

    number: int
    cells: list[str]


def read_csv(path: Path) -> Iterator[Line]:
    """Yields the rows of a file, the headings first, one at a time. Raises BadCsv, OSError."""
    with path.open("rb") as file:
        yield from decode_csv(file)


def decode_csv(lines: Iterable[bytes]) -> Iterator[Line]:
    """Yields the rows of lines that end with a newline; the apostrophes that defuse formulas are gone.

    Takes UTF-8 with or without a byte order mark, and CR LF. Empty lines are skipped. Raises BadCsv at a
    quote that is never closed, a quote in the middle of a cell, and text that is not UTF-8: no row is lost
    silently.
    """
    held: list[bytes] = []
    starts = size = quotes = 0
    for number, line in enumerate(lines, start=1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not held:
            if b'"' not in line:
                text = _decoded(line, number)
                if text:
                    yield Line(number, _plain_cells(text, number))
                continue
            starts, size, quotes = number, 0, 0
        held.append(line)
        size += len(line)
        quotes += line.count(b'"')
        if quotes % 2 == 0:
            yield Line(starts, _cells(_decoded(b"".join(held), starts), starts))
            held = []
        elif size > LONGEST_ROW:
            break
    if held:
        raise BadCsv(starts, "a quote is opened here and never closed. Close it and read the file again.")


def read_table(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yields each row as its line number and its cells by heading.

    Raises BadCsv at headings that repeat and at rows with more or fewer cells than there are headings.
    """
    lines = read_csv(path)
    first = next(lines, None)
    if first is None:
        raise BadCsv(1, "the file is empty; it needs at least a row of headings.")
    names = first.cells
    if len(set(names)) < len(names):
        raise BadCsv(first.number, "two columns have the same heading. Give each its own.")
    for number, cells in lines:
        if len(cells) != len(names):
            raise BadCsv(number, f"{len(cells)} cells stand under {len(names)} headings.")
        yield number, dict(zip(names, cells, strict=True))


def _decoded(line: bytes, number: int) -> str:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise BadCsv(number, "this is not UTF-8 text. Save the file as CSV UTF-8.") from None
    return text.removesuffix("\n").removesuffix("\r")


def _plain_cells(text: str, number: int) -> list[str]:
    if "\r" in text:
        raise BadCsv(number, "a line ends in the middle of a cell without quotes.")
    return [armed(cell) for cell in text.split(",")]


def _cells(text: str, number: int) -> list[str]:
    cells = []
    place = 0
    while True:
        found = _CELL.match(text, place)
        if not found:
            raise BadCsv(
                number, "a quote stands in the middle of a cell. Quote the whole cell, and double it."
            )
        cells.append(armed(found[2] if found[1] is None else found[1].replace('""', '"')))
        place = found.end()
        if not found[3]:
            return cells
