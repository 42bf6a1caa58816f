"""What screens, the queue and the command line ask about tasks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN, Value, fn

from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.model import Patient
from cmp_tui.tasks.model import Task
from cmp_tui.tasks.rules import WAITING


class TaskLine(NamedTuple):
    """A task with the names of its people; `name` is the patient's, family first."""

    id: bytes
    version: int
    patient: bytes | None
    name: str | None
    kind: str
    title: str
    why: str | None
    due: date
    due_time: str | None
    assignee: bytes
    assignee_name: str
    status: str
    attempt: int | None
    contact: bytes | None
    handed_by: bytes | None
    handed_by_name: str | None
    handed_at: datetime | None
    acknowledged_at: datetime | None
    snoozed_until: date | None
    snoozed_why: str | None
    settled_at: datetime | None
    settled_by_name: str | None
    settled_how: str | None
    urgency: str | None = None
    answer_by: datetime | None = None
    asked_by: bytes | None = None


def is_open() -> Any:
    """The SQL condition for tasks that are neither settled nor struck out."""
    return Task.struck_at.is_null() & Task.settled_at.is_null()


def is_due(day: date) -> Any:
    """The SQL condition for open tasks that come to a day's list: due by then, and not put off beyond it."""
    return is_open() & (Task.due <= day) & not_snoozed(day)


def not_snoozed(day: date) -> Any:
    """The SQL condition for tasks that are not put off beyond a day."""
    return Task.snoozed_until.is_null() | (Task.snoozed_until <= day)


def shows_to(people: Any) -> Any:
    """The SQL condition for tasks that some people see: theirs, and those they handed over that nobody has seen yet.

    `people` is a list of keys or a subquery.
    """
    return Task.assignee.in_(people) | (Task.handed_by.in_(people) & (Task.status == WAITING))


def task(scope: Scope, key: bytes) -> TaskLine | None:
    """Returns one task; None when there is none or it is struck out."""
    return next(iter(_lines((Task.id == key) & Task.struck_at.is_null())), None)


def tasks_of(scope: Scope, patient: bytes, open_only: bool = True) -> list[TaskLine]:
    """Returns a patient's tasks, by due day; with `open_only` false the settled ones too, after the open ones."""
    condition = (Task.patient == patient) & Task.struck_at.is_null()
    return _lines(condition & Task.settled_at.is_null() if open_only else condition)


def my_tasks(scope: Scope) -> list[TaskLine]:
    """Returns all of the person's open tasks, put off ones and those handed over but not seen yet included."""
    return _lines(is_open() & shows_to([scope.who.id]))


def due(scope: Scope, day: date | None = None) -> list[TaskLine]:
    """Returns the person's tasks that are due on a day (default today) or overdue, without those put off."""
    return _lines(is_due(day or scope.today) & shows_to([scope.who.id]))


def overdue(scope: Scope) -> list[TaskLine]:
    """Returns the person's tasks whose day has passed, without those put off."""
    return _lines(is_due(scope.today) & (Task.due < scope.today) & shows_to([scope.who.id]))


def snoozed(scope: Scope) -> list[TaskLine]:
    """Returns the person's tasks that are put off beyond today."""
    return _lines(is_open() & (Task.snoozed_until > scope.today) & (Task.assignee == scope.who.id))


def handed_to_me(scope: Scope) -> list[TaskLine]:
    """Returns the tasks that were handed to the person and wait to be acknowledged."""
    return _lines(is_open() & (Task.assignee == scope.who.id) & (Task.status == WAITING))


def handed_by_me(scope: Scope) -> list[TaskLine]:
    """Returns the tasks that the person handed over and that nobody has seen yet."""
    return _lines(is_open() & (Task.handed_by == scope.who.id) & (Task.status == WAITING))


def _lines(condition: Any) -> list[TaskLine]:
    giver, settler, t = Staff.alias(), Staff.alias(), Task
    name = Patient.family.concat(fn.COALESCE(Value(", ").concat(Patient.given), ""))
    query = (
        t.select(
            t.id, t.version, t.patient, name, t.kind, t.title, t.why, t.due, t.due_time, t.assignee, Staff.name,
            t.status, t.attempt, t.contact, t.handed_by, giver.name, t.handed_at, t.acknowledged_at,
            t.snoozed_until, t.snoozed_why, t.settled_at, settler.name, t.settled_how,
            t.urgency, t.answer_by, t.asked_by,
        )
        .join(Patient, JOIN.LEFT_OUTER, on=(Patient.id == t.patient))
        .switch(t)
        .join(Staff, on=(Staff.id == t.assignee))
        .switch(t)
        .join(giver, JOIN.LEFT_OUTER, on=(giver.id == t.handed_by))
        .switch(t)
        .join(settler, JOIN.LEFT_OUTER, on=(settler.id == t.settled_by))
        .where(condition)
        .order_by(t.settled_at.is_null(False), t.due, t.due_time.desc(), t.id)
    )  # fmt: skip
    return [TaskLine(*row) for row in rows(query)]
