"""Medicines by keys: the list as ordered and as taken, a hospital list of twelve reconciled and signed."""

from __future__ import annotations

from datetime import date

import pytest
from textual import events

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.encounters.actions import add_stay
from cmp_tui.encounters.queries import stays
from cmp_tui.medications.actions import add_medication, hold, say_taking, stop_medication
from cmp_tui.medications.queries import MedicationLine, medications
from cmp_tui.medications.reconcile_actions import begin
from cmp_tui.medications.reconcile_queries import open_one, reconciliations
from cmp_tui.patients.actions import add_allergy, add_patient
from cmp_tui.tasks.queries import tasks_of
from tests.app.driving import SIZES, Driver, driving
from tests.medications.lists import FORTY, HOSPITAL, SPELT_OTHERWISE, take
from tests.snapshots import same_as_kept, screen_text


@pytest.fixture
def rosa(clinic: Clinic) -> bytes:
    key = clinic.run(
        add_patient, family="Valdez", given="Rosa", birth_date="1948-02-11", sex="F", mrn="M-1"
    ).id
    clinic.run(add_allergy, key, substance="Penicillin", reaction="hives")
    return key


def ids(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def told(clinic: Clinic, patient: bytes) -> dict[str, MedicationLine]:
    return {one.display.split()[0]: one for one in clinic.read(medications, patient)}


async def to_medications(person: Driver) -> None:
    await person.press("2", "w", "enter")
    for _ in range(12):
        if getattr(person.board, "panel", None) is not None and person.board.panel.name == "medications":  # type: ignore[attr-defined]
            return
        await person.press("right")
    raise AssertionError("no Medications in the chart")


async def to_row(person: Driver, words: str) -> None:
    """Goes down to a medicine."""
    for _ in range(40):
        source = getattr(person.board.row, "source", None)  # type: ignore[attr-defined]
        if words in getattr(source, "display", ""):
            return
        await person.press("down")
    raise AssertionError(f"no {words}")


async def paste(person: Driver, text: str) -> None:
    assert person.app.focused is not None
    person.app.focused.post_message(events.Paste(text))
    await person.settle()


def stocked(clinic: Clinic, patient: bytes) -> None:
    """Nine medicines with what is taken otherwise, one on hold, one of the past."""
    mine = take(clinic, patient)
    clinic.run(say_taking, mine[0], taking="as-ordered", taken_told="patient")
    clinic.run(
        say_taking, mine[2], taking="differently", taken_how="every other day", taken_why="side-effects"
    )
    clinic.run(say_taking, mine[8], taking="not-taking", taken_why="cost", taken_told="caregiver")
    clinic.run(hold, mine[5], why="until the endoscopy")
    clinic.run(
        add_medication, patient, display="Ibuprofen 600 mg tablet", dosage="as needed", told_by="patient"
    )
    old = clinic.run(add_medication, patient, display="Amoxicillin 500 mg").id
    clinic.run(stop_medication, old, on="2026-03", why="rash, Dr. Osei")


@pytest.mark.parametrize("size", SIZES, ids=ids)
async def test_as_ordered_and_as_taken(clinic: Clinic, rosa: bytes, size: tuple[int, int]) -> None:
    stocked(clinic, rosa)
    async with driving(clinic, size) as person:
        await to_medications(person)
        await to_row(person, "Warfarin")
        same_as_kept(f"medications-{ids(size)}", screen_text(person.app))
        assert "Allergies: Penicillin (hives)" in person.text
        assert "≠ every other day" in person.text and "× not at all: cost" in person.text
        assert "= as ordered" in person.text and "ibuprofen with warfarin" in person.text


async def test_a_medicine_by_keys(clinic: Clinic, rosa: bytes) -> None:
    async with driving(clinic, (80, 24)) as person:
        await to_medications(person)
        await person.press(
            "n", "m", "'Lisinopril 10 mg tablet'", "enter", "'1 daily'", "enter", "'blood pressure'"
        )
        await person.press("ctrl+s")
        assert person.form is None, person.text
        await to_row(person, "Lisinopril")
        await person.press("=")
        assert "taken as ordered" in person.notice and told(clinic, rosa)["Lisinopril"].taking == "as-ordered"
        await person.press("a", "d", "enter", "'half a tablet'", "ctrl+s")
        assert person.form is None, person.text
        assert told(clinic, rosa)["Lisinopril"].taken_how == "half a tablet"
        await person.press("h", "'biopsy'", "ctrl+s")
        assert told(clinic, rosa)["Lisinopril"].status == "on-hold"
        await person.press("d", "n", "enter", "'cough, Dr. Osei'", "ctrl+s")
        assert person.form is None, person.text
        assert (told(clinic, rosa)["Lisinopril"].status, person.form) == ("stopped", None)
        await person.press("u", "enter")
        assert told(clinic, rosa)["Lisinopril"].status == "on-hold"


async def test_the_list_as_text(clinic: Clinic, rosa: bytes) -> None:
    stocked(clinic, rosa)
    async with driving(clinic) as person:
        await to_medications(person)
        await to_row(person, "Warfarin")
        await person.press("y")
        copied = person.app.clipboard
    assert copied.startswith("Medicines of Valdez, Rosa")
    assert "takes it differently, every other day, side effects" in copied
    assert "Allergies: Penicillin (hives)" in copied and "ask the pharmacist" in copied
    assert "Amoxicillin" not in copied


@pytest.mark.parametrize("size", SIZES, ids=ids)
async def test_a_hospital_list_of_twelve(clinic: Clinic, rosa: bytes, size: tuple[int, int]) -> None:
    take(clinic, rosa)
    async with driving(clinic, size) as person:
        await to_medications(person)
        await person.press("R", "h", "o", "s", "enter")
        await person.go_to("text")
        await paste(person, HOSPITAL)
        assert "12 lines" in person.text, person.text
        await person.press("ctrl+s")
        assert person.form is None and "6 of 14 decided" in person.title, person.text
        same_as_kept(f"reconcile-{ids(size)}", screen_text(person.app))
        decisions = {
            "Gabapentin": "h", "Lisinopril": "c", "Omeprazole": "s", "Pantoprazole": "k", "Sulfamethoxazole": "p",
            "Furosemide": "a", "Potassium": "a", "Docusate": "a",
        }  # fmt: skip
        seen = ""
        for _ in decisions:
            name = person.row.name.split()[0].split("-")[0]
            seen += " ".join(person.preview.split())
            await person.press(decisions[name])
            if name == "Sulfamethoxazole":
                same_as_kept(f"reconcile-on-{ids(size)}", screen_text(person.app))
        assert "14 of 14 decided" in person.title and "ctrl+s signs" in person.notice
        assert "sulfamethoxazole with warfarin" in seen and "omeprazole and pantoprazole" in seen
        await person.press("ctrl+s")
        assert "Sign as Dana Ruiz RN" in person.text
        await person.press("ctrl+s")
        assert person.form is None and "signed as Dana Ruiz RN" in person.text, person.text
    now = told(clinic, rosa)
    assert (now["Lisinopril"].display, now["Omeprazole"].status) == ("Lisinopril 20 mg tablet", "stopped")
    assert now["Gabapentin"].status == "on-hold" and "Furosemide" in now and "Pantoprazole" not in now
    assert next(one.title for one in clinic.read(tasks_of, rosa)).startswith("Ask the practitioner: Sulfa")
    (head,) = clinic.read(reconciliations, rosa)
    assert (head.signed_as, head.done_on) == ("Dana Ruiz RN", date(2026, 11, 23))


async def test_a_list_is_typed_line_by_line(clinic: Clinic, rosa: bytes) -> None:
    take(clinic, rosa)
    async with driving(clinic, (80, 24)) as person:
        await to_medications(person)
        await person.press("R", "h", "o", "s", "enter")
        await person.go_to("text")
        await person.press("'warfarin 5 mg'", "enter", "'lisinopril 20 mg'", "enter", "'aspirin 81 mg'")
        assert person.form is not None and "3 lines" in person.text, person.text
        await person.press("ctrl+s")
        assert person.form is None
    ((_, line),) = [(one, one.total) for one in clinic.read(reconciliations, rosa)]
    assert line >= 3


async def test_forty_lines_that_differ_in_spelling_only(clinic: Clinic, rosa: bytes) -> None:
    for line in FORTY:
        clinic.run(add_medication, rosa, display=line)
    async with driving(clinic) as person:
        await to_medications(person)
        await person.press("R", "p", "h", "enter")
        await person.go_to("text")
        await paste(person, "\n".join(SPELT_OTHERWISE))
        await person.press("ctrl+s")
        assert "40 of 40 decided" in person.title, person.text
        assert "The same on both: 40" in person.text
        await person.press("ctrl+s", "ctrl+s")
    assert [one.total for one in clinic.read(reconciliations, rosa)] == [40]
    assert sorted(one.display for one in clinic.read(medications, rosa)) == sorted(FORTY)


async def test_half_done_and_gone_on_with(clinic: Clinic, rosa: bytes) -> None:
    take(clinic, rosa)
    clinic.run(begin, rosa, text=HOSPITAL, list_from="hospital", list_on=date(2026, 11, 20))
    async with driving(clinic) as person:
        await to_medications(person)
        assert "6 of 14 decided" in person.text
        await person.press("R", "s")
        assert "7 of 14 decided" in person.title
        await person.press("u")
        assert "6 of 14 decided" in person.title and "Taken back" in person.notice
        await person.press("s", "w", "'Dr. Osei by phone'", "ctrl+s")
        await person.press("e")
        assert person.form is not None
        await person.press("escape", "ctrl+s")
        assert "not decided" in person.text
        await person.press("escape", "escape")
        assert person.board.TITLE == "Chart" and "7 of 14 decided" in person.text
        await person.press("R")
        assert person.board.TITLE == "Reconciliation"
    waits = clinic.read(open_one, rosa)
    assert waits is not None and waits.decided == 7


async def test_what_is_typed_wrong_is_told_and_kept(clinic: Clinic, rosa: bytes) -> None:
    async with driving(clinic) as person:
        await to_medications(person)
        await person.press("R", "h", "o", "s", "enter")
        await person.go_to("text")
        await paste(person, f"aspirin 81 mg\n{'x' * 1200}")
        await person.press("ctrl+s")
        assert person.form is not None and "1,200 characters" in person.text
        await person.press("escape")
        assert "draft" in person.notice
        await person.press("R")
        assert "x" * 20 in person.text
    assert clinic.read(reconciliations, rosa) == []


async def test_after_a_discharge(clinic: Clinic, rosa: bytes) -> None:
    """The form knows the stay; signing says there that the medicines are reconciled."""
    about = {"facility": "St. Clare's", "admitted": date(2026, 11, 16), "discharged": date(2026, 11, 20)}
    clinic.run(add_stay, rosa, kind="inpatient", **about)
    async with driving(clinic, (80, 24)) as person:
        await to_medications(person)
        await person.press("R")
        assert (person.value("list_from"), person.value("why")) == ("hospital", "discharge")
        assert person.value("list_on") == date(2026, 11, 20)
        await person.go_to("text")
        await person.press("'1. Lisinopril 10 mg, 1 daily'", "ctrl+s")
        assert person.title.endswith("hospital list Fri 20 Nov · 0 of 1 decided"), person.title
        await person.press("a", "ctrl+s", "ctrl+s")
        assert person.form is None, person.text
    assert clinic.read(stays, rosa)[0].medications_reconciled_on == "2026-11-23"
    assert (told(clinic, rosa)["Lisinopril"].dosage, told(clinic, rosa)["Lisinopril"].told_by) == (
        "1 daily",
        "hospital",
    )
