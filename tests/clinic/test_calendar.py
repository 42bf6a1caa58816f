"""Business days, months and spans, over many zones and both clock changes."""

# ruff: noqa: DTZ001 - what the clock on the wall shows has no zone

from __future__ import annotations

from calendar import isleap
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cmp_tui.clinic.calendar import (
    Month,
    add_business_days,
    add_months,
    add_years,
    birthday,
    business_days_between,
    business_days_left,
    day_of,
    day_start,
    full_years,
    holiday,
    is_business_day,
    is_skipped,
    is_twice,
    local,
    month_span,
    split_span,
    utc,
)

steady = settings(deadline=None, max_examples=300)
CHICAGO = ZoneInfo("America/Chicago")
DAY = timedelta(days=1)

# Clocks that change at midnight, before it, over it, by half an hour, by a whole day, or never.
ODD_ZONES = (
    "America/New_York",
    "America/Havana",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Nuuk",
    "America/Caracas",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Pyongyang",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Honolulu",
)
zones = st.sampled_from(ODD_ZONES + tuple(sorted(available_timezones()))).map(ZoneInfo)
days = st.dates(date(2000, 1, 1), date(2030, 12, 31))
instants = st.datetimes(datetime(2000, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)).map(
    lambda instant: instant.replace(microsecond=0)
)
lengths = st.timedeltas(timedelta(0), timedelta(days=70)).map(
    lambda length: timedelta(seconds=length // timedelta(seconds=1))
)


# Business days


def test_federal_holidays_of_a_year() -> None:
    """The list of 2026, Independence Day on a Saturday."""
    off = [
        day for day in (date(2026, 1, 1) + n * DAY for n in range(365)) if holiday(day) and day.weekday() < 5
    ]
    assert [day.isoformat()[5:] for day in off] == [
        "01-01", "01-19", "02-16", "05-25", "06-19", "07-03", "09-07", "10-12", "11-11", "11-26", "12-25",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2021, 12, 31), "New Year's Day"),  # of 2022, a Saturday
        (date(2023, 1, 2), "New Year's Day"),
        (date(2021, 6, 18), "Juneteenth"),
        (date(2020, 6, 19), None),
        (date(1986, 1, 20), "Martin Luther King Jr. Day"),
        (date(1985, 1, 21), None),
        (date(2018, 5, 28), "Memorial Day"),
        (date(2021, 5, 31), "Memorial Day"),
        (date(2021, 5, 24), None),
        (date(2024, 11, 28), "Thanksgiving Day"),
        (date(2023, 11, 23), "Thanksgiving Day"),
        (date(2023, 11, 30), None),
        (date(2023, 11, 10), "Veterans Day"),
        (date(2023, 11, 11), "Veterans Day"),
        (date(2021, 1, 20), None),  # Inauguration Day is a day off around Washington only
        (date(2026, 12, 24), None),
    ],
)
def test_holiday(day: date, name: str | None) -> None:
    assert holiday(day) == name


@given(st.integers(2021, 2100))
@steady
def test_every_year_has_its_eleven(year: int) -> None:
    every = [date(year, 1, 1) + n * DAY for n in range(365 + isleap(year))]
    observed = [day for day in every if holiday(day) and day.weekday() < 5]
    # New Year's Day on a Saturday is kept in the year before, so a year has ten, eleven or twelve.
    expected = 11 - (date(year, 1, 1).weekday() == 5) + (date(year + 1, 1, 1).weekday() == 5)
    assert len(observed) == expected


def test_the_two_business_days_after_a_discharge() -> None:
    friday = date(2026, 11, 20)
    assert add_business_days(friday, 2) == date(2026, 11, 24)
    assert add_business_days(date(2026, 11, 25), 2) == date(2026, 11, 30)  # Thanksgiving between
    assert add_business_days(date(2026, 7, 2), 1) == date(2026, 7, 6)
    assert add_business_days(friday, 0) == friday
    assert add_business_days(date(2026, 11, 23), -1) == friday


def test_business_days_left_count_today() -> None:
    assert business_days_left(date(2026, 11, 23), Month(2026, 11).last) == 5
    assert business_days_left(date(2026, 11, 30), Month(2026, 11).last) == 1
    assert business_days_left(date(2026, 12, 1), Month(2026, 11).last) == 0
    assert business_days_left(date(2026, 11, 28), date(2026, 11, 29)) == 0


@given(days, st.integers(1, 60))
@steady
def test_adding_and_counting_business_days_agree(day: date, count: int) -> None:
    later, sooner = add_business_days(day, count), add_business_days(day, -count)
    assert is_business_day(later) and is_business_day(sooner)
    assert business_days_between(day, later) == count
    assert business_days_between(day, sooner) == -count
    assert add_business_days(later, -count) <= day <= add_business_days(sooner, count) or not is_business_day(
        day
    )


# Months


def test_month() -> None:
    october = Month.parse(" 2026-10 ")
    assert (str(october), october.label, october.name) == ("2026-10", "October 2026", "October")
    assert (october.first, october.last) == (date(2026, 10, 1), date(2026, 10, 31))
    assert Month(2026, 12).next() == Month(2027, 1) and Month(2026, 1).previous() == Month(2025, 12)
    assert october.plus(-22) == Month(2024, 12)
    assert Month(2025, 12) < Month(2026, 1)
    assert Month.of(date(2024, 2, 29)).last == date(2024, 2, 29)


@pytest.mark.parametrize(
    "text", ["2026", "2026-13", "2026-00", "10/2026", "2026-1", "0000-01", "٢٠٢٦-10", "", "\x1b[2J"]
)
def test_what_is_no_month_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a month\. Write it like 2026-10\.") as told:
        Month.parse(text)
    assert "\x1b" not in str(told.value)


def test_month_span() -> None:
    span = (datetime(2026, 11, 1, 5, tzinfo=UTC), datetime(2026, 12, 1, 6, tzinfo=UTC))  # summer time ends
    assert month_span("2026-11", CHICAGO) == month_span(date(2026, 11, 30), CHICAGO) == span
    assert month_span(Month(2026, 11), CHICAGO) == span


@given(st.integers(2000, 2030), st.integers(1, 12), zones)
@steady
def test_months_follow_each_other_without_a_gap(year: int, month: int, zone: ZoneInfo) -> None:
    this = Month(year, month)
    start, end = this.span(zone)
    assert end == this.next().span(zone)[0]
    assert day_of(start, zone).day == 1 or zone.key in ("Pacific/Apia", "Pacific/Fakaofo")
    assert Month.of(day_of(end - timedelta(seconds=1), zone)) == this


# Instants and the clock on the wall


def test_a_call_over_the_clock_change_is_as_long_as_it_was() -> None:
    start, end = (
        utc(datetime(2026, 11, 1, 1, 50), CHICAGO),
        utc(datetime(2026, 11, 1, 1, 10, fold=1), CHICAGO),
    )
    assert end - start == timedelta(minutes=20)
    assert [local(at, CHICAGO).strftime("%H:%M") for at in (start, end)] == ["01:50", "01:10"]


def test_times_that_the_clock_skips_or_shows_twice() -> None:
    skipped, twice = datetime(2026, 3, 8, 2, 30), datetime(2026, 11, 1, 1, 30)
    assert is_skipped(skipped, CHICAGO) and not is_twice(skipped, CHICAGO)
    assert is_twice(twice, CHICAGO) and not is_skipped(twice, CHICAGO)
    assert local(utc(skipped, CHICAGO), CHICAGO).strftime("%H:%M") == "03:30"
    assert utc(twice.replace(fold=1), CHICAGO) - utc(twice, CHICAGO) == timedelta(hours=1)


def test_naive_instants_are_refused() -> None:
    naive = datetime(2026, 1, 1)
    for wrong in (lambda: local(naive, CHICAGO), lambda: split_span(naive, naive, CHICAGO)):
        with pytest.raises(ValueError, match="zone"):
            wrong()
    with pytest.raises(ValueError, match="zone"):
        utc(naive.replace(tzinfo=UTC), CHICAGO)


@given(instants, zones)
@steady
def test_there_and_back(instant: datetime, zone: ZoneInfo) -> None:
    shown = local(instant, zone).replace(tzinfo=None)
    assert utc(shown, zone) == instant
    assert not is_skipped(shown, zone)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2030, 12, 31)), zones)
@steady
def test_a_skipped_time_is_read_as_later(shown: datetime, zone: ZoneInfo) -> None:
    read = local(utc(shown, zone), zone).replace(tzinfo=None)
    assert (read > shown) if is_skipped(shown, zone) else (read == shown)


@pytest.mark.parametrize(
    ("zone", "day", "starts"),
    [
        ("America/Chicago", date(2026, 3, 8), datetime(2026, 3, 8, 6)),
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22)),  # 00:00 is skipped
        ("America/Havana", date(2026, 11, 1), datetime(2026, 11, 1, 4)),  # 00:00 comes twice
        ("America/Toronto", date(1919, 3, 31), datetime(1919, 3, 31, 4, 30)),  # 23:30 to 00:30
        ("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 10)),  # left out
        ("Pacific/Apia", date(2011, 12, 31), datetime(2011, 12, 30, 10)),
        (
            "America/St_Johns",
            date(2010, 11, 7),
            datetime(2010, 11, 7, 2, 30),
        ),  # set back over midnight at 00:01
    ],
)
def test_day_start(zone: str, day: date, starts: datetime) -> None:
    assert day_start(day, ZoneInfo(zone)) == starts.replace(tzinfo=UTC)


@given(days, zones)
@example(date(2010, 11, 7), ZoneInfo("America/St_Johns"))
@example(date(2011, 12, 30), ZoneInfo("Pacific/Apia"))
@steady
def test_days_follow_each_other_without_a_gap(day: date, zone: ZoneInfo) -> None:
    start, end = day_start(day, zone), day_start(day + DAY, zone)
    assert start <= end
    if start < end:
        assert day_of(start, zone) == day == day_of(end - timedelta(seconds=1), zone)
        assert local(start, zone).date() == day
        assert local(start - timedelta(seconds=1), zone).date() < day


@given(instants, zones)
@steady
def test_every_instant_is_in_its_day(instant: datetime, zone: ZoneInfo) -> None:
    day = day_of(instant, zone)
    assert day_start(day, zone) <= instant < day_start(day + DAY, zone)
    if zone.key not in ("America/St_Johns", "Canada/Newfoundland"):
        assert day == local(instant, zone).date()


# Spans


def test_an_entry_over_midnight_and_a_month_end_is_cut() -> None:
    start, end = utc(datetime(2026, 10, 31, 23, 50), CHICAGO), utc(datetime(2026, 11, 1, 0, 5), CHICAGO)
    midnight = datetime(2026, 11, 1, 5, tzinfo=UTC)
    assert split_span(start, end, CHICAGO) == [(start, midnight), (midnight, end)]
    assert split_span(start, midnight, CHICAGO) == [(start, midnight)]
    assert split_span(midnight, end, CHICAGO) == [(midnight, end)]
    assert split_span(midnight, midnight, CHICAGO) == [(midnight, midnight)]
    with pytest.raises(ValueError, match="before the start"):
        split_span(end, start, CHICAGO)


@given(instants, lengths, zones)
@example(datetime(2010, 11, 7, 2, 0, tzinfo=UTC), timedelta(hours=3), ZoneInfo("America/St_Johns"))
@example(datetime(2011, 12, 29, 2, 0, tzinfo=UTC), timedelta(days=3), ZoneInfo("Pacific/Apia"))
@steady
def test_parts_are_exactly_the_whole(start: datetime, length: timedelta, zone: ZoneInfo) -> None:
    end = start + length
    parts = split_span(start, end, zone)
    assert (parts[0][0], parts[-1][1]) == (start, end)
    assert sum((stop - begin for begin, stop in parts), timedelta(0)) == length
    assert all(one[1] == other[0] for one, other in pairwise(parts))
    if length:
        held = [(day_of(begin, zone), day_of(stop - timedelta(seconds=1), zone)) for begin, stop in parts]
        assert all(first == last for first, last in held)
        assert len(set(held)) == len(held)


@given(st.lists(st.tuples(instants, lengths), max_size=5), zones)
@settings(deadline=None, max_examples=60)
def test_every_second_is_in_exactly_one_month(
    entries: list[tuple[datetime, timedelta]], zone: ZoneInfo
) -> None:
    months: dict[Month, timedelta] = {}
    for start, length in entries:
        for begin, stop in split_span(start, start + length, zone):
            month = Month.of(day_of(begin, zone))
            first, after = month.span(zone)
            assert first <= begin <= stop <= after
            months[month] = months.get(month, timedelta(0)) + (stop - begin)
    assert sum(months.values(), timedelta(0)) == sum((length for _, length in entries), timedelta(0))


# Years


def test_leap_days() -> None:
    leap = date(2024, 2, 29)
    assert (add_years(leap, 1), add_years(leap, 4)) == (date(2025, 2, 28), date(2028, 2, 29))
    assert (birthday(leap, 2025), birthday(leap, 2028)) == (date(2025, 3, 1), date(2028, 2, 29))
    assert [full_years(date(2000, 2, 29), day) for day in (date(2023, 2, 28), date(2023, 3, 1))] == [22, 23]
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)


@given(st.dates(date(1900, 1, 1), date(2030, 12, 31)), st.integers(0, 120))
@steady
def test_a_birthday_completes_a_year(born: date, years: int) -> None:
    turns = birthday(born, born.year + years)
    assert full_years(born, turns) == years
    assert full_years(born, turns - DAY) == years - 1
    assert add_years(born, years) in (turns, turns - DAY)
