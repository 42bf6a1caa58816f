"""A patient, and the four points."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.enrollment.actions import record_consent
from cmp_tui.enrollment.model import Consent
from cmp_tui.enrollment.rules import POINTS
from cmp_tui.patients.actions import add_patient

Consented = Callable[..., Consent]


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    """Ana Ruiz-Moreno, whom Amy Levin bills for."""
    return clinic.run(
        add_patient,
        family="Ruiz-Moreno",
        given="Ana",
        mrn="A-1",
        birth_date="1948-02-11",
        billing_practitioner="levin",
    ).id


@pytest.fixture
def consent(clinic: Clinic, ana: bytes) -> Consented:
    """Records a decision of Ana's about CCM."""

    def record(day: date, decision: str = "accepted", **more: Any) -> Consent:
        values: dict[str, Any] = {"program": "CCM", "mode": "verbal", "points": POINTS, **more}
        return clinic.run(record_consent, ana, decision=decision, date=day, **values)

    return record
