"""A patient, a staff key by username."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.staff import staff_list
from cmp_tui.patients.actions import add_patient


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    """Ana Ruiz-Moreno, a patient of Dana's."""
    return clinic.run(
        add_patient,
        family="Ruiz-Moreno",
        given="Ana",
        preferred="Anita",
        mrn="A-1",
        birth_date="1948-02-11",
        phone="(512) 555-0133",
    ).id


@pytest.fixture
def staff(clinic: Clinic) -> Callable[[str], bytes]:
    """The key of someone of the staff."""
    keys = {one.username: one.id for one in clinic.read(staff_list)}
    return lambda username: keys[username]
