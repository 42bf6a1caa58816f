"""XLSX workbooks, written row by row straight into the file; the same bytes for the same rows.

The format is ECMA-376 (Office Open XML), of which a plain list needs little. It is written here and not by a
library, because those keep a readable copy of the patients in the system's folder for temporary files until
they are done, put the time of day into the file, and take several times as long.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.files import xlsx_parts as parts
from cmp_tui.files.aside import CannotWrite, write_aside
from cmp_tui.files.sheet import Column, Kind, Sheet, plain, seconds_of

MOST_ROWS, MOST_CHARACTERS, MOST_DIGITS = 1_048_576, 32_767, 15
"""What a sheet, a cell and a number hold in the spreadsheet programs."""

_LARGEST_PART = 2**31 - 2**24
_CHUNK = 256  # rows handed to the compressor at once
_SECONDS = 86_400
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's times have no zone
_FIRST_DAY = date(1900, 3, 1)  # before it, Excel counts a 29 February 1900 that never was
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n?")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NAME_TABOO = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$|^$|^history$", re.I)


class TooBig(ClinicError):
    """More than a spreadsheet holds; a CSV file would hold it."""


def write_xlsx(
    path: Path,
    sheets: Sequence[Sheet],
    *,
    mode: int = 0o600,
    never: Iterable[Path] = (),
    then: Callable[[Path, int], None] | None = None,
) -> int:
    """Writes a workbook aside, reads it back, and gives it its name. Returns how many rows all sheets have.

    `then` gets the finished hidden file and its number of rows just before that; when it raises, what was there stays.

    Headings are bold and stay in view. Text cells are text whatever they begin with; dates, times, durations
    and numbers are typed. Instants, dates before March 1900 and integers of more than 15 digits are written
    as text, because a spreadsheet would change them. Raises TooBig, CannotWrite (see `write_aside`), and
    ValueError for sheet names that a workbook can't have.
    """
    rows = 0

    def complete(hidden: Path) -> None:
        check_xlsx(hidden, path.name)
        if then is not None:
            then(hidden, rows)

    with write_aside(path, mode, check=complete, never=never) as file:
        rows = save_xlsx(file, sheets)
    return rows


def check_xlsx(path: Path, name: str) -> None:
    """Reads a finished workbook back; raises CannotWrite, of `name`, when a part is not as it was written."""
    with zipfile.ZipFile(path) as archive:
        if archive.testzip() is not None:
            raise CannotWrite(f"{name} did not read back as it was written. Nothing was kept; try again.")


def save_xlsx(file: BinaryIO, sheets: Sequence[Sheet]) -> int:
    """Writes a workbook into an open file that can seek. Returns the number of rows in all sheets."""
    names = [sheet.name for sheet in sheets]
    _check_names(names)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.fixed_parts(names):
            with _part(archive, name) as part:
                part.write(content.encode())
        rows = 0
        for number, sheet in enumerate(sheets, start=1):
            with _part(archive, f"xl/worksheets/sheet{number}.xml") as part:
                rows += _write_sheet(part, sheet, first=number == 1)
    return rows


def _write_sheet(part: IO[bytes], sheet: Sheet, first: bool) -> int:
    letters = [parts.column_letters(place) for place in range(len(sheet.columns))]
    part.write(parts.sheet_head([_width(column) for column in sheet.columns], first).encode())
    heads = "".join(
        _text_cell(letter, 1, column.name, column, parts.HEADING)
        for letter, column in zip(letters, sheet.columns, strict=True)
    )
    pending, number, size = [f'<row r="1">{heads}</row>'], 1, 0
    for row in sheet.checked():
        number += 1
        if number > MOST_ROWS:
            raise TooBig(
                f"A spreadsheet holds {MOST_ROWS:,} rows and there are more. Export a CSV file instead."
            )
        cells = [
            _cell(letter, number, value, column)
            for letter, value, column in zip(letters, row, sheet.columns, strict=True)
            if value is not None
        ]
        pending.append(f'<row r="{number}">{"".join(cells)}</row>')
        if len(pending) >= _CHUNK:
            size += part.write("".join(pending).encode())
            pending.clear()
            if size > _LARGEST_PART:
                raise TooBig("This is more than a spreadsheet holds. Export a CSV file instead.")
    part.write(("".join(pending) + parts.SHEET_END).encode())
    return number - 1


def _cell(letter: str, row: int, value: object, column: Column) -> str:
    number = _as_number(value, column.kind)
    if number is None:
        text = plain(value, column.kind)
        return _text_cell(letter, row, text, column, parts.LINES if "\n" in text else parts.TEXT)
    return f'<c r="{letter}{row}" s="{parts.STYLES[column.kind]}"><v>{number}</v></c>'


def _as_number(value: object, kind: Kind) -> str | None:
    """Returns the number that stands for a value in a spreadsheet, or None when it is written as text."""
    if kind in ("text", "yes-no", "instant"):
        return None
    if kind == "duration":
        return repr(seconds_of(value) / _SECONDS) if seconds_of(value) >= 0 else None
    if isinstance(value, datetime):
        return None if value.date() < _FIRST_DAY else repr((value - _DAY_ZERO) / timedelta(days=1))
    if isinstance(value, date):
        return None if value < _FIRST_DAY else str((value - _DAY_ZERO.date()).days)
    if isinstance(value, time):
        seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
        return repr(seconds / _SECONDS)
    text = plain(value, kind)
    return None if isinstance(value, int) and len(text.lstrip("-")) > MOST_DIGITS else text


def _text_cell(letter: str, row: int, text: str, column: Column, style: int) -> str:
    if len(text) > MOST_CHARACTERS // 2 and len(text.encode("utf-16-le", "replace")) // 2 > MOST_CHARACTERS:
        raise TooBig(
            f"Row {row} has {len(text):,} characters under {column.name}; a cell of a spreadsheet holds "
            f"{MOST_CHARACTERS:,}. Export a CSV file instead."
        )
    text = _UNFIT.sub("\ufffd", _LINE_END.sub("\n", text))
    # Spreadsheets read _x0041_ in a text as the letter A; so its first underscore is written that way itself.
    text = escape(_LOOKS_ESCAPED.sub("_x005F_", text))
    return f'<c r="{letter}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _width(column: Column) -> int:
    return min(255, column.width or max(parts.WIDTHS[column.kind], len(column.name) + 2))


def _check_names(names: Sequence[str]) -> None:
    for name in names:
        if len(name) > 31 or _NAME_TABOO.search(name):
            raise ValueError(f"A sheet can't be named {quoteattr(name)}.")
    if not names or len({name.casefold() for name in names}) < len(names):
        raise ValueError("A workbook needs sheets whose names differ.")


@contextmanager
def _part(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o600 << 16
    with archive.open(info, "w") as part:
        yield part
