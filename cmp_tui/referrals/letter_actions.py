"""Recording that a referral letter left the house: it is the "sent" step of its loop."""

from __future__ import annotations

from datetime import date

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.referrals.actions import edit_referral, take_step
from cmp_tui.referrals.model import LetterSent, Referral

NOT_SENT = frozenset({"ordered", "declined"})
"""Stages in which a letter that goes out is the next step; in any other it is sent once more."""
SAID_HOW = {"mail": "letter"}
"""The ways of giving that have another name as a way of saying."""


def send_letter(
    change: Change,
    referral: bytes,
    *,
    how: str,
    to: str | None = None,
    day: date | None = None,
    records: str | None = None,
    id: bytes | None = None,
) -> LetterSent:
    """Records that the letter of a referral was sent: to whom, how, when, with what. The same `id` is recorded once.

    A referral that was not sent yet takes that step in the same save. What left the house is not undone.
    Raises Invalid, Gone.
    """
    saved: LetterSent | None = None if id is None else LetterSent.get_or_none(LetterSent.id == id)
    if saved is not None:
        return saved
    now = change.get(Referral, referral)
    day = day or change.today
    if not how:
        raise Invalid({"how": "Say how it was sent."})
    if not now.ordered_on <= day <= change.today:
        raise Invalid({"day": "Choose the day on which it was sent: not before the order, and not to come."})
    if records and records != now.records:
        edit_referral(change, referral, None, records=records)
    if now.ended_on is None and now.stage in NOT_SENT:
        take_step(change, referral, stage="sent", day=day, how=SAID_HOW.get(how, how))
    return change.add(
        LetterSent, id=id, patient=now.patient, referral=referral, day=day, to=to or now.to_name, how=how,
        sent_by=change.who.id,
    )  # fmt: skip
