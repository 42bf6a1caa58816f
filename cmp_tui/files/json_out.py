"""JSON: an object a row, keys in the order of the columns, a row a line, the same bytes for the same rows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from cmp_tui.files.aside import CannotWrite, write_aside
from cmp_tui.files.sheet import Kind, Sheet, plain

# Left raw by `json`: DEL, C1 and what turns or hides text on a terminal. Lone surrogates can't be UTF-8.
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def encode_json(sheet: Sheet, *, lines: bool = False) -> Iterator[bytes]:
    """Yields one array of objects, or with `lines` one object a line (NDJSON), row by row.

    Numbers and yes/no are JSON's own, None is null; dates, times and durations are text as in CSV.
    """
    keys = [_text(column.name) for column in sheet.columns]
    kinds = [column.kind for column in sheet.columns]
    before = b"" if lines else b"[\n"
    for row in sheet.checked():
        pairs = (f"{key}: {_value(value, kind)}" for key, value, kind in zip(keys, row, kinds, strict=True))
        yield before + ("{" + ", ".join(pairs) + "}").encode()
        before = b"\n" if lines else b",\n"
    if lines:
        yield b"" if before == b"" else b"\n"
    else:
        yield b"[]\n" if before == b"[\n" else b"\n]\n"


def write_json(
    path: Path,
    sheet: Sheet,
    *,
    lines: bool = False,
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
        check_json(hidden, rows, path.name)
        if then is not None:
            then(hidden, rows)

    with write_aside(path, mode, check=complete, never=never) as file:
        rows = save_json(file, sheet, lines=lines)
    return rows


def save_json(file: BinaryIO, sheet: Sheet, *, lines: bool = False) -> int:
    """Writes the rows into an open file. Returns their number."""
    rows = -1  # the closing piece is no row
    for piece in encode_json(sheet, lines=lines):
        file.write(piece)
        rows += 1
    return rows


def check_json(path: Path, rows: int, name: str) -> None:
    """Reads a finished file of ours row by row; raises CannotWrite, of `name`, when it has not that many rows."""
    with path.open("rb") as file:
        found = sum(
            isinstance(json.loads(line.rstrip(b",\n")), dict) for line in file if line.startswith(b"{")
        )
    if found != rows:
        raise CannotWrite(f"{name} did not read back as it was written. Nothing was kept; try again.")


def _value(value: object, kind: Kind) -> str:
    if isinstance(value, Decimal):
        return plain(value, kind)
    if (
        value is None
        or isinstance(value, str | bool)
        or (isinstance(value, int | float) and kind != "duration")
    ):
        return _text(value)
    return _text(plain(value, kind))


def _text(value: object) -> str:
    return escaped(json.dumps(value, ensure_ascii=False))


def escaped(text: str) -> str:
    """Returns JSON with its invisible and directing characters written out, so that a terminal only shows it."""
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
