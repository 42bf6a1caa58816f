"""Concerns that go to a practitioner: until when an answer is wanted, and who gets them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

KIND = "escalation"
URGENCIES = ("routine", "urgent", "asap", "stat")
"""From the least to the most urgent (FHIR request-priority)."""
CLINICIAN = "clinician"


class Clinician(NamedTuple):
    """Someone who may answer a concern."""

    id: bytes
    username: str
    name: str
    may_bill: bool


def answer_by(now: datetime, urgency: str, hours: Mapping[str, int]) -> datetime:
    """Returns the moment until which a concern wants an answer: so many hours from now, at least one."""
    return now + timedelta(hours=max(1, hours[urgency]))


def usual_clinician(
    clinicians: Sequence[Clinician],
    me: bytes,
    practitioner: str | None,
    covers: Mapping[bytes, bytes],
) -> bytes | None:
    """Returns who gets a concern unless somebody else is chosen; None when nobody here can answer one.

    That is the patient's billing practitioner (a username) when they work here and are not the one who asks, or who
    stands in for them today (`covers`); else another clinician, those who bill first.
    """
    known = {one.id: one for one in clinicians if one.id != me}
    own = next((one.id for one in known.values() if practitioner and one.username == practitioner), None)
    for key in (covers.get(own) if own else None, own):
        if key is not None and key in known:
            return key
    others = sorted(known.values(), key=lambda one: (not one.may_bill, one.name.casefold(), one.id))
    return others[0].id if others else None
