"""import fhir on the command line: preview, question, exit status."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pexpect
import pytest

from cmp_tui.cli.bring import import_command
from cmp_tui.clinic.audit import audit_head
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.opening import make_clinic
from cmp_tui.patients.queries import by_mrn, patient_card, patient_count
from cmp_tui.tables import TABLES
from tests.cli.runner import run
from tests.conftest import AsUser

FIXTURES = Path(__file__).parent.parent / "fixtures" / "fhir"
ANA = FIXTURES / "transaction.json"
PROGRAM = "from cmp_tui.cli.main import main; main()"


def test_without_yes_and_without_a_terminal_it_is_a_preview(clinic: Clinic) -> None:
    seq = clinic.read(audit_head).seq
    result = run(clinic, import_command, "fhir", ANA)
    assert "Ruiz-Moreno, Ana María  1948-02  MRN 10017" in result.stdout
    assert "Nothing was imported: this was the preview. Add --yes" in result.stdout
    assert "%" not in result.stderr  # no progress bar in a pipe
    assert (clinic.read(patient_count), clinic.read(audit_head).seq) == (0, seq)


def test_yes_imports_and_again_says_that_nothing_is_new(clinic: Clinic) -> None:
    result = run(clinic, import_command, "fhir", FIXTURES, "--yes")
    assert "Imported: " in result.stdout
    assert "takes it back as a whole" in result.stdout
    count, seq = clinic.read(patient_count), clinic.read(audit_head).seq
    assert count >= 3
    again = run(clinic, import_command, "fhir", FIXTURES, "--yes")
    assert "There is nothing new; nothing was changed." in again.stdout
    assert (clinic.read(patient_count), clinic.read(audit_head).seq) == (count, seq)


def test_what_is_not_taken_is_counted_and_no_error(clinic: Clinic, tmp_path: Path) -> None:
    claims = [{"resource": {"resourceType": "Claim", "id": str(number)}} for number in range(3)]
    patient = {"resource": {"resourceType": "Patient", "id": "p", "name": [{"family": "Weiss"}]}}
    path = tmp_path / "in.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [*claims, patient]}))
    result = run(clinic, import_command, "fhir", path, "--yes")
    assert result.exit_code == 0
    assert "Not taken (3): Claim 3" in result.stdout


def test_a_truncated_file_is_named_and_the_rest_is_taken(clinic: Clinic, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(ANA.read_bytes())
    (tmp_path / "b.json").write_bytes((FIXTURES / "synthea_auer.json").read_bytes()[:9000])
    result = run(clinic, import_command, "fhir", tmp_path, "--yes")
    assert result.exit_code == 1
    assert f"{tmp_path / 'b.json'}: The file is cut off" in result.stdout
    assert clinic.read(patient_count) == 1


@pytest.mark.parametrize("content", [b"", b"hello", b"{}", b"\x00\xff"])
def test_nothing_readable_is_status_1(clinic: Clinic, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "in.json"
    path.write_bytes(content)
    result = run(clinic, import_command, "fhir", path, "--yes")
    assert result.exit_code == 1
    assert "Nothing in there could be read as FHIR." in result.stdout
    assert "Nothing was imported." in result.stdout


def test_a_path_that_is_not_there_is_a_sentence(clinic: Clinic, tmp_path: Path) -> None:
    result = run(clinic, import_command, "fhir", tmp_path / "nothing")
    assert result.exit_code == 1
    assert "is not there" in result.stdout


def test_markup_and_control_characters_of_the_input_are_harmless(clinic: Clinic, tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    name = [{"family": "[@click=app.quit]W\u001b[31m\u202eeiss", "given": ["[/foo]"]}]
    path.write_text(json.dumps({"resourceType": "Patient", "id": "p", "name": name}))
    result = run(clinic, import_command, "fhir", path, "--yes")
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout
    line = clinic.read(by_mrn, "p")
    assert line is not None
    assert (line.family, line.given) == ("[@click=app.quit]W[31meiss", "[/foo]")


def test_skipped_ones_are_listed_with_the_reason_and_are_status_1(clinic: Clinic, tmp_path: Path) -> None:
    run(clinic, import_command, "fhir", ANA, "--yes")
    number = {"type": {"coding": [{"code": "MR"}]}, "value": "10017"}
    other = {"resourceType": "Patient", "id": "x", "identifier": [number], "birthDate": "1970-01-01"}
    path = tmp_path / "other.json"
    path.write_text(json.dumps({**other, "name": [{"family": "Adams"}]}))
    result = run(clinic, import_command, "fhir", path, "--yes")
    assert result.exit_code == 1
    assert (
        "skipped Adams  1970-01-01  MRN 10017: has the record number of Ruiz-Moreno, Ana María"
        in result.stdout
    )


def test_care_manager(clinic: Clinic, as_user: AsUser) -> None:
    for name, sentence in (("nobody", "staff list"), ("otto", "is no care manager")):
        result = run(clinic, import_command, "fhir", ANA, "--yes", "--care-manager", name)
        assert (result.exit_code, clinic.read(patient_count)) == (2, 0)
        assert sentence in result.stderr
    result = run(as_user("iris"), import_command, "fhir", ANA, "--yes")
    assert (result.exit_code, clinic.read(patient_count)) == (2, 0)
    assert "--care-manager" in result.stderr
    assert run(as_user("iris"), import_command, "fhir", ANA, "--yes", "--care-manager", "ben").exit_code in (
        0,
        1,
    )
    line = clinic.read(by_mrn, "10017")
    assert line is not None
    assert clinic.read(patient_card, line.id).care_manager_name == "Ben Ortiz"


def test_json_says_everything(clinic: Clinic) -> None:
    preview = json.loads(run(clinic, import_command, "fhir", ANA, "--json").stdout)
    assert preview["imported"] is False
    assert preview["counts"]["patient"] == {"new": 1, "changed": 0, "same": 0, "kept": 0, "struck": 0}
    assert preview["patients"][0]["mrn"] == "10017"
    done = json.loads(run(clinic, import_command, "fhir", ANA, "--json", "--yes").stdout)
    assert (done["imported"], clinic.read(patient_count)) == (True, 1)


def test_on_a_terminal_it_shows_progress_and_asks(tmp_path: Path) -> None:
    path = tmp_path / "c.cmp"
    admin = {"username": "dana", "name": "Dana Ruiz", "credential": "RN"}
    clinic = make_clinic(path, TABLES, admin=admin, settings={"time_zone": "America/Chicago"})
    args = ["-c", PROGRAM, "--db", str(path), "import", "fhir", str(ANA)]
    for answer, count in (("n", 0), ("y", 1)):
        child = pexpect.spawn(sys.executable, args, encoding="utf-8", timeout=20, dimensions=(40, 120))
        child.expect("Reading")
        child.expect("Import this")
        child.sendline(answer)
        child.expect(pexpect.EOF)
        child.close()
        assert clinic.read(patient_count) == count
    clinic.close_here()
