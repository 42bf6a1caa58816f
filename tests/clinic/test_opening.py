"""Making a clinic, opening it, and the frozen clock of a practice file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.clinic.audit import audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import Clock, FrozenClock, frozen_from
from cmp_tui.clinic.errors import Invalid, Refused, Stopped
from cmp_tui.clinic.opening import make_clinic, open_clinic
from cmp_tui.clinic.settings import Settings
from cmp_tui.clinic.staff import me, os_user, settings_list
from cmp_tui.tables import TABLES

ADMIN = {"username": "dana", "name": "Dana Ruiz", "credential": "RN"}
PRACTICE = {"name": "Lakeside", "time_zone": "America/Chicago", "practice": True, "practice_person": "dana"}


def make(path: Path, **more: Any) -> Clinic:
    return make_clinic(path, TABLES, **{"admin": ADMIN, "settings": {"name": "Lakeside"}, **more})


def test_a_new_clinic_knows_its_first_person_by_the_operating_system(tmp_path: Path) -> None:
    clinic = make(tmp_path / "a.cmp")
    person = clinic.read(me)
    assert (person.username, person.roles) == ("dana", frozenset({"care-manager", "admin"}))
    assert clinic.read(settings_list).name == "Lakeside"
    [entry] = clinic.read(audit_page)
    assert (entry.seq, entry.action) == (1, "clinic.init")
    assert clinic.verify() == []
    clinic.close_here()
    again = open_clinic(tmp_path / "a.cmp", TABLES)
    assert again.read(me) == person
    again.close_here()
    other = open_clinic(tmp_path / "a.cmp", TABLES, os_name="somebody-else")
    with pytest.raises(Refused, match=r"cmp-tui staff add --os-user somebody-else"):
        other.read(me)
    other.close_here()


def test_the_operating_system_user_has_a_name() -> None:
    assert os_user()


@pytest.mark.parametrize(
    "more",
    [
        {"settings": {"time_zone": "Chicago"}},
        {"settings": {"colour": "red"}},
        {"admin": {**ADMIN, "credential": "nurse"}},
        {"admin": {**ADMIN, "username": "dana ruiz"}},
        {"admin": {**ADMIN, "name": ""}},
    ],
)
def test_a_clinic_that_can_not_be_made_leaves_nothing(tmp_path: Path, more: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        make(tmp_path / "a.cmp", **more)
    assert list(tmp_path.iterdir()) == []


def test_every_connection_is_closed_when_opening_fails(tmp_path: Path) -> None:
    make(tmp_path / "a.cmp").close_here()
    with pytest.raises(Stopped, match="Unset it"):
        open_clinic(tmp_path / "a.cmp", TABLES, frozen="2026-11-23T09:00")
    assert [found.name for found in tmp_path.iterdir()] == ["a.cmp"]


# -- practice files


def test_a_practice_file_opens_as_its_person_at_a_frozen_time(tmp_path: Path) -> None:
    make(tmp_path / "a.cmp", settings=PRACTICE).close_here()
    clinic = open_clinic(tmp_path / "a.cmp", TABLES, frozen="2026-11-23T09:00", os_name="somebody-else")
    assert clinic.read(me).username == "dana"
    assert clinic.clock.now() == datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    assert clinic.read(lambda scope: scope.now) == clinic.clock.now()
    clinic.close_here()


def test_a_practice_file_runs_on_the_real_time_unless_told(tmp_path: Path) -> None:
    make(tmp_path / "a.cmp", settings=PRACTICE).close_here()
    clinic = open_clinic(tmp_path / "a.cmp", TABLES)
    assert type(clinic.clock) is Clock
    clinic.close_here()


@pytest.mark.parametrize("text", ["yesterday", "9:00", "2026-13-01", "2026-11-23T25:00"])
def test_a_frozen_time_that_can_not_be_read(tmp_path: Path, text: str) -> None:
    make(tmp_path / "a.cmp", settings=PRACTICE).close_here()
    with pytest.raises(Stopped, match="CMP_TUI_NOW is '"):
        open_clinic(tmp_path / "a.cmp", TABLES, frozen=text)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-23T09:00", "2026-11-23T15:00:00+00:00"),
        ("2026-07-01T09:00:30.5", "2026-07-01T14:00:30+00:00"),
        ("2026-11-23T09:00Z", "2026-11-23T09:00:00+00:00"),
        ("2026-11-23T09:00+02:00", "2026-11-23T07:00:00+00:00"),
        ("2026-11-23", "2026-11-23T06:00:00+00:00"),
    ],
)
def test_frozen_times(text: str, utc: str) -> None:
    clock = frozen_from(text, Settings().zone)
    assert clock.now().isoformat() == utc
    assert clock.now() == clock.now()


# -- the clock


def test_the_clock_gives_whole_seconds_and_the_clinics_day() -> None:
    now = Clock().now()
    assert (now.tzinfo, now.microsecond) == (UTC, 0)
    assert abs(datetime.now(UTC) - now) < timedelta(minutes=1)
    zone = Settings().zone
    assert FrozenClock(datetime(2026, 12, 1, 5, 59, tzinfo=UTC)).today(zone).isoformat() == "2026-11-30"
    assert FrozenClock(datetime(2026, 12, 1, 6, 0, tzinfo=UTC)).today(zone).isoformat() == "2026-12-01"
    assert Clock().ticks() <= Clock().ticks()
