"""What appointments bring to Today: a reminder that is due, a ride that nobody arranged, an outcome nobody told.

The day of a reminder stands with the appointment (the business day before it). An appointment of an open referral whose
outcome is not known does not come: the referral asks for it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from peewee import ModelSelect, Value, fn

from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.steps import days_later
from cmp_tui.encounters.appointment_rules import OPEN, hour
from cmp_tui.encounters.model import Appointment
from cmp_tui.patients.model import Patient
from cmp_tui.queue.parts import ongoing, unsnoozed
from cmp_tui.queue.rows import View, columns
from cmp_tui.queue.source import Source
from cmp_tui.queue.words import Details, Said, Settle, near
from cmp_tui.referrals.model import Referral

RIDE_DAYS = 5
"""A ride that is needed is asked about so many days before the appointment. Our own default."""


def reminder(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Appointments that lie ahead and of which the patient is to be reminded."""
    a = Appointment
    query = _open(view, "visit-reminder", a.remind_on, 3).where(
        (a.remind_on <= view.last) & a.reminded_on.is_null() & (a.day >= view.day)
    )
    return unsnoozed(query, a.patient, "visit-reminder", view)


def ride(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Appointments that lie ahead and to which the patient can't get yet."""
    a = Appointment
    query = _open(view, "visit-ride", days_later(a.day, -RIDE_DAYS), 3).where(
        (a.transport == "wanted") & (a.day >= view.day) & (a.day <= view.last + timedelta(days=RIDE_DAYS))
    )
    return unsnoozed(query, a.patient, "visit-ride", view)


def outcome(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Appointments whose day is past and of which nobody knows what became."""
    a, r = Appointment, Referral
    asked = r.live(Value(1)).where((r.id == a.referral) & r.ended_on.is_null())
    query = _open(view, "visit-outcome", days_later(a.day, 1), 5).where(
        (a.day < view.day) & (a.referral.is_null() | ~fn.EXISTS(asked))
    )
    return unsnoozed(query, a.patient, "visit-outcome", view)


def of_appointments(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Appointments: what for, with whom, at which hour; how the patient gets there, whether they were told."""
    a = Appointment
    query = a.select(a.id, a.what, a.with_whom, a.day, a.time, a.told_on).where(a.id.in_(keys))
    return {
        bytes(key): Details(
            title=what, by=whom or "", last=day, at_time=hour(at) or None, outcome="" if told else "not told yet",
            topic="reminder",
        )
        for key, what, whom, day, at, told in rows(query)
    }  # fmt: skip


def say_reminder(due: date, today: date, details: Details) -> Said:
    """Remind them of an appointment."""
    told = ", not told of it yet" if details.outcome else ""
    return Said(f"remind: {_what(details, today)}{told}", "reminded, or the day has come")


def say_ride(due: date, today: date, details: Details) -> Said:
    """A ride is needed."""
    return Said(f"no ride yet: {_what(details, today)}", "a ride is arranged, or none is needed")


def say_outcome(due: date, today: date, details: Details) -> Said:
    """What became of an appointment."""
    return Said(f"outcome? {_what(details, today)}", "was there, did not come and why, or called off")


def _what(details: Details, today: date) -> str:
    when = near(details.last, today) if details.last else ""
    if details.at_time:
        when = f"{when} {details.at_time}"
    whom = f", {details.by}" if details.by and details.by != details.title else ""
    return f"{when} {details.title}{whom}"


def _open(view: View, source: str, due: Any, rank: int) -> ModelSelect[Any]:
    a = Appointment
    return (
        a.live(*columns(a.patient, source, due, rank, a.id))
        .join(Patient, on=(Patient.id == a.patient))
        .where(a.status.in_(OPEN) & ongoing(view))
    )


SOURCES = (
    Source(
        name="visit-reminder", select=reminder, say=say_reminder, details=of_appointments,
        settle=Settle("appointment-told", "remind", on_record=True, about="mark"),
    ),
    Source(
        name="visit-ride", select=ride, say=say_ride, details=of_appointments,
        settle=Settle("appointment-ride", "ride", on_record=True),
    ),
    Source(
        name="visit-outcome", select=outcome, say=say_outcome, details=of_appointments,
        settle=Settle("appointment-end", "outcome", on_record=True),
    ),
)  # fmt: skip
"""The sources of appointments."""
