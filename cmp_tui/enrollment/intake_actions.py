"""What a person does with a name that may belong in a program: take it in, take it up, answer, end, bring it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.model import Staff
from cmp_tui.enrollment.intake_book import intake_book
from cmp_tui.enrollment.intake_ends import end_all_work as end_all_work
from cmp_tui.enrollment.intake_facts import Held, first_day, held_of, since_of
from cmp_tui.enrollment.intake_rules import FINAL, UNDER_WAY, Facts, comes_back_on, way_of
from cmp_tui.enrollment.model import Intake
from cmp_tui.enrollment.rules import OPEN
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.model import Patient
from cmp_tui.tasks.actions import WORKERS

EDITABLE = frozenset({"source", "received", "mode", "by", "reason", "program", "owner"})


def add_intake(
    change: Change,
    patient: bytes,
    *,
    source: str,
    received: date | None = None,
    mode: str | None = None,
    by: str | None = None,
    reason: str | None = None,
    program: str | None = None,
    owner: bytes | None = None,
    id: bytes | None = None,
    earlier: bytes | None = None,
) -> Intake:
    """Takes a patient in who may belong in a program: from where the name came, on which day, by whom and why.

    What is known already counts: the stage is worked out at once. An end that was to come back has come back with
    this. Raises Invalid when one is under way already, the patient is enrolled or has died; Gone without the patient.
    """
    person = change.get(Patient, patient)
    received = received or change.today
    wrong: dict[str, str] = {}
    if person.deceased:
        wrong[""] = "This patient has died."
    if received > change.today:
        wrong["received"] = "This day is still to come."
    if source == "self-referral" and mode is None and earlier is None:
        wrong["mode"] = "Say how they asked: by phone, in person …"
    if source == "provider-referral" and not (by or "").strip():
        wrong["by"] = "Say who referred them; they get an answer."
    wrong |= _taken(change, patient, program)
    if wrong:
        raise Invalid(wrong)
    for old in list(Intake.live().where((Intake.patient == patient) & Intake.back_on.is_null(False))):
        change.edit(Intake, old.id, None, back_on=None)
    added = change.add(
        Intake,
        id=id,
        patient=patient,
        source=source,
        received=received,
        mode=mode,
        by=by,
        reason=reason,
        program=program,
        owner=_worker(change, owner),
        earlier=earlier,
    )
    return _settled(change, added, held_of(change.scope, [patient])[patient])


def add_person_intake(
    change: Change, person: Mapping[str, Any], *, patient: bytes | None = None, **intake: Any
) -> Intake:
    """Adds a new patient and takes them in, in one change. `person` are the values of `add_patient`, `patient` the key
    that the new one gets. Raises Invalid."""
    return add_intake(change, add_patient(change, patient, **person).id, **intake)


def edit_intake(change: Change, key: bytes, seen: int | None, **values: Any) -> Intake:
    """Changes where an intake came from, its program or whose it is. Raises Invalid, Conflict, Gone."""
    unknown = set(values) - EDITABLE
    if unknown:
        raise Invalid(dict.fromkeys(unknown, "This is not changed here: it follows from what was done."))
    now = change.get(Intake, key)
    if values.get("received") and values["received"] > change.today:
        raise Invalid({"received": "This day is still to come."})
    if "owner" in values:
        values["owner"] = _worker(change, values["owner"])
    program = values.get("program", now.program)
    moved = program != now.program and now.stage in UNDER_WAY
    if moved and (wrong := _taken(change, now.patient, program, key)):
        raise Invalid(wrong)
    edited = change.edit(Intake, key, seen, **values)
    return _settled(change, edited, held_of(change.scope, [now.patient])[now.patient])


def take_up(change: Change, key: bytes, seen: int | None = None, owner: bytes | None = None) -> Intake:
    """Takes an intake up before anyone was called: it is `owner`'s from now on (default: the person's own)."""
    now = _under_way(change, key)
    edited = change.edit(
        Intake,
        key,
        seen,
        owner=_worker(change, owner or change.who.id),
        taken_on=now.taken_on or change.today,
    )
    return _settled(change, edited, held_of(change.scope, [now.patient])[now.patient])


def answer_intake(change: Change, key: bytes, seen: int | None, *, day: date, how: str) -> Intake:
    """Notes that whoever referred the patient was told what became of it: when and how. Raises Invalid, Gone."""
    now = change.get(Intake, key)
    if now.source != "provider-referral":
        raise Invalid({"": "Nobody referred this patient, so nobody waits for an answer."})
    if day > change.today:
        raise Invalid({"day": "This day is still to come."})
    if day < now.received:
        raise Invalid({"day": "The referral came later than that."})
    return change.edit(Intake, key, seen, answered_on=day, answered_how=how)


def end_intake(
    change: Change,
    key: bytes,
    seen: int | None,
    *,
    end: str,
    why: str | None = None,
    back_on: date | None = None,
    never: bool = False,
) -> Intake:
    """Ends the way into a program with a coded reason.

    It comes back on `back_on`, else on the day that data/enrollment.toml gives for such an end; with `never` not at
    all.
    Who died, moved or withdrew has nothing due any more (`end_all_work`). Raises Invalid, Conflict, Gone.
    """
    now = _under_way(change, key)
    if back_on is not None and back_on <= change.today:
        raise Invalid({"back_on": "Choose a day after today; it comes back on that day."})
    if end == "hold" and (back_on is None or never):
        raise Invalid({"back_on": "Say on which day it goes on."})
    if end in FINAL:
        never, back_on = True, None
    if not never and back_on is None:
        back_on = comes_back_on(end, change.today, intake_book(change.reference).back)
    ended = change.edit(
        Intake,
        key,
        seen,
        stage="ended",
        ended_on=change.today,
        end=end,
        end_why=why,
        back_on=None if never else back_on,
    )
    if end in FINAL:
        end_all_work(change, now.patient, change.today, end, why)
    return ended


def hold_intake(change: Change, key: bytes, seen: int | None, *, until: date, why: str) -> Intake:
    """Puts an intake on hold until a day, on which it comes back. Raises Invalid, Conflict, Gone."""
    if not why.strip():
        raise Invalid({"why": "Say why it waits; the words stand there when it comes back."})
    return end_intake(change, key, seen, end="hold", why=why, back_on=until)


def reopen_intake(
    change: Change,
    key: bytes,
    *,
    received: date | None = None,
    reason: str | None = None,
    owner: bytes | None = None,
    id: bytes | None = None,
) -> Intake:
    """Brings an ended intake back: a new one that names it, of the same source and program. Raises Invalid, Gone."""
    old = change.get(Intake, key)
    if old.stage != "ended":
        raise Invalid({"": "This one is not ended."})
    waits = list(Intake.live(Intake.id).where((Intake.earlier == key) & (Intake.stage != "ended")))
    if waits:
        raise Invalid({"": "This one was brought back already."})
    return add_intake(
        change,
        old.patient,
        source=old.source,
        received=received,
        by=old.by,
        reason=reason or old.reason,
        program=old.program,
        owner=owner or old.owner,
        earlier=key,
        id=id,
    )


def strike_intake(change: Change, key: bytes, why: str, seen: int | None = None) -> Intake:
    """Strikes out an intake that was recorded by mistake."""
    return change.strike(Intake, key, why, seen)


def settle_stage(change: Change, patient: bytes) -> list[Intake]:
    """Works out how far a patient's intakes have come from what stands in the file now, and writes it.

    Called in the same change by whatever is a fact for it: a contact, a consent, an enrollment, a decision that someone
    is eligible. Returns what is not ended; nothing is written where nothing moved.
    """
    found = list(Intake.live().where(Intake.patient == patient))
    if not found:
        return []
    held = held_of(change.scope, [patient])[patient]
    moved = [_settled(change, one, held) for one in found if one.stage != "ended"]
    for one in found:
        if one.back_on is not None and held.enrolled_on(one.program, since_of(change.scope, one)):
            change.edit(Intake, one.id, None, back_on=None)
    return moved


def _settled(change: Change, intake: Intake, held: Held) -> Intake:
    scope = change.scope
    since = since_of(scope, intake)
    touches = held.touched(since, scope.zone)
    decided = held.eligible(intake.program, since, intake_book(scope.reference).eligible_days)
    way = way_of(
        Facts(
            intake.source,
            intake.received,
            intake.mode,
            intake.taken_on,
            first_day(touches, scope),
            first_day((one for one in touches if one.reached), scope),
            decided.day if decided and decided.what is True else None,
            held.enrolled_on(intake.program, since),
            intake.ended_on,
        )
    )
    return change.edit(Intake, intake.id, None, **way._asdict())


def _taken(change: Change, patient: bytes, program: str | None, own: bytes | None = None) -> dict[str, str]:
    """What stands in the way of another intake for a program: one that is under way, or being enrolled."""
    say = change.reference.label
    for one in Intake.live().where((Intake.patient == patient) & Intake.stage.in_(UNDER_WAY)):
        if one.id != own and (program is None or one.program in (None, program)):
            source = say("intake_source", one.source)
            return {"": f"They are on the way already ({source}, {one.received}). Go on with that one."}
    held = held_of(change.scope, [patient])[patient]
    for time in held.times:
        if time.status in OPEN and time.program == program:
            return {"program": f"They are in {program} already ({say('enrollment_status', time.status)})."}
    return {}


def _under_way(change: Change, key: bytes) -> Intake:
    intake = change.get(Intake, key)
    if intake.stage not in UNDER_WAY:
        stage = change.reference.label("intake_stage", intake.stage)
        raise Invalid({"": f"This one is {stage} already. Read the list again."})
    return intake


def _worker(change: Change, key: bytes | None) -> bytes | None:
    if key is None:
        return None
    person = change.get(Staff, key)
    if not person.active or not person.roles & WORKERS:
        raise Invalid({"owner": f"{person.name} can't take this up. Choose someone else."})
    return key
