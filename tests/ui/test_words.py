"""Words: dates, minutes, names, phones and what fits a line."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cmp_tui.ui import words
from cmp_tui.ui.bar import bar, bar_style, month_line, number_style
from cmp_tui.ui.signs import ASCII, UNICODE, Signs, legend, signs_for

TODAY = date(2026, 11, 23)
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (TODAY, "today"),
        (date(2026, 11, 24), "Tue 24 Nov"),
        (date(2026, 11, 9), "Mon 9 Nov"),
        (date(2026, 12, 8), "8 Dec"),
        (date(2026, 3, 4), "4 Mar"),
        (date(2027, 1, 2), "2 Jan"),
        (date(2025, 11, 25), "25 Nov 2025"),
        (date(2025, 11, 12), "12 Nov 2025"),
    ],
)
def test_a_day_is_said_as_a_nurse_says_it(day: date, said: str) -> None:
    assert words.day_words(day, TODAY) == said


@given(days, days)
def test_a_day_without_its_year_means_one_day_only(day: date, today: date) -> None:
    said = words.day_words(day, today)
    assert said == "today" or str(day.day) in said
    if day != today and str(day.year) not in said:
        for year in (day.year - 1, day.year + 1):
            try:
                other = day.replace(year=year)
            except ValueError:
                continue
            near, far = sorted((day, other), key=lambda one: abs(one - today))
            if near == other:
                # The other reading may be nearer only when this one is still well inside the year.
                assert abs(far - today) <= timedelta(days=304)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2026, 11, 20), "overdue"),
        (TODAY, "today"),
        (date(2026, 11, 25), "Wed 25"),
        (date(2026, 11, 30), "Mon 30"),
        (date(2026, 12, 21), "21 Dec"),
        (date(2028, 1, 2), "in 2028"),
    ],
)
def test_due_words(due: date, said: str) -> None:
    assert words.due_words(due, TODAY) == said


@given(days, days)
def test_due_words_keep_to_their_column(due: date, today: date) -> None:
    assert len(words.due_words(due, today)) <= 7
    assert (words.due_words(due, today) == "overdue") == (due < today)


@given(st.integers(1, 27), days)
def test_a_short_weekday_is_one_day_of_the_next_four_weeks(ahead: int, today: date) -> None:
    said = words.due_words(today + timedelta(days=ahead), today)
    assert [n for n in range(1, 28) if words.due_words(today + timedelta(days=n), today) == said] == [ahead]


@pytest.mark.parametrize(
    ("birth", "years", "said"),
    [
        ("1948-02-11", 78, "78"),
        ("1948-11-23", 78, "78"),
        ("1948-11-24", 77, "77"),
        ("1948", 78, "~78"),
        ("1948-03", 78, "78"),
        ("1948-11", 78, "~78"),
        ("1948-12", 77, "77"),
        ("2026-11-23", 0, "0"),
        ("2027", None, ""),
        ("1948-13", None, ""),
        ("1948-02-30", None, ""),
        ("", None, ""),
        ("about 1948", None, ""),
    ],
)
def test_age(birth: str, years: int | None, said: str) -> None:
    assert words.age(birth, TODAY) == years
    assert words.age_words(birth, TODAY) == said


@given(days, days)
def test_age_grows_on_the_birthday(born: date, today: date) -> None:
    years = words.age(born.isoformat(), today)
    if born > today:
        assert years is None
    else:
        assert years is not None
        birthdays = sum((year, born.month, born.day) <= (today.year, today.month, today.day)
                        for year in range(born.year + 1, today.year + 1))  # fmt: skip
        assert years == birthdays


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 min"),
        (59, "0 min"),
        (60, "1 min"),
        (1199, "19 min"),
        (10799, "179 min"),
        (11100, "3 h 05 min"),
        (-5, "0 min"),
    ],
)
def test_minutes_are_floored(seconds: int, said: str) -> None:
    assert words.minutes_words(seconds) == said


def test_the_clock_is_the_clinics() -> None:
    instant = datetime(2026, 11, 23, 16, 4, tzinfo=UTC)
    assert words.clock_words(instant, ZoneInfo("America/Chicago")) == "10:04"
    with pytest.raises(ValueError, match="time zone"):
        words.clock_words(instant.replace(tzinfo=None), ZoneInfo("America/Chicago"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("5125550133", "(512) 555-0133"),
        ("512-555-0133", "(512) 555-0133"),
        ("(512) 555 0133", "(512) 555-0133"),
        ("+1 512.555.0133", "(512) 555-0133"),
        ("1-512-555-0133", "(512) 555-0133"),
        (" 512-555-0133 ", "(512) 555-0133"),
        ("512-555-0133 x12", "512-555-0133 x12"),
        ("+49 30 123456", "+49 30 123456"),
        ("555-0133", "555-0133"),
        ("daughter's", "daughter's"),
        ("", ""),
    ],
)
def test_phone(typed: str, said: str) -> None:
    assert words.phone_words(typed) == said


@given(st.text(max_size=30))
def test_a_phone_never_loses_a_digit(typed: str) -> None:
    def digits(text: str) -> str:
        return "".join(char for char in text if char in "0123456789")

    assert digits(typed).removeprefix("1").endswith(digits(words.phone_words(typed)).removeprefix("1"))


def test_names() -> None:
    assert words.name_words("Ruiz-Moreno", "Ana") == "Ruiz-Moreno, Ana"
    assert words.name_words("", "Ana") == "Ana"
    assert words.name_words(" ", "") == "no name"
    assert words.plural(1, "draft") == "1 draft"
    assert words.plural(1200, "draft") == "1,200 drafts"
    assert words.plural(2, "entry", "entries") == "2 entries"


@given(st.text(max_size=40), st.integers(0, 40))
def test_what_is_fitted_fits(text: str, cells: int) -> None:
    fitted = words.fit(text, cells)
    assert cell_len(fitted) <= cells
    assert "\n" not in fitted
    if cells and cell_len(words.one_line(text)) <= cells:
        assert fitted == words.one_line(text)
    elif fitted:
        assert fitted.endswith("…")
        assert words.one_line(text).startswith(fitted[:-1])


@pytest.mark.parametrize(
    ("text", "cells", "fitted"),
    [
        ("Ruiz-Moreno, Ana", 10, "Ruiz-More…"),
        ("田中健太郎", 6, "田中…"),
        ("田中健太郎", 5, "田中…"),
        ("ab 👩‍👩‍👧‍👦 cd", 6, "ab 👩‍👩‍👧‍👦…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("two\nlines\there", 20, "two lines here"),
        ("word next", 6, "word…"),
        ("abc", 0, ""),
    ],
)
def test_signs_stay_whole(text: str, cells: int, fitted: str) -> None:
    assert words.fit(text, cells) == fitted


def test_each_sign_is_one_cell_and_tells_its_state() -> None:
    for signs in (UNICODE, ASCII):
        values = [getattr(signs, name) for name in Signs.__dataclass_fields__]
        assert {cell_len(value) for value in values} == {1}
        assert (
            len(
                {signs.overdue, signs.today, signs.later, signs.done, signs.edge, signs.mark, signs.edge_mark}
            )
            == 7
        )
        assert all(sign and meaning for sign, meaning in legend(signs))
    assert "".join(getattr(ASCII, name) for name in Signs.__dataclass_fields__).isascii()
    assert signs_for("ascii") is ASCII
    assert signs_for("unicode") is UNICODE


@given(st.integers(0, 2000), st.integers(1, 100), st.integers(1, 30))
def test_a_bar_is_full_only_when_the_threshold_is_reached(minutes: int, threshold: int, cells: int) -> None:
    drawn = bar(minutes, threshold, UNICODE, cells)
    assert drawn.cell_length == cells
    assert (drawn.plain == UNICODE.bar_full * cells) == (minutes >= threshold)
    assert (drawn.plain == UNICODE.bar_empty * cells) == (minutes == 0)


def test_the_colour_of_minutes() -> None:
    assert [bar_style(minutes, 20) for minutes in (0, 13, 14, 19, 20, 40)] == (
        ["$dim", "$dim", "$amber", "$amber", "$accent", "$accent"]
    )
    assert number_style(4, 20) == "$text"
    assert bar(4, 0, UNICODE).plain == "     "
    assert month_line(12, 20, ASCII, 10).plain == "12 ======.... of 20"
