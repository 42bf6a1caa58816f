"""A patient with medicines."""

from __future__ import annotations

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.patients.actions import add_allergy, add_patient


@pytest.fixture
def rosa(clinic: Clinic) -> bytes:
    """A patient of 78 years, allergic to penicillin."""
    key = clinic.run(
        add_patient, family="Valdez", given="Rosa", birth_date="1948-02-11", sex="F", mrn="M-1"
    ).id
    clinic.run(add_allergy, key, substance="Penicillin", reaction="hives")
    return key
