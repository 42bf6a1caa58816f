"""The clinic of the tests of the ground: its people may also do what `tests/clinic/acts.py` holds."""

from __future__ import annotations

from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.patients.model import Patient
from tests.clinic import acts
from tests.conftest import AsUser


@pytest.fixture
def dana(as_user: AsUser) -> Clinic:
    """Dana Ruiz, RN: care-manager and admin."""
    clinic = as_user("dana")
    clinic.rights = acts.RIGHTS
    return clinic


@pytest.fixture
def ben(as_user: AsUser) -> Clinic:
    """Ben Ortiz, LPN: care-manager."""
    clinic = as_user("ben")
    clinic.rights = acts.RIGHTS
    return clinic


@pytest.fixture
def ana(dana: Clinic) -> Patient:
    """A patient, added by Dana."""
    return dana.run(acts.add, Patient, **person("1", "Ruiz-Moreno", given="Ana"))


def person(mrn: str, family: str = "Okafor", /, **more: Any) -> dict[str, Any]:
    """The least that a patient needs."""
    return {"mrn": mrn, "family": family, "folded": family.lower(), **more}
