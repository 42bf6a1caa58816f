"""Idle time is never counted without an answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.contacts.rules import Span
from cmp_tui.contacts.timer_rules import ANSWERS, Absence, absence, counted

T0 = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def asked(last_key: float | None, until: float, on_call: bool = False) -> Absence | None:
    return absence(at(0), None if last_key is None else at(last_key), at(until), on_call, 10, 15)


def test_nothing_is_asked_while_keys_are_pressed() -> None:
    assert asked(25, 34) is None


def test_the_question_comes_after_the_idle_minutes() -> None:
    assert asked(25, 35) == Absence(at(25), at(35), False)


def test_a_timer_on_a_call_is_not_idle_but_is_asked_about_later() -> None:
    assert asked(25, 39, on_call=True) is None
    assert asked(25, 40, on_call=True) == Absence(at(25), at(40), True)


def test_without_a_known_key_the_start_is_the_last_sign_of_life() -> None:
    assert asked(None, 9) is None
    assert asked(None, 14 * 60) == Absence(at(0), at(14 * 60), False)


def test_a_key_before_the_start_or_after_the_end_does_not_matter() -> None:
    assert asked(-60, 30) == Absence(at(0), at(30), False)
    assert asked(90, 30) is None


def test_a_clock_that_was_set_back_counts_nothing() -> None:
    assert asked(None, -60) is None
    assert counted(at(0), at(-60), None) is None


def test_keep_trim_discard() -> None:
    away = asked(20, 800)
    assert counted(at(0), at(800), away, "keep") == Span(at(0), at(800))
    assert counted(at(0), at(800), away, "trim") == Span(at(0), at(20))
    assert counted(at(0), at(800), away, "discard") is None
    assert counted(at(0), at(800), away) == Span(at(0), at(20)), "the default is to trim"
    assert ANSWERS[0] == "trim"


def test_trimming_a_timer_that_nobody_touched_leaves_nothing() -> None:
    assert counted(at(0), at(800), asked(None, 800), "trim") is None


@given(
    st.integers(-100, 2000) | st.none(),
    st.integers(-100, 2000),
    st.booleans(),
    st.integers(1, 60),
    st.integers(1, 60),
)
def test_no_more_than_the_patience_counts_unasked(
    last_key: int | None, until: int, on_call: bool, idle: int, call: int
) -> None:
    away = absence(at(0), None if last_key is None else at(last_key), at(until), on_call, idle, call)
    span = counted(at(0), at(until), away)
    if span is not None:
        seen = max(0, min(last_key or 0, until))
        allowed = timedelta(minutes=seen + (call if on_call else idle))
        assert timedelta(0) < span.end - span.start <= allowed
