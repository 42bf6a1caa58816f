"""What the actions of a loop share: its facts as the file has them, its clocks, its steps, its appointment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.reference import Reference
from cmp_tui.encounters.appointment_actions import book, edit_appointment, end_appointment
from cmp_tui.encounters.appointment_rules import OPEN
from cmp_tui.encounters.model import Appointment
from cmp_tui.referrals.model import Referral, ReferralStep
from cmp_tui.referrals.referral_book import referral_book
from cmp_tui.referrals.rules import Loop, Taken, Track, stands_at

APPOINTMENT_KIND: Mapping[str, str] = MappingProxyType(
    {"specialist": "specialist", "test": "test", "therapy": "therapy", "community": "community"}
)
"""The kind of the appointment that a referral of a kind leads to; any other is "other"."""


def loop_of(referral: Referral, **values: Any) -> Loop:
    """Returns what the clocks ask of a referral, with `values` in the place of what stands in the file."""
    booked = booked_for(referral.id)
    facts = {name: getattr(referral, name) for name in Loop._fields if name != "visit_on"}
    return Loop(**{**facts, "visit_on": booked.day if booked else None, **values})


def track_of(reference: Reference, loop: Loop) -> Track:
    """Returns the clocks of a loop."""
    return referral_book(reference).track_of(loop)


def under_way(change: Change, key: bytes) -> Referral:
    """Returns an open referral. Raises Invalid when it has ended, Gone."""
    found = change.get(Referral, key)
    if found.ended_on is not None:
        how = change.reference.label("referral_end", found.end)
        raise Invalid({"": f"This referral has ended ({how}). Take it up again first."})
    return found


def add_step(
    change: Change, referral: Referral, stage: str, day: date, *, id: bytes | None = None, **values: Any
) -> ReferralStep:
    """Adds a step to a referral."""
    return change.add(
        ReferralStep, id=id, patient=referral.patient, referral=referral.id, stage=stage, day=day, staff=change.who.id,
        **values,
    )  # fmt: skip


def standing(referral: bytes) -> Taken:
    """Returns the step at which a referral stands, by all its steps."""
    query = ReferralStep.live(ReferralStep.stage, ReferralStep.day).where(ReferralStep.referral == referral)
    return stands_at([Taken(*row) for row in rows(query.order_by(ReferralStep.id))])


def passed(referral: bytes) -> frozenset[str]:
    """Returns the stages that a referral has been in."""
    query = ReferralStep.live(ReferralStep.stage).where(ReferralStep.referral == referral).distinct()
    return frozenset(stage for (stage,) in rows(query))


# Appointments


def booked_for(referral: bytes) -> Appointment | None:
    """Returns the appointment of a referral whose outcome is not known yet; the latest, if there are several."""
    query = Appointment.live().where((Appointment.referral == referral) & Appointment.status.in_(OPEN))
    found: Appointment | None = query.order_by(Appointment.day.desc(), Appointment.id.desc()).first()
    return found


def book_for(
    change: Change, referral: Referral, given: bytes | Mapping[str, Any] | None, day: date, how: str | None
) -> Appointment:
    """Books the appointment of a referral, or moves the one that is booked; a key takes one that is there.

    Raises Invalid when no day is known.
    """
    if isinstance(given, bytes):
        found = change.get(Appointment, given)
        return found if found.referral else edit_appointment(change, given, None, referral=referral.id)
    values = {name: value for name, value in (given or {}).items() if value is not None}
    booked = booked_for(referral.id)
    if "day" not in values:
        if booked is not None:
            return booked
        raise Invalid({"visit_on": "Say on which day it is. Without a date yet, take: accepted."})
    if values.get("told_on") is not None:
        values.setdefault("told_how", how)
    if booked is not None:
        return edit_appointment(change, booked.id, None, **values)
    return book(
        change, referral.patient, what=referral.what, kind=APPOINTMENT_KIND.get(referral.kind, "other"),
        with_whom=referral.to_name, provider=referral.provider, referral=referral.id, **values,
    )  # fmt: skip


def end_booked(
    change: Change,
    referral: Referral,
    status: str,
    day: date,
    *,
    given: bytes | None = None,
    why: str | None = None,
    words: str | None = None,
) -> Appointment | None:
    """Ends the appointment of a referral, if one is open: the patient was there, did not come, or it was called off."""
    found = change.get(Appointment, given) if given is not None else booked_for(referral.id)
    if found is None or found.status not in OPEN:
        return found
    if status != "cancelled" and found.day > change.today:  # it was earlier than the file knew
        edit_appointment(change, found.id, None, day=day)
    return end_appointment(
        change, found.id, None, status=status, on=day, missed_why=why, ended_why=words and words[:300]
    )
