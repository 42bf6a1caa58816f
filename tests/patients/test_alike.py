"""Who is here already, asked of a real file."""

from __future__ import annotations

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.patients.actions import add_patient, edit_patient
from cmp_tui.patients.queries import lookalikes

MBI = "1EG4-TE5-MK73"


@pytest.fixture
def bill(clinic: Clinic) -> bytes:
    key = clinic.run(
        add_patient,
        family="Hartwell",
        given="William",
        mrn="W-1",
        birth_date="1951-03-08",
        phone="(512) 555-0142",
        mbi=MBI,
    ).id
    for number in range(30):  # others of that name and of that day
        clinic.run(add_patient, family="Hartwell", given=f"Zed{number}", mrn=f"H-{number}")
        clinic.run(
            add_patient, family=f"Other{number}", given="X", birth_date="1951-03-08", mrn=f"O-{number}"
        )
    return key


@pytest.mark.parametrize(
    ("family", "given", "born", "phone", "mbi"),
    [
        ("Hartwel", "Wiliam", "1951-03-08", None, None),  # slips in both names
        ("Hartwell", "Bill", "1951-03-08", None, None),  # a nickname
        ("William", "Hartwell", "1951-03-08", None, None),  # swapped
        ("Bill", "Hartwell", "1951-03-08", None, None),  # both
        ("Hartwell", "William", "1951-08-03", None, None),  # day and month swapped
        ("Hartwell", "William", "1951-03-03", None, None),  # one digit
        ("Hartwell", "William", "1915-03-08", None, None),  # two digits swapped
        ("Hartwel", "Bil", "1951-08-03", None, None),  # all of it at once
        ("Hartwell", "W", "1951", "512-555-0142", None),  # an initial, a year, a telephone
        ("Smith", "Bill", None, "+1 512 555 0142", None),  # married, and the telephone
        ("Smith", "Bo", None, None, "1eg4te5mk73"),  # nothing but the Medicare number
        ("Smith", "Bo", "1951-03-08", None, "1EG4TE5MK78"),  # it slipped, and the birth date
        ("Hartwell", "William", None, None, None),  # the same name, nothing else known
    ],
)
def test_whoever_is_typed_with_slips_is_found(
    clinic: Clinic, bill: bytes, family: str, given: str, born: str | None, phone: str | None, mbi: str | None
) -> None:
    found = clinic.read(lookalikes, family, given, born, phone, mbi=mbi)
    assert bill in [one.patient.id for one in found]
    assert all(one.why for one in found) and len(found) <= 5
    assert next(one for one in found if one.patient.id == bill).phone == "(512) 555-0142"


@pytest.mark.parametrize(
    ("family", "given", "born"),
    [
        ("Hartwell", "Linda", "1951-03-08"),
        ("Hartwell", "William", "1970-12-25"),
        ("Nobody", "Like", "1951-03-08"),
    ],
)
def test_whoever_is_someone_else_is_not_asked_about(
    clinic: Clinic, bill: bytes, family: str, given: str, born: str
) -> None:
    assert clinic.read(lookalikes, family, given, born) == []


def test_the_likeliest_stands_first_and_the_asked_one_is_left_out(clinic: Clinic, bill: bytes) -> None:
    near = clinic.run(add_patient, family="Hartwell", given="William", birth_date="1951-03-09").id
    found = clinic.read(lookalikes, "Hartwell", "William", "1951-03-08", mbi=MBI)
    assert [one.patient.id for one in found] == [bill, near]
    assert found[0].why == "same Medicare number; same name, same birth date"
    assert [
        one.patient.id
        for one in clinic.read(lookalikes, "Hartwell", "William", "1951-03-08", other_than=bill)
    ] == [near]


def test_the_dead_are_among_them_and_the_text_may_be_anything(clinic: Clinic, bill: bytes) -> None:
    clinic.run(edit_patient, bill, None, deceased=True)
    assert clinic.read(lookalikes, "Hartwell", "William", "1951-03-08")[0].patient.deceased
    for text in ("", " ", "x" * 100_000, "漢字", "'; drop", "\x00"):
        clinic.read(lookalikes, text, text, None, text, mbi=text)
