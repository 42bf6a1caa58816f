"""The referral letter: what it says, that a long one is whole, and that sending it moves the loop."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.staff import change_setting
from cmp_tui.encounters.appointment_actions import book
from cmp_tui.files.document import as_text
from cmp_tui.files.pdf_out import encode_pdf
from cmp_tui.medications.actions import add_medication
from cmp_tui.patients.actions import add_allergy, add_condition, add_patient, add_phone, edit_patient
from cmp_tui.patients.directory_actions import add_provider
from cmp_tui.referrals.actions import order
from cmp_tui.referrals.letter_actions import send_letter
from cmp_tui.referrals.letter_out import letter_file
from cmp_tui.referrals.letter_queries import letter_document, letter_text
from cmp_tui.referrals.queries import detail, referral_line

MANY = 40


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    for name, value in (("phone", "(312) 555-0100"), ("fax", "(312) 555-0101")):
        clinic.run(change_setting, name, value)
    key = clinic.run(
        add_patient, family="Ruiz-Moreno", given="Ana", birth_date="1948-02-11", sex="F", language="Spanish",
        interpreter=True, payer="Medicare",
    ).id  # fmt: skip
    clinic.run(add_phone, key, number="(512) 555-0133")
    clinic.run(add_condition, key, display="Heart failure", system="icd-10-cm", code="I50.9")
    clinic.run(add_allergy, key, substance="Penicillin", reaction="rash")
    return bytes(key)


@pytest.fixture
def asked(clinic: Clinic, ana: bytes) -> bytes:
    heart = clinic.run(
        add_provider, name="Dr. Hartwig", specialty="Cardiology", organization="Harlow Point Heart",
        phone="(847) 555-0181", fax="(847) 555-0182",
    )  # fmt: skip
    row = clinic.run(
        order, ana, kind="specialist", what="cardiology", question="Is the dose of the water pill right?",
        urgency="urgent", provider=heart.id, ordered_by="levin", records="last note, ECG",
    )  # fmt: skip
    return bytes(row.id)


def test_what_it_says(clinic: Clinic, ana: bytes, asked: bytes) -> None:
    clinic.run(add_medication, ana, display="Furosemide 40 mg", dosage="1 in the morning", reason="swelling")
    clinic.run(
        book, ana, day=date(2026, 12, 4), time="9:30", what="cardiology", kind="specialist", referral=asked
    )
    text = clinic.read(letter_text, asked)
    for said in (
        "Referral: cardiology", "Is the dose of the water pill right?", "Urgent (specialist)", "Hartwig, Cardiology",
        "Harlow Point Heart", "fax (847) 555-0182", "Amy Levin, MD", "Ana Ruiz-Moreno", "1948-02-11", "(512) 555-0133",
        "Spanish, needs an interpreter", "Penicillin (rash)", "Heart failure (I50.9)", "Furosemide 40 mg",
        "1 in the morning", "last note, ECG", "(312) 555-0100", "(312) 555-0101", "2026-12-04 9:30 am",
    ):  # fmt: skip
        assert said in " ".join(text.split()), said


def test_nothing_known_is_said_so(clinic: Clinic) -> None:
    tom = clinic.run(add_patient, family="Bell").id
    row = clinic.run(order, tom, kind="test", what="lipid panel")
    text = " ".join(clinic.read(letter_text, row.id).split())
    assert "None on record." in text and "Please see this patient for: lipid panel." in text
    assert "telephone ______________, fax ______________" in text


def test_forty_medicines_are_all_on_paper(clinic: Clinic, ana: bytes, asked: bytes) -> None:
    import pypdfium2

    for number in range(MANY):
        name = f"Medicine{number:02} with a rather long name {number} mg"
        clinic.run(
            add_medication, ana, display=name, dosage="1 tablet twice a day with food", reason="heart failure"
        )
    document = clinic.read(letter_document, asked)
    data = encode_pdf(document, clinic.reference.path("fonts"))
    pdf = pypdfium2.PdfDocument(BytesIO(data))
    pages = [pdf[number].get_textpage().get_text_range() for number in range(len(pdf))]
    whole = " ".join("".join(pages).split())
    assert all(f"Medicine{number:02}" in whole for number in range(MANY))
    assert len(pages) <= 3 and "Page 1 of" in pages[0]
    text = as_text(document)
    assert max(map(len, text.splitlines())) <= 78 and text.count("Medicine") >= MANY


def test_it_is_written_into_the_outbox(
    clinic: Clinic, asked: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for plain, suffix in ((False, ".pdf"), (True, ".txt")):
        written = clinic.read(letter_file, clinic, asked, plain=plain)
        path = written.paper.path
        assert path.suffix == suffix and path.stat().st_mode & 0o777 == 0o600 and "cardiology" in path.name


def test_letters_that_the_font_lacks_are_told(
    clinic: Clinic, ana: bytes, asked: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    clinic.run(edit_patient, ana, None, family="田中")
    with pytest.raises(Invalid, match="plain text"):
        clinic.read(letter_file, clinic, asked)
    assert clinic.read(letter_file, clinic, asked, plain=True).paper.path.exists()


def test_sending_it_is_the_step_of_the_loop(clinic: Clinic, asked: bytes) -> None:
    key = clinic.new_id()
    row = clinic.run(send_letter, asked, how="mail", records="last note", id=key)
    assert row.to == "Dr. Hartwig"
    line = clinic.read(referral_line, asked)
    assert (line.stage, line.records) == ("sent", "last note")
    assert clinic.run(send_letter, asked, how="mail", id=key).id == row.id
    clinic.run(send_letter, asked, how="fax")
    whole = clinic.read(detail, asked)
    assert [one.how for one in whole.letters] == ["fax", "mail"]
    assert [one.stage for one in whole.steps] == ["sent", "ordered"]


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2026, 11, 1)])
def test_a_day_that_can_not_be(clinic: Clinic, asked: bytes, day: date) -> None:
    with pytest.raises(Invalid):
        clinic.run(send_letter, asked, how="fax", day=day)
