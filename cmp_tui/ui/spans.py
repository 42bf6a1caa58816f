"""Minutes as people type them: '12', '1h05', '1:05', or a span of the clock, '10:04-10:16'."""

import re
from dataclasses import dataclass
from datetime import datetime, time

from cmp_tui.ui.dates import Unclear
from cmp_tui.ui.times import ParsedTime, parse_time, write_time

EXAMPLES = "try 12, 1h05 or 10:04-10:16"
MOST = 24 * 60

_MINUTES = re.compile(r"(\d{1,5})\s*(?:m|min|mins|minutes?)?")
_HOURS = re.compile(r"(\d{1,3})\s*(?:h|hr|hrs|hours?)\s*(?:(\d{1,2})\s*(?:m|min)?)?")
_COLON = re.compile(r"(\d{1,2}):(\d{2})")
_SECONDS = re.compile(r"\d+\s*(?:s|sec|seconds?)")
_DASH = re.compile(r"\s*(?:-|–|—|\bto\b)\s*")


@dataclass(frozen=True, slots=True)
class Span:
    """Whole minutes, with their start and end on the clinic's clock where those are known.

    `source` names where a span came from ('timer'); it is shown, and lost when the person types over it.
    """

    minutes: int
    start: time | None = None
    end: time | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class ParsedSpan:
    """Minutes that were understood, and how to say them back."""

    span: Span
    echo: str


def say_minutes(minutes: int) -> str:
    """'12 min', '1 h', '1 h 5 min'."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def say_span(span: Span) -> str:
    """What stands behind the number of minutes: 'timer 10:04–10:16', '1 h 5 min' or nothing."""
    if span.start is not None and span.end is not None:
        clock = f"{write_time(span.start)}–{write_time(span.end)}"
        return f"{span.source} {clock}".strip()
    return span.source or ("min" if span.minutes < 60 else say_minutes(span.minutes))


def parse_span(text: str, now: datetime) -> ParsedSpan | Unclear:
    """Read typed minutes or a span of the clock; `now` is the clinic's local time (for '10:04-now')."""
    words = " ".join(text.casefold().split())
    if not words:
        return Unclear(f"No minutes yet: {EXAMPLES}.")
    ends = _DASH.split(words)
    if len(ends) == 2 and all(ends):
        return _clock_span(ends[0], ends[1], now)
    if match := _MINUTES.fullmatch(words):
        return _minutes(int(match[1]))
    if match := _HOURS.fullmatch(words):
        return _hours(int(match[1]), int(match[2] or 0))
    if match := _COLON.fullmatch(words):
        return _hours(int(match[1]), int(match[2]))
    if _SECONDS.fullmatch(words):
        return Unclear("Time is typed in whole minutes: try 2.")
    shown = words if len(words) <= 20 else words[:19] + "…"
    return Unclear(f"'{shown}' is not a number of minutes: {EXAMPLES}.")


def _hours(hours: int, minutes: int) -> ParsedSpan | Unclear:
    if minutes > 59:
        return Unclear(f"An hour has no minute {minutes}: type the minutes alone, like 75.")
    return _minutes(hours * 60 + minutes)


def _minutes(minutes: int) -> ParsedSpan | Unclear:
    if minutes > MOST:
        return Unclear("That is more than a day: split it into one entry a day.")
    return ParsedSpan(Span(minutes), "min" if minutes < 60 else f"min, {say_minutes(minutes)}")


def _clock_span(first: str, last: str, now: datetime) -> ParsedSpan | Unclear:
    half = last[-2:] if last.endswith(("am", "pm")) else last[-1:] if last.endswith(("a", "p")) else ""
    start, end = parse_time(first, now), parse_time(last, now)
    if isinstance(start, Unclear) and half:
        # '2:30-2:45p' says the afternoon once for both.
        start = parse_time(first + half, now)
    if isinstance(start, Unclear):
        return start
    if isinstance(end, Unclear):
        end = _same_half(start, last, now) or end
    if isinstance(end, Unclear):
        return end
    minutes = end.at.hour * 60 + end.at.minute - start.at.hour * 60 - start.at.minute
    if minutes < 0:
        return Unclear(f"{end.echo} is before {start.echo}: a span over midnight is two entries, one a day.")
    return ParsedSpan(Span(minutes, start.at, end.at), f"= {say_minutes(minutes)}, {start.echo}–{end.echo}")


def _same_half(start: ParsedTime, last: str, now: datetime) -> ParsedTime | None:
    """'2:30p-2:45' ends in the afternoon too."""
    if start.at.hour < 12:
        return None
    end = parse_time(last + "p", now)
    return end if isinstance(end, ParsedTime) else None
