"""Typed minutes and spans of the clock."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.ui.dates import Unclear
from cmp_tui.ui.spans import MOST, ParsedSpan, Span, parse_span, say_minutes, say_span

NOW = datetime(2026, 11, 23, 10, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("12", 12),
        ("12m", 12),
        ("12 min", 12),
        ("1h", 60),
        ("1h05", 65),
        ("1 h 5 min", 65),
        ("1:05", 65),
        ("0", 0),
        ("75", 75),
    ],
)
def test_minutes(text: str, minutes: int) -> None:
    read = parse_span(text, NOW)
    assert isinstance(read, ParsedSpan)
    assert read.span == Span(minutes)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("10:04-10:16", Span(12, time(10, 4), time(10, 16))),
        ("10:04 – 10:16", Span(12, time(10, 4), time(10, 16))),
        ("10:04 to now", Span(16, time(10, 4), time(10, 20))),
        ("2:30-2:45p", Span(15, time(14, 30), time(14, 45))),
        ("2:30p-2:45", Span(15, time(14, 30), time(14, 45))),
        ("11:50a-12:10p", Span(20, time(11, 50), time(12, 10))),
    ],
)
def test_spans_of_the_clock(text: str, span: Span) -> None:
    read = parse_span(text, NOW)
    assert isinstance(read, ParsedSpan)
    assert read.span == span
    assert say_minutes(span.minutes) in read.echo


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "No minutes yet"),
        ("90s", "whole minutes"),
        ("1:75", "no minute 75"),
        ("25h", "more than a day"),
        ("10:16-10:04", "over midnight"),
        ("2:30-2:45", "morning or the afternoon"),
        ("a while", "is not a number of minutes"),
    ],
)
def test_refused(text: str, part: str) -> None:
    read = parse_span(text, NOW)
    assert isinstance(read, Unclear)
    assert part in read.sentence


@given(st.text(max_size=30))
def test_any_text_gives_an_answer(text: str) -> None:
    assert isinstance(parse_span(text, NOW), ParsedSpan | Unclear)


@given(st.integers(0, MOST))
def test_said_minutes_read_back(minutes: int) -> None:
    read = parse_span(say_minutes(minutes), NOW)
    assert isinstance(read, ParsedSpan)
    assert read.span.minutes == minutes


@given(st.times(), st.times())
def test_a_span_is_its_ends_apart(one: time, other: time) -> None:
    start, end = sorted((time(one.hour, one.minute), time(other.hour, other.minute)))
    read = parse_span(f"{start:%H:%M}-{end:%H:%M}", NOW)
    assert isinstance(read, ParsedSpan)
    assert read.span.minutes == (end.hour - start.hour) * 60 + end.minute - start.minute
    assert f"{start:%H:%M}" in say_span(read.span)
