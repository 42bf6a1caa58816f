"""Reading a records folder: which files are ours, and their rows one at a time. A line that can't be read is named,
and the lines after it are read all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.text import terminal_safe
from cmp_tui.exchange.records.layout import HISTORY, LAYOUTS
from cmp_tui.files.csv_in import LONGEST_ROW, BadCsv, Line, decode_csv

OnBytes = Callable[[int], None]
NOT_UTF8 = "this is not UTF-8 text. Save the file as CSV UTF-8."


class Fault(NamedTuple):
    """A line that can't be read, and why."""

    number: int
    why: str


class Folder(NamedTuple):
    """The files of a folder that are ours, by their layout's name; the names of all others, with a word on each."""

    path: Path
    files: dict[str, Path]
    left: dict[str, str]

    @property
    def size(self) -> int:
        """The bytes of the files that are ours."""
        return sum(path.stat().st_size for path in self.files.values())


def open_folder(path: Path) -> Folder:
    """Looks into a folder. Raises Stopped with a sentence when it can't be read."""
    names = {layout.file: layout.name for layout in LAYOUTS}
    files: dict[str, Path] = {}
    left: dict[str, str] = {}
    try:
        entries = sorted(path.iterdir())
        for entry in entries:
            if entry.name in HISTORY:
                left[entry.name] = "the history is never imported"
            elif entry.name not in names:
                left[entry.name] = "not a file of the records folder"
            elif not entry.is_file():
                left[entry.name] = "not an ordinary file"
            else:
                files[names[entry.name]] = entry
    except OSError as error:
        raise Stopped(f"{terminal_safe(str(path))} can't be read: {error.strerror or error}.") from error
    return Folder(path, files, left)


def read_lines(path: Path, tell: OnBytes | None = None) -> Iterator[Line | Fault]:
    """Yields the rows of a file, the headings first, and a Fault for what can't be read. `tell` gets the number of
    bytes of each row. Raises Stopped when the file can't be opened or read."""
    try:
        with path.open("rb") as file:
            yield from _rows(file, tell or (lambda _: None))
    except OSError as error:
        raise Stopped(f"{terminal_safe(path.name)} can't be read: {error.strerror or error}.") from error


class _Lines:
    """The lines of a file with their numbers; some may be put back to be read again."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._number = file, 0
        self._back: list[bytes] = []

    def next(self) -> tuple[int, bytes]:
        """The next line and its number; nothing at the end. Of a line that is far too long only the start is given."""
        line = self._back.pop() if self._back else self._file.readline(LONGEST_ROW)
        if len(line) == LONGEST_ROW and not line.endswith(b"\n"):
            while (rest := self._file.readline(LONGEST_ROW)) and not rest.endswith(b"\n"):
                pass
        self._number += bool(line)
        return self._number, line

    def put_back(self, lines: list[bytes]) -> None:
        """Gives lines to be read again."""
        self._back += reversed(lines)
        self._number -= len(lines)


def _rows(file: BinaryIO, tell: OnBytes) -> Iterator[Line | Fault]:
    lines = _Lines(file)
    while True:
        starts, line = lines.next()
        if not line:
            return
        held = [line]
        quotes, size = line.count(b'"'), len(line)
        while quotes % 2 and size < LONGEST_ROW:
            _, line = lines.next()
            if not line:
                break
            held.append(line)
            quotes += line.count(b'"')
            size += len(line)
        row = _decoded(held, starts)
        if isinstance(row, Fault) and len(held) > 1 and row.why != NOT_UTF8:
            # A quote was opened by mistake: what it swallowed are rows of their own.
            lines.put_back(held[1:])
            size = len(held[0])
        tell(size)
        if row is not None:
            yield row


def _decoded(held: list[bytes], starts: int) -> Line | Fault | None:
    if len(held[0]) >= LONGEST_ROW:
        return Fault(starts, "this line is far too long.")
    if starts == 1:
        held = [held[0].removeprefix(b"\xef\xbb\xbf"), *held[1:]]
    try:
        for _, cells in decode_csv(held):
            return Line(starts, cells)
    except BadCsv as error:
        try:
            b"".join(held).decode()
        except UnicodeDecodeError:
            return Fault(starts, NOT_UTF8)
        return Fault(starts, str(error).partition(": ")[2])
    return None
