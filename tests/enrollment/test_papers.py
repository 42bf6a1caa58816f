"""What is printed: the consent text, a copy of a consent, the letter; into the outbox, logged as it leaves."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cmp_tui.clinic.audit import audit_page
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Gone, Invalid, Refused
from cmp_tui.clinic.ids import shown
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.staff import change_setting
from cmp_tui.contacts.queries import contacts_of_month
from cmp_tui.enrollment.intake_actions import add_intake
from cmp_tui.enrollment.intake_queries import intakes_of
from cmp_tui.enrollment.letter_actions import log_letter
from cmp_tui.enrollment.paper_forms import FORMS
from cmp_tui.enrollment.paper_out import consent_file, consent_text, letter_file
from cmp_tui.enrollment.papers import consent_paper, letter_named, letter_paper, long_day, paper_facts
from cmp_tui.files.document import as_text
from cmp_tui.files.pdf_out import encode_pdf, unprintable
from cmp_tui.patients import paper_out
from cmp_tui.patients.actions import edit_patient
from tests.conftest import AsUser
from tests.enrollment.conftest import Consented
from tests.patients.forming import forms, save

TODAY = date(2026, 11, 23)


@pytest.fixture
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "outbox"

    def make() -> Path:
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    monkeypatch.setattr(paper_out, "make_outbox", make)
    return folder


def text(clinic: Clinic, ana: bytes, program: str = "CCM", tongue: Any = "en", **more: Any) -> str:
    document = consent_paper(clinic.read(paper_facts, ana, program, **more), clinic.reference, tongue)
    return as_text(document, 78)


def pages(data: bytes) -> list[str]:
    import pypdfium2

    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]


def test_the_consent_text(clinic: Clinic, ana: bytes) -> None:
    found = text(clinic, ana)
    for words in (
        "Chronic care management", "Ana Ruiz-Moreno", "February 11, 1948", "That would be", "Amy Levin",
        "[ ] You can stop at any time", "[ ] I agree.", "[ ] I do not agree.", "Patient, or who signs for them",
        "Ana Ruiz-Moreno · MRN A-1 · Lakeside Family Clinic · ccm 2026-11",
    ):  # fmt: skip
        assert words in found, words
    assert max(len(line) for line in found.splitlines()) <= 78
    assert "{" not in found


def test_in_spanish(clinic: Clinic, ana: bytes) -> None:
    found = text(clinic, ana, "BHI", "es")
    assert "Fecha de nacimiento" in found and "11 de febrero de 1948" in found and "psiquiatra" in found
    assert "{" not in found and "Estoy de acuerdo." in found


def test_every_text_fits_its_font_and_two_pages(clinic: Clinic, ana: bytes) -> None:
    reference = clinic.reference
    for program in ("CCM", "PCM", "APCM", "BHI", "COCM", "CHI", "PIN", "RPM"):
        for tongue in ("en", "es"):
            document = consent_paper(clinic.read(paper_facts, ana, program), reference, tongue)  # type: ignore[arg-type]
            assert unprintable(as_text(document), reference.path("fonts")) == ""
            data = encode_pdf(document, reference.path("fonts"))
            assert len(pages(data)) <= 2, (program, tongue)
            assert encode_pdf(document, reference.path("fonts")) == data


def test_without_a_text_there_is_a_sentence(clinic: Clinic, ana: bytes) -> None:
    with pytest.raises(Gone, match="no consent text for TCM"):
        text(clinic, ana, "TCM")


def test_a_copy_of_what_was_recorded(clinic: Clinic, ana: bytes, consent: Consented) -> None:
    row = consent(
        date(2026, 3, 4),
        mode="written",
        points=("cost", "stop", "available", "one-practitioner"),
        paper="folder 3",
    )
    found = clinic.read(consent_text, ana, row.id, "en")
    assert found.count("[x]") == 4 and "accepted 2026-03-04" in found and "folder 3" in found
    assert "Dana Ruiz, RN" in found and "I do not agree" not in found
    with pytest.raises(Gone, match="no longer there"):
        clinic.read(consent_text, ana, b"\x01" * 16, "en")


def test_the_letter(clinic: Clinic, ana: bytes) -> None:
    clinic.run(edit_patient, ana, None, street="12 Elm St", city="Lockhart", state="TX", postal_code="78644")
    letter = letter_named(clinic.reference, "outreach")

    def read(tongue: Any) -> str:
        return as_text(
            letter_paper(clinic.read(paper_facts, ana, "CCM"), letter, clinic.reference, tongue), 90
        )

    found = read("en")
    assert "Dear Ana Ruiz-Moreno," in found and "12 Elm St\nLockhart, TX 78644" in found
    assert "November 23, 2026" in found and "______________" in found, "a line for the number that is not set"
    assert "chronic" not in found.casefold(), "whoever opens it learns no condition"
    clinic.run(change_setting, "phone", "(512) 555-0100")
    assert "(512) 555-0100" in read("en") and "Saludos, Ana Ruiz-Moreno:" in read("es")
    with pytest.raises(Gone):
        letter_named(Reference(), "nothing")


def test_it_goes_into_the_outbox_and_into_the_log(
    clinic: Clinic, ana: bytes, outbox: Path, as_user: AsUser
) -> None:
    paper = clinic.read(consent_file, clinic, ana, "CCM", "en")
    assert paper.path == outbox / "consent-a-1-CCM.pdf" and stat.S_IMODE(paper.path.stat().st_mode) == 0o600
    assert "Chronic care management" in pages(paper.path.read_bytes())[0]
    plain = clinic.read(letter_file, clinic, ana, "outreach", None, "es", plain=True)
    assert plain.path.name == "letter-outreach-a-1.txt" and "Por favor" in plain.path.read_text("utf-8")
    entries = [one for one in clinic.read(audit_page) if "export" in str(one.action)]
    assert len(entries) == 2
    with pytest.raises(Refused):
        as_user("iris").read(consent_file, as_user("iris"), ana, "CCM", "en")


def test_letters_that_the_font_lacks_are_told_before_anything_is_printed(
    clinic: Clinic, ana: bytes, outbox: Path
) -> None:
    clinic.run(edit_patient, ana, None, family="田中")
    with pytest.raises(Invalid, match="plain text"):
        clinic.read(letter_file, clinic, ana, "outreach", None, "en")
    assert not list(outbox.glob("*.pdf"))
    assert clinic.read(letter_file, clinic, ana, "outreach", None, "en", plain=True).path.exists()


def test_a_letter_is_a_contact_once(clinic: Clinic, ana: bytes) -> None:
    clinic.run(add_intake, ana, source="claims")
    key = clinic.new_id()
    for _ in range(2):
        clinic.run(log_letter, ana, letter="outreach", file="letter.pdf", id=key)
    (contact,) = clinic.read(contacts_of_month, ana, Month.of(TODAY))
    assert (contact.mode, contact.outcome) == ("letter", "not-applicable")
    assert contact.did == "Letter: Please call us (outreach 2026-11). File: letter.pdf."
    assert clinic.read(intakes_of, ana)[0].stage == "outreach"


async def test_the_letter_form_logs_only_when_told(clinic: Clinic, ana: bytes, outbox: Path) -> None:
    clinic.run(edit_patient, ana, None, language="Spanish")
    for answer in ("no", "yes"):
        async with forms(clinic) as (app, pilot):
            opening, future = await app.show(FORMS["letter"], ana)
            await pilot.pause()
            assert app.form.sheet.editors["tongue"].read().value == "es"
            await pilot.press("ctrl+s")
            await pilot.pause(0.1)
            assert app.form.sheet.editors["log"].wrong, "the person has to say"
            editor = app.form.sheet.editors["log"]
            editor.put(answer)
            editor.mark_edited()
            result = await save(pilot, future)
            begin = "Logged as a contact; written to " if answer == "yes" else "Written to "
            assert opening.said(result.value).startswith(begin)
        assert len(clinic.read(contacts_of_month, ana, Month.of(TODAY))) == (answer == "yes")
    assert sorted(one.name for one in outbox.iterdir()) == [
        "letter-outreach-a-1-2.pdf",
        "letter-outreach-a-1.pdf",
    ]


async def test_the_consent_form_prints_a_copy(
    clinic: Clinic, ana: bytes, outbox: Path, consent: Consented
) -> None:
    row = consent(date(2026, 3, 4))
    async with forms(clinic) as (app, pilot):
        opening, future = await app.show(FORMS["consent-paper"], ana, program="CCM", consent=shown(row.id))
        await pilot.pause()
        assert app.form.spec.title == "Copy of the consent"
        result = await save(pilot, future)
        assert "consent-a-1-CCM.pdf" in opening.said(result.value)
    assert "accepted 2026-03-04" in pages((outbox / "consent-a-1-CCM.pdf").read_bytes())[0]


def test_long_days() -> None:
    assert (long_day(TODAY, "en"), long_day(TODAY, "es")) == ("November 23, 2026", "23 de noviembre de 2026")
