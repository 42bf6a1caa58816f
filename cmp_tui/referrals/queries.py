"""Reading referrals: of a patient, one by its key, one whole with its steps."""

from __future__ import annotations

from datetime import date
from typing import Any

from peewee import JOIN, ModelSelect

from cmp_tui.careplan.model import Goal
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.encounters.appointment_rules import OPEN
from cmp_tui.encounters.model import Appointment
from cmp_tui.patients.model import Patient, Provider
from cmp_tui.patients.queries import Card, patient_card
from cmp_tui.referrals.lines import Detail as Detail
from cmp_tui.referrals.lines import LetterLine, StepLine
from cmp_tui.referrals.lines import ReferralLine as ReferralLine
from cmp_tui.referrals.model import LetterSent, Referral, ReferralStep
from cmp_tui.referrals.referral_book import referral_book
from cmp_tui.referrals.rules import seen_by, target_on


def open_of(scope: Scope, patient: bytes) -> list[ReferralLine]:
    """Returns a patient's open referrals, the one to ask about first on top."""
    mine = (Referral.patient == patient) & Referral.ended_on.is_null()
    return lines_of(all_referrals().where(mine).order_by(Referral.check_on, Referral.id))


def referrals_of(scope: Scope, patient: bytes) -> list[ReferralLine]:
    """Returns a patient's referrals: the open ones as `open_of`, then what ended, the latest first."""
    past = (Referral.patient == patient) & Referral.ended_on.is_null(False)
    ended = all_referrals().where(past).order_by(Referral.ended_on.desc(), Referral.id.desc())
    return [*open_of(scope, patient), *lines_of(ended)]


def referral_line(scope: Scope, key: bytes) -> ReferralLine:
    """Returns a referral. Raises Gone."""
    for line in lines_of(all_referrals().where(Referral.id == key)):
        return line
    raise Gone("This referral is no longer there; it was struck out or undone.")


def is_referral(scope: Scope, key: bytes) -> bool:
    """Returns whether a referral is in the file: a form was saved before."""
    return any(True for _ in rows(Referral.select(Referral.id).where(Referral.id == key)))


def is_step(scope: Scope, key: bytes) -> bool:
    """Returns whether a step is in the file."""
    return any(True for _ in rows(ReferralStep.select(ReferralStep.id).where(ReferralStep.id == key)))


def steps_of(scope: Scope, referral: bytes) -> list[StepLine]:
    """Returns the steps of a referral, the latest first."""
    s = ReferralStep
    query = (
        s.live(s.id, s.version, s.stage, s.day, s.said_by, s.how, s.why, s.remarks, Staff.name)
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == s.staff))
        .where(s.referral == referral)
        .order_by(s.day.desc(), s.id.desc())
    )
    return [StepLine(*row) for row in rows(query)]


def details_of(scope: Scope, patient: bytes) -> list[Detail]:
    """Returns a patient's referrals whole, in the order of `referrals_of`."""
    person = patient_card(scope, patient)
    return [_detail(scope, line, person) for line in referrals_of(scope, patient)]


def detail(scope: Scope, key: bytes) -> Detail:
    """Returns a referral whole. Raises Gone."""
    line = referral_line(scope, key)
    return _detail(scope, line, patient_card(scope, line.patient))


def _detail(scope: Scope, line: ReferralLine, person: Card) -> Detail:
    key = line.id
    letters = LetterSent.live(LetterSent.day, LetterSent.to, LetterSent.how).where(LetterSent.referral == key)
    track = referral_book(scope.reference).track_of(line.loop)
    is_open = line.ended_on is None
    return Detail(
        line,
        tuple(steps_of(scope, key)),
        tuple(LetterLine(*row) for row in rows(letters.order_by(LetterSent.day.desc(), LetterSent.id.desc()))),
        person,
        _one(Staff.live(Staff.name).where(Staff.username == line.ordered_by)) or line.ordered_by,
        _one(Goal.live(Goal.title).where(Goal.id == line.goal)) if line.goal else None,
        target_on(track, line.loop) if is_open else None,
        seen_by(track, line.loop) if is_open else None,
        track.name,
        scope.today,
    )  # fmt: skip


# Lines


def all_referrals() -> ModelSelect[Any]:
    """The query of all referrals, as `lines_of` reads them."""
    r, p, d = Referral, Patient, Provider
    manager: Any = Staff.alias()
    return (
        r.live(
            r.id, r.version, r.patient, p.mrn, p.family, p.given, p.birth_date, p.sex, p.deceased, r.kind, r.what,
            r.question, r.urgency, r.provider, r.to_name, d.name, d.phone, d.fax, d.hours, r.records, r.ordered_by,
            r.ordered_on, r.goal, r.condition, r.need, r.stay, r.owner, Staff.name, manager.name, r.status,
            r.task_status, r.stage, r.stage_on, r.check_on, r.checks, r.ended_on, r.end, r.end_why, r.need_met,
            r.remarks,
        )
        .join(p, on=(p.id == r.patient))
        .join(manager, JOIN.LEFT_OUTER, on=(manager.id == p.care_manager))
        .switch(r)
        .join(d, JOIN.LEFT_OUTER, on=(d.id == r.provider))
        .switch(r)
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == r.owner))
    )  # fmt: skip


def lines_of(query: ModelSelect[Any]) -> list[ReferralLine]:
    """Returns referrals as lines, each with its appointment."""
    found: list[ReferralLine] = []
    for row in rows(query):
        (
            key,
            version,
            patient,
            mrn,
            family,
            given,
            born,
            sex,
            deceased,
            kind,
            what,
            question,
            urgency,
            provider,
            typed,
            named,
            phone,
            fax,
            hours,
            *rest,
        ) = row
        (records, ordered_by, ordered_on, goal, condition, need, stay, owner, owner_name, manager, *last) = (
            rest
        )
        found.append(
            ReferralLine(
                key, version, patient, mrn, family, given or "", born or "", sex, bool(deceased), kind, what, question,
                urgency, provider, typed or named, phone, fax, hours, records, ordered_by, ordered_on, goal, condition,
                need, stay, owner, owner_name or manager, *last,
            )
        )  # fmt: skip
    return _with_visits(found)


def _with_visits(found: list[ReferralLine]) -> list[ReferralLine]:
    """Adds the appointments that are booked: the latest of each referral, and its telephone where no other is known."""
    a = Appointment
    booked = (
        a.live(a.referral, a.id, a.day, a.time, a.phone)
        .where(a.referral.in_([one.id for one in found]) & a.status.in_(OPEN))
        .order_by(a.day, a.id)
    )
    visits: dict[bytes, tuple[bytes, date, str | None, str | None]] = {}
    if any(one.ended_on is None for one in found):
        visits = {key: (visit, day, at, phone) for key, visit, day, at, phone in rows(booked)}
    dressed: list[ReferralLine] = []
    for one in found:
        visit = visits.get(one.id)
        if visit is None:
            dressed.append(one)
            continue
        key, day, at, phone = visit
        dressed.append(one._replace(appointment=key, visit_on=day, visit_time=at, phone=one.phone or phone))
    return dressed


def _one(query: ModelSelect[Any]) -> str | None:
    return next((value for (value,) in rows(query)), None)
