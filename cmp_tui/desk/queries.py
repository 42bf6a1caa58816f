"""What one look at a patient shows: the person, the program, the month, the last contact, what is open."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.contacts.queries import seconds_in_month
from cmp_tui.enrollment.queries import ConsentLine, EnrollmentLine, consents, enrollments
from cmp_tui.patients.queries import Card, ConditionLine, conditions, patient_card
from cmp_tui.tasks.model import Task


class LastContact(NamedTuple):
    """The newest contact of a patient; `seconds` is the time logged with it."""

    at: datetime
    mode: str
    outcome: str
    seconds: int


class Overview(NamedTuple):
    """What the preview and the head of a chart show."""

    card: Card
    consents: list[ConsentLine]
    enrollments: list[EnrollmentLine]
    conditions: list[ConditionLine]
    last: LastContact | None
    seconds: int
    open_tasks: int
    next_due: date | None
    today: date


def overview(scope: Scope, patient: bytes) -> Overview:
    """Returns what one look at a patient shows. Raises Gone when there is no such patient."""
    month = Month.of(scope.today)
    tasks = [
        due
        for (due,) in Task.live(Task.due)
        .where((Task.patient == patient) & Task.settled_at.is_null())
        .order_by(Task.due)
        .tuples()
    ]
    return Overview(
        patient_card(scope, patient),
        consents(scope, patient),
        enrollments(scope, patient),
        conditions(scope, patient, current_only=True),
        last_contact(scope, patient),
        seconds_in_month(scope, month, {patient}).get(patient, 0),
        len(tasks),
        tasks[0] if tasks else None,
        scope.today,
    )


def last_contact(scope: Scope, patient: bytes) -> LastContact | None:
    """Returns the newest contact of a patient with the time logged with it."""
    newest = (
        Contact.live(Contact.id, Contact.at, Contact.mode, Contact.outcome)
        .where(Contact.patient == patient)
        .order_by(Contact.at.desc())
        .limit(1)
        .tuples()
    )
    for key, at, mode, outcome in newest:
        spans = TimeEntry.live(TimeEntry.start, TimeEntry.end, TimeEntry.group_size).where(TimeEntry.contact == key)
        seconds = sum(int((end - start).total_seconds()) // (size or 1) for start, end, size in spans.tuples())
        return LastContact(at, mode, outcome, seconds)
    return None
