"""What is known of rows of Today about intakes, consents, assessments and concerns, for the rows that are seen."""

from __future__ import annotations

from datetime import date
from typing import Any

from peewee import JOIN, fn

from cmp_tui.assessments.library import library
from cmp_tui.assessments.model import Assessment, Tier
from cmp_tui.clinic.calendar import local
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.enrollment.intake_facts import WHOLE
from cmp_tui.enrollment.intake_queries import IntakeCard, cards
from cmp_tui.enrollment.intake_rules import ABOUT_INTAKE, STEP_FORMS
from cmp_tui.enrollment.model import Consent, Enrollment
from cmp_tui.patients.model import Patient
from cmp_tui.queue.words import Details, Settle
from cmp_tui.tasks.model import Task

WORDS = {
    "take-up": "take up", "call": "call", "letter": "letter", "eligibility": "decide", "consent": "consent",
    "assess": "assess", "enroll": "enroll", "end": "end",
}  # fmt: skip
"""What `d` is called for each next step."""


def of_cards(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Intakes under way: where the name came from, the next step, whose it is, and the form that does it."""
    return {card.id: _of_card(scope, card) for card in cards(scope, list(keys))}


def _of_card(scope: Scope, card: IntakeCard) -> Details:
    form = STEP_FORMS.get(card.step.kind, "contact")
    return Details(
        title=_source(scope, card), to=card.step.words, outcome=card.step.kind, by=card.owner_name or "nobody yet",
        topic=card.program or "",
        settle=Settle(form, WORDS.get(card.step.kind, "call"), form in ABOUT_INTAKE, _about(form)),
    )  # fmt: skip


def _about(form: str) -> str:
    return "program" if form in ("eligibility", "consent", "enrollment") else ""


def _source(scope: Scope, card: IntakeCard) -> str:
    words = scope.reference.label("intake_source", card.source)
    return f"referred by {card.by}" if card.source == "provider-referral" and card.by else words


def of_ends(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Intakes that have ended: how, when, who had referred them, whose they were."""
    say = scope.reference.label
    found = {}
    for card in cards(scope, list(keys)):
        ended = say("program_end", card.end) if card.end else f"enrolled in {card.program or 'a program'}"
        found[card.id] = Details(
            title=card.by or "A practitioner", outcome=ended, last=card.ended_on or card.entered,
            by=card.owner_name or "nobody yet", topic=card.program or "",
        )  # fmt: skip
    return found


def of_assessments(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Assessments that were begun: which, when, by whom."""
    query = (
        Assessment.select(Assessment.id, Assessment.instrument, Assessment.date, Staff.name)
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Assessment.taken_by))
        .where(Assessment.id.in_(keys))
    )
    shelf = library(scope.reference)
    whole = Settle("comprehensive", "go on", on_record=True)
    return {
        bytes(key): Details(
            title="comprehensive assessment" if name == WHOLE else shelf.title(name), last=day, by=by or "",
            topic=name, settle=whole if name == WHOLE else None,
        )
        for key, name, day, by in rows(query)
    }  # fmt: skip


def of_whole(scope: Scope, patients: set[bytes]) -> dict[bytes, Details]:
    """Patients: the day of their last comprehensive assessment."""
    complete = Assessment.status.in_(("completed", "amended"))
    query = (
        Assessment.live(Assessment.patient, fn.MAX(Assessment.date))
        .where((Assessment.instrument == WHOLE) & complete & Assessment.patient.in_(patients))
        .group_by(Assessment.patient)
    )
    return {bytes(key): Details(last=_day(day)) for key, day in rows(query)}


def of_tiers(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Risk tiers: which, and why it was set."""
    query = Tier.select(Tier.id, Tier.set_tier, Tier.set_why).where(Tier.id.in_(keys))
    return {bytes(key): Details(outcome=str(tier), title=why or "") for key, tier, why in rows(query)}


def of_enrollments(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Enrollments: the program, why it rests, and who bills."""
    query = (
        Enrollment.select(
            Enrollment.id, Enrollment.program, Enrollment.ended, Enrollment.reason, Enrollment.practitioner,
            Patient.billing_practitioner,
        )
        .join(Patient, on=(Patient.id == Enrollment.patient))
        .where(Enrollment.id.in_(keys))
    )  # fmt: skip
    names = dict(rows(Staff.select(Staff.username, Staff.name)))
    say = scope.reference.label
    found = {}
    for key, program, ended, reason, own, usual in rows(query):
        bills = own or usual or ""
        why = reason or (say("program_end", ended) if ended and ended != "hold" else "")
        found[bytes(key)] = Details(outcome=why, topic=program, title=names.get(bills, bills))
    return found


def of_consents(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Consents that were asked for: to which program, when."""
    query = Consent.select(Consent.id, Consent.program, Consent.date).where(Consent.id.in_(keys))
    return {bytes(key): Details(topic=program, last=day) for key, program, day in rows(query)}


def of_concerns(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Concerns: their words, whose they are, who gave them, until when they wanted an answer."""
    giver: Any = Staff.alias()
    query = (
        Task.select(Task.id, Task.title, Task.answer_by, Staff.name, giver.name)
        .join(Staff, on=(Staff.id == Task.assignee))
        .switch(Task)
        .join(giver, JOIN.LEFT_OUTER, on=(giver.id == Task.handed_by))
        .where(Task.id.in_(keys))
    )
    return {
        bytes(key): Details(title=title, at_time=_moment(scope, by), by=name, to=given or "")
        for key, title, by, name, given in rows(query)
    }


def of_answers(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Concerns that were answered: the answer, the concern, who answered, who waits for it."""
    asker: Any = Staff.alias()
    query = (
        Task.select(Task.id, Task.status, Task.title, Task.settled_how, Staff.name, asker.name)
        .join(Staff, on=(Staff.id == Task.settled_by))
        .switch(Task)
        .join(asker, JOIN.LEFT_OUTER, on=(asker.id == Task.asked_by))
        .where(Task.id.in_(keys))
    )
    say = scope.reference.label
    return {
        bytes(key): Details(
            title=how or "no words", topic=title, by=asked_by or name,
            outcome="answered" if status == "completed" else say("task_status", status),
        )
        for key, status, title, how, name, asked_by in rows(query)
    }  # fmt: skip


def _moment(scope: Scope, instant: Any) -> str:
    """'Mon 23 Nov 10:15'"""
    shown = local(instant, scope.zone)
    return f"{shown:%a} {shown.day} {shown:%b} {shown:%H:%M}"


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
