"""XLSX workbooks that people bring: their sheets, rows and values. Bombs, macros and damage are refused in a sentence.

The values are those that the spreadsheet program has counted and kept in the file; no formula is run here.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from cmp_tui.clinic.text import terminal_safe
from cmp_tui.files.sheet_in import (
    MOST_COLUMNS,
    MOST_ROWS,
    PEEK,
    BadSheet,
    Cell,
    Fault,
    OnProgress,
    SheetName,
    SheetRow,
)

MOST_PARTS = 5_000
MOST_UNPACKED = 400 * 2**20
"""Bytes of a workbook's parts together, unpacked."""
MOST_RATIO, SMALL = 200, 20 * 2**20
"""A part larger than SMALL that packing made smaller than this many times is no caseload."""
MOST_CELLS = 20_000_000
MOST_SHEETS = 200

_MIDNIGHT = time()


class XlsxBook:
    """An open workbook."""

    kind, unit = "xlsx", "row"

    def __init__(self, path: Path, file: BinaryIO, workbook: Any) -> None:
        self._path, self._file, self._workbook = path, file, workbook
        self.said: list[str] = []
        self.faults: list[Fault] = []
        self.sheets = tuple(
            SheetName(sheet.title, sheet.sheet_state != "visible")
            for sheet in workbook.worksheets[:MOST_SHEETS]
        )
        if not self.sheets:
            raise BadSheet(f"{terminal_safe(path.name)} has no sheet with cells.")
        if len(workbook.worksheets) > MOST_SHEETS:
            self.said.append(
                f"The workbook has more than {MOST_SHEETS} sheets; the first {MOST_SHEETS} were looked at."
            )

    def peek(self, name: str) -> list[SheetRow]:
        """Returns the first rows of a sheet."""
        return list(islice(self._read(name), PEEK))

    def rows(self, name: str, on_progress: OnProgress | None = None) -> list[SheetRow]:
        """Returns all rows of a sheet that are not empty. Raises BadSheet."""
        if on_progress is None:
            return list(self._read(name))
        found = []
        for row in self._read(name):
            found.append(row)
            if len(found) % 250 == 0:
                on_progress(len(found), 0)
        return found

    def close(self) -> None:
        """Closes the file."""
        self._workbook.close()
        self._file.close()

    def _read(self, name: str) -> Iterator[SheetRow]:
        shown = terminal_safe(self._path.name)
        sheet = next(one for one in self._workbook.worksheets if one.title == name)
        # What the sheet says of its size may be wrong, or absurd: the cells themselves say it.
        sheet.reset_dimensions()
        cells = 0
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # styles and extensions that openpyxl does not know
                for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
                    if number > MOST_ROWS:
                        raise BadSheet(
                            f"{shown} has rows beyond {MOST_ROWS:,}, which no sheet has; it is damaged."
                        )
                    if not any(value is not None for value in values):
                        continue
                    cells += len(values)
                    if len(values) > MOST_COLUMNS:
                        values = _within(values, shown, number)
                    if cells > MOST_CELLS:
                        raise BadSheet(
                            f"{shown} has more than {MOST_CELLS:,} cells. Keep the caseload's sheet only."
                        )
                    yield SheetRow(number, [_plain(value) for value in values])
        except BadSheet:
            raise
        except (RecursionError, MemoryError) as error:
            raise BadSheet(f"{shown} can't be read: it is too large or nested too deeply.") from error
        except Exception as error:
            raise BadSheet(
                f"{shown} is damaged: its sheet {terminal_safe(name)!r} can't be read. "
                "Open it in your spreadsheet program, save it anew and try again."
            ) from error


def open_xlsx(path: Path) -> XlsxBook:
    """Opens a workbook. Raises BadSheet for what is none, and for what is dangerous to unpack."""
    _look_inside(path)
    from openpyxl import load_workbook

    file = path.open("rb")  # by itself openpyxl goes by the file's name
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        return XlsxBook(path, file, workbook)
    except BadSheet:
        file.close()
        raise
    except Exception as error:
        file.close()
        raise BadSheet(
            f"{terminal_safe(path.name)} is damaged or no workbook. Open it in your spreadsheet program, save it as "
            ".xlsx and try again."
        ) from error


def _look_inside(path: Path) -> None:
    """Raises BadSheet by what the archive says of itself, before anything is unpacked."""
    shown = terminal_safe(path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            _refuse_kind(shown, names)
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise BadSheet(f"{shown} would unpack to more than a caseload can be, so it was not opened.")
            for part in parts:
                if part.flag_bits & 1:
                    raise BadSheet(f"{shown} has a password. Take it off and try again.")
                if part.file_size > SMALL and part.file_size > MOST_RATIO * max(1, part.compress_size):
                    raise BadSheet(
                        f"{shown} is packed {part.file_size // max(1, part.compress_size):,} times smaller than it "
                        "is, which no caseload is; it was not opened."
                    )
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as opened:
                        if b"<!DOCTYPE" in opened.read(2048):
                            raise BadSheet(
                                f"{shown} holds a document type, which no workbook has; it was not opened."
                            )
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        raise BadSheet(
            f"{shown} is damaged or cut off: it does not unpack. Save it anew and try again."
        ) from error


def _refuse_kind(shown: str, names: set[str]) -> None:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BadSheet(f"{shown} holds macros. Save it as .xlsx, without them, and try again.")
    if "xl/workbook.bin" in names:
        raise BadSheet(f"{shown} is a binary workbook (.xlsb). Save it as .xlsx and try again.")
    if "content.xml" in names and "mimetype" in names:
        raise BadSheet(f"{shown} is an OpenDocument file. Save it as .xlsx or as CSV UTF-8 and try again.")
    if "[Content_Types].xml" not in names:
        raise BadSheet(
            f"{shown} is an archive and no workbook. Unpack it and name the CSV or XLSX file in it."
        )


def _within(values: tuple[Any, ...], shown: str, number: int) -> tuple[Any, ...]:
    """A row without the empty cells far to the right. Raises BadSheet when there are others."""
    if any(value is not None for value in values[MOST_COLUMNS:]):
        raise BadSheet(
            f"{shown} has cells beyond column {MOST_COLUMNS} (row {number:,}). Keep the columns of the caseload only."
        )
    return values[:MOST_COLUMNS]


def _plain(value: Any) -> Cell:
    """A day is a day, also when the spreadsheet calls it midnight."""
    if value is None:
        return ""
    kind = type(value)
    if kind is str or kind is int or kind is float:
        return value  # type: ignore[no-any-return]
    if kind is datetime and value.time() == _MIDNIGHT:
        return value.date()  # type: ignore[no-any-return]
    return value if isinstance(value, Cell) else str(value)
