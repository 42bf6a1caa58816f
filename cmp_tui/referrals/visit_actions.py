"""How an appointment ended: said once, for the appointment and for the referral that it belongs to."""

from __future__ import annotations

from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.encounters.appointment_actions import end_appointment
from cmp_tui.encounters.appointment_rules import OPEN
from cmp_tui.encounters.model import Appointment
from cmp_tui.referrals.actions import VISIT, take_step
from cmp_tui.referrals.model import Referral

STEPS = {status: stage for stage, status in VISIT.items() if stage != "declined"}
"""The step that each outcome of an appointment is for its referral."""


def end_visit(
    change: Change,
    key: bytes,
    seen: int | None,
    *,
    status: str,
    said_by: str | None = None,
    how: str | None = None,
    **values: Any,
) -> Appointment:
    """Says how an appointment ended, as `end_appointment` does; an open referral behind it takes its step in the same
    save (`said_by` and `how` say how we know). A correction of what was said before moves no referral.

    Raises Invalid, Conflict, Gone.
    """
    now = change.get(Appointment, key)
    behind = Referral.live().where((Referral.id == now.referral) & Referral.ended_on.is_null()).first()
    is_first = now.status in OPEN
    ended = end_appointment(change, key, seen, status=status, **values)
    if is_first and behind is not None:
        take_step(
            change, behind.id, stage=STEPS[status], day=ended.ended_on, said_by=said_by, how=how, appointment=key,
            why=values.get("missed_why"), remarks=values.get("ended_why"),
        )  # fmt: skip
    return ended
