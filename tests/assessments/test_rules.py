"""What must hold for every instrument and all answers."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.assessments.definition import Answers, Instrument, Item
from cmp_tui.assessments.rules import (
    asked_items,
    carried,
    problem_of,
    score,
    span,
    wrong_answers,
)
from cmp_tui.assessments.words import missing_words, score_words
from tests.assessments.shelf import made, need, shelf

ALL = tuple(shelf().instruments.values())


def good_answer(item: Item) -> st.SearchStrategy[Any]:
    if item.kind == "number":
        return st.integers(int(item.least), int(item.most))
    values = [option.value for option in item.options]
    if item.kind == "choice":
        return st.sampled_from(values)
    alone = [[option.value] for option in item.options if option.alone]
    others = [option.value for option in item.options if not option.alone]
    return st.one_of(st.sampled_from(alone), st.lists(st.sampled_from(others), min_size=1, unique=True))


@st.composite
def filled(draw: st.DrawFn, whole: bool = False) -> tuple[Instrument, dict[str, Any]]:
    """An instrument and answers to some (or all) of its questions."""
    instrument = draw(st.sampled_from(ALL))
    answers: dict[str, Any] = {}
    for item in instrument.items:
        if whole or draw(st.booleans()):
            answers[item.name] = draw(good_answer(item))
    return instrument, answers


@given(filled(), st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(case: tuple[Instrument, Answers], chance: Any) -> None:
    instrument, answers = case
    names = list(answers)
    chance.shuffle(names)
    assert score(instrument, {name: answers[name] for name in names}) == score(instrument, answers)


@given(filled())
def test_missing_is_never_scored(case: tuple[Instrument, Answers]) -> None:
    instrument, answers = case
    found = score(instrument, answers)
    counted = [item for item in asked_items(instrument, answers) if item.counts]
    given_ones = [item for item in counted if answers.get(item.name) is not None]
    if found.score is not None:
        assert len(given_ones) >= (instrument.need or len(counted))
        assert instrument.method != "none" and not found.missing
    elif instrument.method != "none":
        assert found.missing
        assert missing_words(instrument, found).startswith("no score")


@given(filled(whole=True))
def test_what_is_whole_has_a_score_within_its_span(case: tuple[Instrument, Answers]) -> None:
    instrument, answers = case
    found = score(instrument, answers)
    assert found.whole
    if instrument.method != "none":
        low, high = span(instrument)
        assert found.score is not None and low <= found.score <= high
        assert score_words(instrument, found.score, None)


@given(filled(whole=True), st.data())
def test_taking_a_needed_answer_away_takes_the_score_away(
    case: tuple[Instrument, dict[str, Any]], data: st.DataObject
) -> None:
    instrument, answers = case
    if instrument.method == "none" or instrument.need:
        return
    needed = [item.name for item in asked_items(instrument, answers) if item.counts and not item.optional]
    name = data.draw(st.sampled_from(needed))
    declined = data.draw(st.booleans())
    less = {**answers, name: None} if declined else {key: one for key, one in answers.items() if key != name}
    found = score(instrument, less)
    assert found.score is None and name in found.missing
    assert (name in found.open) == (not declined)


@given(filled(), st.data())
def test_another_answer_never_silences_an_alarm_or_a_flag_that_counts_up(
    case: tuple[Instrument, dict[str, Any]], data: st.DataObject
) -> None:
    instrument, answers = case
    open_ones = [
        item for item in asked_items(instrument, answers) if item.name not in answers and not item.chart
    ]
    if not open_ones:
        return
    item = data.draw(st.sampled_from(open_ones))
    before = score(instrument, answers)
    after = score(instrument, {**answers, item.name: data.draw(good_answer(item))})
    assert set(before.alarms) <= set(after.alarms)
    assert set(before.flags) <= set(after.flags)


@given(filled())
def test_answers_that_do_not_fit_count_as_not_given(case: tuple[Instrument, dict[str, Any]]) -> None:
    instrument, answers = case
    for bad in (True, "2", 99_999, -1, [], [99], float("nan")):
        broken = dict.fromkeys(answers, bad)
        assert score(instrument, broken).score is None
        assert set(wrong_answers(instrument, broken)) == set(answers)
    assert wrong_answers(instrument, answers) == {}
    assert "no such question" in wrong_answers(instrument, {"no_item": 1})["no_item"]


def test_reversed_weighted_and_stepped_points() -> None:
    small = made("""
[options]
five = [{ value = 1, words = "a" }, { value = 2, words = "b" }, { value = 5, words = "c" }]
[[item]]
name = "a"
text = "reversed"
options = "five"
reverse = true
[[item]]
name = "b"
text = "weighted"
options = "five"
weight = 0.5
[[item]]
name = "c"
text = "stepped"
least = 0
most = 10
steps = [[0, 0], [3, 1], [7, 4]]
[score]
method = "sum"
places = 1
""")
    assert score(small, {"a": 1, "b": 1, "c": 0}).score == 5.5  # 1 + 5 - 1, half of 1, 0
    assert score(small, {"a": 5, "b": 5, "c": 6}).score == 4.5  # 1, 2.5, 1
    assert score(small, {"a": 2, "b": 2, "c": 7}).score == 9.0  # 4, 1, 4
    assert span(small) == (1.5, 11.5)


def test_what_is_skipped_counts_for_nothing_even_when_it_was_answered_before() -> None:
    audit = need("audit-c")
    found = score(audit, {"q1": 0, "q2": 4, "q3": 4})
    assert found.score == 0 and found.whole
    assert [item.name for item in asked_items(audit, {"q1": 0, "q2": 4})] == ["sex", "q1"]


def test_answers_are_carried_over() -> None:
    assert carried(need("phq-2"), {"q1": 2, "q2": 1}) == {"q1": 2, "q2": 1}
    assert carried(need("phq-2"), {"q1": 2, "q2": None}) == {"q1": 2}
    assert carried(need("phq-9"), {"q1": 2}) == {}


def test_none_of_these_stands_alone() -> None:
    signs = need("oasis-m1033").items[0]
    assert problem_of(signs, [1, 10]) == "One of these answers stands alone."
    assert problem_of(signs, [10]) == "" and problem_of(signs, [1, 2]) == ""
    assert problem_of(signs, [1, 1]) and problem_of(signs, 1) and problem_of(signs, [])
