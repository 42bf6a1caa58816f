"""A patient with diabetes and an A1c goal, and the way in which a laboratory's value comes in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cmp_tui.careplan.actions import add_goal
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.measurements.model import Measurement
from cmp_tui.patients.actions import add_condition, add_patient

A1C: dict[str, Any] = {
    "measure": "a1c",
    "direction": "below",
    "baseline": 8.9,
    "target": 8.0,
    "due": date(2027, 2, 28),
}
SEPTEMBER = datetime(2026, 9, 1, 15, 0, tzinfo=UTC)
Bring = Callable[..., bytes]


def bring(change: Change, patient: bytes, kind: str, value: float, day: date, **more: Any) -> Measurement:
    """A laboratory's value, as an import brings it."""
    return change.add(Measurement, patient=patient, kind=kind, value=value, date=day, **more)


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    """Ana Ruiz-Moreno."""
    key: bytes = clinic.run(
        add_patient, family="Ruiz-Moreno", given="Ana", mrn="A-1", birth_date="1948-02-11", sex="F"
    ).id
    return key


@pytest.fixture
def diabetes(clinic: Clinic, ana: bytes) -> bytes:
    """Her diabetes."""
    key: bytes = clinic.run(
        add_condition, ana, display="Type 2 diabetes mellitus", code="E11.9", system="icd-10-cm"
    ).id
    return key


@pytest.fixture
def sugar(clinic: Clinic, ana: bytes, diabetes: bytes, clock: FrozenClock) -> bytes:
    """A goal for her A1c, begun on 1 September."""
    now, clock.at = clock.at, SEPTEMBER
    key: bytes = clinic.run(
        add_goal,
        ana,
        title="A1c under 8",
        condition=diabetes,
        own_words="I want to stop being thirsty.",
        **A1C,
    ).id
    clock.at = now
    return key


@pytest.fixture
def lab(clinic: Clinic, ana: bytes) -> Bring:
    """Brings a value of Ana's in."""
    clinic.rights = Rights({**ACTIONS, "conftest.bring": Right(CARE)})

    def one(value: float, day: date, kind: str = "a1c", **more: Any) -> bytes:
        key: bytes = clinic.run(bring, ana, kind, value, day, **more).id
        return key

    return one
