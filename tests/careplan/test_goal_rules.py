"""How a goal goes: held against every order of values and words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.careplan.goal_rules import (
    BETTER,
    MET,
    SAME,
    WORSE,
    Point,
    is_met,
    said_by_values,
    standing,
    t_score,
    turn,
    value_words,
    way,
)

DAY = date(2026, 9, 1)


class Aim(NamedTuple):
    direction: str | None = "below"
    baseline: float | None = 8.9
    target: float | None = 8.0
    target2: float | None = None
    start: date | None = DAY
    achievement: str = "in-progress"
    achievement_on: date | None = None


def on(days: int, value: float, second: float | None = None, told: bool = False) -> Point:
    return Point(DAY + timedelta(days=days), value, second, told)


NUMBERS = st.floats(1, 400, allow_nan=False).map(lambda one: round(one, 1))
SERIES = st.lists(NUMBERS, min_size=1, max_size=8).map(
    lambda values: [on(7 * place, value) for place, value in enumerate(values, 1)]
)
AIMS = st.builds(
    Aim,
    direction=st.sampled_from(["below", "above", None]),
    baseline=st.none() | NUMBERS,
    target=st.none() | NUMBERS,
    target2=st.none(),
    start=st.just(DAY),
    achievement=st.just("in-progress"),
    achievement_on=st.none(),
)


@given(AIMS, SERIES)
def test_what_the_values_say_is_one_of_five_things_or_nothing(aim: Aim, points: list[Point]) -> None:
    said = said_by_values(aim, points)
    if way(aim) is None:
        assert said is None
        return
    assert said is not None
    assert said.code in {BETTER, SAME, WORSE, "in-progress"} | MET
    assert (said.code in MET) == is_met(aim, points[-1])


@given(AIMS, SERIES)
def test_a_mirror_turns_better_into_worse(aim: Aim, points: list[Point]) -> None:
    other = {"below": "above", "above": "below", None: None}[aim.direction]
    mirrored = aim._replace(
        direction=other,
        baseline=None if aim.baseline is None else -aim.baseline,
        target=None if aim.target is None else -aim.target,
    )
    one = said_by_values(aim, points)
    two = said_by_values(mirrored, [point._replace(value=-point.value) for point in points])
    assert (one and one.code) == (two and two.code)


@given(AIMS, SERIES, st.integers(0, 80))
def test_a_persons_word_stands_until_a_newer_value(aim: Aim, points: list[Point], days: int) -> None:
    said = aim._replace(achievement=WORSE, achievement_on=DAY + timedelta(days=days))
    now = standing(said, points)
    newer = points[-1].date > DAY + timedelta(days=days) and way(aim) is not None
    assert now.by == ("values" if newer else "person")


def test_the_cases_of_the_words() -> None:
    aim = Aim()
    assert standing(aim, []).by == ""
    assert said_by_values(aim, [on(-10, 8.4)]) is None  # before it began
    assert said_by_values(aim, [on(0, 8.4)]) is None
    assert standing(aim, [on(0, 8.4, told=True)]).code == BETTER
    assert standing(aim, [on(30, 8.9)]).code == SAME
    assert standing(aim, [on(30, 9.1)]).code == WORSE
    assert standing(aim, [on(30, 8.4), on(60, 8.6)]).code == WORSE
    assert standing(aim, [on(30, 7.9)]).code == "achieved"
    assert standing(aim, [on(30, 7.9), on(60, 7.8)]).code == "sustaining"
    assert standing(aim._replace(baseline=None), [on(30, 8.4)]).code == "in-progress"
    assert standing(aim._replace(baseline=None), [on(-30, 8.8), on(30, 8.4)]).code == BETTER


def test_a_pressure_is_met_with_both_numbers() -> None:
    aim = Aim(baseline=150, target=130, target2=80)
    assert not is_met(aim, on(1, 128, 84)) and is_met(aim, on(1, 130, 80))
    assert standing(aim, [on(1, 140, 90), on(2, 140, 86)]).code == BETTER


def test_the_side_is_told_by_baseline_and_target() -> None:
    assert way(Aim(direction=None)) == "below"
    assert way(Aim(direction=None, baseline=1, target=5)) == "above"
    assert way(Aim(direction=None, baseline=None)) is None
    assert way(Aim(direction=None, baseline=5, target=5)) is None


def test_goal_attainment_scaling() -> None:
    assert t_score([]) is None
    assert t_score([(1, 0)] * 3) == 50.0
    assert t_score([(1, 1)] * 3) == pytest.approx(63.7, abs=0.05)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(-2, 2)), min_size=1, max_size=9))
def test_the_score_lies_around_fifty_and_rises_with_every_step(scaled: list[tuple[int, int]]) -> None:
    score = t_score(scaled)
    mirrored = t_score([(weight, -step) for weight, step in scaled])
    assert score is not None and mirrored is not None
    assert score - 50 == pytest.approx(50 - mirrored)
    weight, step = scaled[0]
    better = t_score([(weight, step + 1), *scaled[1:]])
    assert better is not None and better > score


def test_the_turn_of_the_last_value() -> None:
    assert turn([]) is None and turn([on(1, 8)]) is None
    assert turn([on(1, 8), on(2, 9)]) == 1
    assert turn([on(1, 130, 80), on(2, 130, 76)]) == -1


def test_values_in_words() -> None:
    assert value_words(8.4, None, "%") == "8.4 %"
    assert value_words(132, 84, "mmHg") == "132/84 mmHg"
    assert value_words(3.0) == "3"
