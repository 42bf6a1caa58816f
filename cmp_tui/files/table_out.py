"""A table in the form that a person asked for: CSV, JSON or XLSX."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from cmp_tui.files.aside import write_aside
from cmp_tui.files.csv_out import check_csv, save_csv
from cmp_tui.files.json_out import check_json, save_json
from cmp_tui.files.sheet import Sheet

Save = Callable[[Sequence[Sheet]], int]
Fill = Callable[[Save], int]
"""Gives its sheets to a function while their rows can be read, and returns what that returns: the rows written.

A query that streams is such a one (`lambda save: clinic.read(query, save)`): its rows can be read within it only.
"""


def save_table(file: BinaryIO, form: str, sheets: Sequence[Sheet]) -> int:
    """Writes sheets into an open file ("csv" and "json" take the first, "xlsx" all). Returns the number of rows."""
    if form == "xlsx":
        from cmp_tui.files.xlsx_out import save_xlsx

        return save_xlsx(file, sheets)
    return save_json(file, sheets[0]) if form == "json" else save_csv(file, sheets[0])


def write_table(
    path: Path,
    form: str,
    fill: Fill,
    *,
    never: Iterable[Path] = (),
    then: Callable[[Path, int], None] | None = None,
) -> int:
    """Writes a file aside, reads it back, and gives it its name. Returns the number of rows.

    `then` gets the finished hidden file and its number of rows just before that; when it raises, what was there stays.
    Raises CannotWrite with a sentence (see `write_aside`), and TooBig for what a spreadsheet can't hold.
    """
    rows = 0

    def complete(hidden: Path) -> None:
        if form == "xlsx":
            from cmp_tui.files.xlsx_out import check_xlsx

            check_xlsx(hidden, path.name)
        else:
            (check_json if form == "json" else check_csv)(hidden, rows, path.name)
        if then is not None:
            then(hidden, rows)

    with write_aside(path, check=complete, never=never) as file:
        rows = fill(lambda sheets: save_table(file, form, sheets))
    return rows
