"""A list of admissions and discharges: mapped, previewed, applied once, what is not taken named."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.history import last_undoable
from cmp_tui.encounters.actions import add_stay, edit_stay, strike_stay
from cmp_tui.encounters.queries import StayLine, stays
from cmp_tui.exchange.caseload.plan import Choices
from cmp_tui.exchange.caseload.reading import read_caseload
from cmp_tui.exchange.stays.actions import import_stays
from cmp_tui.exchange.stays.book import stay_words
from cmp_tui.exchange.stays.columns import guessed
from cmp_tui.exchange.stays.plan import StaysPlan
from cmp_tui.exchange.stays.queries import stays_plan
from cmp_tui.patients.actions import add_patient

HEAD = (
    "Pt ID,Patient Name,DOB,Class,Hospital,Admit Date,Discharge Date,Disposition,Admit Type,Chief Complaint"
)


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    return clinic.run(add_patient, family="Ruiz-Moreno", given="Ana", mrn="A-1", birth_date="1948-02-11").id


@pytest.fixture
def plan(clinic: Clinic, tmp_path: Path) -> Any:
    def make(*lines: str, said: dict[str, str] | None = None, choices: Choices = Choices()) -> StaysPlan:
        path = tmp_path / "adt.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        words = stay_words(clinic.reference)
        book = read_caseload(path, words.sheet)
        return clinic.read(stays_plan, book, guessed(book, words, None, said or {}), choices)

    return make


def only(clinic: Clinic, patient: bytes) -> StayLine:
    (line,) = clinic.read(stays, patient)
    return line


def test_a_row_a_stay_and_the_same_list_twice(clinic: Clinic, ana: bytes, plan: Any) -> None:
    rows = (
        HEAD,
        'A-1,"Ruiz-Moreno, Ana",2/11/1948,Inpatient,St. Mary\'s,11/16/2026,11/20/2026,01,Emergency,heart failure',
    )
    found = plan(*rows)
    assert {one.heading: one.meaning for one in found.columns} == {
        "Pt ID": "mrn", "Patient Name": "name", "DOB": "birth_date", "Class": "kind", "Hospital": "facility",
        "Admit Date": "admitted", "Discharge Date": "discharged", "Disposition": "discharged_to",
        "Admit Type": "emergency", "Chief Complaint": "reason",
    }  # fmt: skip
    assert clinic.run(import_stays, found) == (1, 0)
    line = only(clinic, ana)
    assert (line.kind, line.facility, line.admitted, line.discharged) == (
        "inpatient", "St. Mary's", date(2026, 11, 16), date(2026, 11, 20),
    )  # fmt: skip
    assert (line.discharged_to, line.emergency, line.reason, line.heard_on) == (
        "home", True, "heart failure", date(2026, 11, 23),
    )  # fmt: skip
    again = plan(*rows)
    assert again.empty and not again.wrong and len(again.of("same")) == 1
    done = clinic.read(last_undoable)
    assert done is not None
    clinic.undo(done.seq)
    assert clinic.read(stays, ana) == []


def test_events_are_joined_and_close_what_is_open_here(clinic: Clinic, ana: bytes, plan: Any) -> None:
    head = "MRN,Event,Event Time,Patient Class,Facility,Disposition"
    first = plan(head, "A-1,A01,20261116081500,I,St. Mary's,", "A-1,A08,20261116090000,I,St. Mary's,")
    assert first.read_over == {"A08": 1}
    assert clinic.run(import_stays, first) == (1, 0)
    assert only(clinic, ana).discharged is None
    second = plan(head, "A-1,A03,20261120143000,I,St. Mary's,01")
    assert [one.state for one in second.stays] == ["changed"]
    assert clinic.run(import_stays, second) == (0, 1)
    line = only(clinic, ana)
    assert (line.admitted, line.discharged, line.discharged_to) == (
        date(2026, 11, 16),
        date(2026, 11, 20),
        "home",
    )
    whole = plan(head, "A-1,A01,20261116,I,St. Mary's,", "A-1,A03,20261120,I,St. Mary's,01")
    assert whole.empty and [one.stay.rows for one in whole.stays] == [[2, 3]]


def test_emergency_visits_end_on_their_day(clinic: Clinic, ana: bytes, plan: Any) -> None:
    found = plan("MRN,Event,Date,Class,Site", "A-1,A04,2026-11-14,E,Seton", "A-1,A03,2026-11-14,E,Seton")
    assert clinic.run(import_stays, found) == (1, 0)
    assert (only(clinic, ana).kind, only(clinic, ana).discharged) == ("ed", date(2026, 11, 14))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("A-1,I,2026-11-16,2026-11-10", "comes before the admission"),
        ("A-1,I,2026-11-16,2026-11-30", "still to come"),
        ("A-1,I,2026-12-16,", "still to come"),
        ("A-1,I,2026-02-30,", "no day of the calendar"),
        ("A-1,I,,", "no day of admission"),
        ("A-1,Spa,2026-11-16,", "no kind of stay"),
        (",I,2026-11-16,", "does not say who"),
        ("A-1,I,2026-11-04,2026-11-08", "lies over the stay at Seton"),
        ("A-1,I,2026-11-01,", "lies over the stay at Seton"),
    ],
)
def test_what_can_not_be_taken_is_named_and_the_rest_comes_in(
    clinic: Clinic, ana: bytes, plan: Any, row: str, why: str
) -> None:
    clinic.run(
        add_stay,
        ana,
        kind="inpatient",
        facility="Seton",
        admitted=date(2026, 11, 2),
        discharged=date(2026, 11, 6),
    )
    found = plan("MRN,Class,Admitted,Discharged", row, "A-1,E,2026-11-21,")
    (skipped,) = found.of("skipped")
    assert why in skipped.why and found.wrong
    assert clinic.run(import_stays, found) == (1, 0)


def test_who_is_no_patient_is_named_and_is_no_fault(clinic: Clinic, ana: bytes, plan: Any) -> None:
    found = plan(
        "Last,First,DOB,Admitted",
        "Nobody,Known,1950-01-02,2026-11-16",
        "Ruiz Moreno,Ana,1948-02-11,2026-11-16",
    )
    assert [(one.state, one.wrong) for one in found.stays] == [("skipped", False), ("new", False)]
    assert not found.wrong and found.stays[1].patient == ana


def test_who_only_looks_like_a_patient_is_for_a_person_to_say(clinic: Clinic, ana: bytes, plan: Any) -> None:
    rows = ("Last,First,DOB,Admitted", "Ruiz-Moreno,Anna,1948-02-12,2026-11-16")
    found = plan(*rows)
    assert found.wrong and "--same A-1" in found.stays[0].why
    assert plan(*rows, choices=Choices(same_mrns=frozenset({"A-1"}))).stays[0].patient == ana


def test_what_differs_stays_as_it_is_here(clinic: Clinic, ana: bytes, plan: Any) -> None:
    key = clinic.run(
        add_stay,
        ana,
        kind="inpatient",
        facility="Seton",
        admitted=date(2026, 11, 16),
        discharged=date(2026, 11, 20),
    ).id
    row = "A-1,I,Seton,2026-11-16,2026-11-19,03"
    found = plan("MRN,Class,Hospital,Admitted,Discharged,Disposition", row)
    assert found.stays[0].state == "changed" and "the discharge" in found.stays[0].stay.warnings[0]
    clinic.run(import_stays, found)
    assert (only(clinic, ana).discharged, only(clinic, ana).discharged_to) == (date(2026, 11, 20), "snf")
    clinic.run(strike_stay, key, "wrong person")
    assert [one.state for one in plan("MRN,Class,Admitted", "A-1,I,2026-11-16").stays] == ["kept"]


def test_a_list_that_moved_on_is_refused(clinic: Clinic, ana: bytes, plan: Any) -> None:
    key = clinic.run(add_stay, ana, kind="inpatient", admitted=date(2026, 11, 16)).id
    found = plan("MRN,Class,Admitted,Discharged", "A-1,I,2026-11-16,2026-11-20")
    clinic.run(edit_stay, key, None, reason="a fall")
    with pytest.raises(Invalid, match="changed these patients' stays"):
        clinic.run(import_stays, found)
    assert only(clinic, ana).discharged is None


def test_columns_are_corrected_and_what_is_missing_is_said(clinic: Clinic, ana: bytes, plan: Any) -> None:
    with pytest.raises(Invalid, match="No column says when"):
        plan("MRN,Came", "A-1,2026-11-16")
    with pytest.raises(Invalid, match="No column says who"):
        plan("Who knows,Admitted", "A-1,2026-11-16")
    with pytest.raises(Invalid, match="is none of"):
        plan("MRN,Came", "A-1,2026-11-16", said={"Came": "nonsense"})
    found = plan("MRN,Came", "A-1,2026-11-16", said={"Came": "admitted"})
    assert [one.state for one in found.stays] == ["new"]
