"""Spans of one person that overlap: told when saving and in the day review, never refused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.lines import patient_name
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.contacts.rules import seconds_of
from cmp_tui.patients.model import Patient

LONGEST = timedelta(days=2)
"""More than any entry can last (it ends at midnight at the latest): the index is searched no further back."""


class Overlap(NamedTuple):
    """An entry that shares time with another span of the same person; `seconds` is how much."""

    entry: bytes
    patient: bytes
    name: str
    staff_name: str
    start: datetime
    end: datetime
    seconds: int


def overlaps_with(
    scope: Scope, staff: bytes, start: datetime, end: datetime, exclude: Collection[bytes] = ()
) -> list[Overlap]:
    """Returns the entries of a person that share at least a second with a span, by start."""
    query = (
        TimeEntry.live(
            TimeEntry.id, TimeEntry.patient, patient_name(), Staff.name, TimeEntry.start, TimeEntry.end
        )
        .join(Patient, on=(Patient.id == TimeEntry.patient))
        .switch(TimeEntry)
        .join(Staff, on=(Staff.id == TimeEntry.staff))
        .where(
            (TimeEntry.staff == staff)
            & TimeEntry.precision.is_null()
            & (TimeEntry.start < end)
            & (TimeEntry.end > start)
            & (TimeEntry.start > start - LONGEST)
        )
        .order_by(TimeEntry.start, TimeEntry.id)
    )
    if exclude:
        query = query.where(TimeEntry.id.not_in(exclude))
    return [Overlap._make((*row, seconds_of(max(row[4], start), min(row[5], end)))) for row in rows(query)]


def overlaps_of(scope: Scope, entries: Sequence[TimeEntry]) -> list[Overlap]:
    """Returns what overlaps entries of one person that were just logged, each entry once.

    The other shares of the same activity are no overlap: its minutes are divided.
    """
    own = {entry.id for entry in entries}
    groups = {entry.group for entry in entries if entry.group is not None}
    if groups:
        own |= {key for (key,) in rows(TimeEntry.live(TimeEntry.id).where(TimeEntry.group.in_(groups)))}
    found: dict[bytes, Overlap] = {}
    for entry in entries:
        for overlap in overlaps_with(scope, entry.staff, entry.start, entry.end, own):
            before = found.get(overlap.entry)
            more = overlap.seconds + (before.seconds if before else 0)
            found[overlap.entry] = overlap._replace(seconds=more)
    return list(found.values())
