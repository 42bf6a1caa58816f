"""How a day with medicines is told in the chart: pieces and moments, days covered, what the patient said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cmp_tui.chart.medications_day import answer_words, covered_words, day_line, kept_words, times_words
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.medications.actions import add_medication
from cmp_tui.medications.adherence_actions import add_refill, say_adherence, set_times
from cmp_tui.medications.adherence_queries import day_of_medicines
from cmp_tui.patients.actions import add_patient

TODAY = date(2026, 11, 23)


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    return clinic.run(add_patient, family="Ruiz-Moreno", given="Ana", mrn="A-1").id


def test_a_day_in_words(clinic: Clinic, ana: bytes) -> None:
    assert day_line(clinic.read(day_of_medicines, ana)) == "nothing is known of the day"
    key = clinic.run(add_medication, ana, display="Metformin 500 mg", dosage="1 tablet twice a day").id
    clinic.run(add_medication, ana, display="Vitamin D", dosage="1 capsule at noon")
    clinic.run(add_medication, ana, display="Lisinopril 10 mg", dosage="½ tablet every morning")
    clinic.run(add_medication, ana, display="Cream")
    clinic.run(add_refill, ana, medication=key, filled_on=TODAY - timedelta(days=59), days=30)
    clinic.run(say_adherence, ana, medication=key, missed=2, days=7, barrier="cost")
    day = clinic.read(day_of_medicines, ana)
    assert day_line(day) == (
        "3½ pieces at 3 moments of the day; the times of 1 medicine are not known; "
        "1 medicine covered less than 80 %; 1 question to ask"
    )
    kept = next(one for one in day.kept if one.line.id == key)
    assert dict(kept_words(kept, clinic.reference, TODAY)) == {
        "In a day": "1 morning, 1 evening (read out of the directions)",
        "Covered": "50 % (30 of 60 days since 25 Sep), supply until 24 Oct",
        "Patient": "missed 2 doses in 7 days, cost (today)",
    }
    clinic.run(set_times, key, None, grid={"bedtime": 2})
    kept = next(one for one in clinic.read(day_of_medicines, ana).kept if one.line.id == key)
    assert dict(kept_words(kept, clinic.reference, TODAY))["In a day"] == "2 bedtime"
    cream = next(one for one in clinic.read(day_of_medicines, ana).kept if one.line.display == "Cream")
    assert dict(kept_words(cream, clinic.reference, TODAY)) == {
        "In a day": "not known: n g says at which moments"
    }
    assert kept.covered is not None and covered_words(kept.covered, TODAY).startswith("50 %")
    assert kept.answer is not None and answer_words(kept.answer, clinic.reference, TODAY).startswith(
        "missed 2"
    )


def test_units_are_said_where_they_are_no_tablets() -> None:
    assert times_words({"bedtime": 10}, "unit") == "10 units bedtime"
    assert times_words({"noon": 1, "bedtime": 2}, "puff") == "1 puff noon, 2 puffs bedtime"
    assert (
        times_words({"noon": 2}, "patch") == "2 patches noon"
        and times_words({"noon": 5}, "mL") == "5 mL noon"
    )
    assert times_words({"morning": 0.5}, "tablet") == "½ morning" and times_words(None, "") == ""
