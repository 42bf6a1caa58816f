"""The cards of the way into a program: what stands in the file of each, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN

from cmp_tui.clinic.calendar import local
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import among, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.enrollment.intake_book import intake_book, try_rules
from cmp_tui.enrollment.intake_facts import Held, Touch, held_of, since_of
from cmp_tui.enrollment.intake_rules import AT_THE_DESK, Standing, Step, Tries, count_tries, next_step
from cmp_tui.enrollment.model import Intake
from cmp_tui.patients.model import Patient


class IntakeCard(NamedTuple):
    """One card: someone on the way into a program. `entered` is the day on which the stage began; `owner` has it, or
    the patient's care manager while nobody took it up (`taken`)."""

    id: bytes
    version: int
    patient: bytes
    mrn: str
    family: str
    given: str
    birth_date: str
    sex: str
    deceased: bool
    source: str
    by: str
    mode: str | None
    reason: str
    received: date
    program: str | None
    stage: str
    entered: date
    owner: bytes | None
    owner_name: str
    taken: bool
    answered_on: date | None
    end: str | None
    end_why: str
    ended_on: date | None
    back_on: date | None
    earlier: bytes | None
    tries: Tries
    reached_on: date | None
    eligible: bool | None
    consent: str | None
    step: Step


def cards(scope: Scope, keys: Sequence[bytes]) -> list[IntakeCard]:
    """Returns some cards in the order of their keys; what was struck out meanwhile is missing. A handful of queries."""
    found = {row[0]: row for row in rows(_query().where(among(Intake.id, keys)))}
    read = [_Raw(*found[key]) for key in keys if key in found]
    since = min((since_of(scope, one).start for one in read), default=None)
    held = held_of(scope, [one.patient for one in read], since)
    return [_card(scope, one, held[one.patient]) for one in read]


def intake_card(scope: Scope, key: bytes) -> IntakeCard:
    """Returns one card. Raises Gone."""
    for one in cards(scope, [key]):
        return one
    raise Gone("This intake is no longer there; the patient's History shows what became of it.")


class _Raw(NamedTuple):
    """What one row of the file says of a card."""

    id: bytes
    version: int
    patient: bytes
    mrn: str
    family: str
    given: str | None
    birth_date: str | None
    sex: str
    deceased: bool
    source: str
    by: str | None
    mode: str | None
    reason: str | None
    received: date
    program: str | None
    stage: str
    outreach_on: date | None
    eligibility_on: date | None
    consent_on: date | None
    enrolled_on: date | None
    owner: bytes | None
    manager: bytes | None
    owner_name: str | None
    manager_name: str | None
    answered_on: date | None
    end: str | None
    end_why: str | None
    ended_on: date | None
    back_on: date | None
    earlier: bytes | None

    @property
    def entered(self) -> date:
        """The day on which the stage began."""
        days = {
            "outreach": self.outreach_on,
            "eligibility": self.eligibility_on,
            "consent": self.consent_on,
            "enrolled": self.enrolled_on,
            "ended": self.ended_on,
        }
        return days.get(self.stage) or self.received


def _query() -> Any:
    owner, manager = Staff.alias(), Staff.alias()
    return (
        Intake.live(
            Intake.id, Intake.version, Intake.patient, Patient.mrn, Patient.family, Patient.given, Patient.birth_date,
            Patient.sex, Patient.deceased, Intake.source, Intake.by, Intake.mode, Intake.reason, Intake.received,
            Intake.program, Intake.stage, Intake.outreach_on, Intake.eligibility_on, Intake.consent_on,
            Intake.enrolled_on, Intake.owner, Patient.care_manager, owner.name, manager.name, Intake.answered_on,
            Intake.end, Intake.end_why, Intake.ended_on, Intake.back_on, Intake.earlier,
        )
        .join(Patient, on=(Patient.id == Intake.patient))
        .join(manager, JOIN.LEFT_OUTER, on=(manager.id == Patient.care_manager))
        .switch(Intake)
        .join(owner, JOIN.LEFT_OUTER, on=(owner.id == Intake.owner))
    )  # fmt: skip


def _card(scope: Scope, row: _Raw, held: Held) -> IntakeCard:
    book = intake_book(scope.reference)
    since = since_of(scope, row)
    touches = held.touched(since, scope.zone)
    reached = next((one for one in reversed(touches) if one.reached), None)
    vain = _vain(touches, scope)
    decided = held.eligible(row.program, since, book.eligible_days)
    agreed = held.consent(row.program, since)
    tries = count_tries(vain, try_rules(scope.settings))
    letter = next(
        (local(one.at, scope.zone).date() for one in reversed(touches) if one.mode == "letter"), None
    )
    reached_on = local(reached.at, scope.zone).date() if reached else None
    standing = Standing(
        row.stage,
        row.entered,
        reached is not None or (row.source == "self-referral" and row.mode in AT_THE_DESK),
        tries,
        letter if letter and (not vain or letter >= vain[-1].date()) else None,
        None if decided is None else decided.what is True,
        str(agreed.what) if agreed else None,
        agreed.day if agreed else None,
        any(day >= row.received for day in held.assessed),
        held.planned_on(row.program),
        row.program or (agreed.program if agreed else None),
        row.source == "provider-referral",
        row.answered_on is not None,
        held.call_due,
        row.back_on,
        decided.day if decided else None,
    )
    return IntakeCard(
        row.id, row.version, row.patient, row.mrn, row.family, row.given or "", row.birth_date or "", row.sex,
        bool(row.deceased), row.source, row.by or "", row.mode, row.reason or "", row.received, row.program, row.stage,
        row.entered, row.owner or row.manager, row.owner_name or row.manager_name or "",
        row.owner is not None, row.answered_on, row.end, row.end_why or "", row.ended_on,
        row.back_on, row.earlier, tries, reached_on, standing.eligible, standing.consent,
        next_step(standing, book.limits),
    )  # fmt: skip


def _vain(touches: Sequence[Touch], scope: Scope) -> list[datetime]:
    """The tries in vain since someone was last reached, by the clinic's clock."""
    found: list[datetime] = []
    for one in touches:
        if one.reached:
            found = []
        elif one.vain:
            found.append(local(one.at, scope.zone))
    return found
