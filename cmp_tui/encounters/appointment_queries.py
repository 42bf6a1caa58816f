"""Reading appointments: what lies ahead of a patient, what has been, what stands at one hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.encounters.appointment_rules import OPEN, clock_of, too_near
from cmp_tui.encounters.model import Appointment

Day = date  # a field of this name hides the type


class AppointmentLine(NamedTuple):
    """An appointment; `time` is '09:30' or None, `day` the day it is on."""

    id: bytes
    version: int
    patient: bytes
    day: Day
    time: str | None
    kind: str
    what: str
    with_whom: str | None
    provider: bytes | None
    place: str | None
    phone: str | None
    status: str
    told_on: Day | None
    told_how: str | None
    remind_on: Day | None
    reminded_on: Day | None
    transport: str | None
    transport_who: str | None
    ended_on: Day | None
    missed_why: str | None
    ended_why: str | None
    referral: bytes | None
    visit: bytes | None
    remarks: str | None


def appointments_of(scope: Scope, patient: bytes, *, limit: int = 100) -> list[AppointmentLine]:
    """Returns a patient's appointments: those without an outcome first, the soonest first; then the others, the
    latest first."""
    found = _lines((Appointment.patient == patient), limit)
    waiting = [one for one in found if one.status in OPEN]
    return [*sorted(waiting, key=when), *(one for one in found if one.status not in OPEN)]


def appointment(scope: Scope, key: bytes) -> AppointmentLine | None:
    """Returns an appointment, or None when it is struck out or unknown."""
    return next(iter(_lines(Appointment.id == key, 1)), None)


def ahead(scope: Scope, patient: bytes, days: int | None = None) -> list[AppointmentLine]:
    """Returns what lies ahead of a patient from today, the soonest first; with `days` only that far."""
    condition = (Appointment.patient == patient) & Appointment.status.in_(OPEN)
    condition &= Appointment.day >= scope.today
    if days is not None:
        condition &= Appointment.day <= scope.today + timedelta(days=days)
    return sorted(_lines(condition, 200), key=when)


def of_referral(scope: Scope, referral: bytes) -> list[AppointmentLine]:
    """Returns the appointments of a referral, the latest first."""
    return _lines(Appointment.referral == referral, 50)


def same_hour(
    scope: Scope, patient: bytes, day: date, time: str | None, but: bytes | None = None
) -> list[AppointmentLine]:
    """Returns the patient's other appointments of a day that begin too near to a time."""
    condition = (Appointment.patient == patient) & (Appointment.day == day) & Appointment.status.in_(OPEN)
    return [one for one in _lines(condition, 50) if one.id != but and too_near(time, [one.time])]


def when(line: AppointmentLine) -> tuple[date, str]:
    """By what appointments are put in order: the day, then the hour; one without an hour stands first."""
    clock = clock_of(line.time)
    return line.day, f"{clock:%H:%M}" if clock else ""


def _lines(condition: Any, limit: int) -> list[AppointmentLine]:
    columns: Iterable[Any] = (getattr(Appointment, name) for name in AppointmentLine._fields)
    query = Appointment.live(*columns).where(condition)
    query = query.order_by(Appointment.day.desc(), Appointment.time.desc(), Appointment.id.desc())
    return [AppointmentLine(*row) for row in rows(query.limit(limit))]
