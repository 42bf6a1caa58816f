"""What comes to Today when patients whom a program works with fall silent: tries in vain one after the other, and
appointments and classes missed one after the other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from peewee import ModelSelect, Value, fn

from cmp_tui.careplan.engagement_queries import KEPT, NO_SHOW
from cmp_tui.careplan.engagement_rules import MISSES, TRIES, WITHIN_DAYS
from cmp_tui.clinic.calendar import add_business_days, day_start
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.attempts import is_attempt, is_reached
from cmp_tui.contacts.model import Contact
from cmp_tui.education.model import Attendance, Meeting
from cmp_tui.education.rules import CAME, MISSED
from cmp_tui.encounters.model import Appointment
from cmp_tui.patients.model import Patient
from cmp_tui.queue import engagement_details as details
from cmp_tui.queue import engagement_words as words
from cmp_tui.queue.parts import EVERYBODY, ongoing, unsnoozed
from cmp_tui.queue.plan_parts import in_program
from cmp_tui.queue.rows import View, columns, day_of_day, day_of_instant
from cmp_tui.queue.source import Source
from cmp_tui.queue.words import Settle

WRITTEN = ("letter", "email", "portal")
LETTER_DAYS = 14
"""A letter has so many days for an answer."""


def in_vain(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Patients who were tried three times and more since they were last reached, the last time within half a year.

    Reaching them or the caregiver takes the row away; a letter does for two weeks.
    """
    c = Contact
    reached = c.live(c.at).where((c.patient == Patient.id) & is_reached()).order_by(c.at.desc()).limit(1)
    known = (
        Patient.live(Patient.id.alias("id"), fn.COALESCE(reached, 0, coerce=False).alias("reached"))
        .where(in_program(view))
        .limit(EVERYBODY)
        .alias("known")
    )
    tried = (
        c.live(fn.MAX(c.at))
        .where((c.patient == known.c.id) & (c.at > known.c.reached) & is_attempt())
        .having(fn.COUNT(c.id) >= TRIES)
    )
    each = (
        Patient.select(known.c.id.alias("id"), tried.alias("at")).from_(known).limit(EVERYBODY).alias("each")
    )
    since = day_start(view.day - timedelta(days=WITHIN_DAYS), scope.zone)
    rests = day_start(view.day - timedelta(days=LETTER_DAYS - 1), scope.zone)
    written = c.live(Value(1)).where(
        (c.patient == each.c.id) & (c.at > each.c.at) & c.mode.in_(WRITTEN)
        & (c.at >= int(rests.timestamp()))
    )  # fmt: skip
    retry = max(1, scope.settings.retry_days)
    due = day_of_instant(each.c.at, scope, view, lambda day: add_business_days(day, retry))
    query = (
        Patient.select(*columns(each.c.id, "in-vain", due, 4, None))
        .from_(each)
        .where((each.c.at >= int(since.timestamp())) & ~fn.EXISTS(written))
    )
    return unsnoozed(query, each.c.id, "in-vain", view)


def missed(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Patients who missed two appointments or classes and more since they last came to one. Talking with them on the
    day of the last one, or later, takes the row away."""
    first = view.day - timedelta(days=WITHIN_DAYS)
    misses = (_visits(view, NO_SHOW, first) | _classes(view, MISSED, first)).alias("misses")
    came = Appointment.live(Value(1)).where(
        (Appointment.patient == misses.c.patient) & (Appointment.status == KEPT)
        & (Appointment.day >= misses.c.day) & (Appointment.day <= view.day)
    )  # fmt: skip
    learnt = (
        Attendance.live(Value(1))
        .join(Meeting, on=((Meeting.id == Attendance.meeting) & Meeting.struck_at.is_null()))
        .where(
            (Attendance.patient == misses.c.patient) & (Attendance.status == CAME)
            & (Meeting.date >= misses.c.day) & (Meeting.date <= view.day)
        )
    )  # fmt: skip
    each = (
        Patient.select(misses.c.patient.alias("patient"), fn.MAX(misses.c.day, coerce=False).alias("day"))
        .from_(misses)
        .join(Patient, on=(Patient.id == misses.c.patient))
        .where(in_program(view) & ~fn.EXISTS(came) & ~fn.EXISTS(learnt))
        .group_by(misses.c.patient)
        .having(fn.COUNT(misses.c.patient) >= MISSES)
        .alias("each")
    )
    day = day_of_instant(Contact.at, scope, view, lambda day: day)
    talked = Contact.live(Value(1)).where(
        (Contact.patient == each.c.patient) & is_reached() & (day >= each.c.day)
    )
    due = day_of_day(each.c.day, view, lambda day: add_business_days(day, 1))
    query = (
        Patient.select(*columns(each.c.patient, "missed", due, 4, None)).from_(each).where(~fn.EXISTS(talked))
    )
    return unsnoozed(query, each.c.patient, "missed", view)


SOURCES = (
    Source(
        name="in-vain", select=in_vain, say=words.in_vain, details=details.of_tries, by_patient=True,
        settle=Settle("contact", "contact"),
    ),
    Source(name="missed", select=missed, say=words.missed, details=details.of_misses, by_patient=True),
)  # fmt: skip
"""The sources of falling engagement."""


def _visits(view: View, status: str, first: Any) -> ModelSelect[Any]:
    a = Appointment
    # Of one panel the patients come first, not everything that anybody missed.
    known = a.status.concat("") if view.narrow else a.status
    query = a.live(a.patient.alias("patient"), a.day.alias("day"), a.id).where(
        (known == status) & a.day.between(first, view.day)
    )
    return _of_panel(query, a.patient, view)


def _classes(view: View, status: str, first: Any) -> ModelSelect[Any]:
    a, m = Attendance, Meeting
    query = (
        a.live(a.patient.alias("patient"), m.date.alias("day"), a.id)
        .join(m, on=((m.id == a.meeting) & m.struck_at.is_null()))
        .where((a.status == status) & m.date.between(first, view.day))
    )
    return _of_panel(query, a.patient, view)


def _of_panel(query: ModelSelect[Any], patient: Any, view: View) -> ModelSelect[Any]:
    if not view.narrow:
        return query
    return query.where(patient.in_(Patient.live(Patient.id).where(ongoing(view))))
