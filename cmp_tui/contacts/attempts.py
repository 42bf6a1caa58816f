"""When someone was last contacted and reached, and the attempts since: one place for these numbers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from peewee import ModelSelect, fn

from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Contact
from cmp_tui.contacts.retry_rules import PEOPLE, UNREACHED, Retry, retry_proposal, try_title


class Attempt(NamedTuple):
    """A try that reached nobody."""

    id: bytes
    at: datetime
    mode: str
    outcome: str


class NextTry(NamedTuple):
    """What to propose after an attempt: which try it will be, its words, its day and part of the day."""

    attempt: int
    title: str
    retry: Retry


def is_reached() -> Any:
    """The SQL condition for a contact that reached the patient or the one who cares for them."""
    return (Contact.outcome == "reached") & Contact.with_whom.in_(PEOPLE)


def is_attempt() -> Any:
    """The SQL condition for a contact that tried to reach them in vain."""
    return Contact.outcome.in_(UNREACHED) & Contact.with_whom.in_(PEOPLE)


def last_times(condition: Any = None) -> ModelSelect[Contact]:
    """Returns a subquery (`patient`, `at`): when each patient had the last contact that fulfils a condition."""
    query = Contact.live(Contact.patient, fn.MAX(Contact.at).alias("at")).group_by(Contact.patient)
    return query if condition is None else query.where(condition)


def last_contact(scope: Scope, patients: Collection[bytes]) -> dict[bytes, datetime]:
    """Returns when each of these patients last had a contact or an attempt; who never had one is missing."""
    return dict(rows(last_times(Contact.patient.in_(patients))))


def last_reached(scope: Scope, patients: Collection[bytes]) -> dict[bytes, datetime]:
    """Returns when each of these patients (or their caregiver) was last reached; who never was is missing."""
    return dict(rows(last_times(Contact.patient.in_(patients) & is_reached())))


def attempts_since_reached(scope: Scope, patient: bytes) -> list[Attempt]:
    """Returns the tries in vain since the patient was last reached, oldest first."""
    since = last_reached(scope, [patient]).get(patient)
    query = Contact.live(Contact.id, Contact.at, Contact.mode, Contact.outcome).where(
        (Contact.patient == patient) & is_attempt()
    )
    if since is not None:
        query = query.where(Contact.at > since)
    return [Attempt(*row) for row in rows(query.order_by(Contact.at, Contact.id))]


def next_try(scope: Scope, patient: bytes, at: datetime | None = None) -> NextTry:
    """Proposes the try after one that was just made at `at` (default now) and is not saved yet.

    Another business day, another part of the day than most tries since the patient was last reached.
    """
    earlier = attempts_since_reached(scope, patient)
    shown = (at or scope.now).astimezone(scope.zone)
    retry = retry_proposal(
        [attempt.at.astimezone(scope.zone) for attempt in earlier],
        scope.today,
        shown.hour,
        scope.settings.retry_days,
        add_business_days,
    )
    number = len(earlier) + 2  # this try, and the next one
    return NextTry(number, try_title(number), retry)
