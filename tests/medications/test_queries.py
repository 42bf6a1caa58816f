"""Reading the medication list."""

from __future__ import annotations

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Refused
from cmp_tui.medications.model import Medication
from cmp_tui.medications.queries import medications
from cmp_tui.patients.actions import add_patient
from tests.clinic import acts
from tests.conftest import AsUser


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    clinic.rights = acts.RIGHTS
    key = clinic.run(add_patient, family="Ruiz-Moreno").id
    for display, status, stopped in (
        ("amoxicillin", "completed", "2024-01"),
        ("warfarin", "stopped", "2026-02-01"),
        ("aspirin", "unknown", None),
        ("metformin", "active", None),
        ("lisinopril", "active", None),
        ("insulin", "on-hold", None),
        ("statin", "intended", None),
    ):
        clinic.run(acts.add, Medication, patient=key, display=display, status=status, stopped=stopped)
    return key


def test_what_is_taken_first(clinic: Clinic, ana: bytes) -> None:
    names = [one.display for one in clinic.read(medications, ana)]
    assert names == ["lisinopril", "metformin", "statin", "insulin", "warfarin", "amoxicillin", "aspirin"]
    current = clinic.read(medications, ana, current_only=True)
    assert [one.display for one in current] == names[:4]


def test_every_role(as_user: AsUser, ana: bytes) -> None:
    for username in ("dana", "ben", "levin", "otto"):
        as_user(username).read(medications, ana)
    with pytest.raises(Refused):
        as_user("iris").read(medications, ana)
