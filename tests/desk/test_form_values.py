"""What stands in the contact form, as what is saved: minutes, spans, the timer, moments, the next step."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.calendar import day_start, local
from cmp_tui.clinic.errors import Invalid
from cmp_tui.desk.form_values import beside_its_field, form_of, moment, time_of
from cmp_tui.ui.spans import Span

CHICAGO = ZoneInfo("America/Chicago")
TODAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 20)
KEY = "01" * 16


class Timer(NamedTuple):
    """A timer that began at 9:00 on the clinic's Monday."""

    id: bytes = b"T" * 16
    start: datetime = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    absence: object = None


TIMED = Span(8, time(9, 0), time(9, 8), "timer")


def form(timer: Timer | None = None, **values: Any) -> dict[str, Any]:
    """The fields of log_contact from a form in which nothing else was touched."""
    args = {"id": KEY}
    return form_of(CHICAGO, TODAY, {"day": TODAY, **values}, timer, args)


# The time


@pytest.mark.parametrize(
    ("timer", "values", "time_fields"),
    [
        (None, {}, {}),
        (None, {"minutes": Span(12)}, {"minutes": 12}),
        (Timer(), {"minutes": TIMED}, {}),
        (Timer(absence="away"), {"minutes": TIMED, "timer_answer": "trim"}, {"timer_answer": "trim"}),
        (Timer(), {"minutes": TIMED, "timer_answer": "trim"}, {}),
        (Timer(), {"minutes": Span(7)}, {"minutes": 7}),
        (Timer(absence="away"), {"minutes": Span(7), "timer_answer": "keep"}, {"minutes": 7}),
        (Timer(), {}, {"minutes": 0}),
        (Timer(), {"minutes": None}, {"minutes": 0}),
    ],
    ids=["none", "typed", "timer", "trimmed", "no question", "over", "over-away", "gone", "emptied"],
)
def test_minutes_and_timers(timer: Timer | None, values: dict[str, Any], time_fields: dict[str, Any]) -> None:
    assert time_of(CHICAGO, {"day": TODAY, **values}, timer) == time_fields
    assert form(timer, **values).get("timer") == (timer.id if timer else None)


def test_a_span_of_the_clock_is_clinic_time() -> None:
    found = time_of(CHICAGO, {"day": TODAY, "minutes": Span(12, time(10, 4), time(10, 16))}, None)
    assert found == {
        "start": datetime(2026, 11, 23, 16, 4, tzinfo=UTC),
        "end": datetime(2026, 11, 23, 16, 16, tzinfo=UTC),
    }


def test_a_span_up_to_midnight_ends_on_the_next_day() -> None:
    found = time_of(CHICAGO, {"day": FRIDAY, "minutes": Span(5, time(23, 55), time(0, 0))}, None)
    assert (found["end"] - found["start"]).total_seconds() == 300
    assert local(found["end"], CHICAGO).date() == date(2026, 11, 21)


def test_a_span_on_the_day_of_25_hours() -> None:
    day = date(2026, 11, 1)
    found = time_of(CHICAGO, {"day": day, "minutes": Span(60, time(1, 30), time(2, 30))}, None)
    assert (found["end"] - found["start"]).total_seconds() == 7200, "01:30 is the first of the two"


@given(
    start=st.integers(0, 23 * 60 + 58),
    length=st.integers(1, 24 * 60),
    day=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
)
def test_spans_never_run_backwards(start: int, length: int, day: date) -> None:
    end = (start + length) % 1440
    span = Span(length, time(start // 60, start % 60), time(end // 60, end % 60))
    try:
        found = time_of(CHICAGO, {"day": day, "minutes": span}, None)
    except Invalid:  # an end in the hour that the clock skips
        following = day + timedelta(days=1)
        assert (day_start(following, CHICAGO) - day_start(day, CHICAGO)) == timedelta(hours=23)
        return
    assert found["end"] > found["start"] or found["start"] == found["end"]
    assert local(found["start"], CHICAGO).date() == day or start < 180  # an hour that the clock skips


# The moment


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({}, None),
        ({"time": time(8, 30)}, "2026-11-23 08:30"),
        ({"time": time(8, 30), "day": FRIDAY}, "2026-11-20 08:30"),
        ({"day": FRIDAY, "minutes": Span(12, time(10, 4), time(10, 16))}, None),
        (
            {"day": FRIDAY, "time": time(10, 0), "minutes": Span(12, time(10, 4), time(10, 16))},
            "2026-11-20 10:00",
        ),
    ],
    ids=["now", "time", "earlier", "span", "both"],
)
def test_when_it_took_place(values: dict[str, Any], shown: str | None) -> None:
    at = moment(CHICAGO, TODAY, {"day": TODAY, **values})
    assert (f"{local(at, CHICAGO):%Y-%m-%d %H:%M}" if at else None) == shown


@pytest.mark.parametrize("minutes", [None, Span(12)])
def test_an_earlier_day_needs_a_time(minutes: Span | None) -> None:
    with pytest.raises(Invalid) as asked:
        form(day=FRIDAY, minutes=minutes)
    assert asked.value.fields == {"time": "At what time on Fri 20 Nov 2026? Something like 14:30."}


def test_a_timer_of_yesterday_knows_its_time() -> None:
    timer = Timer(start=datetime(2026, 11, 20, 22, 0, tzinfo=UTC))
    assert moment(CHICAGO, TODAY, {"day": FRIDAY, "minutes": Span(7)}, timer) == timer.start
    assert moment(CHICAGO, TODAY, {"day": FRIDAY}, timer) == timer.start
    with pytest.raises(Invalid):
        moment(CHICAGO, TODAY, {"day": date(2026, 11, 19), "minutes": Span(7)}, timer)


# The next step


def test_the_next_try_and_the_next_step() -> None:
    tried = form(outcome="voicemail", retry_due=TODAY, retry_time="afternoon", next_title="left over")
    assert (tried["next_due"], tried["next_time"]) == (TODAY, "afternoon")
    assert "next_title" not in tried
    any_time = form(outcome="voicemail", retry_due=TODAY, retry_time="")
    assert "next_time" not in any_time
    assert "next_due" not in form(outcome="voicemail", retry_due=None, retry_time="afternoon")
    step = form(outcome="reached", next_due=TODAY, next_title=" call the pharmacy ")
    assert (step["next_due"], step["next_title"], step["next"]) == (
        TODAY,
        "call the pharmacy",
        "call the pharmacy",
    )


def test_nothing_is_sent_that_was_not_filled_in() -> None:
    assert form(outcome="reached", with_whom="patient", why="", did=None, next_title="  ", time=None) == {
        "id": bytes.fromhex(KEY),
        "settles": [],
        "outcome": "reached",
        "with_whom": "patient",
    }


def test_it_names_the_tasks_that_it_settles() -> None:
    found = form_of(CHICAGO, TODAY, {"day": TODAY}, None, {"id": KEY, "settles": ["02" * 16]})
    assert found["settles"] == [b"\x02" * 16]


# What is refused


def test_sentences_stand_beside_the_forms_own_fields() -> None:
    given = {"at": "future", "end": "before", "next": "long", "mode": "unknown"}
    found = beside_its_field(Invalid(given), {})
    assert found.fields == {"time": "future", "minutes": "before", "next_title": "long", "mode": "unknown"}
    retried = beside_its_field(Invalid({"next_due": "past", "next_time": "odd"}), {"retry_due": None})
    assert retried.fields == {"retry_due": "past", "retry_time": "odd"}
    kept = beside_its_field(Invalid({"next_due": "past"}), {"next_due": None})
    assert kept.fields == {"next_due": "past"}


def test_an_absence_that_no_field_asks_about_can_be_answered_by_typing() -> None:
    found = beside_its_field(Invalid({"timer": "No key was pressed."}), {})
    assert found.fields == {"minutes": "No key was pressed. Type the minutes that count."}


SPRING = date(2026, 3, 8)
"""The clock is set forward from 2:00 to 3:00."""


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"day": SPRING, "time": time(2, 30)}, "time"),
        ({"day": SPRING, "minutes": Span(30, time(2, 15), time(2, 45))}, "minutes"),
    ],
)
def test_a_time_that_the_clock_skipped_is_refused(values: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid, match="set forward") as wrong:
        form_of(CHICAGO, TODAY, values, None, {"id": KEY})
    assert list(wrong.value.fields) == [field]
