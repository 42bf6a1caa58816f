"""Spreadsheets as other programs and other people leave them: CSV or XLSX, read whole, nothing lost silently.

What stands here knows no feature: it gives sheets, rows and cells. A cell is text, or what the spreadsheet says it
is: a number, yes or no, a day, a time. An empty cell is "".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.clinic.text import terminal_safe

Cell = str | int | float | bool | date | datetime | time | timedelta
OnProgress = Callable[[int, int], None]

MOST_BYTES = 200 * 2**20
"""The largest file that is read."""
MOST_COLUMNS = 500
MOST_ROWS = 1_048_576
PEEK = 40
"""So many rows of a sheet are enough to see whether it is the one, and where its headings are."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    (b"%PDF", "a PDF file"),
    (b"\x1f\x8b", "packed with gzip"),
    (b"7z\xbc\xaf", "packed with 7-Zip"),
    (b"Rar!", "packed with RAR"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "an RTF document"),
)


class BadSheet(ClinicError):
    """A spreadsheet can't be read at all; the sentence says why and what to do."""


class Fault(NamedTuple):
    """Something in a file that could not be read as it stands: where, in which column ("" for the whole row), and why.

    `lost` says that the row was refused; else it was taken, without what is named.
    """

    number: int
    column: str
    why: str
    lost: bool = False


class SheetRow(NamedTuple):
    """A row that is not empty, with its number in the sheet (the line of a CSV file on which it starts)."""

    number: int
    cells: list[Cell]


class SheetName(NamedTuple):
    """A sheet of a workbook."""

    name: str
    hidden: bool = False


class Book(Protocol):
    """An open spreadsheet file."""

    kind: str
    unit: str
    """What rows are counted in: "line" (CSV) or "row"."""
    sheets: tuple[SheetName, ...]
    said: list[str]
    faults: list[Fault]

    def peek(self, name: str) -> list[SheetRow]:
        """Returns the first rows of a sheet."""
        ...

    def rows(self, name: str, on_progress: OnProgress | None = None) -> list[SheetRow]:
        """Returns all rows of a sheet that are not empty. Raises BadSheet."""
        ...

    def close(self) -> None:
        """Lets go of the file."""
        ...


def open_book(path: Path) -> Book:
    """Opens a spreadsheet by what is in it, whatever it is called. Raises BadSheet."""
    shown = terminal_safe(path.name)
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise BadSheet(f"{shown} is not a file. Name a CSV or XLSX file.")
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise BadSheet(f"{shown} can't be read: {error.strerror or error}.") from error
    if size > MOST_BYTES:
        raise BadSheet(
            f"{shown} has {size // 2**20:,} MB; up to {MOST_BYTES // 2**20} MB are read. Split it into several files."
        )
    if not start.strip():
        raise BadSheet(f"{shown} is empty.")
    if start.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in start or _is_encrypted(path):
            raise BadSheet(
                f"{shown} has a password. Take the password off in your spreadsheet program and try again."
            )
        raise BadSheet(f"{shown} is an old Excel file (.xls). Open it and save it as .xlsx or as CSV UTF-8.")
    for mark, what in _OTHERS:
        if start.startswith(mark):
            raise BadSheet(f"{shown} is {what}, no spreadsheet. Name a CSV or XLSX file.")
    if start.startswith(b"PK"):
        from cmp_tui.files.xlsx_in import open_xlsx

        return open_xlsx(path)
    from cmp_tui.files.csv_messy import open_csv

    return open_csv(path)


def _is_encrypted(path: Path) -> bool:
    mark = "EncryptedPackage".encode("utf-16-le")
    with path.open("rb") as file:
        before = b""
        while some := file.read(2**20):
            if mark in before + some:
                return True
            before = some[-len(mark) :]
    return False
