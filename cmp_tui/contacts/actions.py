"""What a person does in this room: contacts, and what the day review lets go. Time and timers lie beside it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.contacts.closed import amendment
from cmp_tui.contacts.entry_actions import edit_entry, log_time, split_break, strike_entry
from cmp_tui.contacts.model import Contact, Gap, TimeEntry
from cmp_tui.contacts.timer_actions import (
    answer_timer,
    discard_timer,
    mark_on_call,
    park_timer,
    start_timer,
    stop_timer,
)
from cmp_tui.patients.model import Patient

__all__ = [
    "add_contact",
    "answer_timer",
    "discard_timer",
    "dismiss_gap",
    "edit_contact",
    "edit_entry",
    "log_time",
    "mark_on_call",
    "park_timer",
    "split_break",
    "start_timer",
    "stop_timer",
    "strike_contact",
    "strike_entry",
]

EDITABLE = frozenset({"at", "mode", "outcome", "with_whom", "why", "changed", "did", "next"})


def add_contact(
    change: Change,
    patient: bytes,
    *,
    at: datetime,
    mode: str,
    outcome: str,
    with_whom: str = "patient",
    why: str | None = None,
    changed: str | None = None,
    did: str | None = None,
    next: str | None = None,
    id: bytes | None = None,
    group: bytes | None = None,
    amend_why: str | None = None,
) -> Contact:
    """Adds a contact or an attempt, signed by the person (name, credential, time), and returns it.

    In a closed month it is an amendment, and `amend_why` its reason.
    Raises Invalid when it lies in the future, a code is unknown or that reason is missing, Gone without the patient.
    """
    change.get(Patient, patient)
    _check_past(change, at)
    amended = amendment(change, [at], amend_why)
    return change.add(
        Contact,
        id=id,
        patient=patient,
        staff=change.who.id,
        at=at,
        mode=mode,
        outcome=outcome,
        with_whom=with_whom,
        why=why,
        changed=changed,
        did=did,
        next=next,
        signed_as=change.who.signature,
        signed_at=change.now,
        group=group,
        **amended,
    )


def edit_contact(change: Change, key: bytes, seen: int | None, amend_why: str, **values: Any) -> Contact:
    """Amends a signed contact and returns it; the signed text stays readable in its history.

    Takes at, mode, outcome, with_whom and the four lines why, changed, did, next. `amend_why` is the reason.
    What equals the saved contact amends nothing. Raises Invalid, Gone, Conflict.
    """
    contact = change.get(Contact, key)
    unknown = set(values) - EDITABLE
    if unknown:
        raise Invalid(
            dict.fromkeys(unknown, "This can't be changed. Strike the contact out and log it anew.")
        )
    fields = Contact._meta.fields
    changed = {
        name: value
        for name, value in values.items()
        if (None if value in (None, "") else fields[name].check(value, change.reference))
        != getattr(contact, name)
    }
    if not changed:
        return contact
    if not amend_why.strip():
        raise Invalid({"amend_why": "Say why this is changed; the reason stays with the contact."})
    if "at" in changed:
        _check_past(change, changed["at"])
    return change.edit(
        Contact, key, seen, **changed, amended_at=change.now, amended_by=change.who.id, amended_why=amend_why
    )


def strike_contact(change: Change, key: bytes, why: str, seen: int | None = None) -> Contact:
    """Strikes a contact out together with its time, with a reason (a wrong patient). Raises Invalid, Gone, Conflict."""
    contact = change.strike(Contact, key, why, seen)
    for entry in TimeEntry.live().where(TimeEntry.contact == key):
        change.strike(TimeEntry, entry.id, why)
    return contact


def dismiss_gap(change: Change, day: date, what: str, why: str | None = None) -> Gap:
    """Lets go of a line of the person's day review: `what` is its name there ("gap:…" or "look:…")."""
    if what.partition(":")[0] not in ("gap", "look"):
        raise Invalid({"what": "Only a gap, or a chart that was opened, can be dismissed."})
    return change.add(Gap, staff=change.who.id, day=day, what=what, why=why)


def _check_past(change: Change, at: datetime) -> None:
    if at.tzinfo is None:
        raise Invalid({"at": "This is not a moment with a time zone."})
    if at > change.now:
        raise Invalid({"at": "This lies in the future. Log a contact when it has happened."})
