"""Amending a contact and striking it out: whoever is on the way into a program moves with it."""

from __future__ import annotations

from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.contacts import actions as contacts
from cmp_tui.contacts.model import Contact
from cmp_tui.enrollment.intake_actions import settle_stage


def edit_contact(change: Change, key: bytes, seen: int | None, amend_why: str, **values: Any) -> Contact:
    """Amends a signed contact (contacts.edit_contact); the stage of an open intake follows from what it says now."""
    contact = contacts.edit_contact(change, key, seen, amend_why, **values)
    settle_stage(change, contact.patient)
    return contact


def strike_contact(change: Change, key: bytes, why: str, seen: int | None = None) -> Contact:
    """Strikes a contact out (contacts.strike_contact); what never was moves nobody on."""
    contact = contacts.strike_contact(change, key, why, seen)
    settle_stage(change, contact.patient)
    return contact
