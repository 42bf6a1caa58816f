"""How far people came, how long they stood in a stage: the numbers of the report."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.enrollment.report_rules import (
    STAGES,
    STEPS,
    Cell,
    Way,
    counted,
    days_in,
    is_in,
    referrer_states,
    share,
    spread,
    stays_of,
    steps_of,
)

DAY = date(2026, 3, 1)
TODAY = date(2026, 6, 1)
some_day = st.none() | st.integers(0, 80).map(lambda days: DAY + timedelta(days=days))
ways = st.builds(
    Way,
    id=st.binary(min_size=16, max_size=16),
    patient=st.just(b"p" * 16),
    source=st.sampled_from(("provider-referral", "claims", "list")),
    received=st.just(DAY),
    stage=st.sampled_from((*STAGES, "enrolled", "ended")),
    outreach_on=some_day,
    eligibility_on=some_day,
    consent_on=some_day,
    enrolled_on=some_day,
    consented=st.booleans(),
    end=st.none() | st.just("lost"),
    ended_on=some_day,
    back_on=some_day,
    answered_on=some_day,
)


def way(stage: str = "consent", **values: object) -> Way:
    return Way(b"i", b"p", "claims", DAY, stage)._replace(**values)  # type: ignore[arg-type]


@given(ways)
def test_whoever_took_a_step_took_the_ones_before(one: Way) -> None:
    taken = steps_of(one)
    order = STEPS[:-1]
    count = len(taken & set(order))
    assert taken & set(order) == set(order[:count])


@given(st.lists(ways, max_size=30))
def test_the_sources_make_up_the_whole_and_a_number_is_its_rows(people: list[Way]) -> None:
    for step in STEPS:
        parts = sum(
            len(counted(people, Cell("step", step, source)))
            for source in ("provider-referral", "claims", "list")
        )
        assert parts == len(counted(people, Cell("step", step)))
    referred = counted(people, Cell("referrer", "referred"))
    states = [len(counted(people, Cell("referrer", state))) for state in ("answered", "waiting", "open")]
    assert len(referred) == sum(states)


def test_a_stage_that_was_passed_over_took_no_time() -> None:
    one = way(outreach_on=DAY + timedelta(3), consent_on=DAY + timedelta(10))
    assert [(stay.stage, (stay.left or TODAY) - stay.since) for stay in stays_of(one)] == [
        ("intake", timedelta(3)), ("outreach", timedelta(7)), ("consent", TODAY - DAY - timedelta(10)),
    ]  # fmt: skip
    assert days_in(one, "eligibility", TODAY) is None
    assert is_in(one, Cell("still", "consent")) and not is_in(one, Cell("still", "intake"))
    assert is_in(one, Cell("left", "intake")) and not is_in(one, Cell("left", "eligibility"))


def test_an_end_leaves_the_last_stage() -> None:
    one = way("ended", end="lost", ended_on=DAY + timedelta(5), back_on=TODAY)
    assert days_in(one, "intake", TODAY) == 5 and not is_in(one, Cell("still", "intake"))
    assert is_in(one, Cell("end", "lost")) and is_in(one, Cell("back", "lost"))
    assert not is_in(one._replace(back_on=None), Cell("back", "lost"))
    assert "ended" in steps_of(one)


def test_enrolled_counts_as_agreed_and_reached() -> None:
    assert steps_of(way("enrolled", enrolled_on=TODAY)) == set(STEPS[:-1])


@pytest.mark.parametrize(
    ("days", "middle", "ninth"),
    [([], None, None), ([4], 4, 4), ([1, 2], 1.5, 2), (list(range(1, 11)), 5.5, 9)],
)
def test_median_and_ninth_tenth(days: list[int], middle: float | None, ninth: int | None) -> None:
    found = spread(days)
    assert (found.people, found.median, found.ninth) == (len(days), middle, ninth)


@given(st.lists(st.integers(0, 400), min_size=1))
def test_nine_of_ten_are_within(days: list[int]) -> None:
    ninth = spread(days).ninth
    assert ninth is not None
    assert sum(one <= ninth for one in days) >= 0.9 * len(days)
    assert sum(one < ninth for one in days) < math.ceil(0.9 * len(days))


def test_an_answer_waits_when_there_is_something_to_tell() -> None:
    one = way()._replace(source="provider-referral")
    assert referrer_states(one) == {"referred", "open"}
    assert referrer_states(one._replace(stage="ended")) == {"referred", "waiting"}
    assert referrer_states(one._replace(stage="ended", answered_on=TODAY)) == {"referred", "answered"}
    assert share(1, 3) == "33%" and share(0, 0) == ""
