"""What every test may ask for: a clinic on a real file in a temporary folder, its clock, and its people."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.opening import make_clinic, open_clinic
from cmp_tui.clinic.staff import add_staff
from cmp_tui.tables import TABLES

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""Monday 23 November 2026, 9:00 in Chicago."""

AsUser = Callable[[str], Clinic]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """More workers than processors: tests that drive a terminal wait more than they work."""
    return max(2, (os.cpu_count() or 1) * 5 // 2)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A worker that has nothing left takes tests from another one: the slow ones lie beside each other."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)


@pytest.fixture(scope="session")
def _made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic file with its people, made once for each test process and closed; tests work on copies."""
    path = tmp_path_factory.mktemp("clinic") / "clinic.cmp"
    clinic = make_clinic(
        path,
        TABLES,
        admin={"username": "dana", "name": "Dana Ruiz", "credential": "RN"},
        settings={"name": "Lakeside Family Clinic", "time_zone": "America/Chicago"},
        clock=FrozenClock(MONDAY),
        os_name="dana",
    )
    for username, name, credential, roles, may_bill in (
        ("ben", "Ben Ortiz", "LPN", {"care-manager"}, False),
        ("levin", "Amy Levin", "MD", {"clinician"}, True),
        ("iris", "Iris Cole", "none", {"admin"}, False),
        ("otto", "Otto Berg", "none", {"auditor"}, False),
    ):
        clinic.run(
            add_staff,
            username=username,
            name=name,
            credential=credential,
            roles=frozenset(roles),
            may_bill=may_bill,
            os_user=username,
        )
    clinic.close_here()
    return path


@pytest.fixture
def clock() -> FrozenClock:
    """The clock of `clinic`: Monday 23 November 2026, 9:00 in Chicago, until a test sets `clock.at`."""
    return FrozenClock(MONDAY)


@pytest.fixture
def as_user(_made_once: Path, tmp_path: Path, clock: FrozenClock) -> Iterator[AsUser]:
    """Opens the test's clinic file as one of its people.

    They are dana (RN, care-manager and admin), ben (LPN, care-manager), levin (MD, clinician, may bill),
    iris (admin) and otto (auditor).
    """
    path = tmp_path / "clinic.cmp"
    shutil.copyfile(_made_once, path)
    path.chmod(0o600)
    opened: dict[str, Clinic] = {}

    def open_as(username: str) -> Clinic:
        if username not in opened:
            opened[username] = open_clinic(path, TABLES, os_name=username, clock=clock)
        return opened[username]

    yield open_as
    for clinic in opened.values():
        clinic.close_here()


@pytest.fixture
def clinic(as_user: AsUser) -> Clinic:
    """A clinic file with all tables, opened by Dana Ruiz, RN."""
    return as_user("dana")
