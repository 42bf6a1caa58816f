"""Thresholds, what is missing to them, and why a span can't be billed: pure rules, and the shipped table."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.billing.rules import EntryFacts, still_needed, threshold_on, whole_minutes, why_not
from cmp_tui.contacts.rules import minutes_of

SINCE, UNTIL = date(2022, 1, 1), date(2026, 12, 31)
TABLE = {
    "program": "CCM",
    "from": SINCE,
    "until": UNTIL,
    "code": [
        {"code": "1", "family": "staff", "minutes": 20, "until": date(2025, 12, 31), "source": ["A"]},
        {"code": "2", "family": "staff", "minutes": 25, "from": date(2026, 1, 1), "source": ["B"]},
        {"code": "3", "family": "practitioner", "minutes": 30, "source": ["C"]},
        {"code": "4", "family": "staff", "after": "2", "step": 20, "cap": 2, "source": ["D"]},
    ],
}


@pytest.mark.parametrize(
    ("day", "whose", "source"),
    [
        (date(2021, 12, 31), "staff", None),
        (date(2022, 1, 1), "staff", "A"),
        (date(2025, 12, 31), "staff", "A"),
        (date(2026, 1, 1), "staff", "B"),
        (date(2026, 12, 31), "practitioner", "C"),
        (date(2027, 1, 1), "staff", None),
        (date(2026, 6, 1), "visitor", None),
    ],
)
def test_a_day_has_the_rule_that_was_in_force(day: date, whose: str, source: str | None) -> None:
    found = threshold_on(TABLE, day, whose)
    assert (found.source if found else None) == source
    assert found is None or (found.program, found.whose) == ("CCM", whose)


def test_further_units_and_their_cap() -> None:
    found = threshold_on(TABLE, date(2026, 6, 1))
    assert found and (found.first, found.step, found.most) == (25, 20, 65)


@pytest.mark.parametrize(
    ("seconds", "minutes", "needed"),
    [
        (0, 0, 20),
        (1, 0, 20),
        (59, 0, 20),
        (60, 1, 19),
        (1141, 19, 1),
        (1170, 19, 1),
        (1199, 19, 1),
        (1200, 20, 0),
        (4000, 66, 0),
    ],
)
def test_minutes_are_floored_and_what_is_missing_is_whole(seconds: int, minutes: int, needed: int) -> None:
    assert (whole_minutes(seconds), still_needed(seconds, 20)) == (minutes, needed)


@given(seconds=st.integers(0, 10**6), first=st.integers(1, 120))
def test_what_is_missing_is_enough_and_not_more(seconds: int, first: int) -> None:
    needed = still_needed(seconds, first)
    assert (needed == 0) == (whole_minutes(seconds) >= first)
    assert whole_minutes(seconds + needed * 60) >= first
    if needed:
        assert whole_minutes(seconds + (needed - 1) * 60) < first
    assert whole_minutes(seconds) == minutes_of(seconds), "one way to floor, in each room"


GOOD = EntryFacts(program="CCM", clinical=True, in_billed_visit=False, enrolled=True, consent="accepted")


def test_good_time_can_be_billed() -> None:
    assert why_not(GOOD) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"program": None}, "no program"),
        ({"consent": "declined"}, "consent declined"),
        ({"consent": "revoked"}, "consent revoked"),
        ({"consent": None}, "no consent on this day"),
        ({"enrolled": False}, "not enrolled on this day"),
        ({"clinical": False}, "not clinical staff"),
        ({"in_billed_visit": True}, "part of a billed visit"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_reason_alone(change: dict[str, object], reason: str) -> None:
    facts = {name: getattr(GOOD, name) for name in GOOD.__dataclass_fields__} | change
    assert why_not(EntryFacts(**facts)) == reason


def test_only_what_is_good_in_every_way_can_be_billed() -> None:
    billable = []
    for program, clinical, visit, enrolled, consent in product(
        ("CCM", None), (True, False), (True, False), (True, False), ("accepted", "declined", "revoked", None)
    ):
        facts = EntryFacts(program, clinical, visit, enrolled, consent)
        if why_not(facts) is None:
            billable.append(facts)
    assert billable == [GOOD]
