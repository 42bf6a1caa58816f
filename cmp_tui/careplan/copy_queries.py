"""What the papers of a care plan say, read in a handful of queries, and the papers themselves as documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cmp_tui.careplan.copy_book import copy_book
from cmp_tui.careplan.copy_lines import CopyFacts, Holder, Medicine, Since, Visiting
from cmp_tui.careplan.copy_rules import URGENT, patient_copy
from cmp_tui.careplan.copy_words import Wording, twins
from cmp_tui.careplan.holder_rules import holders, last_to, marks
from cmp_tui.careplan.lines import WholePlan
from cmp_tui.careplan.queries import version_content, whole_plan
from cmp_tui.careplan.summary_rules import ROOMS
from cmp_tui.careplan.template_book import template_book
from cmp_tui.careplan.version_rules import as_content, changes_between
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.reference_rows import spoken
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.staff import staff_list
from cmp_tui.education.topic_book import topic_book
from cmp_tui.encounters.appointment_queries import ahead
from cmp_tui.encounters.appointment_rules import OWN
from cmp_tui.encounters.queries import visits
from cmp_tui.files.document import Document, as_text
from cmp_tui.medications.adherence_queries import dosing_of
from cmp_tui.medications.queries import MedicationLine, medications
from cmp_tui.patients.queries import Card, allergies, patient_card, team
from cmp_tui.tasks.queries import tasks_of

CALLS = frozenset({"call-back", "follow-up"})
"""Kinds of tasks that are a call to the patient."""
LATEST = max(room.talks for room in ROOMS)
WIDTH = 78


def copy_facts(scope: Scope, patient: bytes) -> CopyFacts:
    """Returns what the patient's copy says. Raises Gone when there is no such patient, or no plan yet."""
    return facts_of(scope, patient_card(scope, patient))


def copy_document(scope: Scope, patient: bytes, tongue: str | None = None) -> Document:
    """Returns the patient's copy in a language ("en", "es"; None: the patient's own). Raises Gone."""
    facts = copy_facts(scope, patient)
    return patient_copy(facts, wording(scope.reference, tongue or spoken(facts.language)))


def copy_text(scope: Scope, patient: bytes, tongue: str | None = None) -> str:
    """Returns the patient's copy as plain text, for a portal or a record system. Raises Gone."""
    return as_text(copy_document(scope, patient, tongue), WIDTH)


def wording(reference: Reference, tongue: str) -> Wording:
    """Returns the fixed texts in a language; the templates' texts are read once."""
    book, templates, topics = copy_book(reference), template_book(reference), topic_book(reference)
    texts = reference.made(
        "twins of plans", lambda: twins(templates.templates.values(), topics.topics.values(), book)
    )
    return Wording(book, texts, tongue)


def since(scope: Scope, whole: WholePlan, kind: str, name: str | None) -> Since | None:
    """Returns what has changed since someone got the plan last; None when they never got it."""
    last = last_to(whole, kind, name)
    if last is None:
        return None
    number = next((one.number for one in whole.versions if one.id == last.of_version), None)
    if last.of_version is None or number is None:
        return Since(last.date, last.how, None, (), {})
    before, after = version_content(scope, last.of_version), as_content(whole)
    changes = changes_between(before, after, scope.reference)
    return Since(last.date, last.how, number, tuple(changes), marks(before, after))


def plan_holders(scope: Scope, patient: bytes) -> tuple[Holder, ...]:
    """Returns who has the plan: to whom it was given last, when and how, and whether what they have still holds."""
    return holders(whole_plan(scope, patient))


def team_names(scope: Scope, patient: bytes) -> list[str]:
    """Returns the names to which a summary may go: who got one before, then the care team."""
    sent = [one.name for one in whole_plan(scope, patient).copies if one.kind == "summary" and one.name]
    cared = [one.name for one in team(scope, patient) if one.until is None or one.until >= scope.today]
    return list(dict.fromkeys((*sent, *cared)))


# Inside


def facts_of(scope: Scope, card: Card) -> CopyFacts:
    """Returns what the papers of a patient's plan say. Raises Gone when there is no plan yet."""
    whole = whole_plan(scope, card.id)
    if whole.plan is None and not whole.goals:
        raise Gone(
            f"There is no care plan for {_named(card)} yet. In the chart, n on the Plan panel begins one."
        )
    staff = {one.username: one.name for one in staff_list(scope, everyone=True)}
    due = [
        max(one.due, one.snoozed_until or one.due) for one in tasks_of(scope, card.id) if one.kind in CALLS
    ]
    return CopyFacts(
        whole=whole,
        name=_named(card),
        mrn=card.mrn,
        birth_date=card.birth_date,
        language=card.language,
        clinic=scope.settings.name,
        phone=scope.settings.phone,
        phone_always=scope.settings.phone_always,
        care_manager=card.care_manager_name,
        practitioner=card.practitioner_name,
        medicines=tuple(_medicine(one) for one in medications(scope, card.id, current_only=True)),
        allergies=tuple(one.substance for one in allergies(scope, card.id) if one.status == "active"),
        visits=tuple(_visits(scope, card.id, staff)),
        call_on=min((day for day in due if day > scope.today), default=None),
        signs=_signs(scope, whole),
        today=scope.today,
    )


def _visits(scope: Scope, patient: bytes, staff: Mapping[str, str]) -> list[Visiting]:
    """The appointments that lie ahead; and visits that came in with a day to come."""
    found = [
        Visiting(
            one.day, one.with_whom, one.what, one.time, one.place or (scope.settings.name if one.kind == OWN else None),
            one.phone, one.transport_who if one.transport == "arranged" else None, one.remarks,
        )
        for one in ahead(scope, patient)
    ]  # fmt: skip
    days = {one.date for one in found}
    found += [
        Visiting(one.date, staff.get(one.practitioner or "", one.practitioner), one.reason)
        for one in visits(scope, patient, 50)
        if one.date >= scope.today and one.date not in days
    ]
    return sorted(found, key=lambda one: (one.date, one.time or ""))


def _medicine(one: MedicationLine) -> Medicine:
    dosing = dosing_of(one)
    return Medicine(
        one.display,
        one.dosage,
        one.reason,
        one.status,
        dosing.grid,
        dosing.with_food,
        dosing.as_needed,
        dosing.unit,
    )


def _signs(scope: Scope, whole: WholePlan) -> Mapping[str, Sequence[str]]:
    """The plan's warning signs; where nobody has chosen any, those of the templates that its goals came from."""
    if whole.plan is not None and whole.plan.signs:
        return {act: tuple(whole.plan.signs.get(act, ())) for act in URGENT}
    book = template_book(scope.reference)
    topics = dict.fromkeys(goal.topic for goal in whole.goals if goal.topic)
    chosen = [one for one in map(book.get, topics) if one is not None]
    found: dict[str, list[str]] = {act: [] for act in URGENT}
    for template in chosen:
        for sign in template.signs:
            found[sign.act].append(sign.sign.en)
    return {act: tuple(dict.fromkeys(some)) for act, some in found.items()}


def _named(card: Card) -> str:
    return " ".join(part for part in (card.given, card.family) if part)
