"""Dates known to the day, the month or the year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmp_tui.clinic.calendar import full_years
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.clinic.partial import (
    Ages,
    NotADate,
    age_on,
    ages_on,
    agree,
    earliest,
    latest,
    order,
    parse_partial,
    precision,
)

steady = settings(deadline=None)
days = st.dates(date(1850, 1, 1), date(2100, 12, 31))
partials = st.builds(lambda day, length: day.isoformat()[:length], days, st.sampled_from((4, 7, 10)))


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("1938", "1938"),
        ("1938-05", "1938-05"),
        (" 1938-05-02 ", "1938-05-02"),
        (date(1938, 5, 2), "1938-05-02"),
        ("2021-03-04T10:00:00-05:00", "2021-03-04"),
        ("2021-03-04T23:59:60Z", "2021-03-04"),
        ("2021-03-04T24:00:00+14:00", "2021-03-04"),
        ("2021-03-04T24:00", "2021-03-04"),
        ("2021-03-04T10:00:00.123456789Z", "2021-03-04"),
        ("2021-03-04 10:00", "2021-03-04"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_what_is_taken(written: object, stored: str) -> None:
    assert parse_partial(written) == stored


@pytest.mark.parametrize(
    "written",
    [
        "", "38", "1938-5", "1938-13", "1938-00", "1938-05-00", "1938-04-31", "2023-02-29", "1900-02-29",
        "05/02/1938", "1938-05T10:00", "2021-03-04T", "2021-03-04T10", "2021-03-04T25:00:00Z",
        "2021-03-04T24:00:01Z",
        "2021-03-04T10:60Z", "2021-03-04T10:00:61Z", "2021-03-04T10:00:00Zx", "0001-01-01", "9999-12-31",
        "1938-05-02\n1", "１９３８", "١٩٣٨-05", "1938-05-02\x1b[2J", "x" * 10_000, None, 12.5,
    ],
)  # fmt: skip
def test_what_is_not_is_told_in_a_sentence(written: object) -> None:
    with pytest.raises(NotADate) as told:
        parse_partial(written)
    assert isinstance(told.value, ValueError) and isinstance(told.value, ClinicError)
    sentence = str(told.value)
    assert sentence.endswith(".") and len(sentence) < 200 and sentence.isprintable()


@given(st.text() | st.from_regex(r"[0-9]{4}(-[0-9]{2}){0,2}(T[0-9:.Z+-]*)?", fullmatch=True))
@steady
def test_any_text_is_a_date_or_told(text: str) -> None:
    try:
        stored = parse_partial(text)
    except NotADate:
        return
    assert parse_partial(stored) == stored
    assert earliest(stored) <= latest(stored)


@given(partials)
@steady
def test_the_days_it_may_mean(text: str) -> None:
    first, last = earliest(text), latest(text)
    assert first.isoformat().startswith(text) and last.isoformat().startswith(text)
    assert not (first - timedelta(days=1)).isoformat().startswith(text)
    assert not (last + timedelta(days=1)).isoformat().startswith(text)
    assert (precision(text) == "day") == (first == last)


def test_ages() -> None:
    assert age_on("1948-02-11", date(2026, 11, 23)) == 78
    assert age_on("1948-02-11", date(2026, 2, 10)) == 77
    assert age_on("1938-05", date(2026, 4, 30)) == 87
    assert age_on("1938-05", date(2026, 5, 10)) is None
    assert ages_on("1938-05", date(2026, 5, 10)) == Ages(87, 88)
    assert age_on("1938-05", date(2026, 5, 31)) == 88
    assert age_on("1938", date(2026, 11, 23)) is None
    assert ages_on("1938", date(2026, 11, 23)) == Ages(87, 88)
    assert age_on("1938", date(2026, 12, 31)) == 88
    assert age_on("2000-02-29", date(2026, 2, 28)) == 25
    assert age_on("2026", date(2026, 6, 1)) == 0
    assert age_on("2027", date(2026, 6, 1)) is None and ages_on("2027", date(2026, 6, 1)) is None


@given(partials, days, st.integers(0, 365))
@steady
def test_a_certain_age_holds_for_every_day_of_birth(text: str, day: date, later: int) -> None:
    born = min(earliest(text) + timedelta(days=later), latest(text))
    ages = ages_on(text, day)
    if born <= day:
        assert ages is not None and ages.low <= full_years(born, day) <= ages.high
        assert age_on(text, day) in (None, full_years(born, day))


@given(st.lists(partials, max_size=8))
@steady
def test_order_is_that_of_time_with_unknown_last(texts: list[str]) -> None:
    ordered = sorted([None, *texts], key=order)
    assert ordered[-1] is None
    known = [text for text in ordered if text]
    assert [earliest(text) for text in known] == sorted(earliest(text) for text in known)
    assert known == sorted(texts)  # so SQL can order by the text


def test_agree() -> None:
    assert agree("1938", "1938-05-02") and agree("1938-05-02", "1938-05")
    assert not agree("1938-05", "1938-06") and not agree("1938", "1939-01-01")
