"""The call after a discharge: the contact, its answers, and what they ask for (tasks, concerns, referrals), in one
save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Unpack

from cmp_tui.clinic.calendar import add_business_days, day_of
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.desk.actions import Logged, log_contact
from cmp_tui.desk.fields import ContactForm
from cmp_tui.encounters.appointment_actions import book
from cmp_tui.encounters.model import Stay
from cmp_tui.referrals.actions import order
from cmp_tui.tasks.actions import add_task
from cmp_tui.tasks.escalation_actions import escalate
from cmp_tui.transitions.call_rules import CONCERN, TASK, ToDo
from cmp_tui.transitions.model import DischargeCall

VISIT_FIELDS = {"day": "visit_day", "time": "visit_time", "with_whom": "visit_with"}
"""An appointment's fields, as the form calls them."""


class VisitSaid(NamedTuple):
    """The visit that is booked in the call."""

    day: date
    time: str | None = None
    with_whom: str | None = None


class Called(NamedTuple):
    """What was saved. `done` are the deeds, in words; `call` is None when nobody was reached."""

    logged: Logged
    call: DischargeCall | None
    done: tuple[str, ...] = ()


def log_discharge_call(
    change: Change,
    patient: bytes,
    *,
    stay: bytes,
    answers: Mapping[str, Any],
    whole: bool,
    deeds: Sequence[ToDo] = (),
    visit: VisitSaid | None = None,
    **form: Unpack[ContactForm],
) -> Called:
    """Logs a call after a discharge, and does what its answers ask for.

    `answers` are kept as transitions/call_rules.py gives them, `whole` says that every question has one. Without a
    reached person only the contact is written: it is an attempt. Raises Invalid, field by field, Gone, Conflict.
    """
    change.get(Stay, stay)
    logged = log_contact(change, patient, **form)
    contact = logged.contact
    if logged.again or contact.outcome != "reached":
        return Called(logged, None)
    day = day_of(contact.at, change.zone)
    call = change.add(
        DischargeCall,
        patient=patient,
        stay=stay,
        date=day,
        taken_by=change.who.id,
        contact=contact.id,
        answers=dict(answers) or None,
        complete=whole,
    )
    if visit is not None:
        try:
            book(
                change,
                patient,
                day=visit.day,
                time=visit.time,
                kind="office",
                what="visit after the discharge",
                with_whom=visit.with_whom,
                told_on=day,
            )
        except Invalid as invalid:
            raise Invalid(
                {VISIT_FIELDS.get(name, name): one for name, one in invalid.fields.items()}
            ) from None
    return Called(logged, call, tuple(_do(change, patient, stay, contact.id, one) for one in deeds))


def _do(change: Change, patient: bytes, stay: bytes, contact: bytes, todo: ToDo) -> str:
    """Does one thing, and returns it in words."""
    deed = todo.deed
    if deed.kind == TASK:
        due = add_business_days(change.today, deed.days) if deed.days else change.today
        add_task(
            change, title=todo.words, due=due, patient=patient, kind=deed.task, contact=contact,
            why="said in the call after the discharge",
        )  # fmt: skip
        return "task"
    if deed.kind == CONCERN:
        try:
            escalate(change, patient, concern=todo.words, urgency=deed.urgency)
        except Invalid as invalid:
            raise Invalid({"": " ".join(invalid.fields.values())}) from None
        return "concern"
    order(
        change, patient, kind=deed.referral, what=todo.words, urgency=deed.urgency, need=deed.need or None, stay=stay,
        question="said in the call after the discharge",
    )  # fmt: skip
    return "referral"
