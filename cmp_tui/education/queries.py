"""Reading what patients were taught, and the classes."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from peewee import JOIN

from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.education.model import Attendance, Meeting, Teaching
from cmp_tui.patients.model import Patient

Day = date  # a field of this name hides the type


class TeachingLine(NamedTuple):
    """A topic that was taught, with the name of who taught it."""

    id: bytes
    version: int
    topic: str
    date: Day
    method: str
    teach_back: str | None
    taught_by: bytes | None
    repeat_on: Day | None
    contact: bytes | None
    meeting: bytes | None
    remarks: str | None
    taught_by_name: str | None


class ClassLine(NamedTuple):
    """A class to which a patient was invited; `id` and `version` are those of the attendance."""

    id: bytes
    version: int
    meeting: bytes
    status: str
    remarks: str | None
    topic: str
    title: str | None
    date: Day
    time: str | None
    place: str | None
    held_by_name: str | None


class Invited(NamedTuple):
    """Someone who was invited to a class."""

    patient: bytes
    family: str
    given: str
    birth_date: str
    status: str


class MeetingLine(NamedTuple):
    """A class with everybody who was invited, by name."""

    id: bytes
    version: int
    topic: str
    title: str | None
    date: Day
    time: str | None
    place: str | None
    held_by: bytes | None
    invited: tuple[Invited, ...] = ()


def teachings(scope: Scope, patient: bytes) -> list[TeachingLine]:
    """Returns what a patient was taught, the latest first."""
    own = (getattr(Teaching, name) for name in TeachingLine._fields[:-1])
    query = (
        Teaching.live(*own, Staff.name)
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Teaching.taught_by))
        .where(Teaching.patient == patient)
        .order_by(Teaching.date.desc(), Teaching.id.desc())
    )
    return [TeachingLine(*row) for row in rows(query)]


def classes_of(scope: Scope, patient: bytes) -> list[ClassLine]:
    """Returns the classes to which a patient was invited, the latest first."""
    a, m = Attendance, Meeting
    query = (
        a.live(
            a.id, a.version, m.id, a.status, a.remarks, m.topic, m.title, m.date, m.time, m.place, Staff.name
        )
        .join(m, on=((m.id == a.meeting) & m.struck_at.is_null()))
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == m.held_by))
        .where(a.patient == patient)
        .order_by(m.date.desc(), m.id.desc())
    )
    return [ClassLine(*row) for row in rows(query)]


def meeting_line(scope: Scope, key: bytes) -> MeetingLine:
    """Returns a class with who was invited. Raises Gone when it is no longer there."""
    query = Meeting.live(*(getattr(Meeting, name) for name in MeetingLine._fields[:-1])).where(
        Meeting.id == key
    )
    found: Any = next(rows(query), None)
    if found is None:
        raise Gone("This class is no longer there; it was struck out or undone.")
    p, a = Patient, Attendance
    invited = (
        a.live(p.id, p.family, p.given, p.birth_date, a.status)
        .join(p, on=(p.id == a.patient))
        .where((a.meeting == key) & p.struck_at.is_null())
        .order_by(p.family, p.given, p.id)
    )
    people = (
        Invited(who, family, given or "", born or "", status)
        for who, family, given, born, status in rows(invited)
    )
    return MeetingLine._make((*found, tuple(people)))
