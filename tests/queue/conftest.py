"""A clinic that is built up by each test."""

from __future__ import annotations

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from tests.queue.building import Building


@pytest.fixture
def build(clinic: Clinic, clock: FrozenClock) -> Building:
    """Dana's clinic, on Monday 23 November 2026 at nine."""
    return Building(clinic, clock)
