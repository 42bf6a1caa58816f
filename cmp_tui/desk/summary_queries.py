"""The summary of a plan for another provider: plan, medicines, open referrals, last contacts, on one page."""

from __future__ import annotations

from cmp_tui.careplan.copy_lines import SummaryFacts, Talk
from cmp_tui.careplan.copy_queries import facts_of, since
from cmp_tui.careplan.summary_rules import ROOMS, provider_summary
from cmp_tui.clinic.calendar import day_of
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.lines import ContactLine
from cmp_tui.contacts.queries import contacts_of
from cmp_tui.enrollment.queries import consent_given, enrollments
from cmp_tui.enrollment.rules import ONGOING
from cmp_tui.files.document import Document
from cmp_tui.files.pdf_out import page_count
from cmp_tui.patients.queries import ConditionLine, allergies, conditions, patient_card, team
from cmp_tui.referrals.lines import ReferralLine
from cmp_tui.referrals.queries import open_of

LATEST = max(room.talks for room in ROOMS)


def summary_facts(scope: Scope, patient: bytes, to: str = "") -> SummaryFacts:
    """Returns what the summary for someone (`to`, a name) says. Raises Gone as copy_facts."""
    card = patient_card(scope, patient)
    copy = facts_of(scope, card)
    label = scope.reference.label
    whole = copy.whole
    return SummaryFacts(
        copy=copy,
        to=to,
        sex=label("sex", card.sex),
        phones=tuple(one.number for one in card.phones),
        interpreter=bool(card.interpreter),
        conditions=tuple(_problem(one) for one in conditions(scope, patient, current_only=True)),
        allergies=tuple(
            f"{one.substance} ({', '.join(filter(None, (one.reaction, one.severity)))})"
            if one.reaction or one.severity
            else one.substance
            for one in allergies(scope, patient)
            if one.status == "active"
        ),
        programs=tuple(
            f"{one.program} since {one.start}" if one.start else one.program
            for one in enrollments(scope, patient)
            if one.status in ONGOING
        ),
        talks=tuple(_talk(scope, one) for one in contacts_of(scope, patient, LATEST)),
        team=tuple(
            ", ".join(filter(None, (one.name, one.specialty or label("team_role", one.role), one.phone)))
            for one in team(scope, patient)
            if one.until is None or one.until >= scope.today
        ),
        consents=tuple(
            f"{program} agreed {given.date}" for program, given in consent_given(scope, patient).items()
        ),
        referrals=tuple(_referral(scope, one) for one in open_of(scope, patient)),
        version=whole.versions[0] if whole.versions else None,
        since=since(scope, whole, "summary", to) if to else None,
    )


def summary_document(scope: Scope, patient: bytes, to: str = "") -> Document:
    """Returns the summary for someone on one page. Where even the tightest room takes more, it takes more: medicines
    and allergies are never cut. Raises Gone."""
    facts = summary_facts(scope, patient, to)
    fonts = scope.reference.path("fonts")

    shortest: tuple[int, Document] | None = None
    for room in ROOMS:
        document = provider_summary(facts, scope.reference, room)
        pages = page_count(document, fonts)
        if pages == 1:
            return document
        if shortest is None or pages < shortest[0]:
            shortest = pages, document
    assert shortest is not None
    return shortest[1]


def _referral(scope: Scope, one: ReferralLine) -> str:
    """'Cardiology, Heart Center: scheduled 2026-11-20, visit 2026-12-04'"""
    to = f", {one.to}" if one.to else ""
    visit = f", visit {one.visit_on}" if one.visit_on else ""
    return f"{one.what}{to}: {scope.reference.label('referral_stage', one.stage)} {one.stage_on}{visit}"


def _talk(scope: Scope, one: ContactLine) -> Talk:
    label = scope.reference.label
    words = f"{label('mode', one.mode)}, {label('outcome', one.outcome)}, {label('with_whom', one.with_whom)}"
    return Talk(day_of(one.at, scope.zone), words, one.changed or one.why or "")


def _problem(one: ConditionLine) -> str:
    """'Heart failure (I50.9), “water on the lungs”': colleagues read its name first, then what the patient calls it."""
    code = f" ({one.code})" if one.code and one.system.startswith("icd") else ""
    name, own = one._replace(own_words=None).words, (one.own_words or "").strip()
    said = f", “{own}”" if own and own != name else ""
    return f"{name}{code}{said}"
