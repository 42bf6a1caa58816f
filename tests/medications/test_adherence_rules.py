"""Days covered by refills, what a day asks of somebody, and what may be asked to make it lighter."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.medications.adherence_rules import (
    PERIOD_DAYS,
    Daily,
    Fill,
    answer_wrong,
    burden,
    covered,
    joining_questions,
    refill_wrong,
)
from cmp_tui.medications.dosage_rules import MOMENTS

TODAY = date(2026, 11, 23)
FILLS = st.lists(
    st.builds(Fill, st.dates(TODAY - timedelta(days=300), TODAY + timedelta(days=20)), st.integers(0, 120)),
    max_size=12,
)


def day(ago: int) -> date:
    return TODAY - timedelta(days=ago)


def test_a_gap_between_two_fills_is_not_covered() -> None:
    found = covered([Fill(day(59), 30), Fill(day(19), 30)], TODAY)
    assert found is not None
    assert (found.days, found.of, found.percent, found.is_usual) == (50, 60, 83, True)
    assert [(one.first, one.last, one.days) for one in found.parts] == [
        (day(59), day(30), 30), (day(19), TODAY, 20),
    ]  # fmt: skip
    assert found.until == TODAY + timedelta(days=10)


def test_what_is_left_is_used_first() -> None:
    early = covered([Fill(day(39), 30), Fill(day(19), 20)], TODAY)
    assert early is not None and (early.days, early.of, early.percent) == (40, 40, 100)
    assert early.parts[1].first == day(9) and early.until == day(-10)


def test_without_a_fill_there_is_no_figure() -> None:
    assert covered([], TODAY) is None and covered([Fill(TODAY + timedelta(days=1), 30)], TODAY) is None


@given(FILLS)
def test_days_covered_are_days(fills: list[Fill]) -> None:
    found = covered(fills, TODAY)
    if found is None:
        return
    days = {
        part.first + timedelta(days=number)
        for part in found.parts
        if part.first is not None
        for number in range(part.days)
    }
    assert len(days) == found.days  # no day is counted twice
    assert 0 <= found.days <= found.of <= PERIOD_DAYS and 0 <= found.percent <= 100
    assert all(found.first <= one <= found.last for one in days)


@given(FILLS, st.integers(1, 90))
def test_one_more_fill_today_never_takes_days_away(fills: list[Fill], days: int) -> None:
    before, after = covered(fills, TODAY), covered([*fills, Fill(TODAY, days)], TODAY)
    assert after is not None
    if before is not None:
        assert after.days >= before.days and after.of == before.of


def test_a_day_and_its_questions() -> None:
    daily = [
        Daily("lisinopril", {"morning": 1}), Daily("metformin", {"morning": 1, "evening": 1}),
        Daily("vitamin D", {"noon": 1}), Daily("gabapentin", {"morning": 1, "noon": 0.5, "evening": 1}),
    ]  # fmt: skip
    assert burden(daily, unknown=2) == (3, 6.5, 4, 2)
    assert joining_questions(daily, MOMENTS) == [
        "gabapentin is taken 3 times a day: is there a form that is taken less often?"
    ]
    assert joining_questions(daily[:3], MOMENTS)[0] == (
        "vitamin D is the only one at noon: could it go with those at breakfast?"
    )
    assert joining_questions([daily[2]], MOMENTS) == []  # alone in the day: nothing to join


def test_what_can_not_be_is_told() -> None:
    assert set(refill_wrong(None, 0, TODAY)) == {"filled_on", "days"}
    assert refill_wrong(TODAY + timedelta(days=1), 30, TODAY) == {"filled_on": "This day is still to come."}
    assert refill_wrong(TODAY, 30, TODAY) == {}
    assert set(answer_wrong(None, None, None, None, TODAY, TODAY)) == {"missed"}
    assert set(answer_wrong(2, None, None, None, TODAY, TODAY)) == {"days"}
    assert (
        answer_wrong(0, 7, None, None, TODAY, TODAY)
        == {}
        == answer_wrong(None, None, "cost", None, None, TODAY)
    )
