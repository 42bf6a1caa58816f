"""Writing the records folder: every file aside first, read back, logged once, and only then under its name."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.text import terminal_safe
from cmp_tui.exchange.records.layout import HISTORY, LAYOUT_OF, LAYOUTS
from cmp_tui.exchange.records.queries_rows import records_rows
from cmp_tui.files.aside import PREFIX, CannotWrite, write_aside
from cmp_tui.files.csv_in import decode_csv
from cmp_tui.files.csv_out import encode_csv
from cmp_tui.files.sheet import Sheet

OnFile = Callable[[int, int], None]
OURS = frozenset({layout.file for layout in LAYOUTS} | set(HISTORY))
MARKS = ("id", "source_digest")
"""Columns of patients.csv that an export always has, and a hand-written folder hardly ever."""
ALWAYS = ("staff", "patients", "contacts", "time_entries", "device_days")
"""Files that every export has, whichever program wrote it."""


class Written(NamedTuple):
    """A file of the folder: its name, its rows, its SHA-256."""

    name: str
    rows: int
    sha256: str


def write_records(
    clinic: Clinic, folder: Path, *, history: bool = False, tell: OnFile | None = None
) -> list[Written]:
    """Writes the folder and logs it; returns its files. `tell` gets how many files are written, of how many.

    The folder is made (0700), the files are 0600. Of an earlier export its files are replaced; what else lies there
    stays. Raises CannotWrite when the folder holds anything but an earlier export, or is a link; Refused. Whatever
    goes wrong before the log is written leaves the folder as it was.
    """
    refuse_folder(folder)
    total = len(LAYOUTS) + (len(HISTORY) if history else 0)
    written: list[Written] = []
    with ExitStack() as stack:

        def take(name: str, sheet: Sheet) -> None:
            if not written:  # who may not read all this leaves no empty folder behind
                _make(folder)
            file = stack.enter_context(write_aside(folder / name, never=[clinic.path]))
            written.append(_write(name, file, sheet))
            if tell is not None:
                tell(len(written), total)

        clinic.read(records_rows, take, tables=clinic.records, history=history)
        # What can't be logged does not leave the house.
        clinic.look(
            "export",
            what="records",
            history=history,
            rows={one.name: one.rows for one in written},
            sha256={one.name: one.sha256 for one in written},
        )
    return written


def refuse_folder(folder: Path) -> None:
    """Raises CannotWrite with a sentence when a folder can't take an export: for asking early."""
    shown = terminal_safe(str(folder))
    try:
        mode = folder.lstat().st_mode
    except FileNotFoundError:
        if not folder.parent.is_dir():
            raise CannotWrite(
                f"There is no folder {terminal_safe(str(folder.parent))}. Make it first, or name another."
            ) from None
        return
    except OSError as error:
        raise CannotWrite(f"{shown} can't be looked at: {error.strerror or error}.") from error
    if stat.S_ISLNK(mode):
        raise CannotWrite(f"{shown} is a link. Name the folder itself.")
    if not stat.S_ISDIR(mode):
        raise CannotWrite(f"{shown} is not a folder. Name a new one.")
    try:
        names = {entry.name for entry in folder.iterdir() if not entry.name.startswith(PREFIX)}
    except OSError as error:
        raise CannotWrite(f"{shown} can't be read: {error.strerror or error}.") from error
    if names and not _is_export(folder, names):
        raise CannotWrite(f"{shown} is not empty, and holds no earlier export. Name a new folder.")


def left_of_before(folder: Path, written: list[Written]) -> list[str]:
    """Returns the names of what lies in the folder besides what was written."""
    names = {entry.name for entry in folder.iterdir() if not entry.name.startswith(PREFIX)}
    return sorted(names - {one.name for one in written})


def _is_export(folder: Path, names: set[str]) -> bool:
    """Whether a folder holds an earlier export and nothing else."""
    if not names <= OURS or not {LAYOUT_OF[name].file for name in ALWAYS} <= names:
        return False
    path = folder / LAYOUT_OF["patients"].file
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        headings = file.readline(4_000).decode("utf-8", "replace").strip().split(",")
    return all(mark in headings for mark in MARKS)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)  # whatever the umask says
    except FileExistsError:
        return
    except OSError as error:
        shown = terminal_safe(str(folder))
        raise CannotWrite(
            f"{shown} can't be made: {error.strerror or error}. Name another folder."
        ) from error


def _write(name: str, file: BinaryIO, sheet: Sheet) -> Written:
    """Writes one file and reads it back."""
    rows = -1  # the headings are no row
    digest, read = hashlib.sha256(), hashlib.sha256()
    for line in encode_csv(sheet):
        digest.update(line)
        file.write(line)
        rows += 1
    file.seek(0)
    count = sum(1 for _ in decode_csv(_hashed(file, read)))
    if count != rows + 1 or read.digest() != digest.digest():
        raise CannotWrite(f"{name} did not read back as it was written. Nothing was kept; try again.")
    return Written(name, rows, digest.hexdigest())


def _hashed(lines: Iterable[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for line in lines:
        digest.update(line)
        yield line
