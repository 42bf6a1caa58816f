"""Merging by keys, at both sizes: from the caseload, from a chart, from the question about duplicates; and back."""

from __future__ import annotations

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.desk.merge import merge_patients
from cmp_tui.patients.actions import add_patient
from cmp_tui.patients.queries import by_mrn, patient_card, patient_count, phones
from tests.app.driving import SIZES, Driver, driving

both_sizes = pytest.mark.parametrize("size", SIZES)
small = pytest.mark.parametrize("size", SIZES[:1])


@pytest.fixture
def anna(clinic: Clinic, ana: bytes) -> bytes:
    """Anna Ruis, who is Ana Ruiz-Moreno, with a telephone."""
    return clinic.run(
        add_patient,
        family="Ruis",
        given="Anna",
        mrn="B-2",
        birth_date="1948-02-12",
        language="Spanish",
        phone="512 555 0199",
    ).id


@both_sizes
async def test_two_marked_rows_of_the_caseload(
    clinic: Clinic, ana: bytes, anna: bytes, size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        await person.press("2", "x", "x", "M")
        assert "Merge" in person.text and "MRN A-1" in person.text and "MRN B-2" in person.text
        assert person.value("keep") == "first"  # Anna's, of whom there is more
        assert "‹1948-02-12›  1948-02-11" in person.text
        await person.go_to("birth_date")
        await person.press("right", "ctrl+s")
        assert person.form is None
        assert "MRN A-1 was merged into MRN B-2: 0 records moved." in person.notice
        assert "Ruis, Anna" in person.title and "1948-02-11" in person.title
        await person.press("u", "enter")
        assert "Undone: records merged" in person.notice
    assert clinic.read(patient_count) == 2
    assert clinic.read(patient_card, anna).birth_date == "1948-02-12"


@small
async def test_from_a_chart_with_someone_who_is_looked_for(
    clinic: Clinic, ana: bytes, anna: bytes, size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        await person.press("slash", "'A-1'", "enter", "M", "'B-2'")
        for _ in range(50):
            if "Ruis, Anna" in person.text:
                break
            await person.pilot.pause(0.02)
        await person.press("enter", "ctrl+s")
        assert person.form is not None and person.form.spec.name == "merge"
        assert "Come along" in person.text or "Nothing else" in person.text
        await person.press("down", "ctrl+s")  # the other one is kept: Ana's, whose chart is open
        assert "MRN B-2 was merged into MRN A-1: 1 record moved." in person.notice
        assert "MRN A-1" in person.title
    assert [one.number for one in clinic.read(phones, ana)] == ["512 555 0199"]


@small
async def test_the_chart_of_a_merged_record_opens_the_kept_one(
    clinic: Clinic, ana: bytes, anna: bytes, size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        await person.press("slash", "'B-2'", "enter")
        assert "MRN B-2" in person.title
        clinic.run(merge_patients, ana, anna)  # someone else, meanwhile
        person.board.refresh_rows()
        await person.settle()
        assert "MRN A-1" in person.title
        await person.press("escape", "slash", "'B-2'", "enter")
        assert "MRN A-1" in person.title


@small
async def test_a_draft_about_a_merged_record_goes_on_under_the_kept_one(
    clinic: Clinic, ana: bytes, anna: bytes, size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        await person.press("slash", "'B-2'", "enter", "c")
        await person.go_to("did")
        await person.press("'asked about the dog'", "escape")
        clinic.run(merge_patients, ana, anna)
        await person.press("1")
        assert "draft" in person.text
        await person.press("enter")
        assert person.form is not None and "asked about the dog" in person.text
        assert "Ruiz-Moreno, Ana" in person.form.title_line.identity
        await person.press("ctrl+s")
        assert person.form is None
        assert "draft" not in person.title
    assert len(clinic.kept("draft")) == 0


# -- before someone is added


async def type_anna(person: Driver) -> None:
    await person.press("2", "n", "'Ruis'", "tab", "'Anna'", "tab", "'2/12/1948'")
    await person.go_to("phone")
    await person.press("'512 555 0188'", "ctrl+s")
    for _ in range(100):
        if person.form is not None and person.form.spec.name == "alike":
            return
        await person.pilot.pause(0.02)
    raise AssertionError(person.text)


@both_sizes
async def test_someone_else_is_saved(clinic: Clinic, ana: bytes, size: tuple[int, int]) -> None:
    async with driving(clinic, size) as person:
        await type_anna(person)
        for words in ("Ruiz-Moreno, Ana", "1948-02-11", "MRN A-1", "nearly the same birth date; no phone"):
            assert words in person.text
        await person.press("escape")  # back to the form, with everything in it
        assert person.form is not None and person.form.spec.name == "patient"
        assert "Nothing is saved yet" in person.form.title_line.wrong
        assert person.value("family") == "Ruis" and person.value("phone")
        await person.press("ctrl+s")
        await person.press("s", "ctrl+s")
        assert person.form is None and "Ruis, Anna added, record number T-1." in person.notice
    assert clinic.read(patient_count) == 2


@small
async def test_the_chart_of_who_is_here_opens_and_what_was_typed_is_kept(
    clinic: Clinic, ana: bytes, size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        await type_anna(person)
        await person.press("1", "ctrl+s")
        assert person.form is None and "MRN A-1" in person.title
        assert "kept as a draft" in person.notice
    assert clinic.read(patient_count) == 1
    (draft,) = clinic.kept("draft")
    assert draft.data["form"] == "patient" and draft.data["typed"]["family"] == "Ruis"


@both_sizes
async def test_what_was_typed_goes_into_the_record_that_is_here(
    clinic: Clinic, ana: bytes, size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        await type_anna(person)
        await person.press("tab", "right", "ctrl+s")
        assert person.form is not None and person.form.spec.name == "merge"
        assert person.value("keep") == "first" and "✓ MRN A-1" in person.text
        await person.press("ctrl+s")
        assert "MRN T-1 was merged into MRN A-1: 1 record moved." in person.notice
    assert clinic.read(patient_count) == 1
    assert [one.number for one in clinic.read(phones, ana)] == ["(512) 555-0188"]
    card = clinic.read(patient_card, ana)
    assert (card.family, card.other_names) == ("Ruiz-Moreno", "Anna Ruis")
    line = clinic.read(by_mrn, "T-1")
    assert line is not None and line.id == ana


@small
async def test_leaving_the_program_over_the_question_keeps_what_was_typed(
    clinic: Clinic, ana: bytes, size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        await type_anna(person)
        await person.press("ctrl+q")
    assert person.app.return_code == 0
    (draft,) = clinic.kept("draft")
    assert draft.data["typed"]["given"] == "Anna"


@small
async def test_a_lost_line_keeps_what_was_typed_under_the_question(
    clinic: Clinic, ana: bytes, size: tuple[int, int]
) -> None:
    async with driving(clinic, size) as person:
        await type_anna(person)
        person.app.opener.keep_all_now()
    (draft,) = clinic.kept("draft")
    assert draft.data["typed"]["given"] == "Anna"
