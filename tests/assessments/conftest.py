"""A patient whom Dana cares for and Amy Levin bills for."""

from __future__ import annotations

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.staff import me
from cmp_tui.patients.actions import add_patient
from tests.chart.conftest import open_chart as open_chart


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    """Ana Ruiz-Moreno, 78."""
    return clinic.run(
        add_patient,
        family="Ruiz-Moreno",
        given="Ana",
        mrn="A-1",
        birth_date="1948-02-11",
        sex="F",
        billing_practitioner="levin",
        care_manager=clinic.read(me).id,
    ).id
