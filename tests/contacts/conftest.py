"""Two patients, and a zone for writing times as the clinic's clock shows them."""

from __future__ import annotations

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.patients.actions import add_patient


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    """Ana Ruiz-Moreno, a patient."""
    return clinic.run(add_patient, family="Ruiz-Moreno", given="Ana", mrn="A-1", birth_date="1948-02-11").id


@pytest.fixture
def tom(clinic: Clinic) -> bytes:
    """Tom Bell, another patient."""
    return clinic.run(add_patient, family="Bell", given="Tom", mrn="T-1", birth_date="1960-07-01").id
