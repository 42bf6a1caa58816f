"""A clinic that is built up by each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.tables import TABLES
from tests.conftest import MONDAY
from tests.queue.building import Building
from tests.queue.crowd import fill


@pytest.fixture
def build(clinic: Clinic, clock: FrozenClock) -> Building:
    """Dana's clinic, on Monday 23 November 2026 at nine."""
    return Building(clinic, clock)


@pytest.fixture(scope="module")
def crowded(_made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """A clinic of 200 random patients, made once for the tests of a file, which only read it."""
    path = tmp_path_factory.mktemp("crowd") / "clinic.cmp"
    shutil.copyfile(_made_once, path)
    path.chmod(0o600)
    clinic = open_clinic(path, TABLES, os_name="dana", clock=FrozenClock(MONDAY))
    fill(clinic, 200, seed=7, busy=4)
    yield clinic
    clinic.close_here()


@pytest.fixture(scope="module")
def crowded_as_others(crowded: Clinic) -> Iterator[dict[str, Clinic]]:
    """The same clinic, opened by others."""
    opened = {
        name: open_clinic(crowded.path, TABLES, os_name=name, clock=FrozenClock(MONDAY))
        for name in ("levin", "otto", "iris")
    }
    yield opened
    for clinic in opened.values():
        clinic.close_here()
