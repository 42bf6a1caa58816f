"""What the chart's Medications shows of a patient, read in one go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cmp_tui.clinic.scope import Scope
from cmp_tui.medications.adherence_queries import Day, day_of_medicines
from cmp_tui.medications.check_queries import medicine_check
from cmp_tui.medications.drug_book import drug_book
from cmp_tui.medications.interaction_book import interaction_book
from cmp_tui.medications.interaction_rules import Checked
from cmp_tui.medications.name_rules import Reading
from cmp_tui.medications.queries import MedicationLine, medications
from cmp_tui.medications.reconcile_queries import ReconciliationHead, ours_of, reconciliations
from cmp_tui.medications.reconcile_rules import reading_of
from cmp_tui.patients.queries import AllergyLine, allergies


class Medicines(NamedTuple):
    """A patient's medicines, what is found in the present ones together, and how their names were read."""

    medicines: tuple[MedicationLine, ...]
    allergies: tuple[AllergyLine, ...]
    reconciliations: tuple[ReconciliationHead, ...]
    checked: Checked
    sentence: str
    readings: Mapping[bytes, Reading]
    day: Day

    def named(self, key: object) -> str:
        """What a key of a finding stands for: a medicine or an allergy."""
        medicine = next((one.display for one in self.medicines if one.id == key), None)
        return medicine or next((one.substance for one in self.allergies if one.id == key), "")


def medicines_of(scope: Scope, patient: bytes) -> Medicines:
    """Returns what the panel shows."""
    book = drug_book(scope.reference)
    checked = medicine_check(scope, patient)
    return Medicines(
        tuple(medications(scope, patient)),
        tuple(allergies(scope, patient)),
        tuple(reconciliations(scope, patient)),
        checked,
        checked.sentence(interaction_book(scope.reference)),
        {one.id: reading_of(book, one) for one in ours_of(scope, patient)},
        day_of_medicines(scope, patient),
    )
