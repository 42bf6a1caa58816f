"""Times of day as people type them: '10:04', '1004', '9a', '2:30p', 'now', '-10m'."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cmp_tui.ui.dates import Unclear

EXAMPLES = "try 10:04, 9a, 2:30p, now or -10m"

_CLOCK = re.compile(r"(\d{1,2})(?::?(\d{2}))?\s*(a|p|am|pm)?")
_AGO = re.compile(r"-\s*(\d{1,4})\s*(m|min|h)?")


@dataclass(frozen=True, slots=True)
class ParsedTime:
    """A time of day that was understood, and how to say it back."""

    at: time
    echo: str


def say_time(at: time) -> str:
    """The time as people say it: '2:30 pm'."""
    return f"{(at.hour - 1) % 12 + 1}:{at.minute:02d} {'am' if at.hour < 12 else 'pm'}"


def write_time(at: time) -> str:
    """The time as it stands in a field: '14:30'. `parse_time` reads it back."""
    return f"{at.hour:02d}:{at.minute:02d}"


def parse_time(text: str, now: datetime) -> ParsedTime | Unclear:
    """Read a typed time of day; `now` is the clinic's local time.

    One to six o'clock without am, pm or a leading zero is refused: half the readers would mean the afternoon.
    """
    words = " ".join(text.casefold().replace(".", "").split())
    if not words:
        return Unclear(f"No time yet: {EXAMPLES}.")
    if words in ("now", "-0", "-0m"):
        return _parsed(now.time())
    if match := _AGO.fullmatch(words):
        return _ago(int(match[1]) * (60 if match[2] == "h" else 1), now)
    match = _CLOCK.fullmatch(words)
    if match is None:
        shown = words if len(words) <= 20 else words[:19] + "…"
        return Unclear(f"'{shown}' is not a time: {EXAMPLES}.")
    return _clock(words, match)


def _clock(words: str, match: re.Match[str]) -> ParsedTime | Unclear:
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "")[:1]
    if match[2] is None and not half:
        if 1 <= hour <= 12:
            return Unclear(f"{hour} in the morning or the afternoon? Type {hour}a or {hour}p.")
        return Unclear(f"{hour} alone is not a time: {EXAMPLES}.")
    if minute > 59:
        return Unclear(f"An hour has no minute {minute}.")
    if half:
        if not 1 <= hour <= 12:
            return Unclear(f"With am or pm the hour goes from 1 to 12, not {hour}.")
        hour = hour % 12 + (12 if half == "p" else 0)
    elif hour > 23:
        return Unclear(f"A day has no hour {hour}.")
    elif 1 <= hour <= 6 and not words.startswith("0"):
        clock = f"{hour}:{minute:02d}"
        return Unclear(f"{clock} in the morning or the afternoon? Type {clock}a or {clock}p.")
    return _parsed(time(hour, minute))


def _ago(minutes: int, now: datetime) -> ParsedTime | Unclear:
    if minutes > now.hour * 60 + now.minute:
        return Unclear("That was before midnight: set the date to that day and type the time.")
    return _parsed((now - timedelta(minutes=minutes)).time())


def _parsed(at: time) -> ParsedTime:
    whole = time(at.hour, at.minute)
    return ParsedTime(whole, say_time(whole))
