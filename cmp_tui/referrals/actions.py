"""What a person does with a referral: order it, take its steps, change it, ask later; how it ends is in end_actions.

An open referral always has a day on which we ask (`check_on`): from data/referral_targets.toml, or as somebody said.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.model import Staff
from cmp_tui.encounters.model import Appointment
from cmp_tui.patients.model import Patient, Provider
from cmp_tui.referrals.end_actions import end_referral as end_referral
from cmp_tui.referrals.end_actions import reopen_referral as reopen_referral
from cmp_tui.referrals.end_actions import strike_referral as strike_referral
from cmp_tui.referrals.end_actions import strike_step as strike_step
from cmp_tui.referrals.loops import (
    add_step,
    book_for,
    end_booked,
    loop_of,
    passed,
    track_of,
    under_way,
)
from cmp_tui.referrals.model import Referral, ReferralStep
from cmp_tui.referrals.rules import (
    CHECKED,
    CLOSED,
    PUT_OFF,
    Loop,
    Taken,
    ask_again_on,
    check_on,
    fhir_of,
    goes_back,
    is_history,
    skipped,
    wrong_order,
    wrong_step,
)
from cmp_tui.tasks.actions import WORKERS

EDITABLE = frozenset(
    {
        "kind", "what", "question", "urgency", "provider", "to_name", "records", "ordered_by", "ordered_on", "goal",
        "condition", "need", "stay", "owner", "check_on", "remarks",
    }
)  # fmt: skip
LONGEST = timedelta(days=366)
"""How far ahead a referral may be asked about: one that waits longer is forgotten."""
VISIT = {"attended": "fulfilled", "missed": "noshow", "cancelled": "cancelled", "declined": "cancelled"}
"""How a step ends the appointment of its referral."""


class Step(NamedTuple):
    """What a step has written. `told` are sentences about what was left out or gone back to."""

    referral: Referral
    step: ReferralStep | None
    appointment: Appointment | None = None
    told: tuple[str, ...] = ()


def order(
    change: Change,
    patient: bytes,
    *,
    kind: str,
    what: str,
    question: str | None = None,
    urgency: str = "routine",
    provider: bytes | None = None,
    to_name: str | None = None,
    ordered_on: date | None = None,
    owner: bytes | None = None,
    check_on: date | None = None,
    sent_how: str | None = None,
    id: bytes | None = None,
    **values: Any,
) -> Referral:
    """Orders a referral: what is asked for, of whom, how urgently. Its first step is written with it.

    `values` are records, ordered_by (a username, or a name outside), goal, condition, need, stay, remarks. Without an
    `owner` it is the care manager's; of a patient who has none, the person's own. With `sent_how` it was sent today
    already. Raises Invalid, Gone.
    """
    person = change.get(Patient, patient)
    if person.deceased:
        raise Invalid({"": "This patient has died."})
    day = ordered_on or change.today
    if wrong := wrong_order({"what": what, "ordered_on": day, "check_on": check_on}, change.today):
        raise Invalid(wrong)
    if provider is not None:
        to_name = to_name or change.get(Provider, provider).name
    loop = Loop(kind, urgency, "ordered", day, day)
    added = change.add(
        Referral, id=id, patient=patient, kind=kind, what=what, question=question, urgency=urgency,
        provider=provider, to_name=to_name, ordered_on=day, stage="ordered", stage_on=day,
        owner=_worker(change, owner or (None if person.care_manager else change.who.id)),
        check_on=check_on or _ask_on(change, loop), **fhir_of("ordered")._asdict(), **values,
    )  # fmt: skip
    add_step(change, added, "ordered", day, said_by=_name(values.get("ordered_by")))
    if sent_how is None:
        return added
    return take_step(change, added.id, stage="sent", how=sent_how, check_on=check_on).referral


def take_step(
    change: Change,
    referral: bytes,
    *,
    stage: str,
    day: date | None = None,
    said_by: str | None = None,
    how: str | None = None,
    seen: int | None = None,
    why: str | None = None,
    remarks: str | None = None,
    check_on: date | None = None,
    appointment: bytes | Mapping[str, Any] | None = None,
    contact: bytes | None = None,
    need_met: bool | None = None,
    end: str | None = None,
    end_why: str | None = None,
    records: str | None = None,
    id: bytes | None = None,
) -> Step:
    """Takes a referral a step on: to a stage, "checked" (we asked, nothing new), or "closed" (it ends, with `end`).

    `day` is when it happened (default today), `said_by` and `how` say how we know. "scheduled" takes the `appointment`
    (values of `book`, or the key of one that is booked); "attended", "missed" and "cancelled" end it; "missed" needs
    `why`; `records` are what was sent. "told" with `need_met` ends the referral. `check_on` is the day that
    somebody named ("they said by Friday"). To skip a stage or to go back is told, not refused. Raises Invalid,
    Conflict, Gone.
    """
    now = under_way(change, referral)
    day = day or change.today
    loop = loop_of(now)
    if stage in ("sent", "plan-updated") and not said_by:
        said_by = change.who.name
    wrong = wrong_step(loop, stage, day, change.today, said_by=said_by, how=how, why=why)
    if check_on is not None and not change.today <= check_on <= change.today + LONGEST:
        wrong["check_on"] = "Choose a day from today on, within a year."
    if wrong:
        raise Invalid(wrong)
    if stage == CLOSED:
        ended = end_referral(
            change, referral, seen, end=end or "", why=end_why or remarks, need_met=need_met, day=day,
            said_by=said_by, how=how,
        )  # fmt: skip
        return Step(ended, None)
    told = _told(change, now, stage, day)
    booked = _visit(change, now, stage, day, appointment, how=how, why=why, words=remarks)
    step = add_step(
        change, now, stage, day, id=id, said_by=said_by, how=how, why=why, remarks=remarks, contact=contact,
        appointment=booked.id if booked else None,
    )  # fmt: skip
    if stage == CHECKED:
        ask = check_on or ask_again_on(track_of(change.reference, loop), change.today, loop)
        return Step(
            change.edit(Referral, referral, seen, checks=now.checks + 1, check_on=ask), step, None, told
        )
    if is_history(Taken(now.stage, now.stage_on), Taken(stage, day)):
        return Step(now, step, booked, told)
    moved = loop_of(now, stage=stage, stage_on=day)
    more = {"records": records} if records else {}
    edited = change.edit(
        Referral, referral, seen, **more, stage=stage, stage_on=day, checks=0,
        check_on=check_on or _ask_on(change, moved, heard=True), **fhir_of(stage)._asdict(),
    )  # fmt: skip
    if stage == "told" and need_met is not None:
        end = "met" if need_met else "not-met"
        edited = end_referral(change, referral, None, end=end, why=end_why or remarks, day=day)
    return Step(edited, step, booked, told)


def edit_referral(change: Change, key: bytes, seen: int | None, **values: Any) -> Referral:
    """Changes what a referral asks, of whom, how urgently, whose it is, or when we ask. Another urgency or kind has
    other clocks. Raises Invalid, Conflict, Gone."""
    now = change.get(Referral, key)
    if unknown := set(values) - EDITABLE:
        raise Invalid(dict.fromkeys(unknown, "This is not changed here: it follows from the steps."))
    if wrong := wrong_order({"what": now.what, **values}, change.today):
        raise Invalid(wrong)
    if "check_on" in values and values["check_on"] is None and now.ended_on is None:
        raise Invalid({"check_on": "An open referral needs a day on which we ask."})
    if "owner" in values:
        values["owner"] = _worker(change, values["owner"])
    if values.get("provider") is not None and values["provider"] != now.provider:
        values.setdefault("to_name", change.get(Provider, values["provider"]).name)
    ordered_on = values.get("ordered_on") or now.ordered_on
    if ordered_on != now.ordered_on:
        _move_order(change, now, ordered_on)
        if now.stage == "ordered":
            values["stage_on"] = ordered_on
    clocked = {name: values[name] for name in ("kind", "urgency", "ordered_on", "stage_on") if name in values}
    changed = any(getattr(now, name) != value for name, value in clocked.items())
    if changed and now.ended_on is None and "check_on" not in values:
        values["check_on"] = _ask_on(change, loop_of(now, **clocked))
    return change.edit(Referral, key, seen, **values)


def check_later(change: Change, key: bytes, *, until: date, why: str, seen: int | None = None) -> Referral:
    """Puts off asking until a day, with the reason, which stays with the referral. Raises Invalid, Conflict, Gone."""
    now = under_way(change, key)
    if not change.today < until <= change.today + LONGEST:
        raise Invalid({"until": "Choose a day after today, within a year."})
    if not why.strip():
        raise Invalid({"why": "Say why it can wait; the words stand with the referral."})
    add_step(change, now, PUT_OFF, change.today, remarks=why)
    return change.edit(Referral, key, seen, check_on=until)


def _ask_on(change: Change, loop: Loop, *, heard: bool = False) -> date:
    return check_on(track_of(change.reference, loop), loop, change.today, heard=heard)


def _told(change: Change, now: Referral, stage: str, day: date) -> tuple[str, ...]:
    """What a step leaves out or goes back to, in sentences."""
    say = change.reference.label
    if is_history(Taken(now.stage, now.stage_on), Taken(stage, day)):
        return (f"Noted as what was before: it stays {say('referral_stage', now.stage)}.",)
    if goes_back(now.stage, stage):
        return (f"Back from {say('referral_stage', now.stage)} to {say('referral_stage', stage)}.",)
    left = skipped(now.kind, now.stage, stage, passed(now.id))
    return (f"Skipped: {', '.join(say('referral_stage', one) for one in left)}.",) if left else ()


def _visit(
    change: Change,
    now: Referral,
    stage: str,
    day: date,
    given: bytes | Mapping[str, Any] | None,
    *,
    how: str | None,
    why: str | None,
    words: str | None,
) -> Appointment | None:
    """Books or ends the appointment, as the step says."""
    if stage == "scheduled":
        return book_for(change, now, given, day, how)
    if stage in VISIT:
        key = given if isinstance(given, bytes) else None
        return end_booked(change, now, VISIT[stage], day, given=key, why=why, words=words)
    return None


def _move_order(change: Change, now: Referral, day: date) -> None:
    """The day of the order is that of its first step, too; no step lies before it."""
    if day > now.stage_on and now.stage != "ordered":
        raise Invalid({"ordered_on": "A later step has an earlier day than that."})
    steps = ReferralStep.live().where((ReferralStep.referral == now.id) & (ReferralStep.stage == "ordered"))
    for step in list(steps):
        change.edit(ReferralStep, step.id, None, day=day)


def _name(orderer: str | None) -> str | None:
    """The name behind a username; a name outside as it stands."""
    one = Staff.get_or_none(Staff.username == orderer) if orderer else None
    return one.name if one is not None else orderer


def _worker(change: Change, key: bytes | None) -> bytes | None:
    if key is None:
        return None
    person = change.get(Staff, key)
    if not person.active or not person.roles & WORKERS:
        raise Invalid({"owner": f"{person.name} can't take this up. Choose someone else."})
    return key
