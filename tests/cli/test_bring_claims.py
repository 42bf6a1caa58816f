"""`cmp-tui import claims`: preview, question, names, and what is said of files that can't be read."""

from __future__ import annotations

import json
from pathlib import Path

from cmp_tui.cli.bring import import_command
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.patients.queries import patient_count
from tests.cli.runner import run
from tests.exchange.claims.files import CARRIER, HOUSE, PEOPLE, emergency, house, office, person, write_rif


def files(tmp_path: Path) -> Path:
    folder = tmp_path / "claims"
    write_rif(
        folder / "people.csv",
        PEOPLE,
        person(),
        person("502", "ADLER", "BO", MBI_NUM="9ZZ9TE5MK11", BENE_BIRTH_DT="07-Jun-1950"),
    )
    write_rif(
        folder / "hospital.csv",
        HOUSE,
        house("1", "02-Mar-2026", "06-Mar-2026"),
        emergency("2", "20-Jun-2026"),
    )
    write_rif(
        folder / "carrier.csv", CARRIER, office("4", "09-Mar-2026"), office("5", "09-Mar-2026", key="502")
    )
    return folder


def test_the_preview_writes_nothing_and_says_what_would_be(clinic: Clinic, tmp_path: Path) -> None:
    result = run(clinic, import_command, "claims", files(tmp_path))
    assert result.exit_code == 0
    assert "4 claims of 2 people, 2026-03-02 to 2026-06-20, 4 lines" in result.stdout
    assert (
        "new     Mooney, Ida  1947-05-03: 1 admission and 1 ED visit Mar–Jun 2026; diabetes, heart failure"
        in result.stdout
    )
    assert "Not taken in (1): fewer than the rule asks 1. --names says who" in result.stdout
    assert "Adler" not in result.stdout
    assert "this was the preview. Add --yes" in result.stdout
    assert clinic.read(patient_count) == 0


def test_names_names_them(clinic: Clinic, tmp_path: Path) -> None:
    result = run(clinic, import_command, "claims", files(tmp_path), "--names")
    assert (
        "no      Adler, Bo  1950-06-07: 0 of 2 groups of chronic conditions, 0 of 2 admissions and ED visits"
        in result.stdout
    )


def test_yes_imports_and_again_there_is_nothing_new(clinic: Clinic, tmp_path: Path) -> None:
    result = run(clinic, import_command, "claims", files(tmp_path), "--yes", "--care-manager", "ben")
    assert result.exit_code == 0
    assert "Imported: 1 new patient, 1 candidate; 7 rows added, 0 changed." in result.stdout
    assert clinic.read(patient_count) == 1
    again = run(clinic, import_command, "claims", tmp_path / "claims", "--yes")
    assert (again.exit_code, "There is nothing new; nothing was changed." in again.stdout) == (0, True)


def test_json(clinic: Clinic, tmp_path: Path) -> None:
    result = run(clinic, import_command, "claims", files(tmp_path), "--yes", "--json")
    said = json.loads(result.stdout)
    assert (said["imported"], said["last"], said["counts"]["stay"]["new"]) == (True, "2026-06-20", 2)
    assert [(one["name"], one["candidate"], one["state"]) for one in said["people"]] == [
        ("Mooney, Ida", True, "new"), ("Adler, Bo", False, "aside"),
    ]  # fmt: skip


def test_what_can_not_be_read_is_named_and_is_status_1(clinic: Clinic, tmp_path: Path) -> None:
    folder = files(tmp_path)
    with (folder / "carrier.csv").open("a") as file:
        file.write("1|2\n")
    (folder / "letter.txt").write_text("Dear colleague")
    result = run(clinic, import_command, "claims", folder, "--yes")
    assert result.exit_code == 1
    assert (
        f"carrier.csv, line 4: This line has 2 fields instead of {len(CARRIER)}; it was left out."
        in result.stdout
    )
    assert "No claims, left alone: " in result.stdout
    assert clinic.read(patient_count) == 1


def test_nothing_that_is_a_claim_is_status_1(clinic: Clinic, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear colleague")
    result = run(clinic, import_command, "claims", path)
    assert result.exit_code == 1
    assert "Nothing in there could be read as claims" in result.stdout


def test_names_with_signs_do_no_harm(clinic: Clinic, tmp_path: Path) -> None:
    folder = files(tmp_path)
    write_rif(folder / "people.csv", PEOPLE, person(family="[bold]M\x1b[31m\u202eooney"))
    result = run(clinic, import_command, "claims", folder, "--yes")
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout
    assert result.exit_code == 0


def test_the_clinic_file_itself_is_not_opened(clinic: Clinic, tmp_path: Path) -> None:
    files(tmp_path)
    result = run(clinic, import_command, "claims", tmp_path, "--yes")
    assert result.exit_code == 0
    assert "No claims, left alone" not in result.stdout
    assert clinic.verify() == []
