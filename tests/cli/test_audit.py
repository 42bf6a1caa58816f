"""audit on the command line: what was done and seen, and that the chain is whole."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from cmp_tui.cli.audit import audit_command
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Refused
from cmp_tui.desk.actions import log_group
from cmp_tui.patients.actions import add_patient
from tests.cli.conftest import Command
from tests.cli.runner import run
from tests.conftest import AsUser
from tests.tampers import behind_the_back, cut_tail, edit_row


def test_everything_that_was_done_and_seen(cmp: Command) -> None:
    cmp("find", "ruiz")
    cmp("show", "T-1001")
    cmp("log", "T-1001", "--minutes", "9")
    cmp("queue", "--all")
    lines = cmp("audit", "show", "--limit", "5").out.splitlines()
    assert [line.split()[4] for line in lines] == [
        "look.list", "desk.log_contact", "look.chart", "look.search", "patients.add_patient",
    ]  # fmt: skip
    assert lines[0].split()[1:4] == ["2026-11-23", "09:00:00", "dana"]
    entries = cmp("audit", "show", "--json", "--limit", "2").json
    assert [entry["action"] for entry in entries] == ["look.audit", "look.list"]
    assert "Ruiz" not in cmp("audit", "show").out


def test_narrowed_to_a_patient_or_a_person(cmp: Command) -> None:
    cmp("show", "T-1001")
    cmp("queue")
    assert {line.split()[4] for line in cmp("audit", "show", "--mrn", "T-1001").out.splitlines()} == {
        "look.chart", "patients.add_patient",
    }  # fmt: skip
    assert cmp("audit", "show", "--who", "dana").out != ""
    assert cmp("audit", "show", "--who", "nobody").out == ""


def test_a_whole_chain_has_no_findings(cmp: Command) -> None:
    cmp("log", "T-1001", "--minutes", "9")
    said = cmp("audit", "verify")
    assert said.status == 0
    assert "0 findings. Head: " in said.out
    facts = cmp("audit", "verify", "--json").json
    assert facts["findings"] == []
    cmp("log", "T-1001", "--minutes", "3")
    assert cmp("audit", "verify", "--head", facts["head"]).status == 0
    number, _, _ = facts["head"].partition(":")
    said = cmp("audit", "verify", "--head", f"{number}:{'0' * 64}")
    assert said.status == 1
    assert "entry " in said.out


def test_what_was_altered_outside_is_found(cmp: Command, practice: Path) -> None:
    cmp("log", "T-1001", "--minutes", "9")
    with behind_the_back(practice) as connection:
        edit_row(connection, random.Random(1))
    said = cmp("audit", "verify")
    assert said.status == 1
    assert "1 findings" in said.out
    assert cmp("audit", "verify", "--json").json["findings"] != []


def test_a_tail_that_was_cut_is_found_by_a_head_kept_outside(cmp: Command, practice: Path) -> None:
    for _ in range(5):
        cmp("find", "ruiz")
    head = cmp("audit", "verify", "--json").json["head"]
    with behind_the_back(practice) as connection:
        cut_tail(connection, random.Random(1))
    assert cmp("audit", "verify", "--head", head).status == 1


@pytest.mark.parametrize("username", ["ben", "levin"])
def test_only_administrators_and_auditors_read_the_trail(as_user: AsUser, username: str) -> None:
    with pytest.raises(Refused):
        run(as_user(username), audit_command, "show")
    with pytest.raises(Refused):
        run(as_user(username), audit_command, "verify")


def test_an_auditor_does(as_user: AsUser) -> None:
    assert run(as_user("otto"), audit_command, "show").exit_code == 0
    assert run(as_user("otto"), audit_command, "verify").exit_code == 0


def test_a_change_for_several_patients_is_shown_in_one_line(clinic: Clinic) -> None:
    keys = [clinic.run(add_patient, family="Bell", mrn=mrn).id for mrn in ("B-1", "B-2")]
    clinic.run(log_group, keys, mode="phone", outcome="reached", minutes=10)
    (line,) = run(clinic, audit_command, "show", "--mrn", "B-2", "--limit", "1").stdout.splitlines()
    assert line.endswith("about=2 patients")
    (entry,) = json.loads(
        run(clinic, audit_command, "show", "--who", "dana", "--limit", "2", "--json").stdout
    )[1:]
    assert entry["facts"] == {"about": [key.hex() for key in keys]}
