"""init, settings and backup on the command line."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cmp_tui.clinic.opening import open_clinic
from cmp_tui.clinic.staff import me, os_user, settings_list
from cmp_tui.tables import TABLES
from tests.cli.conftest import Command

INIT = (
    "init", "--name", "Lakeside Family Clinic", "--time-zone", "America/Chicago", "--admin", "dana", "--admin-name",
    "Dana Ruiz", "--credential", "RN",
)  # fmt: skip


def test_init_makes_a_file_for_the_one_who_runs_it(cmp: Command, tmp_path: Path) -> None:
    path = tmp_path / "new" / "clinic.cmp"
    said = cmp("--db", str(path), *INIT)
    assert said.status == 0
    assert said.out.startswith(f"Made {path}.\n")
    assert "cmp-tui import fhir FOLDER" in said.out
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    clinic = open_clinic(path, TABLES, os_name=os_user())
    person, settings = clinic.read(me), clinic.read(settings_list)
    assert (person.name, person.credential, person.roles) == ("Dana Ruiz", "RN", {"care-manager", "admin"})
    assert (settings.name, settings.time_zone, settings.practice) == (
        "Lakeside Family Clinic", "America/Chicago", False,
    )  # fmt: skip
    assert clinic.verify() == []
    clinic.close_here()


def test_init_asks_for_what_is_not_given(cmp: Command, tmp_path: Path) -> None:
    said = cmp(
        "--db", str(tmp_path / "new.cmp"), "init", stdin="Lakeside\nAmerica/Chicago\ndana\nDana Ruiz\nRN\n"
    )
    assert said.status == 0
    assert "Name of the clinic" in said.out


def test_init_never_writes_over_a_file(cmp: Command, practice: Path) -> None:
    before = practice.read_bytes()
    said = cmp(*INIT)
    assert said.status == 2
    assert "exists already. Open it with cmp-tui, or choose another with --db." in said.err
    assert practice.read_bytes() == before


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--time-zone", "Mars/Olympus", "is not a time zone"),
        ("--credential", "WIZ", "WIZ"),
        ("--admin", "1x", "username"),
    ],
)
def test_init_with_something_wrong_leaves_no_file(
    cmp: Command, tmp_path: Path, option: str, value: str, says: str
) -> None:
    path = tmp_path / "new.cmp"
    arguments = list(INIT)
    arguments[arguments.index(option) + 1] = value
    said = cmp("--db", str(path), *arguments)
    assert said.status == 1
    assert says in said.err
    assert not path.exists()


def test_init_stopped_in_the_middle_makes_nothing(cmp: Command, tmp_path: Path) -> None:
    said = cmp("--db", str(tmp_path / "new.cmp"), "init", stdin="Lakeside\n")
    assert said.status == 1
    assert "Stopped; nothing was changed." in said.err
    assert not (tmp_path / "new.cmp").exists()


def test_settings_are_shown_and_set(cmp: Command) -> None:
    assert "not_reached_days           30" in cmp("settings").out
    assert cmp("settings", "not_reached_days", "45").out == "not_reached_days is 45 now.\n"
    assert cmp("settings", "--json").json["not_reached_days"] == 45
    assert cmp("settings", "signs", "ascii").status == 0
    assert cmp("settings", "signs", "emoji").status == 1
    assert cmp("settings", "not_reached_days", "5000").status == 1
    assert cmp("settings", "--json").json["not_reached_days"] == 45


def test_backup_writes_a_checked_copy(cmp: Command, practice: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.cmp"
    said = cmp("backup", str(target))
    assert said.status == 0
    assert said.out.startswith(f"Copied to {target} and checked. Audit chain: ")
    assert cmp("--db", str(target), "find", "ruiz").out.startswith("T-1001")
    again = cmp("backup", str(target))
    assert again.status == 1
    assert "exists already" in again.err
    nowhere = cmp("backup", str(tmp_path / "none" / "copy.cmp"))
    assert nowhere.status == 1
    assert "can't be written" in nowhere.err


def test_a_real_file_takes_no_frozen_time(cmp: Command, tmp_path: Path) -> None:
    path = tmp_path / "new.cmp"
    cmp("--db", str(path), *INIT)
    said = cmp("--db", str(path), "queue")
    assert said.status == 1
    assert "CMP_TUI_NOW" in said.err


def test_as_a_program(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cmp_tui.cli", "--db", str(tmp_path / "new.cmp")]
    root = Path(__file__).parents[2]
    for arguments in (INIT, ("queue",), ("staff", "list")):
        done = subprocess.run(
            [*command, *arguments], cwd=root, capture_output=True, text=True, timeout=60, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")


def test_yes_and_no_are_words_that_are_known(cmp: Command) -> None:
    said = cmp("settings", "practice", "maybe")
    assert (said.status, "practice takes yes or no." in said.err) == (2, True)
    for word in ("yes", "NO"):
        said = cmp("settings", "practice", word)
        assert (said.status, "practice can't be changed" in said.err) == (1, True)
    assert cmp("settings", "practice_person", "ben").status == 1
    assert cmp("settings", "--json").json["practice_person"] == "dana"
