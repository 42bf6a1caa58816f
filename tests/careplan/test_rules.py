"""What a plan covers, when it is due, what is late; values as they are typed; the picture of values."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.careplan import goal_chart
from cmp_tui.careplan.form_values import parse_said, parse_value
from cmp_tui.careplan.goal_chart import LINES, chart_lines
from cmp_tui.careplan.goal_rules import Point
from cmp_tui.careplan.goal_words import days_to, every_words
from cmp_tui.careplan.rules import (
    CHASED,
    HABIT,
    OPEN_STEPS,
    OVER,
    Covered,
    comes_again,
    elements,
    is_habit,
    is_late,
    review_due,
    signs_of,
)
from cmp_tui.careplan.scale_rules import kept_steps, step_words, steps_of
from cmp_tui.clinic.errors import Invalid

TODAY = date(2026, 11, 23)
FACTS = st.builds(
    Covered,
    conditions=st.integers(0, 9),
    outlook=st.booleans(),
    open_goals=st.integers(0, 60),
    measured_goals=st.integers(0, 60),
    function=st.booleans(),
    instruments=st.frozensets(st.sampled_from(["mini-cog", "katz", "ahc-hrsn", "phq-9"])),
    signs=st.integers(0, 9),
    open_steps=st.integers(0, 9),
    medicines=st.integers(0, 40),
    home=st.booleans(),
    caregivers=st.integers(0, 2),
    caregiver=st.booleans(),
    team=st.integers(0, 5),
    outside=st.booleans(),
    versions=st.integers(0, 5),
    reviewed=st.none(),
    review_due=st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    changed=st.integers(0, 5),
)


@given(FACTS)
def test_the_twelve_elements_are_always_there_and_an_empty_one_says_how_to_fill_it(facts: Covered) -> None:
    found = elements(facts, TODAY)
    assert len(found) == 12 == len({one.name for one in found})
    for one in found:
        assert one.fills
        assert bool(one.says) == one.filled


def test_an_empty_plan_covers_nothing_and_a_full_one_everything() -> None:
    assert not any(one.filled for one in elements(Covered(), TODAY))
    full = Covered(
        2,
        True,
        1,
        1,
        True,
        frozenset(),
        3,
        2,
        5,
        True,
        1,
        True,
        1,
        True,
        1,
        TODAY,
        TODAY + timedelta(days=9),
        0,
    )
    assert all(one.filled for one in elements(full, TODAY))


def test_mind_and_body_are_both_looked_at() -> None:
    def filled(*names: str) -> bool:
        found = elements(Covered(instruments=frozenset(names)), TODAY)
        return next(one for one in found if one.name == "function").filled

    assert not filled("mini-cog") and not filled("katz") and filled("mini-cog", "katz")


def test_the_review_is_due_after_the_last_of_its_days() -> None:
    assert review_due(None, None, 12) is None
    assert review_due(date(2025, 2, 28), None, 12) == date(2026, 2, 28)
    assert review_due(date(2024, 2, 29), None, 12) == date(2025, 2, 28)
    assert review_due(date(2025, 1, 1), date(2026, 3, 4), 12) == date(2027, 3, 4)


@given(
    st.sampled_from([*OPEN_STEPS, *OVER]),
    st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    st.sampled_from(["patient", "caregiver", "care-manager", "practitioner", "other"]),
    st.none() | st.integers(1, 400),
)
def test_only_what_is_chased_can_be_late(
    status: str, due: date | None, whose: str, every: int | None
) -> None:
    late = is_late(status, due, TODAY, whose, every)
    assert late == (status in CHASED and due is not None and due < TODAY and not is_habit(whose, every))
    assert not (set(CHASED) & OVER)


def test_a_habit_is_what_a_patient_does_day_by_day() -> None:
    assert is_habit("patient", 1) and is_habit("caregiver", HABIT)
    assert not is_habit("patient", 30) and not is_habit("care-manager", 1) and not is_habit("patient", None)


def test_what_comes_again_and_what_does_not() -> None:
    assert comes_again(TODAY, 30) == date(2026, 12, 23)
    assert comes_again(TODAY, None) is None and comes_again(TODAY, 0) is None


def test_signs_are_lists_without_empty_lines() -> None:
    assert signs_of({"911": " Chest pain \n\n", "call-us": ""}) == {"911": ["Chest pain"]}


# Values as they are typed


def test_a_value_alone() -> None:
    assert parse_value("") is None and parse_value(None) is None
    assert parse_value("8.2 %") == (8.2, None)
    assert parse_value(" 132/84 ") == (132.0, 84.0)
    for wrong in ("eight", "8,2", "8.2.1", "1/2/3"):
        with pytest.raises(Invalid):
            parse_value(wrong)


KEY = bytes(16)


@pytest.mark.parametrize(
    ("text", "counts", "said"),
    [
        ("", 1, None),
        ("+", 0, {"achievement": "improving"}),
        ("- ate cake", 1, {"achievement": "worsening", "note": "ate cake"}),
        ("8.1", 1, {"value": 8.1, "second": None}),
        (
            "= 8.1, at home",
            1,
            {"achievement": "no-change", "value": 8.1, "second": None, "note": ", at home"},
        ),
        ("132/84 at home", 2, {"value": 132.0, "second": 84.0, "note": "at home"}),
        ("3 pounds less", 0, {"note": "3 pounds less"}),
        ("walks more", 1, {"note": "walks more"}),
        ("2nd try", 1, {"note": "2nd try"}),
    ],
)
def test_what_is_said_of_a_goal_in_one_line(text: str, counts: int, said: dict[str, object] | None) -> None:
    found = parse_said(KEY, text, counts)
    assert found == (None if said is None else {"goal": KEY, **said})


def test_a_pressure_has_two_numbers() -> None:
    with pytest.raises(Invalid, match="two numbers"):
        parse_said(KEY, "+ 132", 2)


@given(st.text(max_size=60), st.integers(0, 2))
def test_whatever_is_typed_is_said_or_refused_with_a_sentence(text: str, counts: int) -> None:
    try:
        found = parse_said(KEY, text, counts)
    except Invalid as invalid:
        assert invalid.fields["value"].endswith(".")
    else:
        assert (found is None) == (not text.strip())


# The picture


VALUES = st.lists(
    st.tuples(st.integers(0, 400), st.floats(-500, 500).map(lambda one: round(one, 1))),
    min_size=2,
    max_size=40,
)


@given(VALUES, st.none() | st.floats(-500, 500).map(lambda one: round(one, 1)), st.integers(20, 80))
def test_the_picture_fits_and_shows_the_last_value(
    values: list[tuple[int, float]], target: float | None, width: int
) -> None:
    points = [Point(date(2026, 1, 1) + timedelta(days=days), value) for days, value in sorted(values)]
    lines = chart_lines(points, target, None, goal_chart.ASCII, width)
    if not lines:
        return
    drawn = ["".join(text for text, _ in parts) for parts in lines]
    assert len(drawn) == LINES and all(len(line) <= width for line in drawn)
    assert any(line.endswith("*") and len(line) == width for line in drawn)
    if target is not None:
        assert any("-" * 3 in line or "*" in line for line in drawn)
    assert all(ord(sign) < 128 for line in drawn for sign in line)


def test_nothing_is_drawn_of_one_value_or_without_room() -> None:
    points = [Point(date(2026, 1, 1), 8.9), Point(date(2026, 2, 1), 8.4)]
    assert chart_lines(points[:1], 8.0, None, goal_chart.UNICODE, 40) == []
    assert chart_lines(points, 8.0, None, goal_chart.UNICODE, 9) == []


def test_words() -> None:
    assert [every_words(one) for one in (None, 1, 7, 10, 365)] == [
        "",
        "daily",
        "weekly",
        "every 10 days",
        "yearly",
    ]
    assert [step_words(None, one) for one in (-2, 0, 1)] == ["-2", "0", "+1"]
    assert step_words({"1": "walks to the church", "5": "?", "0": 3}, 1) == "+1: walks to the church"
    assert step_words({"1": "walks to the church", "5": "?", "0": 3}, 0) == "0"
    assert kept_steps({"more": " to  the church ", "less": "", "expected": None}) == {"1": "to the church"}
    assert kept_steps({}) is None and steps_of("bad") == {}
    assert days_to(TODAY, TODAY) == "today"
    assert days_to(TODAY + timedelta(days=1), TODAY) == "in 1 day"
    assert days_to(TODAY - timedelta(days=3), TODAY) == "3 days ago"
