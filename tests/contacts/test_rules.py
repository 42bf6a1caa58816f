"""Spans, shares, breaks, overlaps and gaps: what must hold for all of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.calendar import day_of, split_span
from cmp_tui.contacts.rules import (
    Span,
    Work,
    cut_break,
    cut_breaks,
    gap_name,
    gaps,
    is_dismissed,
    is_late,
    minutes_of,
    overlaps,
    seconds_of,
    typed_span,
)

CHICAGO = ZoneInfo("America/Chicago")
T0 = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
instants = st.integers(1_577_836_800, 1_924_905_600).map(lambda second: datetime.fromtimestamp(second, UTC))
lengths = st.integers(1, 4 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
zones = st.sampled_from(
    ["America/Chicago", "America/St_Johns", "America/Havana", "Africa/Cairo", "Pacific/Apia", "Asia/Kathmandu",
     "Australia/Lord_Howe", "America/Phoenix", "UTC"]
).map(ZoneInfo)  # fmt: skip


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def test_a_span_of_more_than_a_day_keeps_its_days() -> None:
    assert minutes_of(seconds_of(T0, T0 + timedelta(minutes=1465))) == 1465


def test_nineteen_minutes_and_a_half_are_nineteen() -> None:
    assert minutes_of(seconds_of(T0, T0 + timedelta(minutes=19, seconds=30))) == 19
    assert minutes_of(19 * 60 + 59) == 19


@given(st.integers(0, 10**9))
def test_minutes_never_round_up(seconds: int) -> None:
    assert 0 <= seconds - 60 * minutes_of(seconds) < 60


@given(instants, lengths, st.integers(1, 50))
def test_shares_are_whole_nearly_equal_and_add_up(start: datetime, length: timedelta, size: int) -> None:
    shares = [seconds_of(start, start + length, size, place) for place in range(size)]
    assert sum(shares) == length.total_seconds()
    assert max(shares) - min(shares) <= 1


@given(instants, lengths, zones)
def test_splitting_at_midnight_loses_nothing(start: datetime, length: timedelta, zone: ZoneInfo) -> None:
    parts = [Span(*part) for part in split_span(start, start + length, zone)]
    assert sum(seconds_of(*part) for part in parts) == length.total_seconds()
    for part in parts:
        assert day_of(part.start, zone) == day_of(part.end - timedelta(seconds=1), zone)


def test_the_hour_that_comes_twice_counts_twice() -> None:
    # 1 November 2026, 00:30 to 03:30 in Chicago, is four hours.
    start = datetime(2026, 11, 1, 0, 30, tzinfo=CHICAGO).astimezone(UTC)
    end = datetime(2026, 11, 1, 3, 30, tzinfo=CHICAGO).astimezone(UTC)
    assert minutes_of(seconds_of(start, end)) == 240


def test_the_hour_that_is_skipped_does_not_count() -> None:
    start = datetime(2026, 3, 8, 1, 30, tzinfo=CHICAGO).astimezone(UTC)
    end = datetime(2026, 3, 8, 3, 30, tzinfo=CHICAGO).astimezone(UTC)
    assert minutes_of(seconds_of(start, end)) == 60


def test_late_is_a_later_day_of_the_clinic() -> None:
    evening = datetime(2026, 11, 23, 23, 50, tzinfo=CHICAGO)
    assert not is_late(evening, datetime(2026, 11, 23, 23, 59, tzinfo=CHICAGO), CHICAGO)
    assert is_late(evening, datetime(2026, 11, 24, 0, 1, tzinfo=CHICAGO), CHICAGO)
    # UTC is a day further by then; that is no matter.
    assert evening.astimezone(UTC).day == 24


def test_work_over_midnight_logged_when_done_is_not_late() -> None:
    midnight = datetime(2026, 11, 24, 0, 0, tzinfo=CHICAGO)
    assert not is_late(midnight, midnight + timedelta(minutes=10), CHICAGO)
    assert is_late(midnight - timedelta(seconds=1), midnight, CHICAGO)


def test_typed_minutes_end_now_at_the_latest() -> None:
    assert typed_span(at(-30), 9, at(0)) == Span(at(-30), at(-21))
    assert typed_span(at(0), 9, at(0)) == Span(at(-9), at(0))
    assert typed_span(at(-4), 9, at(0)) == Span(at(-9), at(0))


def test_a_break_in_the_middle_at_the_edges_and_outside() -> None:
    assert cut_break(at(0), at(30), at(10), at(15)) == [Span(at(0), at(10)), Span(at(15), at(30))]
    assert cut_break(at(0), at(30), at(0), at(15)) == [Span(at(15), at(30))]
    assert cut_break(at(0), at(30), at(20), at(45)) == [Span(at(0), at(20))]
    assert cut_break(at(0), at(30), at(-5), at(45)) == []
    assert cut_break(at(0), at(30), at(30), at(45)) == [Span(at(0), at(30))]


offsets = st.integers(-100, 200)


@given(st.integers(1, 100), st.lists(st.tuples(offsets, st.integers(1, 60)), max_size=5))
def test_breaks_take_out_exactly_their_seconds(length: int, breaks: list[tuple[int, int]]) -> None:
    left = cut_breaks(at(0), at(length), [(at(start), at(start + long)) for start, long in breaks])
    resting = {minute for start, long in breaks for minute in range(start, start + long)}
    worked = [minute for minute in range(length) if minute not in resting]
    assert sum(seconds_of(*span) for span in left) == 60 * len(worked)
    assert left == sorted(left)


works = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20), st.sampled_from([None, b"g", b"h"])), max_size=12
)


@given(works, st.randoms())
def test_overlaps_are_those_pairs_that_share_a_second_in_any_order(
    spans: list[tuple[int, int, bytes | None]], random: object
) -> None:
    work = [
        Work(bytes([number]), at(start), at(start + length), group)
        for number, (start, length, group) in enumerate(spans)
    ]
    expected = {
        frozenset((one.key, other.key))
        for one in work
        for other in work
        if one.key != other.key
        and max(one.start, other.start) < min(one.end, other.end)
        and not (one.group is not None and one.group == other.group)
    }
    shuffled = list(work)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = overlaps(shuffled)
    assert {frozenset((one.key, other.key)) for one, other in found} == expected
    assert len(found) == len(expected)
    assert all(one.start <= other.start for one, other in found)


def test_gaps_are_longer_than_fifteen_minutes() -> None:
    worked = [Span(at(0), at(10)), Span(at(25), at(30)), Span(at(46), at(50)), Span(at(5), at(8))]
    assert gaps(worked, at(0), at(50)) == [Span(at(30), at(46))]
    assert gaps(worked, at(-20), at(70)) == [Span(at(-20), at(0)), Span(at(30), at(46)), Span(at(50), at(70))]


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 60)), min_size=1, max_size=15))
def test_gaps_and_work_cover_the_day(spans: list[tuple[int, int]]) -> None:
    worked = [Span(at(start), at(start + length)) for start, length in spans]
    first, last = min(span.start for span in worked), max(span.end for span in worked)
    every = gaps(worked, first, last, timedelta())
    busy = {minute for start, length in spans for minute in range(start, start + length)}
    free = {
        minute for gap in every for minute in range(*(int((one - T0).total_seconds()) // 60 for one in gap))
    }
    assert not busy & free
    assert len(busy | free) == (last - first).total_seconds() / 60


def test_a_gap_that_shrank_stays_dismissed() -> None:
    name = gap_name(Span(at(0), at(60)))
    assert is_dismissed(Span(at(0), at(60)), [name])
    assert is_dismissed(Span(at(20), at(60)), [name])
    assert not is_dismissed(Span(at(0), at(61)), [name])
    assert not is_dismissed(Span(at(0), at(60)), ["look:00", "gap:x-y", "gap:"])
