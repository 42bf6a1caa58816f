"""Time entries and contacts as lines: how every list of them is read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN, ModelSelect, Value, fn

from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.contacts.month import share
from cmp_tui.contacts.rules import is_late
from cmp_tui.patients.model import Patient


class EntryLine(NamedTuple):
    """A time entry. `seconds` is this patient's part of start to end; mode, with whom and outcome are its contact's."""

    id: bytes
    version: int
    patient: bytes
    name: str
    start: datetime
    end: datetime
    seconds: int
    typed: bool
    staff: bytes
    staff_name: str
    credential: str
    clinical: bool
    program: str | None
    practitioner: str | None
    activity: str
    face_to_face: bool
    in_billed_visit: bool
    group_size: int
    group: bytes | None
    note: str | None
    entered_at: datetime
    long_why: str | None
    amended_at: datetime | None
    amended_by: str | None
    amended_why: str | None
    contact: bytes | None
    mode: str | None
    with_whom: str | None
    outcome: str | None
    precision: str | None
    late: bool


class ContactLine(NamedTuple):
    """A contact with its four-line note and signature. `seconds` sums its time entries; `name` is the patient's."""

    id: bytes
    version: int
    patient: bytes
    name: str
    at: datetime
    staff: bytes
    staff_name: str
    mode: str
    outcome: str
    with_whom: str
    why: str | None
    changed: str | None
    did: str | None
    next: str | None
    signed_as: str
    signed_at: datetime
    group: bytes | None
    amended_at: datetime | None
    amended_by: str | None
    amended_why: str | None
    precision: str | None
    seconds: int


def entry_lines(scope: Scope, condition: Any) -> list[EntryLine]:
    """Returns the entries that fulfil a condition on TimeEntry and are not struck out, by start."""
    amender = Staff.alias()
    e = TimeEntry
    query = (
        e.live(
            e.id, e.version, e.patient, patient_name(), e.start, e.end, share().alias("seconds"), e.typed, e.staff,
            Staff.name, e.credential, e.clinical, e.program, e.practitioner, e.activity, e.face_to_face,
            e.in_billed_visit, e.group_size, e.group, e.note, e.entered_at, e.long_why, e.amended_at,
            amender.name, e.amended_why, e.contact, Contact.mode, Contact.with_whom, Contact.outcome,
            e.precision,
        )
        .join(Patient, on=(Patient.id == e.patient))
        .switch(e)
        .join(Staff, on=(Staff.id == e.staff))
        .switch(e)
        .join(amender, JOIN.LEFT_OUTER, on=(amender.id == e.amended_by))
        .switch(e)
        .join(Contact, JOIN.LEFT_OUTER, on=(Contact.id == e.contact))
        .where(condition)
        .order_by(e.start, e.end, e.id)
    )  # fmt: skip
    lines = (EntryLine._make((*row, False)) for row in rows(query))
    return [
        line._replace(late=line.precision != "month" and is_late(line.end, line.entered_at, scope.zone))
        for line in lines
    ]


def contact_lines(condition: Any) -> ModelSelect[Contact]:
    """The query for contacts that fulfil a condition on Contact and are not struck out; its rows fit ContactLine."""
    amender = Staff.alias()
    c = Contact
    spent = TimeEntry.live(fn.SUM(share()).coerce(False)).where(TimeEntry.contact == c.id)
    return (
        c.live(
            c.id, c.version, c.patient, patient_name(), c.at, c.staff, Staff.name, c.mode, c.outcome, c.with_whom,
            c.why, c.changed, c.did, c.next, c.signed_as, c.signed_at, c.group, c.amended_at, amender.name,
            c.amended_why, c.precision, fn.COALESCE(spent, 0).coerce(False).alias("seconds"),
        )
        .join(Patient, on=(Patient.id == c.patient))
        .switch(c)
        .join(Staff, on=(Staff.id == c.staff))
        .switch(c)
        .join(amender, JOIN.LEFT_OUTER, on=(amender.id == c.amended_by))
        .where(condition)
    )  # fmt: skip


def patient_name() -> Any:
    """The SQL expression for the joined patient's name, family first."""
    return Patient.family.concat(fn.COALESCE(Value(", ").concat(Patient.given), ""))
