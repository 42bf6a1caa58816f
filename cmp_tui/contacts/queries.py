"""What screens, reports and the queue ask this room. The day, the timers and the month's seconds lie beside it."""

from __future__ import annotations

from datetime import date, datetime

from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.attempts import (
    attempts_since_reached,
    is_attempt,
    is_reached,
    last_contact,
    last_reached,
    last_times,
    next_try,
)
from cmp_tui.contacts.day import my_day
from cmp_tui.contacts.lines import ContactLine, EntryLine, contact_lines, entry_lines
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.contacts.month import (
    in_month,
    month_seconds,
    patient_month_seconds,
    seconds_in_month,
    share,
)
from cmp_tui.contacts.overlap import overlaps_with
from cmp_tui.contacts.timer_queries import parked_timers, running_timer

__all__ = [
    "ContactLine",
    "EntryLine",
    "attempts_since_reached",
    "contact",
    "contacts_of",
    "contacts_of_month",
    "entries_of",
    "entry",
    "in_month",
    "is_attempt",
    "is_reached",
    "last_contact",
    "last_reached",
    "last_times",
    "month_seconds",
    "my_day",
    "next_try",
    "overlaps_with",
    "parked_timers",
    "patient_month_seconds",
    "running_timer",
    "seconds_in_month",
    "share",
]

PAGE = 200


def contacts_of(
    scope: Scope, patient: bytes, limit: int = PAGE, before: tuple[datetime, bytes] | None = None
) -> list[ContactLine]:
    """Returns a patient's contacts, newest first; `before` is (at, id) of the last line of the page before."""
    condition = Contact.patient == patient
    if before is not None:
        at, key = before
        condition &= (Contact.at < at) | ((Contact.at == at) & (Contact.id < key))
    query = contact_lines(condition).order_by(Contact.at.desc(), Contact.id.desc()).limit(min(limit, PAGE))
    return [ContactLine(*row) for row in rows(query)]


def contacts_of_month(scope: Scope, patient: bytes, month: Month) -> list[ContactLine]:
    """Returns a patient's contacts of a month of the clinic's time zone, oldest first."""
    first, after = month.span(scope.zone)
    condition = (Contact.patient == patient) & (Contact.at >= first) & (Contact.at < after)
    return [ContactLine(*row) for row in rows(contact_lines(condition).order_by(Contact.at, Contact.id))]


def contact(scope: Scope, key: bytes) -> ContactLine | None:
    """Returns one contact; None when there is none or it is struck out."""
    return next((ContactLine(*row) for row in rows(contact_lines(Contact.id == key))), None)


def entries_of(scope: Scope, patient: bytes, month: str | date | Month) -> list[EntryLine]:
    """Returns the entries that make up a patient's month, by start."""
    return entry_lines(scope, (TimeEntry.patient == patient) & in_month(scope, month))


def entry(scope: Scope, key: bytes) -> EntryLine | None:
    """Returns one time entry; None when there is none or it is struck out."""
    return next(iter(entry_lines(scope, TimeEntry.id == key)), None)
