"""Typed dates, times and partial dates: what is understood, what is refused, and that nothing raises."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.ui.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    Parsed,
    Partial,
    Unclear,
    parse_day,
    parse_partial,
    say_partial,
    write_day,
    write_partial,
)
from cmp_tui.ui.times import ParsedTime, parse_time, write_time

TODAY = date(2026, 11, 23)  # a Monday
NOW = datetime(2026, 11, 23, 10, 20, tzinfo=UTC)
DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
TOWARD = st.sampled_from([None, "past", "future"])


@pytest.mark.parametrize(
    ("text", "day", "echo"),
    [
        ("today", date(2026, 11, 23), "Mon 23 Nov"),
        ("Tomorrow", date(2026, 11, 24), "Tue 24 Nov"),
        ("tom", date(2026, 11, 24), "Tue 24 Nov"),
        ("yesterday", date(2026, 11, 22), "Sun 22 Nov"),
        ("wed", date(2026, 11, 25), "Wed 25 Nov"),
        ("monday", date(2026, 11, 23), "Mon 23 Nov"),
        ("last mon", date(2026, 11, 16), "Mon 16 Nov"),
        ("last fri", date(2026, 11, 20), "Fri 20 Nov"),
        ("+3", date(2026, 11, 26), "Thu 26 Nov"),
        ("+ 3d", date(2026, 11, 26), "Thu 26 Nov"),
        ("+2w", date(2026, 12, 7), "Mon 7 Dec"),
        ("+1m", date(2026, 12, 23), "Wed 23 Dec"),
        ("+2y", date(2028, 11, 23), "Thu 23 Nov 2028"),
        ("-2d", date(2026, 11, 21), "Sat 21 Nov"),
        ("eom", date(2026, 11, 30), "Mon 30 Nov"),
        ("eoy", date(2026, 12, 31), "Thu 31 Dec"),
        ("11/30", date(2026, 11, 30), "Mon 30 Nov 2026"),
        ("11/30/2026", date(2026, 11, 30), "Mon 30 Nov"),
        ("11/30/26", date(2026, 11, 30), "Mon 30 Nov"),
        ("2027-01-05", date(2027, 1, 5), "Tue 5 Jan 2027"),
        ("30 nov", date(2026, 11, 30), "Mon 30 Nov 2026"),
        ("nov 30", date(2026, 11, 30), "Mon 30 Nov 2026"),
        ("Nov. 30, 2026", date(2026, 11, 30), "Mon 30 Nov"),
        ("mon 30 november 2026", date(2026, 11, 30), "Mon 30 Nov"),
        ("sept 3 2027", date(2027, 9, 3), "Fri 3 Sep 2027"),
    ],
)
def test_understood(text: str, day: date, echo: str) -> None:
    assert parse_day(text, TODAY) == Parsed(day, echo)


@pytest.mark.parametrize(
    ("text", "toward", "day", "part"),
    [
        ("1/5", "future", date(2027, 1, 5), "2027, to come"),
        ("1/5", "past", date(2026, 1, 5), "Jan, gone by"),
        ("12/5", "past", date(2025, 12, 5), "2025, gone by"),
        ("11/23", "past", date(2026, 11, 23), "Mon 23 Nov"),
        ("11/23", "future", date(2026, 11, 23), "Mon 23 Nov"),
        ("fri", "past", date(2026, 11, 20), "the last one"),
        ("fri", "future", date(2026, 11, 27), "Fri 27 Nov"),
        ("2/11/48", "past", date(1948, 2, 11), "1948"),
        ("2/11/48", "future", date(2048, 2, 11), "2048"),
        ("2/29", "future", date(2028, 2, 29), "2028"),
        ("2/29", "past", date(2024, 2, 29), "2024"),
    ],
)
def test_direction_is_told(text: str, toward: str, day: date, part: str) -> None:
    read = parse_day(text, TODAY, toward)  # type: ignore[arg-type]
    assert isinstance(read, Parsed)
    assert read.day == day
    assert part in read.echo


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "No date yet"),
        ("30", "alone is not a date"),
        ("2w", "+2w"),
        ("next fri", "11/27"),
        ("30/11", "like 11/30"),
        ("2/30", "no 30 February"),
        ("2/29/2026", "no 29 February in 2026"),
        ("tue 11/25/2026", "is a Wednesday"),
        ("+9999y", "too far"),
        ("1/1/1200", "too far"),
        ("ma 3", "is not a date"),
        ("first monday of january", "is not a date"),
        ("[@click=app.quit]x[/]", "is not a date"),
    ],
)
def test_refused_with_what_to_do(text: str, part: str) -> None:
    read = parse_day(text, TODAY)
    assert isinstance(read, Unclear)
    assert part in read.sentence


@given(DAYS, DAYS, TOWARD)
def test_a_written_day_reads_back(day: date, today: date, toward: str | None) -> None:
    read = parse_day(write_day(day), today, toward)  # type: ignore[arg-type]
    assert isinstance(read, Parsed)
    assert read.day == day


@given(DAYS, st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
def test_weekdays_lie_within_a_week(today: date, name: str) -> None:
    coming, last = parse_day(name, today), parse_day(f"last {name}", today)
    assert isinstance(coming, Parsed)
    assert isinstance(last, Parsed)
    assert timedelta(0) <= coming.day - today < timedelta(7)
    assert timedelta(0) < today - last.day <= timedelta(7)


@given(st.text(max_size=40), DAYS, TOWARD)
def test_any_text_gives_an_answer(text: str, today: date, toward: str | None) -> None:
    assert isinstance(parse_day(text, today, toward), Parsed | Unclear)  # type: ignore[arg-type]
    assert isinstance(parse_partial(text, today, toward), Partial | Unclear)  # type: ignore[arg-type]
    assert isinstance(parse_time(text, NOW), ParsedTime | Unclear)


@given(st.from_regex(r"[+\-]?[0-9a-z/\-: ]{0,12}", fullmatch=True), DAYS)
def test_near_dates_give_an_answer(text: str, today: date) -> None:
    read = parse_day(text, today)
    assert isinstance(read, Unclear) or FIRST_YEAR <= read.day.year <= LAST_YEAR


@pytest.mark.parametrize(
    ("text", "stored", "echo"),
    [
        ("1938", "1938", "the year only"),
        ("1938-05", "1938-05", "May 1938, no day"),
        ("05/1938", "1938-05", "May 1938, no day"),
        ("may 1938", "1938-05", "May 1938, no day"),
        ("2/11/1948", "1948-02-11", "Wed 11 Feb 1948"),
        ("2/11/48", "1948-02-11", "Wed 11 Feb 1948"),
    ],
)
def test_partial_dates(text: str, stored: str, echo: str) -> None:
    assert parse_partial(text, TODAY) == Partial(stored, echo)


@pytest.mark.parametrize("text", ["38", "13/1938", "1938-13", "1200", "foo 1938", ""])
def test_partial_dates_refused(text: str) -> None:
    assert isinstance(parse_partial(text, TODAY), Unclear)


@given(
    st.one_of(
        DAYS.map(date.isoformat), DAYS.map(lambda day: f"{day:%Y-%m}"), DAYS.map(lambda day: f"{day:%Y}")
    )
)
def test_a_written_partial_date_reads_back(stored: str) -> None:
    read = parse_partial(write_partial(stored), TODAY)
    assert isinstance(read, Partial)
    assert read.text == stored
    assert say_partial(stored, TODAY)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("10:04", time(10, 4)),
        ("1004", time(10, 4)),
        ("930", time(9, 30)),
        ("9a", time(9, 0)),
        ("9 am", time(9, 0)),
        ("2:30p", time(14, 30)),
        ("12a", time(0, 0)),
        ("12 pm", time(12, 0)),
        ("02:30", time(2, 30)),
        ("14:30", time(14, 30)),
        ("now", time(10, 20)),
        ("-10m", time(10, 10)),
        ("-10", time(10, 10)),
        ("-2h", time(8, 20)),
    ],
)
def test_times(text: str, at: time) -> None:
    read = parse_time(text, NOW)
    assert isinstance(read, ParsedTime)
    assert read.at == at


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("9", "9a or 9p"),
        ("2:30", "2:30a or 2:30p"),
        ("25:00", "no hour 25"),
        ("9:75", "no minute 75"),
        ("13p", "from 1 to 12"),
        ("-11h", "before midnight"),
        ("soon", "is not a time"),
    ],
)
def test_times_refused(text: str, part: str) -> None:
    read = parse_time(text, NOW)
    assert isinstance(read, Unclear)
    assert part in read.sentence


@given(st.times())
def test_a_written_time_reads_back(at: time) -> None:
    read = parse_time(write_time(at), NOW)
    assert isinstance(read, ParsedTime)
    assert read.at == time(at.hour, at.minute)
