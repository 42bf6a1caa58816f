"""The names of patients, for lists that know their keys only."""

from __future__ import annotations

from collections.abc import Collection

from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.lines import patient_name
from cmp_tui.patients.model import Patient


def patient_names(scope: Scope, patients: Collection[bytes]) -> dict[bytes, str]:
    """Returns the names of some patients, family first."""
    return dict(rows(Patient.live(Patient.id, patient_name()).where(Patient.id.in_(list(patients)))))
