"""Writing consents and enrollments."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.partial import latest
from cmp_tui.enrollment.consent_book import points_needed
from cmp_tui.enrollment.intake_actions import settle_stage
from cmp_tui.enrollment.intake_ends import end_all as end_all
from cmp_tui.enrollment.intake_ends import end_all_work, end_intakes
from cmp_tui.enrollment.intake_rules import FINAL
from cmp_tui.enrollment.model import Consent, Enrollment
from cmp_tui.enrollment.queries import consent_facts
from cmp_tui.enrollment.rules import (
    ONGOING,
    OPEN,
    consent_on,
    may_become,
    needs_consent,
    overlap,
    revoked_to,
)
from cmp_tui.patients import actions as patients
from cmp_tui.patients.model import Patient

CONSENT_KEY = "C"
"""The key that opens the consent form on the chart; named in the sentence that asks for a consent."""


def record_consent(
    change: Change,
    patient: bytes,
    *,
    program: str,
    decision: str,
    date: date,
    mode: str | None,
    points: Collection[str] = (),
    practitioner: str | None = None,
    remarks: str | None = None,
    script_version: str | None = None,
    taken_by: bytes | None = None,
    paper: str | None = None,
    id: bytes | None = None,
) -> Consent:
    """Records a patient's decision about a program: accepted, declined or revoked, or that they were asked.

    An acceptance needs the way in which it was given and every point explained, those of the program's rules and those
    of the script that was read (`script_version`). Asked needs neither, and changes nothing of what holds. A revocation
    leaves the rest of its month to the agreement: `effective_to` is computed. The person who records it took it unless
    `taken_by` says who did; `paper` says where a signed paper is kept. Raises Invalid.
    """
    person = change.get(Patient, patient)
    wrong: dict[str, str] = {}
    if date > change.today:
        wrong["date"] = "This day is still to come. Record the decision on the day when it is made."
    if mode is None and decision != "asked":
        wrong["mode"] = "Say how it was given: verbally, in writing or electronically."
    if paper and mode != "written":
        wrong["paper"] = "Only a consent in writing has a paper. Say that it was given in writing."
    if person.deceased and decision in ("accepted", "asked"):
        wrong[""] = "This patient has died; nobody can agree any more."
    if decision == "accepted":
        needed = points_needed(change.reference, program, script_version)
        missing = [point for point in needed if point not in points]
        if missing:
            words = "; ".join(change.reference.label("consent_point", point) for point in missing)
            wrong["points"] = f"Not explained yet: {words}. An agreement needs all of them."
    facts = consent_facts(change.scope, [patient], program).get(patient, [])
    holds = consent_on(facts, program, date)
    if decision == "revoked" and holds != "accepted":
        wrong["decision"] = "There is no agreement in force on that day that could be revoked."
    elif decision == "declined" and holds == "accepted":
        wrong["decision"] = "There is an agreement in force on that day. Record that it is revoked."
    if wrong:
        raise Invalid(wrong)
    consent = change.add(
        Consent,
        id=id,
        patient=patient,
        program=program,
        decision=decision,
        date=date,
        mode=mode,
        taken_by=taken_by or change.who.id,
        points=frozenset(points) or None,
        script_version=script_version,
        practitioner=practitioner or person.billing_practitioner,
        effective_to=revoked_to(date) if decision == "revoked" else None,
        paper=paper,
        remarks=remarks,
    )
    if consent.effective_to is not None:
        _withdrawn(change, consent)
    else:
        settle_stage(change, patient)
    return consent


def strike_consent(change: Change, key: bytes, why: str, seen: int | None = None) -> Consent:
    """Strikes out a decision that was recorded by mistake."""
    struck = change.strike(Consent, key, why, seen)
    settle_stage(change, struck.patient)
    return struck


def enroll(
    change: Change,
    patient: bytes,
    *,
    program: str,
    start: date | None,
    practitioner: str | None = None,
    status: str = "active",
    reason: str | None = None,
    id: bytes | None = None,
) -> Enrollment:
    """Enrolls a patient in a program.

    Raises Invalid when the program needs an agreement and none is in force on the start day, when the patient
    is in the program already, or has died.
    """
    person = change.get(Patient, patient)
    if person.deceased:
        raise Invalid({"": "This patient has died and can't be enrolled."})
    values = {
        "program": program,
        "status": status,
        "start": start,
        "end": None,
        "practitioner": practitioner or person.billing_practitioner,
        "reason": reason,
    }
    _check(change, patient, None, values)
    enrollment = change.add(Enrollment, id=id, patient=patient, **values)
    settle_stage(change, patient)
    return enrollment


def edit_enrollment(change: Change, key: bytes, seen: int | None, **values: Any) -> Enrollment:
    """Changes an enrollment. Ending one without a day ends it today; a pause that is over has no day any more.

    When the last program ends because the patient moved, withdrew or has died, everything that is due for them ends in
    the same change. Raises Invalid, Conflict, Gone.
    """
    now = change.get(Enrollment, key)
    status = str(values.get("status", now.status))
    if not may_become(str(now.status), status):
        say = change.reference.label
        raise Invalid(
            {
                "status": f"It is {say('enrollment_status', now.status)} and can't become "
                f"{say('enrollment_status', status)}. Enroll anew instead."
            }
        )
    if status == "finished" and not values.get("end", now.end):
        values["end"] = change.today
    elif status in OPEN and now.status not in OPEN:
        values.setdefault("end", None)
    if values.get("hold_until") and values["hold_until"] <= change.today:
        raise Invalid({"hold_until": "Choose a day after today; it comes back on that day."})
    if status in ("planned", "waitlist", "active") and now.status not in ("planned", "waitlist", "active"):
        values.setdefault("ended", None)
        values.setdefault("hold_until", None)
    elif status in ("finished", "cancelled") and now.hold_until is not None:
        values.setdefault("hold_until", None)
    _check(change, now.patient, key, {name: values.get(name, getattr(now, name)) for name in _CHECKED}, now)
    enrollment = change.edit(Enrollment, key, seen, **values)
    over = status == "finished" and now.status != "finished" and values.get("ended") in FINAL
    if over and not _others(change, now.patient, key):
        end_all_work(
            change, now.patient, enrollment.end or change.today, str(enrollment.ended), enrollment.reason
        )
    settle_stage(change, now.patient)
    return enrollment


def strike_enrollment(change: Change, key: bytes, why: str, seen: int | None = None) -> Enrollment:
    """Strikes out an enrollment that was recorded by mistake."""
    struck = change.strike(Enrollment, key, why, seen)
    settle_stage(change, struck.patient)
    return struck


def edit_patient(change: Change, key: bytes, seen: int | None, **values: Any) -> Patient:
    """Changes a patient's own values; when the patient has died, programs and all that is due end with that day.

    A day of death that is known only to the month or the year ends them on its last day, today at the latest.
    """
    before = change.get(Patient, key).deceased
    person = patients.edit_patient(change, key, seen, **values)
    if person.deceased and not before:
        day = min(latest(person.deceased_on), change.today) if person.deceased_on else change.today
        end_all_work(change, key, day, "deceased", "died")
    return person


def _withdrawn(change: Change, revoked: Consent) -> None:
    """Ends what a revoked agreement was for, with its last day; without another program, everything that is due."""
    patient, last = revoked.patient, revoked.effective_to or revoked.date
    own = list(_open_ones(patient).where(Enrollment.program == revoked.program))
    words = change.reference.label("program_end", "withdrawn")
    if _others(change, patient, *(row.id for row in own)):
        for row in own:
            ends = {"status": "finished", "end": last} if row.status in ONGOING else {"status": "cancelled"}
            change.edit(Enrollment, row.id, None, ended="withdrawn", reason=words, hold_until=None, **ends)
        settle_stage(change, patient)
    elif own:
        end_all_work(change, patient, last, "withdrawn", words)
    else:
        end_intakes(change, patient, change.today, "withdrawn", words)


def _others(change: Change, patient: bytes, *own: bytes) -> bool:
    """Whether the patient is in a program, or is to be, besides these enrollments."""
    return any(row.id not in own for row in _open_ones(patient))


def _open_ones(patient: bytes) -> Any:
    return Enrollment.live().where((Enrollment.patient == patient) & Enrollment.status.in_(sorted(OPEN)))


_CHECKED = ("program", "status", "start", "end", "practitioner")


def _check(
    change: Change,
    patient: bytes,
    own: bytes | None,
    values: dict[str, Any],
    before: Enrollment | None = None,
) -> None:
    """Raises Invalid when an enrollment with these values can't stand."""
    program, status, start, end = values["program"], values["status"], values["start"], values["end"]
    wrong: dict[str, str] = {}
    if status in ONGOING | {"finished"} and start is None:
        wrong["start"] = "Say on which day it starts."
    if status in ONGOING and start is not None and start > change.today:
        wrong["start"] = "This day is still to come. Record it as planned, or enroll on the day."
    if end is not None and start is not None and end < start:
        wrong["end"] = "The last day comes before the first."
    if wrong:
        raise Invalid(wrong)
    if status in ONGOING and start is not None:
        new_start = before is None or before.status not in ONGOING or before.start != start
        if new_start:
            _need_consent(change, patient, program, start)
    if status in OPEN:
        _need_room(change, patient, own, program, start, end)


def _need_consent(change: Change, patient: bytes, program: str, start: date) -> None:
    if not needs_consent(program):
        return
    facts = consent_facts(change.scope, [patient], program).get(patient, [])
    holds = consent_on(facts, program, start)
    if holds == "accepted":
        return
    name = change.reference.label("program", program)
    record = f"Record a consent first: {CONSENT_KEY} on the patient's chart."
    if holds == "declined":
        sentence = f"The patient declined {name} ({program}). {record}"
    elif holds == "revoked":
        sentence = f"The patient has revoked the consent to {name} ({program}). {record}"
    elif any(fact.decision == "accepted" for fact in facts):
        first = min(fact.date for fact in facts if fact.decision == "accepted")
        sentence = f"The consent to {name} ({program}) is of {first}; the start can't lie before it."
    else:
        sentence = f"There is no consent to {name} ({program}) on {start}. {record}"
    raise Invalid({"start": sentence})


def _need_room(
    change: Change, patient: bytes, own: bytes | None, program: str, start: date | None, end: date | None
) -> None:
    query = Enrollment.live().where(
        (Enrollment.patient == patient)
        & (Enrollment.program == program)
        & Enrollment.status.in_(sorted(OPEN | {"finished"}))
    )
    for other in query:
        if other.id == own:
            continue
        if other.status in OPEN:
            status = change.reference.label("enrollment_status", other.status)
            raise Invalid(
                {"program": f"The patient's {program} is {status} already. Open that one with enter."}
            )
        if start is not None and overlap(start, end, other.start, other.end):
            raise Invalid({"start": f"The patient was in {program} until {other.end}. Start after that day."})
