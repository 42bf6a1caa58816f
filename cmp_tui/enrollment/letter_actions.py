"""Logging that a letter went out: a contact without an answer, with the letter's name and version."""

from __future__ import annotations

from cmp_tui.clinic.change import Change
from cmp_tui.contacts.actions import add_contact
from cmp_tui.contacts.model import Contact
from cmp_tui.enrollment.intake_actions import settle_stage
from cmp_tui.enrollment.letter_book import letters


def log_letter(
    change: Change, patient: bytes, *, letter: str, file: str = "", id: bytes | None = None
) -> Contact:
    """Logs a letter to a patient as a contact, now, signed by the person; the same `id` is logged once.

    Raises Invalid, Gone.
    """
    saved: Contact | None = None if id is None else Contact.get_or_none(Contact.id == id)
    if saved is not None:
        return saved
    known = letters(change.reference).by_name.get(letter)
    title = f"Letter: {known.title} ({letter} {known.version})" if known else f"Letter: {letter}"
    kept = f" File: {file}." if file else ""
    contact = add_contact(
        change,
        patient,
        id=id,
        at=change.now,
        mode="letter",
        outcome="not-applicable",
        did=f"{title}.{kept}",
    )
    settle_stage(change, patient)
    return contact
