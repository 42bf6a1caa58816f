"""Refills, answers and the day's moments on a real file, and their forms by keys."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cmp_tui.clinic import ids
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Invalid
from cmp_tui.medications.adherence_actions import (
    add_refill,
    edit_adherence,
    edit_refill,
    say_adherence,
    set_times,
    strike_refill,
)
from cmp_tui.medications.adherence_queries import answers_of, day_of_medicines, refills_of
from cmp_tui.medications.model import Medication
from cmp_tui.patients.actions import add_patient
from cmp_tui.ui.messages import OpenForm
from tests.app.driving import SIZES, driving

TODAY = date(2026, 11, 23)


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    return clinic.run(add_patient, family="Ruiz-Moreno", given="Ana", mrn="A-1", birth_date="1948-02-11").id


@pytest.fixture
def pills(clinic: Clinic, ana: bytes) -> dict[str, bytes]:
    """What Ana takes."""
    from cmp_tui.medications.actions import add_medication

    listed = {
        "lisinopril 10 mg tablet": "1 tablet by mouth once daily",
        "metformin 500 mg tablet": "1 tablet twice daily with meals",
        "vitamin D3 1000 unit tablet": "1 tablet at noon",
        "insulin glargine": "10 units with breakfast",
        "alendronate 70 mg tablet": "1 tablet once a week",
        "albuterol inhaler": "2 puffs every 6 hours as needed",
    }
    return {
        name: clinic.run(add_medication, ana, display=name, dosage=dosage).id
        for name, dosage in listed.items()
    }


def test_refills_make_days_covered(clinic: Clinic, ana: bytes, pills: dict[str, bytes]) -> None:
    key = pills["lisinopril 10 mg tablet"]
    first = clinic.run(add_refill, ana, medication=key, filled_on=TODAY - timedelta(days=59), days=30)
    clinic.run(add_refill, ana, medication=key, filled_on=TODAY - timedelta(days=19), days=30)
    kept = {one.line.id: one for one in clinic.read(day_of_medicines, ana).kept}
    assert kept[key].covered is not None and kept[key].covered.percent == 83
    clinic.run(edit_refill, first.id, None, days=40)
    kept = {one.line.id: one for one in clinic.read(day_of_medicines, ana).kept}
    assert kept[key].covered is not None and kept[key].covered.percent == 100
    clinic.run(strike_refill, first.id, "another person's bottle")
    assert [one.days for one in clinic.read(refills_of, ana)] == [30]
    assert all(one.covered is None for one in clinic.read(day_of_medicines, ana).kept if one.line.id != key)


def test_a_day_is_read_from_the_directions_and_changed_by_hand(
    clinic: Clinic, ana: bytes, pills: dict[str, bytes]
) -> None:
    day = clinic.read(day_of_medicines, ana)
    # Ten units are one thing to take; the weekly tablet is not counted, and the spray is as needed.
    assert day.burden == (3, 5.0, 4, 1)
    assert day.questions == (
        "vitamin D3 1000 unit tablet is the only one at noon: could it go with those at breakfast?",
    )
    clinic.run(set_times, pills["vitamin D3 1000 unit tablet"], None, grid={"morning": 1})
    day = clinic.read(day_of_medicines, ana)
    assert day.burden.moments == 2 and day.questions == ()
    assert [one.line.display for one in day.kept if one.by_hand] == ["vitamin D3 1000 unit tablet"]
    with pytest.raises(Invalid):
        clinic.run(set_times, pills["lisinopril 10 mg tablet"], None, grid={"dawn": 1})


def test_what_a_patient_says(clinic: Clinic, ana: bytes, pills: dict[str, bytes]) -> None:
    key = pills["metformin 500 mg tablet"]
    said = clinic.run(say_adherence, ana, medication=key, missed=3, days=7, barrier="side-effects")
    clinic.run(say_adherence, ana, missed=0, days=7)
    day = clinic.read(day_of_medicines, ana)
    assert day.answer is not None and day.answer.missed == 0
    (kept,) = [one for one in day.kept if one.answer is not None]
    assert kept.line.id == key and kept.answer is not None and kept.answer.barrier == "side-effects"
    clinic.run(edit_adherence, said.id, None, teach_back="repeat")
    assert {one.teach_back for one in clinic.read(answers_of, ana)} == {"repeat", None}
    with pytest.raises(Invalid) as wrong:
        clinic.run(say_adherence, ana, medication=key)
    assert set(wrong.value.fields) == {"missed"}


def test_nothing_is_said_of_another_patients_medicine(clinic: Clinic, pills: dict[str, bytes]) -> None:
    other = clinic.run(add_patient, family="Bell", given="Tom", mrn="T-1").id
    key = pills["metformin 500 mg tablet"]
    with pytest.raises(Invalid, match="another patient"):
        clinic.run(say_adherence, other, medication=key, missed=1, days=7)
    with pytest.raises(Invalid, match="another patient"):
        clinic.run(add_refill, other, medication=key, filled_on=TODAY, days=30)


@pytest.mark.parametrize("size", SIZES)
async def test_by_keys(clinic: Clinic, ana: bytes, pills: dict[str, bytes], size: tuple[int, int]) -> None:
    lisinopril, metformin = pills["lisinopril 10 mg tablet"], pills["metformin 500 mg tablet"]
    async with driving(clinic, size) as person:
        person.app.post_message(OpenForm("refill", ana, None, {"medication": ids.shown(lisinopril)}))
        await person.settle()
        assert "lisinopril" in person.text
        await person.go_to("days")
        await person.press("'30'", "ctrl+s")
        assert person.form is None, person.text
        person.app.post_message(OpenForm("medicine-answer", ana, None, {"medication": ids.shown(metformin)}))
        await person.settle()
        await person.go_to("missed")
        await person.press("'2'", "ctrl+s")
        assert person.form is None, person.text
        person.app.post_message(OpenForm("medicine-times", ana, metformin))
        await person.settle()
        assert "read out of the directions" in person.text
        await person.go_to("noon")
        await person.press("'1'", "ctrl+s")
        assert person.form is None, person.text
    assert [(one.medication, one.days) for one in clinic.read(refills_of, ana)] == [(lisinopril, 30)]
    assert [(one.medication, one.missed, one.days) for one in clinic.read(answers_of, ana)] == [
        (metformin, 2, 7)
    ]
    grid = clinic.read(lambda scope: Medication.get(Medication.id == metformin).grid)
    assert grid == {"morning": 1.0, "noon": 1.0, "evening": 1.0}
