"""Spans of one person that overlap: told when saving and in the day review, never refused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import raw, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.lines import patient_name
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.contacts.month import in_month
from cmp_tui.contacts.rules import Work, overlaps, seconds_of
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


class Together(NamedTuple):
    """Two entries of one person for different patients, in the order of their starts, and the time that they share."""

    staff_name: str
    first: bytes
    first_patient: bytes
    second: bytes
    second_patient: bytes
    start: datetime
    end: datetime


def month_overlaps(scope: Scope, month: Month) -> list[Together]:
    """Returns where somebody's time of a month stands with two patients at once, by person and start.

    The shares of one activity for several patients are no overlap. One query over the month's entries.
    """
    query = (
        TimeEntry.select(
            TimeEntry.staff, TimeEntry.start, TimeEntry.end, TimeEntry.id, TimeEntry.group, TimeEntry.patient,
            Staff.name,
        )
        .join(Staff, on=(Staff.id == TimeEntry.staff))
        .where(in_month(scope, month) & TimeEntry.precision.is_null())
        .order_by(Staff.name, TimeEntry.staff, TimeEntry.start, TimeEntry.id)
    )  # fmt: skip
    found: list[Together] = []
    near: list[tuple[Any, ...]] = []
    reach = 0
    for row in raw(query):
        if near and (row[0] != near[0][0] or row[1] >= reach):
            found += _together(near)
            near, reach = [], 0
        near.append(row)
        reach = max(reach, row[2])
    return found + _together(near)


def _together(near: Sequence[tuple[Any, ...]]) -> list[Together]:
    """The overlaps among some entries of one person that lie close."""
    if len(near) < 2:
        return []
    whose = {bytes(row[3]): (bytes(row[5]), row[6]) for row in near}
    work = [
        Work(bytes(key), datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC), group)
        for _, start, end, key, group, _, _ in near
    ]
    return [
        Together(
            whose[one.key][1], one.key, whose[one.key][0], other.key, whose[other.key][0],
            max(one.start, other.start), min(one.end, other.end),
        )
        for one, other in overlaps(work)
        if whose[one.key][0] != whose[other.key][0]
    ]  # fmt: skip
