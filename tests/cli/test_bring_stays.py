"""`cmp-tui import stays`: preview, --yes, columns that are remembered, exit status."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from cmp_tui.cli.bring import import_command
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid
from cmp_tui.encounters.queries import stays
from cmp_tui.files.sheet_in import BadSheet
from cmp_tui.patients.actions import add_patient
from tests.cli.runner import run


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    return clinic.run(add_patient, family="Ruiz-Moreno", given="Ana", mrn="A-1", birth_date="1948-02-11").id


def write(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "adt.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_preview_writes_nothing_yes_imports_and_again_there_is_nothing_new(
    clinic: Clinic, ana: bytes, tmp_path: Path
) -> None:
    rows = ("A-1,Inpatient,St. Mary's,2026-11-16,2026-11-20", "Z-9,Inpatient,Seton,2026-11-01,")
    path = write(tmp_path, "MRN,Class,Hospital,Admit Date,Discharge Date", *rows)
    result = run(clinic, import_command, "stays", path)
    assert result.exit_code == 0, result.output
    assert "Hospital        where" in result.stdout
    assert "Ruiz-Moreno, Ana  MRN A-1  inpatient at St. Mary's 2026-11-16 to 2026-11-20" in result.stdout
    assert "Not patients here (1):" in result.stdout and "MRN Z-9" in result.stdout
    assert "this was the preview. Add --yes" in result.stdout
    assert clinic.read(stays, ana) == []
    result = run(clinic, import_command, "stays", path, "--yes")
    assert result.exit_code == 0 and "Imported: 1 stay added, 0 filled in." in result.stdout
    assert clinic.read(stays, ana)[0].discharged == date(2026, 11, 20)
    result = run(clinic, import_command, "stays", path, "--yes")
    assert result.exit_code == 0 and "There is nothing new; nothing was changed." in result.stdout


def test_what_is_wrong_is_named_and_the_status_says_so(clinic: Clinic, ana: bytes, tmp_path: Path) -> None:
    path = write(
        tmp_path, "MRN,Admitted,Discharged", "A-1,2026-11-16,2026-11-10", "A-1,2026-11-20,2026-11-22"
    )
    result = run(clinic, import_command, "stays", path, "--yes")
    assert result.exit_code == 1
    assert "Not taken (1):" in result.stdout
    assert "the discharge (2026-11-10) comes before the admission (2026-11-16)" in result.stdout
    assert "Imported: 1 stay added" in result.stdout and len(clinic.read(stays, ana)) == 1


def test_columns_are_said_once(clinic: Clinic, ana: bytes, tmp_path: Path) -> None:
    path = write(tmp_path, "MRN,Came", "A-1,2026-11-16")
    with pytest.raises(Invalid, match="No column says when"):
        run(clinic, import_command, "stays", path)
    result = run(clinic, import_command, "stays", path, "--column", "Came=admitted")
    assert result.exit_code == 0 and "(as you said)" in result.stdout
    result = run(clinic, import_command, "stays", path, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0 and found["counts"] == {"new": 1} and found["imported"] is False
    assert found["columns"][1] == {"heading": "Came", "means": "admitted", "how": "last time"}
    result = run(clinic, import_command, "stays", path, "--column", "Came")
    assert result.exit_code == 2


def test_a_file_that_is_none(clinic: Clinic, ana: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadSheet, match="can't be read"):
        run(clinic, import_command, "stays", tmp_path / "missing.csv")
    with pytest.raises(BadSheet, match="the clinic file itself"):
        run(clinic, import_command, "stays", clinic.path)
