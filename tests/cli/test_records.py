"""export records and import records on the command line."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest

from cmp_tui.cli.bring import import_command
from cmp_tui.cli.take import export_command
from cmp_tui.clinic.audit import audit_head, audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Refused
from cmp_tui.exchange.records.layout import HISTORY, LAYOUTS
from cmp_tui.files.aside import CannotWrite
from cmp_tui.patients.actions import add_patient, edit_patient, strike_record
from tests.cli.runner import run
from tests.conftest import AsUser
from tests.exchange.records_folder import put

FILES = {layout.file for layout in LAYOUTS}


@pytest.fixture
def worked(clinic: Clinic) -> Clinic:
    """A clinic with two patients, one of them struck out."""
    for mrn in ("B-1", "A-1"):
        key = clinic.run(add_patient, family="=Tran", given="Linh", mrn=mrn).id
    clinic.run(edit_patient, key, None, given="Lin")
    clinic.run(strike_record, "patient", key, "entered twice")
    return clinic


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# -- export


def test_an_export_writes_every_file_and_logs_it_once(worked: Clinic, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    before = worked.read(audit_head).seq
    result = run(worked, export_command, "records", folder)
    assert result.exit_code == 0
    assert names(folder) == FILES
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    lines = (folder / "patients.csv").read_text().splitlines()
    assert [line.split(",")[:3] for line in lines[1:]] == [["B-1", "'=Tran", "Linh"]]
    (entry, *_) = worked.read(audit_page, limit=1)
    assert (entry.action, entry.seq) == ("look.export", before + 1)
    assert (entry.facts["what"], entry.facts["history"]) == ("records", False)
    assert entry.facts["rows"]["patients.csv"] == 1
    digest = hashlib.sha256((folder / "patients.csv").read_bytes()).hexdigest()
    assert entry.facts["sha256"]["patients.csv"] == digest
    assert f"1  {digest}" in result.stdout
    assert f"{len(FILES)} files, 6 rows" in result.stderr


def test_json_says_what_was_written(worked: Clinic, tmp_path: Path) -> None:
    result = run(worked, export_command, "records", tmp_path / "out", "--json")
    told = json.loads(result.stdout)
    assert {one["name"] for one in told["files"]} == FILES
    assert (told["folder"], told["left"]) == (str(tmp_path / "out"), [])
    assert told["audit"]["seq"] == worked.read(audit_head).seq


def test_history_has_every_image_and_what_was_struck_out(worked: Clinic, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    run(worked, export_command, "records", folder, "--with-history")
    assert names(folder) == FILES | set(HISTORY)
    with (folder / "history.csv").open(newline="") as file:
        images = [row for row in csv.DictReader(file) if row["table"] == "patient"]
    assert [(row["version"], bool(row["before"]), bool(row["now"])) for row in images] == [
        ("1", False, False), ("1", False, False), ("2", True, False), ("3", True, True),
    ]  # fmt: skip
    assert json.loads(images[2]["before"])["given"] == "Linh"
    assert json.loads(images[3]["now"])["struck_why"] == "entered twice"
    with (folder / "audit.csv").open(newline="") as file:
        chain = list(csv.DictReader(file))
    assert [row["action"] for row in chain][-2:] == ["patients.edit_patient", "patients.strike_record"]
    assert [row["prev"] for row in chain[1:]] == [row["hash"] for row in chain[:-1]]
    # Without it the next time, the older history is named and left.
    assert "history.csv" in run(worked, export_command, "records", folder).stdout
    assert run(worked, import_command, "records", folder).exit_code == 0


def test_an_earlier_export_is_replaced_and_nothing_else(worked: Clinic, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    run(worked, export_command, "records", folder)
    before = (folder / "patients.csv").read_bytes()
    run(worked, export_command, "records", folder)
    assert (folder / "patients.csv").read_bytes() == before
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(CannotWrite, match="no earlier export"):
        run(worked, export_command, "records", folder)
    by_hand = put(tmp_path / "by hand", patients="mrn\nM1", staff="username\nzoe")
    with pytest.raises(CannotWrite, match="no earlier export"):
        run(worked, export_command, "records", by_hand)
    assert names(by_hand) == {"patients.csv", "staff.csv"}


def test_links_are_not_followed(worked: Clinic, tmp_path: Path) -> None:
    folder, other = tmp_path / "out", tmp_path / "other"
    run(worked, export_command, "records", folder)
    other.write_text("keep")
    (folder / "visits.csv").unlink()
    (folder / "visits.csv").symlink_to(other)
    before = (folder / "patients.csv").stat().st_mtime_ns
    with pytest.raises(CannotWrite, match="is a link"):
        run(worked, export_command, "records", folder)
    assert other.read_text() == "keep"
    assert (folder / "patients.csv").stat().st_mtime_ns == before
    assert names(folder) == FILES
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(CannotWrite, match="is a link"):
        run(worked, export_command, "records", tmp_path / "link")


@pytest.mark.parametrize(("where", "sentence"), [("a/b", "There is no folder"), ("file", "is not a folder")])
def test_a_place_that_takes_no_folder(worked: Clinic, tmp_path: Path, where: str, sentence: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotWrite, match=sentence):
        run(worked, export_command, "records", tmp_path / where)


def test_who_may_not_export_gets_nothing(worked: Clinic, as_user: AsUser, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        run(as_user("otto"), export_command, "records", tmp_path / "out")
    with pytest.raises(Refused):  # the audit trail is not for everybody who may export
        run(as_user("ben"), export_command, "records", tmp_path / "out", "--with-history")
    assert not (tmp_path / "out").exists()
    assert run(as_user("ben"), export_command, "records", tmp_path / "out").exit_code == 0
    assert run(as_user("iris"), export_command, "records", tmp_path / "iris", "--with-history").exit_code == 0


# -- import


def test_a_preview_then_the_import_then_nothing_new(clinic: Clinic, tmp_path: Path) -> None:
    folder = put(
        tmp_path / "in",
        staff="username,name,credential\nzoe,Zoe Lund,RN",
        patients="mrn,family\nM1,Ruiz",
        visits="mrn,date\nM1,2026-01-02\nM9,2026-01-03",
    )
    (folder / "notes.txt").write_text("x")
    seq = clinic.read(audit_head).seq
    result = run(clinic, import_command, "records", folder)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["new", "changed", "same", "refused"]
    assert [line.split() for line in lines[1:4]] == [
        ["staff.csv", "1", "0", "0", "0"], ["patients.csv", "1", "0", "0", "0"], ["visits.csv", "1", "0", "0", "1"],
    ]  # fmt: skip
    assert 'visits.csv, line 3: mrn: there is no patient "M9" here or in patients.csv.' in lines
    assert "notes.txt: not a file of the records folder" in lines
    assert lines[-1] == "Nothing was imported: this was the preview. Add --yes to import it."
    assert clinic.read(audit_head).seq == seq
    result = run(clinic, import_command, "records", folder, "--yes")
    assert (result.exit_code, "Imported: 3 rows added, 0 changed." in result.stdout) == (1, True)
    assert "can't sign in yet" in result.stdout
    assert [entry.action for entry in clinic.read(audit_page, limit=2)] == [
        "exchange.import_records", "exchange.import_staff",
    ]  # fmt: skip
    (folder / "visits.csv").unlink()
    result = run(clinic, import_command, "records", folder, "--yes")
    assert result.exit_code == 0
    assert "There is nothing new; nothing was changed." in result.stdout
    assert clinic.read(audit_head).seq == seq + 2


def test_changes_are_shown_from_what_to_what(clinic: Clinic, tmp_path: Path) -> None:
    clinic.run(add_patient, mrn="M1", family="Ruis")
    folder = put(tmp_path / "in", patients="mrn,family,payer\nM1,Ruiz,Medicaid")
    lines = run(clinic, import_command, "records", folder).stdout.splitlines()
    assert "patients.csv, line 2: M1: family: Ruis -> Ruiz" in lines
    assert "patients.csv, line 2: M1: payer: (nothing) -> Medicaid" in lines


def test_json_says_everything(clinic: Clinic, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", patients="mrn,sex,hue\nM1,F,\nM2,female,")
    result = run(clinic, import_command, "records", folder, "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["files"]["patients.csv"] == {
        "new": 1, "changed": 0, "same": 0, "struck": 0, "refused": 1, "made": 0,
    }  # fmt: skip
    assert told["refused"] == [
        {"file": "patients.csv", "line": 3, "says": 'sex: "female" is not one of: F, M, X, U.'}
    ]
    assert told["notes"][0]["says"] == 'the column "hue" is not known here and was left out.'
    assert told["imported"] is False


def test_hostile_text_reaches_no_terminal(clinic: Clinic, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", patients="mrn,sex,\x1b[2J\nM1,\x1b]0;x\x07,")
    result = run(clinic, import_command, "records", folder)
    assert "\x1b" not in result.output
    assert "\\x1b" in result.output


def test_an_empty_folder_and_none(clinic: Clinic, tmp_path: Path) -> None:
    result = run(clinic, import_command, "records", tmp_path / "none")
    assert result.exit_code == 2
    (tmp_path / "empty").mkdir()
    result = run(clinic, import_command, "records", tmp_path / "empty")
    assert result.exit_code == 1
    assert "There is no file of a records folder in there" in result.stdout
