"""staff on the command line: adding, changing, ending access, rights."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmp_tui.cli.staff import staff_command
from cmp_tui.clinic.errors import Refused
from tests.cli.conftest import Command
from tests.cli.runner import run
from tests.conftest import AsUser

BEN = (
    "staff",
    "add",
    "ben",
    "--name",
    "Ben Ortiz",
    "--credential",
    "LPN",
    "--role",
    "care-manager",
    "--os-user",
    "ben",
)


def test_adding_listing_and_ending(cmp: Command) -> None:
    assert cmp(*BEN).out == "Ben Ortiz (ben) was added.\n"
    listed = cmp("staff", "list").out
    assert "ben            Ben Ortiz                LPN" in listed
    rows = {row["username"]: row for row in cmp("staff", "list", "--json").json}
    assert rows["ben"]["roles"] == ["care-manager"]
    assert rows["dana"]["roles"] == ["admin", "care-manager"]
    assert (rows["ben"]["clinical"], rows["ben"]["may_bill"]) == (True, False)
    assert cmp("staff", "disable", "BEN").out.startswith("Ben Ortiz can't use this clinic file any more.")
    assert "Ben" not in cmp("staff", "list").out
    assert "Ben Ortiz" in cmp("staff", "list", "--all").out
    assert "(ended)" in cmp("staff", "list", "--all").out


def test_adding_someone_again_changes_them(cmp: Command) -> None:
    cmp(*BEN)
    said = cmp("staff", "add", "ben", "--role", "care-manager", "--role", "auditor", "--not-clinical")
    assert said.out == "Ben Ortiz (ben) was changed.\n"
    row = next(row for row in cmp("staff", "list", "--json").json if row["username"] == "ben")
    assert (row["roles"], row["clinical"], row["os_user"]) == (["auditor", "care-manager"], False, "ben")
    assert cmp("staff", "add", "ben").status == 2, "there is nothing to change"


def test_access_comes_back_only_when_it_is_said(cmp: Command) -> None:
    cmp(*BEN)
    cmp("staff", "disable", "ben")
    said = cmp("staff", "add", "ben", "--npi", "1234567893")
    assert said.out.endswith("Their access stays ended. To give it back: cmp-tui staff add ben --enable\n")
    assert "Ben Ortiz" not in cmp("staff", "list").out
    assert cmp("staff", "add", "ben", "--enable").out == "Ben Ortiz (ben) was changed.\n"
    assert "Ben Ortiz" in cmp("staff", "list").out


def test_what_follows_from_the_credential(cmp: Command) -> None:
    def follows(*arguments: str) -> tuple[bool, bool]:
        assert cmp("staff", "add", "ben", *arguments).status == 0
        row = next(row for row in cmp("staff", "list", "--json").json if row["username"] == "ben")
        return row["clinical"], row["may_bill"]

    cmp(*BEN)
    assert follows("--credential", "NP") == (True, True)
    assert follows("--not-may-bill") == (True, False)
    assert follows("--credential", "none") == (False, False)
    assert follows("--credential", "RN", "--may-bill") == (True, True)


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (
            ("staff", "add", "new", "--name", "New"),
            2,
            "For someone new give --name, --credential and at least one --role.",
        ),
        (
            ("staff", "add", "1x", "--name", "X", "--credential", "RN", "--role", "admin"),
            1,
            "A username is letters",
        ),
        (("staff", "add", "new", "--name", "X", "--credential", "WIZ", "--role", "admin"), 1, "WIZ"),
        (("staff", "add", "dana", "--role", "auditor"), 1, "at least one administrator"),
        (("staff", "rights", "nobody"), 1, "There is no 'nobody' among the staff."),
    ],
    ids=["incomplete", "username", "credential", "last admin", "unknown"],
)
def test_what_is_refused(cmp: Command, arguments: tuple[str, ...], status: int, says: str) -> None:
    said = cmp(*arguments)
    assert (said.status, said.out) == (status, "")
    assert says in said.err


def test_rights(cmp: Command) -> None:
    table = cmp("staff", "rights", "--json").json
    assert table["desk.log_contact"] == ["care-manager", "clinician"]
    assert table["clinic.add_staff"] == ["admin"]
    cmp(*BEN)
    his = cmp("staff", "rights", "ben", "--json").json
    assert his["desk.log_contact"] == ["care-manager"]
    assert his["clinic.add_staff"] == []
    cmp("staff", "disable", "ben")
    assert not any(cmp("staff", "rights", "ben", "--json").json.values())
    assert "clinic.add_staff" in cmp("staff", "rights").out


@pytest.mark.parametrize("username", ["ben", "levin", "otto"])
def test_only_administrators_change_staff(as_user: AsUser, username: str) -> None:
    with pytest.raises(Refused):
        run(as_user(username), staff_command, "disable", "dana")
    assert run(as_user(username), staff_command, "list").exit_code == 0


def test_the_operating_system_user_is_bound_once(cmp: Command, practice: Path) -> None:
    cmp(*BEN)
    said = cmp(
        "staff", "add", "eve", "--name", "Eve", "--credential", "RN", "--role", "auditor", "--os-user", "ben"
    )
    assert said.status == 1
    assert said.err == "os user: Another record has this already.\n"
