"""Conditions that several sources of Today share: whose patients, who is worked with, what was put off."""

from __future__ import annotations

from typing import Any

from peewee import Case, ModelSelect, Value, fn

from cmp_tui.clinic.calendar import day_start
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.written import later
from cmp_tui.enrollment.model import Enrollment
from cmp_tui.enrollment.queries import worked_with
from cmp_tui.patients.model import Patient
from cmp_tui.queue.rows import ALARM, View
from cmp_tui.tasks.model import Snooze, Task

CONCERNS = ("escalation", "safety")
"""Kinds of tasks that climb when nobody answers them in time."""
EVERYBODY = 1 << 40
"""A limit that cuts nothing off: SQLite then works out the columns of a subquery once, not wherever they are named."""

NOW = later(lambda scope: int(scope.now.timestamp()))
"""The moment of asking."""


def rank_of_task(usual: int) -> Any:
    """How pressing a task is: one about somebody's safety stands before everything."""
    return Case(None, [(Task.kind == "safety", ALARM)], usual)


def only(query: ModelSelect[Any], patient: Any, view: View) -> ModelSelect[Any]:
    """The query, about some patients only where the view is."""
    return query if view.only is None else query.where(patient.in_(view.only))


def living(view: View) -> Any:
    """Patients who are alive and not struck out, whosever they are."""
    alive = Patient.struck_at.is_null() & (Patient.deceased == False)  # noqa: E712
    return alive if view.only is None else alive & Patient.id.in_(view.only)


def ongoing(view: View) -> Any:
    """Patients of the view who are alive and not struck out."""
    return living(view) if view.panel is None else living(view) & view.panel


def worked_with_now(scope: Scope, view: View) -> Any:
    """Asked of each patient by itself: a panel is small beside everybody who is enrolled."""
    return fn.EXISTS(worked_with(scope, view.day).where(Enrollment.patient == Patient.id))


def open_call_back(patient: Any) -> Any:
    """A subquery: the open tasks to call a patient back."""
    return Task.live(Value(1)).where(
        (Task.patient == patient) & Task.settled_at.is_null() & (Task.kind == "call-back")
    )


def unsnoozed(query: ModelSelect[Any], patient: Any, source: str, view: View) -> ModelSelect[Any]:
    """The query without rows of a source that were put off."""
    put_off = Snooze.live(Value(1)).where(
        (Snooze.patient == patient) & (Snooze.source == source) & (Snooze.until > view.day)
    )
    return query.where(~fn.EXISTS(put_off))


def climbed(scope: Scope, view: View) -> ModelSelect[Any]:
    """A subquery: the open concerns whose answer was due before now (on a later day, before that day)."""
    now = NOW if view.day <= scope.today else day_start(view.day, scope.zone)
    return Task.live(Task.id).where(
        Task.settled_at.is_null() & Task.kind.in_(CONCERNS) & (Task.answer_by < now)
    )
