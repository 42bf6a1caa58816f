"""Reading about people: the card of one patient, the lists of the chart, panels and loans."""

from __future__ import annotations

from datetime import date
from typing import Any

from peewee import JOIN, Case, fn

from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.alike import Lookalike as Lookalike
from cmp_tui.patients.alike import lookalikes as lookalikes
from cmp_tui.patients.lines import AllergyLine as AllergyLine
from cmp_tui.patients.lines import Card as Card
from cmp_tui.patients.lines import ConditionLine as ConditionLine
from cmp_tui.patients.lines import LoanLine as LoanLine
from cmp_tui.patients.lines import PatientLine as PatientLine
from cmp_tui.patients.lines import PersonLine as PersonLine
from cmp_tui.patients.lines import PhoneLine as PhoneLine
from cmp_tui.patients.lines import SheetNoteLine as SheetNoteLine
from cmp_tui.patients.lines import TeamLine as TeamLine
from cmp_tui.patients.merged import kept_under
from cmp_tui.patients.merged import merged_into as merged_into
from cmp_tui.patients.model import (
    Allergy,
    Condition,
    Loan,
    Patient,
    Phone,
    RelatedPerson,
    SheetNote,
    TeamMember,
)
from cmp_tui.patients.search import Names as Names
from cmp_tui.patients.search import find_patients as find_patients
from cmp_tui.patients.search import read_names as read_names

_CURRENT = ("active", "recurrence", "relapse")
"""States of a condition that the patient lives with now (FHIR Condition.clinicalStatus)."""


def patient_card(scope: Scope, patient: bytes) -> Card:
    """Returns everything about one person. Raises Gone when there is no such patient."""
    own = Card._fields[: Card._fields.index("care_manager_name")]
    manager, practitioner = Staff.alias(), Staff.alias()
    billing = (practitioner.username == Patient.billing_practitioner) & practitioner.struck_at.is_null()
    query = (
        Patient.live(*(getattr(Patient, name) for name in own), manager.name, practitioner.name)
        .join(manager, JOIN.LEFT_OUTER, on=(manager.id == Patient.care_manager))
        .switch(Patient)
        .join(practitioner, JOIN.LEFT_OUTER, on=billing)
        .where(Patient.id == patient)
    )
    for *values, manager_name, practitioner_name in rows(query):
        billed_by = practitioner_name or values[own.index("billing_practitioner")]
        around = (tuple(phones(scope, patient)), tuple(people(scope, patient)))
        return Card._make([*values, manager_name, billed_by, *around])
    raise Gone("This patient is not in the clinic's records (any more).")


def phones(scope: Scope, patient: bytes) -> list[PhoneLine]:
    """Returns the telephone numbers, in the order in which they are called."""
    query = Phone.live(*_columns(Phone, PhoneLine)).where(Phone.patient == patient)
    return [PhoneLine(*row) for row in rows(query.order_by(Phone.rank, Phone.id))]


def people(scope: Scope, patient: bytes) -> list[PersonLine]:
    """Returns those around the patient: with whom we may talk first, then caregivers, then the others."""
    query = RelatedPerson.live(*_columns(RelatedPerson, PersonLine)).where(RelatedPerson.patient == patient)
    may_talk = fn.COALESCE(RelatedPerson.may_talk, 0)
    query = query.order_by(
        may_talk.desc(), RelatedPerson.caregiver.desc(), RelatedPerson.name, RelatedPerson.id
    )
    return [PersonLine(*row) for row in rows(query)]


def conditions(scope: Scope, patient: bytes, *, current_only: bool = False) -> list[ConditionLine]:
    """Returns the conditions: those of now before those of the past, chronic ones first, groups together."""
    query = Condition.live(*_columns(Condition, ConditionLine)).where(Condition.patient == patient)
    if current_only:
        query = query.where(Condition.status.in_(_CURRENT))
    past = Case(None, [(Condition.status.in_(_CURRENT), 0)], 1)
    chronic = Case(None, [(Condition.chronic == 1, 0)], 1)
    ungrouped = Case(None, [(Condition.group.is_null(), 1)], 0)
    query = query.order_by(past, chronic, ungrouped, Condition.group, Condition.display, Condition.id)
    return [ConditionLine(*row) for row in rows(query)]


def allergies(scope: Scope, patient: bytes) -> list[AllergyLine]:
    """Returns the allergies: active ones first, the severe before the mild."""
    query = Allergy.live(*_columns(Allergy, AllergyLine)).where(Allergy.patient == patient)
    past = Case(None, [(Allergy.status == "active", 0)], 1)
    severe = Case(Allergy.severity, [("severe", 0), ("moderate", 1), ("mild", 2)], 3)
    return [AllergyLine(*row) for row in rows(query.order_by(past, severe, Allergy.substance, Allergy.id))]


def team(scope: Scope, patient: bytes) -> list[TeamLine]:
    """Returns who else cares for the patient; who no longer does stands last."""
    query = TeamMember.live(*_columns(TeamMember, TeamLine)).where(TeamMember.patient == patient)
    past = Case(None, [(TeamMember.until < scope.today, 1)], 0)
    primary = Case(TeamMember.role, [("primary-care", 0)], 1)
    return [TeamLine(*row) for row in rows(query.order_by(past, primary, TeamMember.role, TeamMember.name))]


def sheet_notes(scope: Scope, patient: bytes) -> list[SheetNoteLine]:
    """Returns what a spreadsheet said of the patient in columns that have no place here, in their order."""
    query = SheetNote.live(*_columns(SheetNote, SheetNoteLine)).where(SheetNote.patient == patient)
    return [SheetNoteLine(*row) for row in rows(query.order_by(SheetNote.id))]


def by_mrn(scope: Scope, mrn: str) -> PatientLine | None:
    """Returns the patient with exactly this record number, or into whose record that with the number was merged."""
    query = Patient.live(*_columns(Patient, PatientLine)).where(Patient.mrn == mrn.strip())
    for row in rows(query):
        return PatientLine(*row)
    for key in kept_under(scope, {mrn.strip()}):
        for row in rows(Patient.live(*_columns(Patient, PatientLine)).where(Patient.id == key)):
            return PatientLine(*row)
    return None


def patient_count(scope: Scope) -> int:
    """Returns how many patients there are."""
    return int(Patient.live().count())


# Panels


def staff_of(scope: Scope, view: str | bytes) -> tuple[bytes, ...]:
    """Returns the staff whose panels a view shows, as keys; nothing for the whole team.

    "mine" is the person who asks and everyone whose panel is lent to them today; "cover:USERNAME" is one
    colleague; a key is that member of the staff; "team" is the whole clinic. Raises Gone for an unknown name.
    """
    if isinstance(view, bytes):
        return (view,)
    if view == "team":
        return ()
    if view == "mine":
        lent = Loan.live(Loan.owner).where((Loan.cover == scope.who.id) & _lent_on(scope.today))
        return (scope.who.id, *sorted({owner for (owner,) in rows(lent)}))
    kind, _, username = view.partition(":")
    if kind == "cover":
        for (key,) in rows(Staff.live(Staff.id).where(Staff.username == username.lower())):
            return (key,)
    raise Gone(f"There is no view {view!r}. Use mine, team or cover:USERNAME.")


def panel_of(scope: Scope, view: str | bytes) -> Any:
    """Returns the condition on Patient for a view (`staff_of`): on the panel, and not struck out."""
    return on_panels(staff_of(scope, view))


def on_panels(keys: tuple[bytes, ...]) -> Any:
    """Returns the condition on Patient for the panels of some staff, as keys (of none: the whole team's)."""
    alive = Patient.struck_at.is_null()
    if not keys:
        return alive
    return alive & (Patient.care_manager == keys[0] if len(keys) == 1 else Patient.care_manager.in_(keys))


def loans(scope: Scope, *, past: bool = False) -> list[LoanLine]:
    """Returns the panels that are lent, or will be; with `past` also those that were."""
    owner, cover = Staff.alias(), Staff.alias()
    now = Case(None, [(_lent_on(scope.today), 1)], 0)
    query = (
        Loan.live(Loan.id, Loan.version, Loan.owner, owner.name, Loan.cover, cover.name)
        .select_extend(Loan.starts, Loan.ends, Loan.why, now)
        .join(owner, on=(owner.id == Loan.owner))
        .switch(Loan)
        .join(cover, on=(cover.id == Loan.cover))
        .order_by(Loan.starts, owner.name, Loan.id)
    )
    if not past:
        query = query.where((Loan.ends >= scope.today) & Loan.ended_at.is_null())
    return [LoanLine._make([*row[:-1], bool(row[-1])]) for row in rows(query)]


def _lent_on(day: date) -> Any:
    return (Loan.starts <= day) & (Loan.ends >= day) & Loan.ended_at.is_null()


def _columns(model: Any, line: Any) -> tuple[Any, ...]:
    """The fields of a table that a named tuple has, in its order."""
    return tuple(getattr(model, name) for name in line._fields)
