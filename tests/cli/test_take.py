"""export time-log on the command line."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cmp_tui.cli.take import export_command
from cmp_tui.clinic.audit import audit_head, audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import ClinicError, Refused
from cmp_tui.contacts.actions import log_time
from cmp_tui.patients.actions import add_patient
from tests.cli.runner import run
from tests.conftest import MONDAY, AsUser

LOG = ("time-log", "--month", "2026-11")


@pytest.fixture
def worked(clinic: Clinic) -> Clinic:
    """A clinic with two spans of time in November."""
    for mrn in ("B-1", "A-1"):
        key = clinic.run(add_patient, family="Tran", given="Linh", mrn=mrn).id
        start = MONDAY - timedelta(minutes=30)
        clinic.run(
            log_time, key, start=start, end=start + timedelta(minutes=9), activity="call", note="said so"
        )
    return clinic


def test_csv_goes_to_standard_output_and_the_rest_does_not(worked: Clinic) -> None:
    result = run(worked, export_command, *LOG)
    assert result.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["mrn"] for row in rows] == ["A-1", "B-1"]
    assert "note" not in rows[0]
    head = worked.read(audit_head)
    assert f"2 rows, sha256 {hashlib.sha256(result.stdout_bytes).hexdigest()}" in result.stderr
    assert f"head {head.seq}:{head.hash}" in result.stderr


def test_two_runs_give_the_same_bytes(worked: Clinic, tmp_path: Path) -> None:
    assert run(worked, export_command, *LOG).stdout_bytes == run(worked, export_command, *LOG).stdout_bytes
    for name in ("one.xlsx", "two.xlsx"):
        run(worked, export_command, *LOG, "-o", tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_each_export_stands_in_the_audit_trail_without_names(worked: Clinic, tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    result = run(worked, export_command, *LOG, "-o", path, "--by", "patient")
    (entry, *_) = worked.read(audit_page, limit=1)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert entry.action == "look.export"
    assert entry.facts == {
        "what": "time-log", "month": "2026-11", "by": "patient", "notes": False, "format": "json", "rows": 2,
        "sha256": digest,
    }  # fmt: skip
    assert (result.stdout, str(path.resolve()) in result.stderr) == ("", True)
    assert [row["seconds"] for row in json.loads(path.read_text())] == [540, 540]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_spreadsheet_has_both_sheets(worked: Clinic, tmp_path: Path) -> None:
    path = tmp_path / "november.xlsx"
    assert run(worked, export_command, *LOG, "-o", path, "--notes").exit_code == 0
    book = load_workbook(path)
    assert book.sheetnames == ["By span", "By patient"]
    header = [cell.value for cell in book["By span"][1]]
    assert header[-1] == "note"
    assert [row[-1].value for row in book["By span"].iter_rows(min_row=2)] == ["said so", "said so"]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("--month", "2026-13"), "2026-13 is not a month. Write it like 2026-10."),
        (("--month", "october"), "is not a month"),
        (("--month", "2026-11", "--format", "xlsx"), "-o FILE.xlsx"),
        (("--month", "2026-11", "-o", "log.txt"), "--format"),
        (("--month", "2026-11", "--program", "CC"), "CCM"),
        (("--month", "2026-11", "--staff", "nobody"), "staff list"),
        ((), "--month"),
    ],
)
def test_wrong_usage_is_a_sentence_and_status_2(worked: Clinic, args: tuple[str, ...], sentence: str) -> None:
    seq = worked.read(audit_head).seq
    result = run(worked, export_command, "time-log", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert worked.read(audit_head).seq == seq


def test_the_clinic_file_is_never_written_over(worked: Clinic) -> None:
    with pytest.raises(ClinicError, match="clinic file"):
        run(worked, export_command, *LOG, "-o", worked.path, "--format", "csv")
    assert worked.verify() == []


def test_who_may_not_export_gets_nothing(worked: Clinic, as_user: AsUser, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    with pytest.raises(Refused):
        run(as_user("otto"), export_command, *LOG, "-o", path)
    assert not path.exists()


def test_an_empty_month_is_headings_only(worked: Clinic) -> None:
    result = run(worked, export_command, "time-log", "--month", "2026-09")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1
    assert run(worked, export_command, "time-log", "--month", "2026-09", "--format", "json").stdout == "[]\n"


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_an_export_that_can_not_be_logged_leaves_the_old_file(
    worked: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    path = tmp_path / f"log.{form}"
    path.write_bytes(b"october")

    def refused(*_: object, **__: object) -> None:
        assert path.read_bytes() == b"october", "it has not taken the name yet"
        raise Refused("no")

    monkeypatch.setattr(worked, "look", refused)
    with pytest.raises(Refused):
        run(worked, export_command, *LOG, "-o", path)
    assert path.read_bytes() == b"october"
    assert {one.name for one in tmp_path.iterdir() if one.name.startswith((".", "log"))} == {path.name}
