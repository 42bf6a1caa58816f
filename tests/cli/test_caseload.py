"""import caseload and export caseload on the command line: mapping, preview, question, exit status, round trip."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from openpyxl import load_workbook

from cmp_tui.chart.queries import summary
from cmp_tui.cli.bring import import_command
from cmp_tui.cli.take import export_command
from cmp_tui.clinic.audit import audit_head, audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import ClinicError, Refused
from cmp_tui.clinic.opening import make_clinic
from cmp_tui.contacts.actions import log_time
from cmp_tui.exchange.caseload.headings import KEPT_AS
from cmp_tui.files.sheet_in import BadSheet
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.queries import by_mrn, patient_card, patient_count
from cmp_tui.tables import TABLES
from tests.cli.runner import run
from tests.conftest import MONDAY, AsUser

PROGRAM = "from cmp_tui.cli.main import main; main()"
SHEET = """\
ID,Name,DOB,Phone,Insurance,Cond 1,Risk,Consent date/how,Status,Next due,Jan,Oct mins,Hobbies,Misc
1,"Ruiz, Ana",2/11/48,512-555-0133,Humana MA,E11.9 DM,high,verbal 3/4/26,Active,12/5/26,20,0:25,"chess, cards",x
2,"Bell, Tom",3/14/1951,,MCR,COPD,,,pending,,,15+5,=1+1,
3,"Broken, Bo",2/30/1950,,,,,,,,,,,
"""
Write = Callable[[str], Path]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "tracker.csv"
    path.write_text(SHEET)
    return path


def brought(clinic: Clinic, sheet: Path, *more: object) -> str:
    return run(clinic, import_command, "caseload", sheet, "--year", "2026", *more).stdout


def test_the_preview_shows_columns_rows_and_totals_and_writes_nothing(clinic: Clinic, sheet: Path) -> None:
    seq = clinic.read(audit_head).seq
    result = run(clinic, import_command, "caseload", sheet, "--year", "2026")
    assert result.exit_code == 1
    for line in (
        "headings in line 1, 3 rows below",
        "minutes of 2026-10",
        "new     line 2  Ruiz, Ana  1948-02-11  MRN 1  1 phone, 1 condition, 1 consent, 1 enrollment, 1 task",
        "skipped line 4  Broken, Bo  no birth date  MRN 3: DOB '2/30/1950' is no day of the calendar",
        "3 lines: 2 taken, 0 left out, 1 refused.",
        "Nothing was imported: this was the preview. Add --yes",
    ):
        assert line in result.stdout
    assert (clinic.read(patient_count), clinic.read(audit_head).seq) == (0, seq)


def test_yes_imports_and_again_says_that_nothing_is_new(clinic: Clinic, sheet: Path) -> None:
    assert "Imported: 2 new patients" in brought(clinic, sheet, "--yes")
    seq = clinic.read(audit_head).seq
    assert "There is nothing new; nothing was changed." in brought(clinic, sheet, "--yes")
    assert clinic.read(audit_head).seq == seq


def test_the_year_is_asked(clinic: Clinic, sheet: Path) -> None:
    result = run(clinic, import_command, "caseload", sheet, "--yes")
    assert (result.exit_code, clinic.read(patient_count)) == (2, 0)
    assert "--year 2026" in result.stderr


def test_columns_are_corrected_and_remembered(clinic: Clinic, as_user: AsUser, sheet: Path) -> None:
    out = brought(clinic, sheet, "--column", "Misc=ignore", "--column", "Hobbies=best_time")
    assert "best time to call" in out
    assert "(as you said)" in out
    out = brought(clinic, sheet, "--yes")
    assert out.count("(as last time)") == 2
    line = clinic.read(by_mrn, "1")
    assert line is not None
    assert clinic.read(patient_card, line.id).best_time == "chess, cards"
    assert len(clinic.kept(KEPT_AS)) == 1
    assert "(as last time)" not in brought(as_user("ben"), sheet)


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("--column", "Misc"), "HEADING=MEANING"),
        (("--same", "x=1"), "ROW=MRN"),
        (("--new", "x"), "number of a row"),
        (("--care-manager", "nobody"), "staff list"),
        (("--year", "x"), "year"),
    ],
)
def test_wrong_usage_is_status_2(clinic: Clinic, sheet: Path, args: tuple[str, ...], sentence: str) -> None:
    result = run(clinic, import_command, "caseload", sheet, *args)
    assert (result.exit_code, clinic.read(patient_count)) == (2, 0)
    assert sentence in result.stderr


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("--column", "Nope=note"), "no column"),
        (("--column", "Misc=blue"), "none of"),
        (("--sheet", "X"), "no sheet"),
    ],
)
def test_what_is_not_there_is_a_sentence(
    clinic: Clinic, sheet: Path, args: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(ClinicError, match=sentence):
        run(clinic, import_command, "caseload", sheet, "--year", "2026", *args)


def test_the_clinic_file_is_not_read_as_a_sheet(clinic: Clinic) -> None:
    with pytest.raises(BadSheet, match="clinic file itself"):
        run(clinic, import_command, "caseload", clinic.path)


def test_json_says_everything(clinic: Clinic, sheet: Path) -> None:
    said = json.loads(brought(clinic, sheet, "--json"))
    assert (said["imported"], said["rows_in"], said["rows_taken"], said["rows_refused"]) == (False, 3, 2, 1)
    assert said["columns"][-4]["means"] == "minutes:01"
    assert [row["state"] for row in said["rows"]] == ["new", "new", "skipped"]
    assert said["faults"] == [
        {"number": 4, "column": "DOB", "why": "'2/30/1950' is no day of the calendar", "lost": False}
    ]
    assert json.loads(brought(clinic, sheet, "--json", "--yes"))["imported"] is True


def test_decisions_by_option(clinic: Clinic, sheet: Path, tmp_path: Path) -> None:
    brought(clinic, sheet, "--yes")
    like = tmp_path / "like.csv"
    like.write_text("Name,DOB,Best time\nRuis Ana,2/11/48,noon\nBel Tom,3/14/1951,noon\n")
    assert "--same 2=1 or --new 2" in brought(clinic, like)
    out = brought(clinic, like, "--same", "2=1", "--new", "3", "--yes")
    assert "Imported: 1 new patient;" in out
    line = clinic.read(by_mrn, "1")
    assert line is not None
    assert clinic.read(patient_card, line.id).best_time == "noon"


def test_who_is_no_care_manager_names_one(as_user: AsUser, sheet: Path) -> None:
    iris = as_user("iris")
    result = run(iris, import_command, "caseload", sheet, "--year", "2026", "--yes")
    assert result.exit_code == 2
    assert "--care-manager" in result.stderr
    brought(iris, sheet, "--yes", "--care-manager", "ben")
    line = as_user("dana").read(by_mrn, "1")
    assert line is not None
    assert as_user("dana").read(patient_card, line.id).care_manager_name == "Ben Ortiz"


def test_markup_and_control_characters_are_harmless(clinic: Clinic, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(
        'ID,Name,DOB,[/foo]\n1,"[@click=app.quit]W\x1b[31m\u202eeiss, Ruth",2/1/43,\x1b]0;x\x07y\n'
    )
    out = brought(clinic, path, "--yes")
    assert "\x1b" not in out
    assert "\u202e" not in out
    line = clinic.read(by_mrn, "1")
    assert line is not None
    assert line.family == "W[31meiss"
    assert [note.text for note in clinic.read(summary, line.id).notes] == [
        "[@click=app.quit]W[31meiss, Ruth",
        "]0;xy",
    ]


def test_on_a_terminal_it_asks_the_year_and_before_it_imports(tmp_path: Path, sheet: Path) -> None:
    path = tmp_path / "c.cmp"
    admin = {"username": "dana", "name": "Dana Ruiz", "credential": "RN"}
    clinic = make_clinic(path, TABLES, admin=admin, settings={"time_zone": "America/Chicago"})
    args = ["-c", PROGRAM, "--db", str(path), "import", "caseload", str(sheet)]
    for answer, count in (("n", 0), ("y", 2)):
        child = pexpect.spawn(sys.executable, args, encoding="utf-8", timeout=30, dimensions=(50, 160))
        child.expect("Which year are the months of")
        child.sendline("2026")
        child.expect("Import this")
        child.sendline(answer)
        child.expect(pexpect.EOF)
        child.close()
        assert (clinic.read(patient_count), child.exitstatus) == (count, 1)
    clinic.close_here()


# -- export caseload


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_tracker_leaves_in_its_shape_and_comes_back_the_same(
    clinic: Clinic, sheet: Path, tmp_path: Path
) -> None:
    brought(clinic, sheet, "--yes")
    result = run(clinic, export_command, "caseload", "--year", "2026")
    assert result.exit_code == 0
    tom, ana = rows_of(result.stdout)
    assert list(ana)[:12] == [
        "ID", "Name", "DOB", "Phone", "Best time", "PCP", "Payer", "Cond 1", "Cond 2", "Risk", "Consent date",
        "Consent how",
    ]  # fmt: skip
    assert {
        "ID": "1", "DOB": "1948-02-11", "Payer": "Medicare Advantage", "Insurance (as written)": "Humana MA",
        "Risk": "high",
        "Cond 1": "E11.9 DM", "Consent how": "verbally", "Status": "enrolled", "Jan 2026 min": "20",
        "Oct 2026 min": "25",
        "Hobbies": "chess, cards", "Misc": "x", "Next due": "2026-12-05",
    }.items() <= ana.items()  # fmt: skip
    assert (tom["Hobbies"], tom["Oct 2026 min"]) == ("'=1+1", "20")  # no spreadsheet runs it
    for name in ("back.csv", "back.xlsx"):
        path = tmp_path / name
        assert run(clinic, export_command, "caseload", "--year", "2026", "-o", path).exit_code == 0
        said = json.loads(run(clinic, import_command, "caseload", path, "--json").stdout)
        assert {row["state"] for row in said["rows"]} == {"same"}
        assert [row["differs"] for row in said["rows"]] == [[], []]
        assert (said["rows_refused"], said["faults"]) == (0, [])
    book = load_workbook(tmp_path / "back.xlsx")
    assert book.active is not None
    assert book.active["C2"].number_format != "General"  # a day, not a text


def test_the_minutes_are_all_that_was_spent(clinic: Clinic) -> None:
    key = clinic.run(add_patient, family="Ruiz", given="Ana", mrn="1").id
    from datetime import timedelta

    for seconds in (330, 350):
        start = MONDAY - timedelta(seconds=seconds)
        clinic.run(log_time, key, start=start, end=MONDAY, activity="call")
    (row,) = rows_of(run(clinic, export_command, "caseload").stdout)
    assert row["Nov 2026 min"] == "11"  # 680 seconds, floored once
    assert rows_of(run(clinic, export_command, "caseload", "--year", "2025").stdout)[0]["Nov 2025 min"] == ""


def test_a_filter_narrows_and_the_dead_leave_too(clinic: Clinic) -> None:
    clinic.run(add_patient, family="Ruiz", given="Ana", mrn="1", payer="Medicaid")
    clinic.run(add_patient, family="Bell", given="Tom", mrn="2", deceased_on="2026-10-02")
    rows = rows_of(run(clinic, export_command, "caseload").stdout)
    assert {row["ID"]: row["Status"] for row in rows} == {"1": "", "2": "deceased 2026-10-02"}
    rows = rows_of(run(clinic, export_command, "caseload", "--filter", "payer:medicaid").stdout)
    assert [row["ID"] for row in rows] == ["1"]
    with pytest.raises(ClinicError, match="no filter"):
        run(clinic, export_command, "caseload", "--filter", "nothing:x")


def test_it_stands_in_the_audit_trail_and_is_refused_early(
    clinic: Clinic, as_user: AsUser, sheet: Path, tmp_path: Path
) -> None:
    brought(clinic, sheet, "--yes")
    path = tmp_path / "out.csv"
    run(clinic, export_command, "caseload", "-o", path, "--filter", "name:ruiz")
    (entry, *_) = clinic.read(audit_page, limit=1)
    assert entry.action == "look.export"
    assert entry.facts is not None
    assert {"what": "caseload", "year": 2026, "rows": 1, "filtered": True}.items() <= entry.facts.items()
    assert "ruiz" not in str(entry.facts)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Refused):
        run(as_user("otto"), export_command, "caseload", "-o", tmp_path / "no.csv")
    with pytest.raises(ClinicError, match="clinic file"):
        run(clinic, export_command, "caseload", "-o", clinic.path, "--format", "csv")
    result = run(clinic, export_command, "caseload", "--format", "xlsx")
    assert result.exit_code == 2
    assert "-o FILE.xlsx" in result.stderr
