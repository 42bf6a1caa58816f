"""Today's rows in their order, in few bytes: a list of a whole clinic is ranked once and then leafed through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from cmp_tui.queue.rows import ALARM, Raw

KEY = 16
NOBODY = bytes(KEY)
"""Stands for a row without a patient, or without a record: no key of a record is all zeros."""
TIER = 6
"""Where the tier stands in a row, after whether it is about somebody's safety, the day, and how pressing it is."""
PATIENT = TIER + 1
REF = PATIENT + KEY
SOURCE = REF + KEY
ROW = SOURCE + 1
NO_TIER = b"\xff"
"""The tier is written from the highest down; who has none comes last."""
DRAFT = "draft"
Tiers = Callable[[set[bytes]], Mapping[bytes, int]]


class Counts(NamedTuple):
    """What the line above the list says."""

    rows: int
    due: int
    overdue: int
    drafts: int


class Ranked:
    """The rows of a view, most pressing first, without their words: forty bytes each.

    What is about somebody's safety stands first, then the earlier day, then the more pressing source; of equals the
    patient with the higher risk tier, then the order of keys. The bytes of a row are written so that they order it.
    """

    def __init__(self, day: date) -> None:
        """`day` is the one on which they are due or overdue."""
        self.day = day
        self._gathered: list[bytes] = []
        self._rows = b""
        self._days: Counter[str] = Counter()
        self._names: dict[str, int] = {}
        self._heads: dict[tuple[str, int], bytes] = {}
        self._drafts = 0

    def __len__(self) -> int:
        return len(self._rows) // ROW

    def add(self, source: str, found: Iterable[Sequence[Any]]) -> None:
        """Takes rows of a source as they stand in the file, in any order: (patient, source, due as ISO text, rank,
        reference)."""
        number = bytes([self._names.setdefault(source, len(self._names))])
        heads, days, gathered = self._heads, self._days, self._gathered
        before = len(gathered)
        for patient, _, due, rank, ref in found:
            head = heads.get((due, rank)) or self._head(due, rank)
            gathered.append(head + (patient or NOBODY) + (ref or NOBODY) + number)
            days[due] += 1
        if source == DRAFT:
            self._drafts += len(gathered) - before

    def order(self, tiers: Tiers) -> None:
        """Puts all that was taken in its order; `tiers` tells the risk tiers of some patients."""
        gathered, self._gathered = self._gathered, []
        held = tiers({row[PATIENT:REF] for row in gathered})
        if held:
            marks = {patient: bytes([254 - tier]) for patient, tier in held.items()}
            gathered = [row[:TIER] + marks.get(row[PATIENT:REF], NO_TIER) + row[PATIENT:] for row in gathered]
        gathered.sort()
        self._rows = b"".join(gathered)

    def counts(self) -> Counts:
        """Returns how many rows there are, how many are due today or before, how many overdue, and my drafts."""
        today = self.day.isoformat()
        overdue = sum(number for day, number in self._days.items() if day < today)
        return Counts(len(self), overdue + self._days[today], overdue, self._drafts)

    def part(self, offset: int, limit: int) -> list[Raw]:
        """Returns the rows from `offset` on, at most `limit`."""
        names = list(self._names)
        end = min((offset + limit) * ROW, len(self._rows))
        return [_raw(self._rows[at : at + ROW], names) for at in range(offset * ROW, end, ROW)]

    def place(self, patient: bytes | None, source: str, ref: bytes | None) -> int | None:
        """Returns where a row stands; None when it is not among them."""
        number = self._names.get(source)
        if number is None:
            return None
        wanted = (patient or NOBODY) + (ref or NOBODY) + bytes([number])
        at = self._rows.find(wanted)
        while at >= 0:
            place, within = divmod(at, ROW)
            if within == PATIENT:
                return place
            at = self._rows.find(wanted, at + 1)
        return None

    def _head(self, due: str, rank: int) -> bytes:
        """The beginning of the rows of a day and a need, without a tier."""
        day = date.fromisoformat(due).toordinal()
        head = bytes([rank != ALARM]) + day.to_bytes(4, "big") + bytes([rank]) + NO_TIER
        self._heads[due, rank] = head
        return head


def _raw(row: bytes, names: Sequence[str]) -> Raw:
    return Raw(
        _key(row[PATIENT:REF]),
        names[row[SOURCE]],
        date.fromordinal(int.from_bytes(row[1 : TIER - 1], "big")),
        row[TIER - 1],
        _key(row[REF:SOURCE]),
    )


def _key(key: bytes) -> bytes | None:
    return None if key == NOBODY else key
