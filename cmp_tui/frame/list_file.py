"""Writing a list into a CSV file or a workbook, all its rows at one moment. Knows no screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import ClinicError, Invalid, Stopped
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.text import fold
from cmp_tui.files.aside import refuse_target
from cmp_tui.files.csv_out import write_csv
from cmp_tui.files.digest import sha256_of
from cmp_tui.files.outbox import make_outbox
from cmp_tui.files.sheet import Column, Sheet
from cmp_tui.files.xlsx_out import write_xlsx
from cmp_tui.ui.listing import Cell, Listing

SUFFIXES = (".csv", ".xlsx")
SECTION = "section"
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]+")
LONGEST_SHEET_NAME = 31


class Written(NamedTuple):
    """A file that was written."""

    path: Path
    rows: int
    sha256: str


@dataclass
class Progress:
    """How far the writing is, for whoever watches it from another thread, and whether it is to stop."""

    total: int
    rows: int = 0
    stop: bool = False


def stem_of(listing: Listing) -> str:
    """Returns the list's name as a file's: 'Calls & time' is 'calls-time'."""
    return fold(listing.name).replace(" ", "-") or "list"


def read_target(typed: str, clinic_file: Path) -> Path:
    """Returns the file that was typed: a name for the outbox, or a path; CSV unless it ends with .xlsx.

    Raises Invalid with a sentence for the field `file`: another ending, a file that is there already, a place
    where nothing can be written.
    """
    try:
        path = Path(typed.strip()).expanduser()
        if not path.suffix:
            path = path.with_suffix(".csv")
        if path.suffix.lower() not in SUFFIXES:
            raise Invalid({"file": "End the name with .csv, or with .xlsx for a spreadsheet."})
        path = path if "/" in typed else make_outbox() / path
        refuse_target(path, [clinic_file])
        if path.exists():
            raise Invalid({"file": "There is a file of this name already. Type another name."})
    except Invalid:
        raise
    except ClinicError as error:
        raise Invalid({"file": str(error)}) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise Invalid({"file": "This is not a name that a file can have. Type another one."}) from error
    return path


def list_file(
    scope: Scope,
    clinic: Clinic,
    listing: Listing,
    path: Path,
    progress: Progress,
    check: Callable[[], None] = lambda: None,
) -> Written:
    """Writes the file (0600), logs it as an export of `clinic`, and only then gives it its name.

    `check` is called with each batch of rows, and raises when what is being written no longer holds. Raises
    ClinicError; then there is no file, and an older one of the name is unchanged.
    """
    scope.rights.require(scope.roles, "look.export")
    digest = ""

    def log(hidden: Path, count: int) -> None:
        nonlocal digest
        digest = sha256_of(hidden)
        facts = {"what": "list", "list": listing.name, "format": path.suffix.lower()[1:], "rows": count}
        _look(clinic, listing.patient, {**facts, **listing.facts, "sha256": digest})

    sheet = _sheet(scope, listing, progress, check)
    if path.suffix.lower() == ".xlsx":
        rows = write_xlsx(path, [sheet], never=[clinic.path], then=log)
    else:
        rows = write_csv(path, sheet, never=[clinic.path], then=log)
    return Written(path, rows, digest)


def _look(clinic: Clinic, patient: bytes | None, facts: dict[str, object]) -> None:
    """Logs the export on a connection of its own: this one is in the middle of reading."""

    def look() -> None:
        try:
            clinic.look("export", patient, **facts)
        finally:
            clinic.close_here()

    with ThreadPoolExecutor(1) as own:
        own.submit(look).result()


def _sheet(scope: Scope, listing: Listing, progress: Progress, check: Callable[[], None]) -> Sheet:
    names = _different([*([SECTION] if listing.sections else []), *(cell.name for cell in listing.cells)])
    kinds = [*(["text"] if listing.sections else []), *(cell.kind for cell in listing.cells)]
    columns = [Column(name, kind) for name, kind in zip(names, kinds, strict=True)]  # type: ignore[arg-type]
    title = _NOT_IN_SHEET_NAMES.sub(" ", listing.name).strip("' ")[:LONGEST_SHEET_NAME] or "List"
    rows = _rows(listing.batches(scope), listing.cells, progress, check)
    return Sheet(title, columns, _with_sections(rows, listing.sections) if listing.sections else rows)


def _rows(
    batches: Iterable[Sequence[object]],
    cells: Sequence[Cell],
    progress: Progress,
    check: Callable[[], None],
) -> Iterator[list[object]]:
    values = [cell.value for cell in cells]
    for batch in batches:
        if progress.stop:
            raise Stopped("The writing was stopped; there is no file.")
        check()
        for row in batch:
            yield [value(row) for value in values]
        progress.rows += len(batch)


def _with_sections(
    rows: Iterable[list[object]], sections: Sequence[tuple[int, str]]
) -> Iterator[list[object]]:
    """Adds to each row the heading under which it stands."""
    coming, heading = dict(sections), None
    for place, row in enumerate(rows):
        heading = coming.get(place, heading)
        yield [heading, *row]


def _different(names: Sequence[str]) -> list[str]:
    """The headings, each once: a second 'who' is 'who 2'."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return found
