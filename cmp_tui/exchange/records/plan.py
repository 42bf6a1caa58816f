"""What an import of a records folder would do, before it does it: plain data, made by queries, shown by the command
line, and applied by actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cmp_tui.exchange.records.layout import LAYOUTS, Layout

MOST_NAMED = 100_000
"""So many refusals and notes are kept with their words; beyond that they are only counted."""


class Told(NamedTuple):
    """A sentence about a line of a file (line 0: about the whole file)."""

    file: str
    line: int
    says: str


class Difference(NamedTuple):
    """A value that changes: of which record (a record number, a username or an id), which column, from what to what."""

    file: str
    line: int
    record: str
    column: str
    old: str
    new: str


class Edit(NamedTuple):
    """A record to change, from the version that the plan saw."""

    key: bytes
    version: int
    values: dict[str, Any]


@dataclass(slots=True)
class FilePlan:
    """What happens with the rows of one file. `adds` are rows in the order of `layout.stored`.

    `struck` counts rows whose record, or patient, was struck out here: they stay out. `made` counts the contacts
    that rows of time_entries.csv bring with them.
    """

    layout: Layout
    read: bool = False
    new: int = 0
    changed: int = 0
    same: int = 0
    struck: int = 0
    refused: int = 0
    made: int = 0
    adds: list[tuple[Any, ...]] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)


@dataclass(slots=True)
class RecordsPlan:
    """The whole import. `seq` is the number of the last entry of the audit chain when the folder was compared."""

    seq: int
    files: dict[str, FilePlan] = field(
        default_factory=lambda: {layout.name: FilePlan(layout) for layout in LAYOUTS}
    )
    refusals: list[Told] = field(default_factory=list)
    notes: list[Told] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
    untold: int = 0

    def refuse(self, layout: Layout, line: int, why: str) -> None:
        """A row is not taken."""
        self.files[layout.name].refused += 1
        self._tell(self.refusals, Told(layout.file, line, why))

    def note(self, layout: Layout, line: int, says: str) -> None:
        """Something that people should look at; the row is taken."""
        self._tell(self.notes, Told(layout.file, line, says))

    def _tell(self, where: list[Told], told: Told) -> None:
        if len(where) < MOST_NAMED:
            where.append(told)
        else:
            self.untold += 1

    @property
    def staff(self) -> FilePlan:
        """The people of the staff: a change of its own, which an undo leaves."""
        return self.files["staff"]

    @property
    def records(self) -> list[FilePlan]:
        """All files but the staff's, in the order in which they are written."""
        return [one for one in self.files.values() if one.layout.name != "staff"]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not any(one.adds or one.edits for one in self.files.values())

    @property
    def wrong(self) -> bool:
        """Whether something could not be read, or nothing was there to read."""
        return not any(one.read for one in self.files.values()) or any(
            one.refused for one in self.files.values()
        )
