"""After two records were merged, what comes in for either of them goes to the one that was kept."""

from __future__ import annotations

from pathlib import Path

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.desk.merge import merge_patients
from cmp_tui.exchange.caseload.actions import import_caseload
from cmp_tui.exchange.caseload.queries import caseload_plan
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.queries import by_mrn, conditions, patient_card, patient_count
from tests.exchange.caseload.conftest import columns_of, read_rows, words
from tests.exchange.conftest import PlanOf, condition, ruth

__all__ = ["words"]
FIRST = {"identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "M-1"}]}
SECOND = {"identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": "M-2"}]}


def key_of(clinic: Clinic, mrn: str) -> bytes:
    line = clinic.read(by_mrn, mrn)
    assert line is not None
    return line.id


def test_records_of_the_other_source_come_to_the_kept_patient(
    clinic: Clinic, bring: PlanOf, plan_of: PlanOf
) -> None:
    bring(clinic, ruth("p1", **FIRST), condition("c1", patient="p1"))
    bring(clinic, ruth("p2", **SECOND), condition("c2", patient="p2"))
    keep, other = key_of(clinic, "M-1"), key_of(clinic, "M-2")
    clinic.run(merge_patients, keep, other)
    for number, record in (("p1", FIRST), ("p2", SECOND)):  # nothing is doubled
        again = plan_of(clinic, ruth(number, **record), condition(number.replace("p", "c"), patient=number))
        assert again.empty and [one.state for one in again.patients] == ["same"]
    bring(clinic, ruth("p2", **SECOND, address=[{"city": "Austin"}]), condition("c3", patient="p2"))
    assert clinic.read(patient_count) == 1 and len(clinic.read(conditions, keep)) == 3
    assert clinic.read(patient_card, keep).city is None  # its own source speaks for its row


def test_a_row_with_the_other_number_is_the_kept_patient(
    clinic: Clinic, words: object, tmp_path: Path
) -> None:
    head = ["MRN", "Last Name", "First Name", "DOB", "Phone"]

    def rows(mrn: str, phone: str) -> None:
        book = read_rows(
            tmp_path / "in.csv",
            words,
            [head, [mrn, "Weiss", "Ruth", "2/1/1943", phone]],
        )
        columns = columns_of(book, words)
        clinic.run(import_caseload, clinic.read(caseload_plan, book, columns))

    rows("M-1", "512-555-0101")
    book = read_rows(tmp_path / "two.csv", words, [head, ["M-2", "Weiss", "Rut", "2/1/1943", ""]])
    plan = clinic.read(caseload_plan, book, columns_of(book, words))
    assert plan.rows[0].state == "skipped" and "looks like" in plan.rows[0].why
    clinic.run(add_patient, family="Weiss", given="Rut", birth_date="1943-02-01", mrn="M-2")
    keep = key_of(clinic, "M-1")
    clinic.run(merge_patients, keep, key_of(clinic, "M-2"))
    rows("M-2", "512-555-0102")
    assert clinic.read(patient_count) == 1
    assert [one.number for one in clinic.read(patient_card, keep).phones] == ["512-555-0101", "512-555-0102"]
