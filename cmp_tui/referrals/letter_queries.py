"""What a referral letter says, read from the file, and the letter as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cmp_tui.careplan.goal_words import aim_words
from cmp_tui.careplan.lines import GoalLine
from cmp_tui.careplan.queries import whole_plan
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.staff import staff_list
from cmp_tui.encounters.appointment_rules import hour
from cmp_tui.files.document import Document, as_text
from cmp_tui.medications.queries import MedicationLine, medications
from cmp_tui.patients.directory_queries import provider as directory_entry
from cmp_tui.patients.paper_out import WIDTH
from cmp_tui.patients.queries import Card, allergies, conditions
from cmp_tui.referrals.letter_rules import LetterFacts, LetterGoal, LetterMedicine, referral_letter
from cmp_tui.referrals.lines import ReferralLine
from cmp_tui.referrals.queries import detail

WORKED_ON = ("active", "accepted", "planned", "proposed")
"""States of goals that a letter names."""


def letter_facts(scope: Scope, referral: bytes, records: str | None = None) -> LetterFacts:
    """Returns what the letter of a referral says; `records` is what is enclosed, where it is another than is noted.

    Raises Gone.
    """
    whole = detail(scope, referral)
    line, card, label = whole.line, whole.person, scope.reference.label
    plan = whole_plan(scope, card.id)
    staff = {one.username: f"{one.name}, {one.credential}" for one in staff_list(scope, everyone=True)}
    settings = scope.settings
    return LetterFacts(
        what=line.what,
        kind=label("referral_kind", line.kind),
        urgency=label("referral_urgency", line.urgency),
        question=line.question or "",
        to=_to(scope, line),
        visit=f"{line.visit_on} {hour(line.visit_time)}".strip() if line.visit_on else "",
        name=" ".join(part for part in (card.given, card.family) if part),
        born=card.birth_date or "",
        sex=label("sex", card.sex),
        mrn=card.mrn,
        phones=tuple(one.number for one in card.phones),
        best_time=f"best {card.best_time}" if card.best_time else "",
        language=f"{card.language or ''}{', needs an interpreter' if card.interpreter else ''}",
        address=_address(card),
        payer=label("payer", card.payer) if card.payer else "",
        member=f"Medicare number {card.mbi}" if card.mbi else "",
        people=_people(card, scope.reference),
        goals=tuple(_goal(one, scope.reference) for one in plan.goals if one.lifecycle in WORKED_ON),
        matters=(plan.plan.matters or "") if plan.plan else "",
        conditions=tuple(
            f"{one.words} ({one.code})" if one.code and one.system.startswith("icd") else one.words
            for one in conditions(scope, card.id, current_only=True)
        ),
        allergies=tuple(
            f"{one.substance} ({one.reaction})" if one.reaction else one.substance
            for one in allergies(scope, card.id)
            if one.status == "active"
        ),
        medicines=tuple(
            _medicine(one, scope.reference) for one in medications(scope, card.id, current_only=True)
        ),
        records=(line.records if records is None else records) or "",
        orderer=staff.get(line.ordered_by or "", whole.orderer or ""),
        care_manager=card.care_manager_name or line.owner_name or "",
        clinic=settings.name,
        phone=settings.phone,
        fax=settings.fax,
        today=scope.today,
    )


def letter_document(scope: Scope, referral: bytes, records: str | None = None) -> Document:
    """Returns the letter of a referral. Raises Gone."""
    return referral_letter(letter_facts(scope, referral, records))


def letter_text(scope: Scope, referral: bytes) -> str:
    """Returns the letter as plain text, to be copied into a portal or a record system. Raises Gone."""
    return as_text(letter_document(scope, referral), WIDTH)


def _to(scope: Scope, line: ReferralLine) -> tuple[str, ...]:
    entry = directory_entry(scope, line.provider) if line.provider is not None else None
    if entry is None:
        return (line.to,) if line.to else ()
    reach = " · ".join(part for part in (entry.phone, f"fax {entry.fax}" if entry.fax else None) if part)
    own = entry.organization if entry.organization != entry.name else None
    name = f"{entry.name}, {entry.specialty}" if entry.specialty else entry.name
    return tuple(part for part in (name, own, entry.address, reach) if part)


def _address(card: Card) -> str:
    place = " ".join(part for part in (card.state, card.postal_code) if part)
    return ", ".join(part for part in (card.street, card.city, place) if part)


def _people(card: Card, reference: Reference) -> Sequence[str]:
    return tuple(
        ", ".join(
            part for part in (one.name, reference.label("relationship", one.relationship), one.phone) if part
        )
        for one in card.people
        if one.may_talk
    )


def _goal(goal: GoalLine, reference: Reference) -> LetterGoal:
    aim = ", ".join(_aim(goal, reference))
    return LetterGoal(goal.title, aim, reference.label("goal_achievement", goal.standing.code))


def _aim(goal: GoalLine, reference: Reference) -> Iterator[str]:
    if aim := aim_words(goal, reference):
        yield aim
    if goal.due:
        yield f"by {goal.due}"


def _medicine(one: MedicationLine, reference: Reference) -> LetterMedicine:
    taken = ""
    if one.taking in ("differently", "not-taking"):
        why = reference.label("not_taken_why", one.taken_why) if one.taken_why else ""
        said = ", ".join(part for part in (one.taken_how, why) if part)
        taken = f"takes it {reference.label('taking', one.taking)}{f': {said}' if said else ''}"
    name = one.display
    if one.status != "active":
        name = f"{name} [{reference.label('medication_status', one.status)}]"
    return LetterMedicine(name, one.dosage or "", one.reason or "", taken)
