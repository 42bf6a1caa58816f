"""What consents and concerns bring to Today: asked and not answered, asked anew for another practitioner, a concern
that nobody answered in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from peewee import ModelSelect, Value, fn

from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.steps import days_later
from cmp_tui.enrollment.intake_book import intake_book
from cmp_tui.enrollment.intake_rules import FINAL
from cmp_tui.enrollment.model import Consent, Enrollment, Intake
from cmp_tui.enrollment.queries import consented
from cmp_tui.enrollment.rules import NO_CONSENT, ONGOING
from cmp_tui.patients.model import Patient
from cmp_tui.queue import enrollment_details as details
from cmp_tui.queue import enrollment_words as words
from cmp_tui.queue.parts import climbed, ongoing, only, rank_of_task, unsnoozed
from cmp_tui.queue.rows import View, columns, day_of_instant
from cmp_tui.queue.source import Source
from cmp_tui.queue.words import Settle
from cmp_tui.tasks.escalation_queries import is_unseen_answer
from cmp_tui.tasks.model import Task


def asked(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """People who were asked for a consent some days ago and have said nothing yet; not once their way has ended."""
    days = intake_book(scope.reference).limits["asked"]
    due = days_later(Consent.date, days)
    later = Consent.alias()
    after = (later.date > Consent.date) | ((later.date == Consent.date) & (later.id > Consent.id))
    said = later.select(Value(1)).where(
        (later.patient == Consent.patient)
        & (later.program == Consent.program)
        & later.struck_at.is_null()
        & after
    )
    ended = Intake.live(Value(1)).where(
        (Intake.patient == Consent.patient)
        & (Intake.ended_on >= Consent.date)
        & (Intake.program.is_null() | (Intake.program == Consent.program))
    )
    left = Enrollment.live(Value(1)).where(
        (Enrollment.patient == Consent.patient)
        & (Enrollment.end >= Consent.date)
        & Enrollment.ended.in_(sorted(FINAL))
    )
    query = (
        Consent.live(*columns(Consent.patient, "consent-asked", due, 4, Consent.id))
        .join(Patient, on=(Patient.id == Consent.patient))
        .where(
            (Consent.decision == "asked")
            & (Consent.date <= view.last - timedelta(days=days))
            & ongoing(view)
            & ~fn.EXISTS(said)
            & ~fn.EXISTS(ended)
            & ~fn.EXISTS(left)
        )
    )
    return unsnoozed(query, Consent.patient, "consent-asked", view)


def again(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """People in a program whose consent was given to another practitioner than the one who bills now."""
    bills = fn.COALESCE(Enrollment.practitioner, Patient.billing_practitioner)
    given = consented(scope, view.day, Enrollment.program).where(Consent.patient == Enrollment.patient)
    to_who_bills = _same_practitioner(Consent.practitioner, bills)
    other = Consent.live(Value(1)).where(  # asked first: of most people all consents name the one who bills
        (Consent.patient == Enrollment.patient)
        & (Consent.program == Enrollment.program)
        & (Consent.decision == "accepted")
        & (Consent.practitioner != bills)
    )
    query = (
        Enrollment.live(*columns(Enrollment.patient, "re-consent", view.day.isoformat(), 4, Enrollment.id))
        .join(Patient, on=(Patient.id == Enrollment.patient))
        .where(
            Enrollment.status.in_(sorted(ONGOING))
            & Enrollment.program.not_in(sorted(NO_CONSENT))
            & ongoing(view)
            & fn.EXISTS(other)
            & fn.EXISTS(given)
            & ~fn.EXISTS(given.where(Consent.practitioner.is_null() | to_who_bills))
        )
    )
    return unsnoozed(query, Enrollment.patient, "re-consent", view)


def escalations(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Concerns that were not answered in time. They climb: whoever has one and whoever gave it see it, and so do all
    clinicians and administrators, until it is settled."""
    query = Task.live(*columns(Task.patient, "escalation", Task.due, rank_of_task(0), Task.id)).where(
        Task.id.in_(climbed(scope, view))
    )
    sees_all = view.whose == "mine" and scope.who.roles & {"clinician", "admin"}
    if view.people and not sees_all:
        query = query.where(Task.assignee.in_(view.people) | Task.handed_by.in_(view.people))
    return only(query, Task.patient, view)


def answered(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Answers to concerns that whoever asked has not seen yet."""
    due = day_of_instant(Task.settled_at, scope, view, lambda day: day)
    query = Task.live(*columns(Task.patient, "answered", due, 1, Task.id)).where(is_unseen_answer())
    query = query.where(Task.asked_by.in_(view.people)) if view.people else query
    return only(query, Task.patient, view)


SOURCES = (
    Source(
        name="escalation", select=escalations, say=words.escalation, details=details.of_concerns,
        settle=Settle("settle-task", "answer", on_record=True), snooze="",
        no_snooze="A concern that nobody answered can't wait: d answers it, h hands it to someone else.",
        shows_owner=True,
    ),
    Source(
        name="answered", select=answered, say=words.answered, details=details.of_answers,
        settle=Settle("see-answer", "seen", on_record=True), snooze="",
        no_snooze="An answer can't wait: d says that you have seen it.", shows_owner=True,
    ),
    Source(
        name="consent-asked", select=asked, say=words.asked, details=details.of_consents,
        settle=Settle("consent", "consent", about="program"),
    ),
    Source(
        name="re-consent", select=again, say=words.again, details=details.of_enrollments,
        settle=Settle("consent", "consent", about="program"),
    ),
)  # fmt: skip
"""The sources about consents and concerns."""


def _same_practitioner(one: Any, other: Any) -> Any:
    """Whether two texts name the same practitioner, as billing knows them: one of the staff by name or username."""
    named = ((Staff.username == one) & (Staff.name == other)) | (
        (Staff.username == other) & (Staff.name == one)
    )
    return (one == other) | fn.EXISTS(Staff.select(Value(1)).where(named & (Staff.may_bill == True)))  # noqa: E712
