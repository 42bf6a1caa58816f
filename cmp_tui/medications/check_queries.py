"""A patient's medicines looked at together: interactions, the same kind twice, allergies, high risk in older age."""

from __future__ import annotations

from collections.abc import Sequence

from cmp_tui.clinic.partial import age_on
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.medications.interaction_book import interaction_book
from cmp_tui.medications.interaction_rules import Checked, Taken, check
from cmp_tui.medications.queries import MedicationLine, medications
from cmp_tui.patients.model import Patient
from cmp_tui.patients.queries import allergies

SETTLED = frozenset({"resolved", "inactive"})
"""States of an allergy that nothing is compared with."""


def medicine_check(scope: Scope, patient: bytes) -> Checked:
    """Returns what is found in the present list of a patient. The keys of findings are those of medicines and
    allergies."""
    present = medications(scope, patient, current_only=True)
    return check_taken(scope, patient, [taken(one) for one in present])


def taken(one: MedicationLine) -> Taken:
    """Returns a medicine of our list as the check takes it."""
    return Taken(one.id, one.display, one.code, one.dosage)


def check_taken(scope: Scope, patient: bytes, medicines: Sequence[Taken]) -> Checked:
    """Returns what is found in some medicines, with the patient's allergies and age."""
    known = [
        Taken(one.id, one.substance, one.code)
        for one in allergies(scope, patient)
        if one.status not in SETTLED
    ]
    return check(interaction_book(scope.reference), medicines, allergies=known, age=_age(scope, patient))


def _age(scope: Scope, patient: bytes) -> int | None:
    query = Patient.select(Patient.birth_date).where(Patient.id == patient)
    for (born,) in rows(query):
        return None if not born else age_on(born, scope.today)
    return None
