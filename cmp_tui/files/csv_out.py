"""CSV: UTF-8, commas, a heading row, one newline a row, the same bytes for the same rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from cmp_tui.files.aside import CannotWrite, write_aside
from cmp_tui.files.csv_in import read_csv
from cmp_tui.files.formula import defused
from cmp_tui.files.sheet import Kind, Sheet, plain

_NEEDS_QUOTES = re.compile('[,"\r\n]|^[ \ufeff]|[ ]$')
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_AS_IT_IS = re.compile('[^\\W_](?:[^,"\x00-\x1f\ud800-\udfff]*[^ ,"\x00-\x1f\ud800-\udfff])?')
"""Texts that begin with a letter or digit and that neither rule above concerns: most of them."""
_REMEMBERED = 20_000


def encode_csv(sheet: Sheet) -> Iterator[bytes]:
    """Yields the file's rows, the headings first, as they are asked for.

    Text that a spreadsheet would run as a formula gets a leading apostrophe (`read_csv` takes it away again);
    numbers do not, so -5 stays a number. None and "" are the same empty cell. Text is not cut; control
    characters and lone surrogates, which cleaned text does not have, become U+FFFD.
    """
    yield _line([_quoted(defused(column.name)) for column in sheet.columns])
    cells = [_Cells(column.kind) for column in sheet.columns]
    for _, columns in sheet.batches():
        for row in zip(*(cell.of(values) for cell, values in zip(cells, columns, strict=True)), strict=True):
            yield _line(row)


def save_csv(file: BinaryIO, sheet: Sheet) -> int:
    """Writes the file's rows into an open file. Returns their number without the headings."""
    rows = -1
    for line in encode_csv(sheet):
        file.write(line)
        rows += 1
    return rows


def check_csv(path: Path, rows: int, name: str) -> None:
    """Reads a finished file as other programs do; raises CannotWrite, of `name`, when it has not that many rows."""
    with path.open(encoding="utf-8", newline="") as file:
        try:
            found = sum(1 for _ in csv.reader(file, strict=True))
        except csv.Error:  # it has a limit for cells, which ours has not
            found = sum(1 for _ in read_csv(path))
    if found != rows + 1:
        raise CannotWrite(f"{name} did not read back as it was written. Nothing was kept; try again.")


def write_csv(
    path: Path,
    sheet: Sheet,
    *,
    mode: int = 0o600,
    never: Iterable[Path] = (),
    then: Callable[[Path, int], None] | None = None,
) -> int:
    """Writes the file aside, reads it back, and gives it its name. Returns the number of rows.

    `then` gets the finished hidden file and its number of rows just before that; when it raises, what was there stays.

    Raises CannotWrite with a sentence (see `write_aside`).
    """
    rows = 0

    def complete(hidden: Path) -> None:
        check_csv(hidden, rows, path.name)
        if then is not None:
            then(hidden, rows)

    with write_aside(path, mode, check=complete, never=never) as file:
        rows = save_csv(file, sheet)
    return rows


class _Cells:
    """The cells of one column as text; what was seen before is remembered, since most columns hold few values."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._known: dict[object, str] = {}

    def of(self, values: Sequence[object]) -> Sequence[str]:
        """Returns the cells for some values of the column."""
        kind, known = self._kind, self._known
        if values[0] is None and values.count(None) == len(values):
            return [""] * len(values)
        if kind in ("text", "date", "duration", "yes-no"):
            if len(known) > _REMEMBERED:
                known.clear()
            new = set(values).difference(known)
            known.update({value: _cell(value, kind) for value in new})
            return [known[value] for value in values]
        if kind == "local":
            return [
                "" if value is None else value.isoformat(" ")
                for value in cast(Sequence[datetime | None], values)
            ]
        return [_cell(value, kind) for value in values]


def _cell(value: object, kind: Kind) -> str:
    if isinstance(value, str):
        if _AS_IT_IS.fullmatch(value):
            return value
        return _quoted(_UNFIT.sub("\ufffd", defused(value)))
    return plain(value, kind)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def _line(cells: Sequence[str]) -> bytes:
    # A row of one empty cell would be an empty line, which readers skip.
    return ((",".join(cells) or '""') + "\n").encode()
