"""Today's rows in their order, in few bytes: a list of a whole clinic is ranked once and then leafed through."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from cmp_tui.queue.rows import Raw

KEY = 16
NOBODY = bytes(KEY)
"""Stands for a row without a patient, or without a record: no key of a record is all zeros."""


class Counts(NamedTuple):
    """What the line above the list says."""

    rows: int
    due: int
    overdue: int
    drafts: int


class Ranked:
    """The rows of a view, most pressing first, without their words: some forty bytes each."""

    def __init__(self, day: date) -> None:
        """`day` is the one on which they are due or overdue."""
        self.day = day
        self._patients = bytearray()
        self._refs = bytearray()
        self._days = array("i")
        self._ranks = bytearray()
        self._sources = bytearray()
        self._names: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._days)

    def add(self, found: Iterable[Sequence[Any]]) -> None:
        """Takes the next rows as they stand in the file: (patient, source, due as ISO text, rank, reference)."""
        columns = tuple(zip(*found, strict=True))  # column by column: a clinic has a hundred thousand rows
        if not columns:
            return
        patients, sources, dues, ranks, refs = columns
        names = self._names
        for source in dict.fromkeys(sources):
            names.setdefault(source, len(names))
        days = {due: date.fromisoformat(due).toordinal() for due in set(dues)}
        self._patients += b"".join([patient or NOBODY for patient in patients])
        self._refs += b"".join([ref or NOBODY for ref in refs])
        self._days.extend([days[due] for due in dues])
        self._ranks += bytes(ranks)
        self._sources += bytes([names[source] for source in sources])

    def counts(self) -> Counts:
        """Returns how many rows there are, how many are due today or before, how many overdue, and my drafts."""
        today = self.day.toordinal()
        overdue = sum(1 for number in self._days if number < today)
        due = overdue + sum(1 for number in self._days if number == today)
        draft = self._names.get("draft")
        drafts = 0 if draft is None else self._sources.count(draft)
        return Counts(len(self), due, overdue, drafts)

    def part(self, offset: int, limit: int) -> list[Raw]:
        """Returns the rows from `offset` on, at most `limit`."""
        names = list(self._names)
        return [
            Raw(
                _key(self._patients, at),
                names[self._sources[at]],
                date.fromordinal(self._days[at]),
                self._ranks[at],
                _key(self._refs, at),
            )
            for at in range(offset, min(offset + limit, len(self)))
        ]

    def place(self, patient: bytes | None, source: str, ref: bytes | None) -> int | None:
        """Returns where a row stands; None when it is not among them."""
        wanted, number = patient or NOBODY, self._names.get(source)
        if number is None:
            return None
        at = self._patients.find(wanted)
        while at >= 0:
            place, within = divmod(at, KEY)
            if not within and self._sources[place] == number and _key(self._refs, place) == ref:
                return place
            at = self._patients.find(wanted, at + 1)
        return None


def _key(keys: bytearray, at: int) -> bytes | None:
    key = bytes(keys[at * KEY : at * KEY + KEY])
    return None if key == NOBODY else key
