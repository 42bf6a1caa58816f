"""What one look at a patient shows: the person, the program, the month, the last contact, what is open."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.lines import ContactLine
from cmp_tui.contacts.queries import contacts_of, seconds_in_month
from cmp_tui.enrollment.queries import ConsentLine, EnrollmentLine, consents, enrollments
from cmp_tui.patients.queries import Card, ConditionLine, conditions, patient_card
from cmp_tui.tasks.queries import tasks_of


class Overview(NamedTuple):
    """What the preview and the head of a chart show."""

    card: Card
    consents: list[ConsentLine]
    enrollments: list[EnrollmentLine]
    conditions: list[ConditionLine]
    last: ContactLine | None
    seconds: int
    open_tasks: int
    task_due: date | None
    """The day of the first open task; what Today will show next is queue.queries.next_due_of."""
    today: date


def overview(scope: Scope, patient: bytes) -> Overview:
    """Returns what one look at a patient shows. Raises Gone when there is no such patient."""
    month = Month.of(scope.today)
    tasks = [task.due for task in tasks_of(scope, patient)]
    return Overview(
        patient_card(scope, patient),
        consents(scope, patient),
        enrollments(scope, patient),
        conditions(scope, patient, current_only=True),
        next(iter(contacts_of(scope, patient, 1)), None),
        seconds_in_month(scope, month, {patient}).get(patient, 0),
        len(tasks),
        tasks[0] if tasks else None,
        scope.today,
    )
