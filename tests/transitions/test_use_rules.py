"""Coming back within 30 days, and how often in 6 and 12 months."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.transitions.facts import StayFact
from cmp_tui.transitions.use_rules import ADMISSIONS, readmissions, use_until

DAY = date(2026, 11, 23)


def stay(key: str, first: int, last: int | None, kind: str = "inpatient", **values: object) -> StayFact:
    """A stay from so many days before DAY."""
    out = None if last is None else DAY - timedelta(last)
    return StayFact(key.encode(), kind, "", DAY - timedelta(first), out, **values)  # type: ignore[arg-type]


def came_back(*stays: StayFact) -> list[tuple[bytes, bytes, int]]:
    return [(one.earlier.key, one.later.key, one.days) for one in readmissions(stays)]


def test_the_thirtieth_day_is_one_and_the_next_is_none() -> None:
    assert came_back(stay("a", 50, 40), stay("b", 10, 5)) == [(b"a", b"b", 30)]
    assert came_back(stay("a", 51, 41), stay("b", 10, 5)) == []


def test_going_on_elsewhere_is_one_time_in_hospital() -> None:
    assert came_back(stay("a", 12, 10, to="hospital"), stay("b", 10, 5)) == []
    assert came_back(stay("a", 12, 10), stay("b", 10, 5, came_from="hospital")) == []
    assert came_back(stay("a", 11, 10, "observation"), stay("b", 10, 5)) == []
    assert came_back(stay("a", 12, 10, to="home"), stay("b", 10, 5)) == [(b"a", b"b", 0)]


def test_rehabilitation_and_emergency_visits_are_no_readmissions() -> None:
    assert came_back(stay("a", 20, 15), stay("r", 15, 8, "rehab"), stay("e", 7, 7, "ed")) == []
    assert came_back(stay("a", 20, 15), stay("r", 15, 8, "rehab"), stay("b", 6, None)) == [(b"a", b"b", 9)]


def test_each_counts_from_the_one_before() -> None:
    found = came_back(stay("a", 60, 55), stay("b", 40, 35), stay("c", 20, None))
    assert found == [(b"a", b"b", 15), (b"b", b"c", 15)]


def test_counts_have_their_months_and_one_day_is_one() -> None:
    use = use_until(
        [
            stay("x", 400, 398), stay("y", 200, 198), stay("a", 30, 28), stay("b", 30, 27),
            stay("o", 9, 8, "observation"),
            stay("e", 3, 3, "ed"), stay("n", 240, 240, "ed"), stay("s", 28, 20, "snf"),
        ],
        DAY,
    )  # fmt: skip
    assert (len(use.admissions_6), len(use.admissions_12)) == (2, 3)
    assert (len(use.emergency_6), len(use.emergency_12)) == (1, 2)
    assert use.emergency_6 == (b"e",)


STAYS = st.lists(
    st.tuples(
        st.integers(0, 400), st.integers(0, 30), st.sampled_from(["inpatient", "ed", "snf", "observation"])
    ),
    max_size=8,
)


@given(STAYS)
def test_whatever_the_order_and_never_against_the_time(spans: list[tuple[int, int, str]]) -> None:
    stays = [stay(str(at), first, max(first - long, 0), kind) for at, (first, long, kind) in enumerate(spans)]
    found = came_back(*stays)
    assert sorted(found) == sorted(came_back(*reversed(stays)))
    by_key = {one.key: one for one in stays}
    for earlier, later, days in found:
        assert 0 <= days <= 30
        assert by_key[earlier].discharged <= by_key[later].admitted  # type: ignore[operator]
        assert {by_key[earlier].kind, by_key[later].kind} <= ADMISSIONS
    use = use_until(stays, DAY)
    assert set(use.admissions_6) <= set(use.admissions_12) and set(use.emergency_6) <= set(use.emergency_12)
