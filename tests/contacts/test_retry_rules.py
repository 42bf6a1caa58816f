"""The next try: another business day, another part of the day."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.calendar import add_business_days, is_business_day
from cmp_tui.contacts.retry_rules import comes_back, ordinal, reaches, retry_proposal, try_title

MONDAY = date(2026, 11, 23)
CHICAGO = ZoneInfo("America/Chicago")


def tried(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=CHICAGO)


def test_after_a_morning_try_comes_the_next_afternoon() -> None:
    assert retry_proposal([], MONDAY, 9, 1, add_business_days) == (date(2026, 11, 24), "afternoon")


def test_after_both_parts_comes_the_other_one_than_just_now() -> None:
    earlier = [tried(20, 9)]
    assert retry_proposal(earlier, MONDAY, 15, 1, add_business_days).part == "morning"


def test_the_part_that_was_tried_less_is_proposed_even_if_it_was_just_now() -> None:
    earlier = [tried(18, 9), tried(19, 10)]
    assert retry_proposal(earlier, MONDAY, 15, 1, add_business_days).part == "afternoon"


def test_thanksgiving_and_the_weekend_are_skipped() -> None:
    wednesday = date(2026, 11, 25)
    assert retry_proposal([], wednesday, 9, 1, add_business_days).day == date(2026, 11, 27)
    assert retry_proposal([], wednesday, 9, 2, add_business_days).day == date(2026, 11, 30)


@given(
    st.lists(st.builds(tried, st.integers(1, 22), st.integers(0, 23)), max_size=6),
    st.dates(date(2025, 1, 1), date(2028, 1, 1)),
    st.integers(0, 23),
    st.integers(0, 10),
)
def test_it_is_always_another_business_day(
    earlier: list[datetime], today: date, hour: int, retry_days: int
) -> None:
    retry = retry_proposal(earlier, today, hour, retry_days, add_business_days)
    assert retry.day > today
    assert is_business_day(retry.day)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (13, "13th"),
        (21, "21st"),
        (112, "112th"),
    ],
)
def test_ordinals(number: int, words: str) -> None:
    assert ordinal(number) == words


def test_the_words_of_a_call_back() -> None:
    assert try_title(3) == "call back, 3rd try"


def test_whom_and_how_decide_what_reaches_and_what_comes_back() -> None:
    assert reaches("reached", "patient")
    assert reaches("reached", "caregiver")
    assert not reaches("reached", "pharmacy")
    assert not reaches("voicemail", "patient")
    assert comes_back("voicemail", "patient")
    assert comes_back("no-answer", "caregiver")
    assert not comes_back("wrong-number", "patient")
    assert not comes_back("refused", "patient")
    assert not comes_back("no-answer", "provider")
