"""Reads claim files of any kind that we know and gives their people, each with the claims that hold. No database.

reading = read_claims([folder], marks, today)
for member, settled in reading.people(): ...
reading.problems, reading.not_taken, reading.left, reading.others
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from cmp_tui.exchange.claims.final_rules import Settled, settle
from cmp_tui.exchange.claims.noting import Notes
from cmp_tui.exchange.claims.records import Marks, Member
from cmp_tui.exchange.claims.rif import NotRif, is_rif, read_rif
from cmp_tui.exchange.claims.x12 import Broken, is_x12, segments
from cmp_tui.exchange.claims.x12_claims import Reader837
from cmp_tui.exchange.fhir.records import Problem
from cmp_tui.exchange.fhir.sources import Source, find
from cmp_tui.files.aside import belongs_to

OnProgress = Callable[[int, int], None]
PEEK = 4096
PACKED = (".gz", ".zip", ".bz2", ".xz", ".zst", ".7z")


def read_claims(
    paths: Iterable[str | os.PathLike[str]],
    marks: Marks,
    today: date,
    on_progress: OnProgress | None = None,
    never: Path | None = None,
) -> Reading:
    """Reads files and folders to their end. `on_progress(done, total)` hears of bytes.

    `never` is the clinic file: it is not opened. Never raises for what is in the files: see `Reading.problems`.
    """
    notes = Notes(marks, today)
    reading = Reading(notes)
    sources, wrong = find(paths)
    for name, sentence in wrong:
        notes.problems.add(name, None, sentence)
    if never is not None:
        sources = [source for source in sources if not belongs_to(source.path, never)]
    total, before = sum(source.size for source in sources), 0
    for source in sources:
        notes.file = source.name
        reading.take(source, before, total, on_progress)
        before += source.size
        if on_progress is not None:
            on_progress(before, total)
    return reading


class Reading:
    """What stood in some files."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self.files: list[str] = []
        """The names of the files that held claims or people, without their folders."""
        self.others: list[str] = []
        """Files that are something else. No error."""

    @property
    def lines(self) -> int:
        """How many lines of claims were read."""
        return self._notes.lines

    @property
    def left(self) -> Counter[str]:
        """Claims and lines that were left out by a rule of claims: cancelled, denied, replaced."""
        return self._notes.left

    @property
    def not_taken(self) -> Counter[str]:
        """Lines of kinds that are not taken."""
        return self._notes.not_taken

    @property
    def problems(self) -> list[Problem]:
        """What was wrong, each with its file and line."""
        return self._notes.problems.all()

    def people(self) -> Iterator[tuple[Member | str, Settled]]:
        """Everyone whom claims or lists of people name, each once, with the claims that hold.

        Of whom only claims speak, the source alone is given.
        """
        notes = self._notes
        everyone = dict.fromkeys((*notes.members, *notes.claims))
        for source in everyone:
            if source not in notes.contested:
                settled = settle(notes.claims.get(source, ()))
                notes.left.update(settled.left)
                yield notes.members.get(source, source), settled

    def take(self, source: Source, before: int, total: int, on_progress: OnProgress | None) -> None:
        """Reads one file."""
        notes = self._notes
        if source.path.name.lower().endswith(PACKED):
            notes.problem(None, "The file is packed. Unpack it first.")
            return
        try:
            with (
                source.path.open("rb") as raw,
                TextIOWrapper(raw, encoding="utf-8", errors="replace", newline="") as file,
            ):

                def tell(_: int) -> None:
                    if on_progress is not None:
                        on_progress(min(before + raw.tell(), total), total)

                self._read(source, file, tell)
        except OSError as error:
            notes.problem(None, f"The file can't be read: {error.strerror or 'the disk reports an error'}.")

    def _read(self, source: Source, file: TextIO, tell: Callable[[int], None]) -> None:
        notes, name = self._notes, Path(source.name).name
        first = file.read(PEEK)
        file.seek(0)
        if not first.strip():
            notes.problem(None, "The file is empty.", lost=False)
        elif is_x12(first):
            reader = Reader837(notes)
            try:
                reader.read(segments(file, tell))
            except Broken as error:
                notes.problem(None, str(error))
            if reader.claims:
                self.files.append(name)
            else:
                self.others.append(source.name)
        elif is_rif(first.partition("\n")[0]):
            try:
                read_rif(file, notes, tell)
                self.files.append(name)
            except NotRif as error:
                if str(error):
                    notes.not_taken[str(error)] += sum(1 for _ in file)
                else:
                    self.others.append(source.name)
        else:
            self.others.append(source.name)
