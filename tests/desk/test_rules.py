"""What one entry of the contact form means."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest

from cmp_tui.contacts.rules import Span
from cmp_tui.desk.rules import Spent, Usual, next_words, spent, usual_program

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


TIMER = Span(at(-12), at(0))


class Facts(NamedTuple):
    program: str
    status: str = "active"
    start: date | None = date(2026, 3, 4)
    end: date | None = None
    practitioner: str | None = None


def test_no_time_was_spent() -> None:
    assert spent(at(-5), None, None, None, None, NOW) is None
    assert spent(None, 0, None, None, None, NOW) is None
    assert spent(None, 0, None, None, TIMER, NOW) is None, "no minutes is an answer about the timer"


def test_minutes_run_from_the_contact_and_end_now_at_the_latest() -> None:
    assert spent(at(-60), 9, None, None, None, NOW) == Spent(Span(at(-60), at(-51)), True)
    assert spent(None, 9, None, None, None, NOW) == Spent(Span(at(-9), at(0)), True)


def test_minutes_with_a_start_or_an_end() -> None:
    assert spent(None, 9, at(-30), None, None, NOW) == Spent(Span(at(-30), at(-21)), True)
    assert spent(None, 9, None, at(-30), None, NOW) == Spent(Span(at(-39), at(-30)), True)


def test_a_span_as_typed() -> None:
    assert spent(None, None, at(-56), at(-44), None, NOW) == Spent(Span(at(-56), at(-44)), False)


def test_started_ten_minutes_ago() -> None:
    assert spent(None, None, at(-10), None, None, NOW) == Spent(Span(at(-10), at(0)), False)


def test_the_timer_counts_unless_something_is_typed() -> None:
    assert spent(at(-5), None, None, None, TIMER, NOW) == Spent(TIMER, False)
    assert spent(at(-5), 7, None, None, TIMER, NOW) == Spent(Span(at(-12), at(-5)), True)
    assert spent(at(-5), None, at(-20), None, TIMER, NOW) == Spent(Span(at(-20), at(0)), False)
    assert spent(at(-5), None, None, at(-2), TIMER, NOW) == Spent(Span(at(-12), at(-2)), False)


@pytest.mark.parametrize(
    ("minutes", "start", "end"),
    [(5, at(-5), at(0)), (-1, None, None), (1441, None, None), (None, None, at(-1))],
)
def test_what_can_not_be_meant(minutes: int | None, start: datetime | None, end: datetime | None) -> None:
    with pytest.raises(ValueError):
        spent(None, minutes, start, end, None, NOW)


def test_the_one_program_of_the_day() -> None:
    day = date(2026, 11, 23)
    ccm = Facts("CCM", practitioner="levin")
    assert usual_program([ccm], day) == Usual("CCM", "levin")
    assert usual_program([], day) == Usual(None, None)
    assert usual_program([ccm, Facts("RPM")], day) == Usual(None, None), "a person must say which"
    assert usual_program([ccm, Facts("RPM", "planned")], day) == Usual("CCM", "levin")
    assert usual_program([ccm], date(2026, 3, 3)) == Usual(None, None)
    ended = Facts("CCM", "finished", end=date(2026, 11, 22))
    assert usual_program([ended], day) == Usual(None, None)
    assert usual_program([ended], date(2026, 11, 22)) == Usual("CCM", None)
    assert usual_program([Facts("CCM", start=None)], day) == Usual(None, None)


def test_the_words_of_the_next_step() -> None:
    assert next_words("call the pharmacy", "refill") == "call the pharmacy"
    assert next_words(" ", "\n refill \nand call") == "refill"
    assert next_words(None, None) is None
