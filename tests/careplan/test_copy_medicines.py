"""The medicines in the patient's copy as a day: how many of which at which moment, in both languages."""

from __future__ import annotations

import pytest

from cmp_tui.careplan.copy_queries import copy_document, copy_text
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.files.document import Table
from tests.careplan.copying import fill, medicate


@pytest.fixture
def taking(clinic: Clinic, ana: bytes) -> bytes:
    """Ana with a plan and medicines of every kind of direction."""
    fill(clinic, ana)
    medicate(
        clinic, ana,
        {"display": "Metformin 500 mg", "dosage": "1 tablet twice a day with meals", "reason": "sugar"},
        {"display": "Insulin glargine", "dosage": "10 units at bedtime"},
        {"display": "Lisinopril 10 mg", "dosage": "½ tablet daily"},
        {"display": "Albuterol", "dosage": "2 puffs every 6 hours as needed"},
        {"display": "Alendronate 70 mg", "dosage": "1 tablet once a week"},
        {"display": "Vitamin D", "dosage": "as directed", "grid": {"noon": 2.0}, "with_food": "without"},
    )  # fmt: skip
    return ana


@pytest.mark.parametrize(
    ("tongue", "moments", "food", "units", "needed"),
    [
        ("en", ("Morning", "Noon", "Evening", "Bedtime"), "with food", "10 units", "Only when I need it:"),
        (
            "es",
            ("Mañana", "Mediodía", "Tarde", "Al acostarse"),
            "con comida",
            "10 unidades",
            "Solo cuando lo necesito:",
        ),
    ],
)
def test_the_day_is_a_grid(
    clinic: Clinic, taking: bytes, tongue: str, moments: tuple[str, ...], food: str, units: str, needed: str
) -> None:
    document = clinic.read(copy_document, taking, tongue)
    (grid,) = [one for one in document.parts if isinstance(one, Table) and tuple(one.headings[1:]) == moments]
    rows = {row[0].split(" (")[0]: tuple(row[1:]) for row in grid.rows}
    assert rows == {
        "Metformin 500 mg": ("1", "", "1", ""),
        "Insulin glargine": ("", "", "", units),
        "Lisinopril 10 mg": ("½", "", "", ""),
        "Vitamin D": ("", "2", "", ""),
    }
    assert f"Metformin 500 mg ({food})" in [row[0] for row in grid.rows]
    words = " ".join(clinic.read(copy_text, taking, tongue).split())
    assert f"{needed} * Albuterol: 2 puffs every 6 hours as needed" in words
    assert "* Alendronate 70 mg: 1 tablet once a week" in words


def test_without_times_there_is_no_grid(clinic: Clinic, ana: bytes) -> None:
    fill(clinic, ana)
    medicate(clinic, ana, {"display": "Metformin 500 mg"})
    document = clinic.read(copy_document, ana, "en")
    assert not [one for one in document.parts if isinstance(one, Table) and "Noon" in one.headings]
