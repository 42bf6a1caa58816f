"""Directions read by rule: what is understood, and what stays unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.medications.dosage_rules import MOMENTS, MOST, amount_words, checked_grid, read_dosage

ONE = {"morning": 1.0}
TWO = {"morning": 1.0, "evening": 1.0}


@pytest.mark.parametrize(
    ("text", "grid"),
    [
        ("1 tablet by mouth once daily", ONE),
        ("Take 1 tablet by mouth every day", ONE),
        ("10 mg once a day", ONE),
        ("20 MG DAILY", ONE),
        ("1 tab PO QD", ONE),
        ("1 tablet twice a day", TWO),
        ("500 mg BID with meals", TWO),
        ("take two tablets twice daily", {"morning": 2.0, "evening": 2.0}),
        ("1 capsule three times a day", {"morning": 1.0, "noon": 1.0, "evening": 1.0}),
        ("1 tablet 3 times daily", {"morning": 1.0, "noon": 1.0, "evening": 1.0}),
        ("1 tablet every 8 hours", {"morning": 1.0, "noon": 1.0, "evening": 1.0}),
        ("1 capsule QID", dict.fromkeys(MOMENTS, 1.0)),
        ("1 tablet at bedtime", {"bedtime": 1.0}),
        ("40 mg nightly", {"bedtime": 1.0}),
        ("half a tablet in the morning", {"morning": 0.5}),
        ("½ tablet daily", {"morning": 0.5}),
        ("1 1/2 tablets daily", {"morning": 1.5}),
        ("1/2 tab qhs", {"bedtime": 0.5}),
        ("1 tablet in the morning and 2 at bedtime", {"morning": 1.0, "bedtime": 2.0}),
        ("10 units with breakfast, 12 units with dinner", {"morning": 10.0, "evening": 12.0}),
        ("1 tablet in the morning and at noon", {"morning": 1.0, "noon": 1.0}),
        ("inhale 2 puffs twice daily", {"morning": 2.0, "evening": 2.0}),
        ("1 tablet with meals", {"morning": 1.0, "noon": 1.0, "evening": 1.0}),
        ("1 tablet twice daily, morning and bedtime", {"morning": 1.0, "bedtime": 1.0}),
    ],
)  # fmt: skip
def test_usual_directions_are_understood(text: str, grid: dict[str, float]) -> None:
    assert read_dosage(text).grid == grid


@pytest.mark.parametrize(
    "text",
    [
        "", "as directed", "1 tablet once a week", "70 mg every Sunday", "1 to 2 tablets every 6 hours as needed",
        "1-2 puffs twice daily", "1 tablet every other day", "2 tablets daily, then 1 tablet daily", "apply thinly",
        "one injection a month", "sliding scale", "40 mg taper",
    ],
)  # fmt: skip
def test_what_is_not_understood_stays_unknown(text: str) -> None:
    assert read_dosage(text).grid is None


def test_as_needed_food_and_unit() -> None:
    needed = read_dosage("2 puffs every 6 hours as needed for wheezing")
    assert (needed.as_needed, needed.unit) == (True, "puff")
    assert read_dosage("1 tablet daily on an empty stomach").with_food == "without"
    assert read_dosage("1 tablet daily with food").with_food == "with"
    assert read_dosage("1 tablet daily").with_food is None
    assert read_dosage("1 tablet twice daily").a_day == 2


@given(st.text(max_size=80))
def test_no_text_is_too_much(text: str) -> None:
    dosing = read_dosage(text)
    if dosing.grid is not None:
        assert dosing.grid == checked_grid(dosing.grid) and dosing.grid
        assert all(0 < amount <= MOST for amount in dosing.grid.values())


@given(
    st.sampled_from(["1 tablet", "2 tablets", "half a tablet", "1 capsule", "3 drops"]),
    st.sampled_from(["daily", "twice daily", "three times a day", "at bedtime", "four times daily"]),
    st.booleans(),
)
def test_amount_and_frequency_are_read_apart(amount: str, often: str, capitals: bool) -> None:
    text = f"{amount} {often}"
    grid = read_dosage(text.upper() if capitals else text).grid
    assert grid is not None
    many = {"1": 1.0, "2": 2.0, "half": 0.5, "3": 3.0}[amount.split()[0]]
    assert set(grid.values()) == {many}
    assert len(grid) == {"daily": 1, "at bedtime": 1, "twice daily": 2, "three times a day": 3}.get(often, 4)


def test_amounts_in_words() -> None:
    assert [amount_words(one) for one in (1, 0.5, 1.5, 10, 0.25, 0.3)] == ["1", "½", "1½", "10", "¼", "0.3"]


def test_a_grid_is_checked() -> None:
    assert checked_grid({"bedtime": 1, "morning": 2, "noon": 0}) == {"morning": 2.0, "bedtime": 1.0}
    for bad in ({"dawn": 1}, {"noon": -1}, {"noon": "one"}, {"noon": 1000}, {"noon": True}):
        with pytest.raises(ValueError, match=r"\w"):
            checked_grid(bad)  # type: ignore[arg-type]
