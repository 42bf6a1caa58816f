"""CSV files as people have them: any encoding and separator, quotes that are never closed, ragged rows.

`csv_in` reads what this program wrote and refuses the rest; this reads what it can, and names what it could not.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from cmp_tui.clinic.text import terminal_safe
from cmp_tui.files.formula import armed
from cmp_tui.files.sheet_in import MOST_COLUMNS, PEEK, BadSheet, Cell, Fault, OnProgress, SheetName, SheetRow

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
LONGEST_CELL = 4_000_000
LONGEST_RECORD = 1_000
"""Lines within one cell; more is a quote that is never closed."""
MOST_REPAIRS = 200
"""After so many broken quotes each line is taken for a row of its own."""

_OPEN_QUOTE = "a quote is opened here and not closed as it should be; the line was read as it stands"


class CsvBook:
    """A CSV file: one sheet without a name."""

    kind, unit = "csv", "line"

    def __init__(self, rows: list[SheetRow], said: list[str], faults: list[Fault]) -> None:
        self.sheets: tuple[SheetName, ...] = (SheetName(""),)
        self._rows, self.said, self.faults = rows, said, faults

    def peek(self, name: str) -> list[SheetRow]:
        """Returns the first rows."""
        return self._rows[:PEEK]

    def rows(self, name: str, on_progress: OnProgress | None = None) -> list[SheetRow]:
        """Returns all rows that are not empty."""
        return self._rows

    def close(self) -> None:
        """There is nothing to let go of."""


def open_csv(path: Path) -> CsvBook:
    """Reads a CSV file whole. Raises BadSheet when it is none."""
    said: list[str] = []
    faults: list[Fault] = []
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadSheet(f"{terminal_safe(path.name)} can't be read: {error.strerror or error}.") from error
    text = _decoded(data, path, said, faults)
    del data
    text, separator = _separator(text, said)
    rows = _records(text, separator, faults)
    if any(len(row.cells) > MOST_COLUMNS for row in rows[:PEEK]):
        raise BadSheet(
            f"{terminal_safe(path.name)} has more than {MOST_COLUMNS} columns. Keep those of the caseload only."
        )
    return CsvBook(rows, said, faults)


# -- characters


def _decoded(data: bytes, path: Path, said: list[str], faults: list[Fault]) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return _with(data[len(mark) :], encoding, said, faults)
    start = data[:4000]
    nulls = start.count(0)
    if nulls > len(start) // 50:
        odd, even = start[1::2].count(0), start[::2].count(0)
        if nulls * 4 < len(start) or min(odd, even) * 10 > nulls:
            raise BadSheet(f"{terminal_safe(path.name)} is no text file. Name a CSV or XLSX file.")
        return _with(data, "utf-16-le" if odd >= even else "utf-16-be", said, faults)
    return _with(data, "utf-8", said, faults)


def _with(data: bytes, encoding: str, said: list[str], faults: list[Fault]) -> str:
    if encoding != "utf-8":
        said.append("The file is UTF-16 text.")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        pass
    if encoding == "utf-8":
        loose = data.decode("utf-8", "replace")
        wrong = loose.count("\ufffd")
        if sum(char > "\x7f" for char in loose) - wrong <= wrong:
            said.append(
                "The file is not UTF-8; it was read as Windows text (cp1252). Check the accents in the names."
            )
            return data.decode("cp1252", "replace")
    text = data.decode(encoding, "replace")
    said.append("Some bytes of the file are no text; they stand as \ufffd in the cells that are named.")
    for number, line in enumerate(text.split("\n"), 1):
        if "\ufffd" in line:
            faults.append(Fault(number, "", "some bytes are no text; \ufffd stands for them"))
    return text


# -- separators


def _separator(text: str, said: list[str]) -> tuple[str, str]:
    """The text (without Excel's "sep=" line, whose place stays) and what stands between its cells."""
    first = text[:20].partition("\n")[0].strip('\r "')
    if first.lower().startswith("sep=") and len(first) == 5:
        return "\n" + text.partition("\n")[2], first[4]
    lines = list(islice(io.StringIO(text, newline=""), 60))
    ranked = sorted(SEPARATORS, key=lambda one: _fits(lines, one), reverse=True)
    separator = ranked[0]
    if not _fits(lines, separator)[0]:
        return text, ","
    if separator != ",":
        said.append(f"Its cells are separated by {SEPARATORS[separator]}.")
    return text, separator


def _fits(lines: list[str], separator: str) -> tuple[bool, float, int]:
    """How well a separator fits: whether rows have several cells, how many rows have as many as most, how many."""
    try:
        widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=separator) if cells)
    except csv.Error:
        widths = Counter(line.count(separator) + 1 for line in lines if line.strip())
    if not widths:
        return False, 0, 0
    usual, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
    return usual > 1, round(rows / widths.total(), 1), usual


# -- rows


def _records(text: str, separator: str, faults: list[Fault]) -> list[SheetRow]:
    """All rows that are not empty."""
    lines = list(io.StringIO(text, newline=""))
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        rows = _quick(lines, separator)
        if rows is None:
            rows = _slow(lines, separator, faults)
    finally:
        csv.field_size_limit(limit)
    if "'" in text:  # the apostrophes with which our own exports defuse formulas
        for row in rows:
            cells = row.cells
            for place, cell in enumerate(cells):
                if cell and cell[0] == "'":  # type: ignore[index]
                    cells[place] = armed(cell)  # type: ignore[arg-type]
    return rows


def _quick(lines: list[str], separator: str) -> list[SheetRow] | None:
    """The rows of a file in which each line is one row; None when it is not that simple."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        found: list[list[Cell]] = list(reader)  # type: ignore[arg-type]
    except csv.Error:
        return None
    if len(found) != len(lines):
        return None
    return [SheetRow(number, cells) for number, cells in enumerate(found, 1) if cells and any(cells)]


class _Endless(Exception):
    """A cell goes on for too many lines."""


def _slow(lines: list[str], separator: str, faults: list[Fault]) -> list[SheetRow]:
    """The rows of a file with line breaks within cells, or with broken quotes: each is put right by itself."""
    rows: list[SheetRow] = []
    usual = _usual_width(lines, separator)
    at = repairs = 0
    while at < len(lines):
        begun = [at]  # the line on which the present row begins

        def feed(first: int = at, begun: list[int] = begun) -> Iterator[str]:
            for place in range(first, len(lines)):
                if place - begun[0] > LONGEST_RECORD:
                    raise _Endless
                yield lines[place]

        reader = csv.reader(feed(), delimiter=separator, strict=True)
        first, broken = at, False
        try:
            for cells in reader:
                start, begun[0] = begun[0], first + reader.line_num
                if begun[0] - start > 1 and _is_several(lines[start : begun[0]], cells, separator, usual):
                    begun[0], broken = start, True
                    break
                if any(cells):
                    rows.append(SheetRow(start + 1, cells))  # type: ignore[arg-type]
        except (csv.Error, _Endless):
            broken = True
        if not broken:
            break
        _take_alone(lines[begun[0]], begun[0] + 1, separator, rows, faults)
        at, repairs = begun[0] + 1, repairs + 1
        if repairs >= MOST_REPAIRS:
            _line_by_line(lines, at, separator, rows, faults)
            break
    return rows


def _take_alone(line: str, number: int, separator: str, rows: list[SheetRow], faults: list[Fault]) -> None:
    """Takes one line for one row, whatever its quotes say."""
    cells: list[Cell] = [
        cell.strip().strip('"').replace('""', '"') for cell in line.rstrip("\r\n").split(separator)
    ]
    faults.append(Fault(number, "", _OPEN_QUOTE))
    if any(cells):
        rows.append(SheetRow(number, cells))


def _line_by_line(
    lines: list[str], at: int, separator: str, rows: list[SheetRow], faults: list[Fault]
) -> None:
    """Takes the rest of a file without any sense in its quotes: each line is a row."""
    for place in range(at, len(lines)):
        try:
            found = list(csv.reader([lines[place]], delimiter=separator, strict=True))
        except csv.Error:
            _take_alone(lines[place], place + 1, separator, rows, faults)
            continue
        for cells in found:
            if any(cells):
                rows.append(SheetRow(place + 1, cells))  # type: ignore[arg-type]


def _usual_width(lines: list[str], separator: str) -> int:
    try:
        widths = Counter(len(cells) for cells in csv.reader(lines[:200], delimiter=separator) if cells)
    except csv.Error:
        widths = Counter(line.count(separator) + 1 for line in lines[:200] if line.strip())
    return widths.most_common(1)[0][0] if widths else 1


def _is_several(part: list[str], cells: list[str], separator: str, usual: int) -> bool:
    """Whether what was read as one row over several lines are several rows: a quote was left open in the first."""
    if len(cells) == usual or usual < 3:
        return False
    alike = sum(line.count(separator) + 1 >= usual for line in part)
    return alike >= 2
