"""Strength, form and frequency out of typed text."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.medications.dose_rules import count_in, doses_in, frequency_in, shape_in
from cmp_tui.medications.name_words import words_of


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lisinopril 10 mg", ["10 mg"]),
        ("lisinopril 10MG", ["10 mg"]),
        ("digoxin 125 mcg", ["0.125 mg"]),
        ("digoxin 0.125 MG Oral Tablet", ["0.125 mg"]),
        ("levothyroxine 75 µg", ["0.075 mg"]),
        ("metformin 1 g", ["1000 mg"]),
        ("metformin 1,000 mg", ["1000 mg"]),
        (".5 mg", ["0.5 mg"]),
        ("20-12.5 mg", ["12.5 mg", "20 mg"]),
        ("20 mg/12.5 mg", ["12.5 mg", "20 mg"]),
        ("Amoxicillin 250 MG / Clavulanate 125 MG", ["125 mg", "250 mg"]),
        ("40 mg/5 mL", ["8 mg/ml"]),
        ("8 MG/ML Oral Solution", ["8 mg/ml"]),
        ("100 unit/mL", ["100 units/ml"]),
        ("0.09 MG/ACTUAT", ["0.09 mg/puff"]),
        ("potassium 20 mEq", ["20 meq"]),
        ("hydrocortisone 1% cream", ["1%"]),
        ("vitamin d3 50,000 IU weekly", ["50000 units"]),
        ("no strength", []),
    ],
)
def test_strengths(text: str, said: list[str]) -> None:
    assert [str(dose) for dose in doses_in(text)] == said


def test_a_pair_without_unit_is_mg_of_a_combination_only() -> None:
    assert [str(dose) for dose in doses_in("oxycodone-apap 5-325", several=True)] == ["5 mg", "325 mg"]
    assert doses_in("novolin 70/30") == ()


@pytest.mark.parametrize(
    ("text", "per_day", "needed"),
    [
        ("daily", Fraction(1), False),
        ("once daily", Fraction(1), False),
        ("1 tablet by mouth every day", Fraction(1), False),
        ("take 1 tablet twice a day", Fraction(2), False),
        ("BID", Fraction(2), False),
        ("b.i.d.", Fraction(2), False),
        ("t.i.d.", Fraction(3), False),
        ("3 times a day", Fraction(3), False),
        ("3x daily", Fraction(3), False),
        ("qid", Fraction(4), False),
        ("q6h prn pain", Fraction(4), True),
        ("every 8 hours as needed", Fraction(3), True),
        ("every 4 to 6 hours", Fraction(6), False),
        ("every other day", Fraction(1, 2), False),
        ("once a week", Fraction(1, 7), False),
        ("weekly", Fraction(1, 7), False),
        ("twice weekly", Fraction(2, 7), False),
        ("every 12 weeks", Fraction(1, 84), False),
        ("every month", Fraction(1, 30), False),
        ("at bedtime", Fraction(1), False),
        ("qhs", Fraction(1), False),
        ("in the morning and at bedtime", Fraction(2), False),
        ("with breakfast and supper", Fraction(2), False),
        ("as needed", None, True),
    ],
)
def test_frequencies(text: str, per_day: Fraction | None, needed: bool) -> None:
    found = frequency_in(text)
    assert found is not None
    assert (found.per_day, found.as_needed) == (per_day, needed)


@pytest.mark.parametrize("text", ["lisinopril 10 mg", "Tylenol PM", "Pack [Jolivette 28 Day]", ""])
def test_no_frequency(text: str) -> None:
    assert frequency_in(text) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("take 2 tablets", Fraction(2)), ("1/2 tablet", Fraction(1, 2)), ("half a tablet", Fraction(1, 2)),
        ("one tablet", Fraction(1)), ("1.5 tabs", Fraction(3, 2)), ("2 puffs", Fraction(2)), ("10 mg tablet", None),
        ("1/0 tablet", None),
    ],
)  # fmt: skip
def test_pieces(text: str, count: Fraction | None) -> None:
    assert count_in(text) == count


def test_form_route_release_and_salt() -> None:
    shape = shape_in(words_of("metoprolol succ ER 25 mg oral tablet")[0])
    assert shape == ("tablet", "mouth", "ER", ("succinate",))
    assert shape_in(words_of("hydrocortisone cream")[0]).route == "skin"
    assert shape_in(words_of("lisinopril")[0]) == ("", "", "", ())


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for dose in doses_in(text, several=True):
        assert dose.amount.is_finite() and str(dose)
    count_in(text), frequency_in(text), shape_in(words_of(text)[0])
