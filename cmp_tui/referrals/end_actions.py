"""How a referral ends, with a coded reason; taken up again, struck out. Nothing vanishes."""

from __future__ import annotations

from datetime import date

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.records import rows
from cmp_tui.referrals.loops import add_step, end_booked, loop_of, standing, track_of, under_way
from cmp_tui.referrals.model import Referral, ReferralStep
from cmp_tui.referrals.rules import CLOSED, REOPENED, check_on, fhir_ended, fhir_of, wrong_end

NO_MORE = "the referral ended"


def end_referral(
    change: Change,
    key: bytes,
    seen: int | None,
    *,
    end: str,
    why: str | None = None,
    need_met: bool | None = None,
    day: date | None = None,
    said_by: str | None = None,
    how: str | None = None,
) -> Referral:
    """Ends a referral with a coded reason, at whatever stage it stands. "met" says that the need was met, "not-met"
    that it was not, and why. An appointment that is still to come is called off with it.

    Raises Invalid, Conflict, Gone.
    """
    now = under_way(change, key)
    day = day or change.today
    if end == "met":
        need_met = True
    elif end == "not-met":
        need_met = False
    if wrong := wrong_end(end, why, need_met, day, change.today):
        raise Invalid(wrong)
    end_booked(change, now, "cancelled", change.today, words=NO_MORE)
    add_step(change, now, CLOSED, day, said_by=said_by, how=how, remarks=why)
    return change.edit(
        Referral, key, seen, ended_on=day, end=end, end_why=why, need_met=need_met, check_on=None,
        **fhir_ended(now.stage, end)._asdict(),
    )  # fmt: skip


def reopen_referral(change: Change, key: bytes, why: str, seen: int | None = None) -> Referral:
    """Takes a referral up again that was ended: it goes on at its last stage. Raises Invalid, Conflict, Gone."""
    now = change.get(Referral, key)
    if now.ended_on is None:
        raise Invalid({"": "This referral has not ended."})
    if not why.strip():
        raise Invalid({"why": "Say why it is taken up again."})
    loop = loop_of(now)
    ask = check_on(track_of(change.reference, loop), loop, change.today, heard=True)
    add_step(change, now, REOPENED, change.today, remarks=why)
    return change.edit(
        Referral, key, seen, ended_on=None, end=None, end_why=None, need_met=None, checks=0,
        check_on=ask, **fhir_of(now.stage)._asdict(),
    )  # fmt: skip


def strike_referral(change: Change, key: bytes, why: str, seen: int | None = None) -> Referral:
    """Strikes out a referral that was recorded by mistake, with its steps; its appointment is called off."""
    now = change.get(Referral, key)
    end_booked(change, now, "cancelled", change.today, words=NO_MORE)
    steps = ReferralStep.live(ReferralStep.id).where(ReferralStep.referral == key)
    for (step,) in list(rows(steps)):
        change.strike(ReferralStep, step, why)
    return change.strike(Referral, key, why, seen)


def strike_step(change: Change, key: bytes, why: str, seen: int | None = None) -> Referral:
    """Strikes out a step that was recorded by mistake; the referral stands where the other steps leave it.

    Raises Invalid for the order itself and for the end of a referral, Gone.
    """
    step = change.get(ReferralStep, key)
    now = change.get(Referral, step.referral)
    if step.stage == "ordered":
        raise Invalid({"": "The order is the referral itself. Strike the referral out."})
    if step.stage == CLOSED and now.ended_on is not None:
        raise Invalid({"": "This step ended the referral. Take it up again instead."})
    change.strike(ReferralStep, key, why, seen)
    stands = standing(now.id)
    if now.ended_on is not None or (stands.stage, stands.day) == (now.stage, now.stage_on):
        return now
    loop = loop_of(now, stage=stands.stage, stage_on=stands.day)
    return change.edit(
        Referral, now.id, None, stage=stands.stage, stage_on=stands.day, checks=0,
        check_on=check_on(track_of(change.reference, loop), loop, change.today), **fhir_of(stands.stage)._asdict(),
    )  # fmt: skip
