"""CSV: UTF-8, commas, a heading row, one newline a row, the same bytes for the same rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from cmp_tui.files.aside import CannotWrite, write_aside
from cmp_tui.files.csv_in import read_csv
from cmp_tui.files.formula import defused
from cmp_tui.files.sheet import Column, Sheet, plain

_NEEDS_QUOTES = re.compile('[,"\r\n]|^[ \ufeff]|[ ]$')
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def encode_csv(sheet: Sheet) -> Iterator[bytes]:
    """Yields the file's rows, the headings first, as they are asked for.

    Text that a spreadsheet would run as a formula gets a leading apostrophe (`read_csv` takes it away again);
    numbers do not, so -5 stays a number. None and "" are the same empty cell. Text is not cut; control
    characters and lone surrogates, which cleaned text does not have, become U+FFFD.
    """
    yield _line([_quoted(defused(column.name)) for column in sheet.columns])
    for row in sheet.checked():
        yield _line([_cell(value, column) for value, column in zip(row, sheet.columns, strict=True)])


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
    rows = -1  # the headings are no row

    def complete(hidden: Path) -> None:
        if sum(1 for _ in read_csv(hidden)) != rows + 1:
            raise CannotWrite(
                f"{path.name} did not read back as it was written. Nothing was kept; try again."
            )
        if then is not None:
            then(hidden, rows)

    with write_aside(path, mode, check=complete, never=never) as file:
        for line in encode_csv(sheet):
            file.write(line)
            rows += 1
    return rows


def _cell(value: object, column: Column) -> str:
    if isinstance(value, str):
        return _quoted(_UNFIT.sub("\ufffd", defused(value)))
    return plain(value, column.kind)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def _line(cells: Sequence[str]) -> bytes:
    # A row of one empty cell would be an empty line, which readers skip.
    return ((",".join(cells) or '""') + "\n").encode()
