"""A patient with somebody to send them to."""

from __future__ import annotations

from datetime import date

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.directory_actions import add_provider

TODAY = date(2026, 11, 23)


@pytest.fixture
def james(clinic: Clinic) -> bytes:
    """Dana's patient."""
    return clinic.run(
        add_patient,
        family="Okafor",
        given="James",
        birth_date="1958-03-01",
        sex="M",
        billing_practitioner="levin",
    ).id


@pytest.fixture
def heart(clinic: Clinic) -> bytes:
    """Heart Group, in the directory."""
    return clinic.run(
        add_provider,
        name="Heart Group",
        specialty="Cardiology",
        phone="5125550199",
        fax="5125550198",
        hours="Mon-Thu 8-4",
    ).id
