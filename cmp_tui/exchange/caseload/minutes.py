"""Minutes of a month as people type them: "20", "20 min", "0:20", "1h05", "20+15". Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from cmp_tui.files.sheet_in import Cell

MOST = 24 * 3600
_UNIT = r"(?:minutes|minute|mins|min|mns|mts|mn|m)"
_PART = re.compile(
    r"(?:(?P<h>[0-9]{1,3}(?:\.[0-9]{1,2})?)\s*(?:hours|hour|hrs|hr|h)\.?(?![a-z])\s*(?:and\s*)?(?:(?P<hm>[0-9]{1,3})\s*"
    + _UNIT
    + r"?\.?)?"
    r"|(?P<c>[0-9]{1,2}):(?P<cm>[0-5][0-9])(?::(?P<cs>[0-5][0-9]))?"
    r"|(?P<m>[0-9]{1,4}(?:[.,][0-9]{1,2})?)\s*(?:" + _UNIT + r"|['’′])?\.?(?![a-z]))",
    re.I,
)
_PLUS = re.compile(r"\s*(?:\+|&|and|,(?=\s*[0-9]))\s*", re.I)
_DATES = re.compile(r"[0-9]{1,2}[/.\-][0-9]{1,2}(?:[/.\-][0-9]{2,4})?")
_LEAD = re.compile(r"^[~≈<>]?\s*(?:approx\.?|about|ca\.?|abt|total:?|=)?\s*", re.I)


class MinutesIn(NamedTuple):
    """Seconds, and the words that stood beside them."""

    seconds: int
    rest: str = ""


def read_minutes(value: Cell) -> MinutesIn:
    """Reads a cell of minutes. Raises ValueError with a sentence for what are none, and for more than a day."""
    if isinstance(value, bool):
        raise ValueError("is no number of minutes")
    if isinstance(value, (int, float)):
        if not abs(value) <= MOST:
            raise ValueError("is more minutes than a day has")
        return _checked(round(value * 60), "")
    if isinstance(value, timedelta):
        return _checked(round(value.total_seconds()), "")
    if isinstance(value, time):
        return _clock(value.hour, value.minute, value.second)
    if isinstance(value, datetime | date):
        if value.year == 1900:  # a number that the spreadsheet shows as a day
            day = value.date() if isinstance(value, datetime) else value
            return _checked((day - date(1899, 12, 31)).days * 60, "")
        raise ValueError("is a day and no number of minutes")
    text = str(value).strip()
    lead = _LEAD.match(text)
    at, seconds, parts = lead.end() if lead else 0, 0, 0
    while found := _PART.match(text, at):
        part = _seconds(found)
        if part is None:
            raise ValueError("could be minutes or hours: write the minutes")
        seconds, parts, at = seconds + part, parts + 1, found.end()
        plus = _PLUS.match(text, at)
        if not plus or not _PART.match(text, plus.end()):
            break
        at = plus.end()
    rest = text[at:].strip(" ,;:-–()")
    if not parts or any(char.isdigit() for char in _DATES.sub("", rest)):
        raise ValueError("is no number of minutes")
    return _checked(seconds, rest if not lead or not text[: lead.end()].strip() else text)


def _seconds(found: re.Match[str]) -> int | None:
    if found["h"] is not None:
        return round(float(found["h"]) * 3600) + 60 * int(found["hm"] or 0)
    if found["c"] is not None:
        return _clock(int(found["c"]), int(found["cm"]), int(found["cs"] or 0)).seconds
    return round(float(found["m"].replace(",", ".")) * 60)


def _clock(hours: int, minutes: int, seconds: int) -> MinutesIn:
    if hours >= 10:
        # "20:00" may be twenty minutes or twenty hours; nobody spends ten hours on one patient's month.
        raise ValueError(f"{hours}:{minutes:02d} could be minutes or hours: write the minutes")
    return MinutesIn(hours * 3600 + minutes * 60 + seconds)


def _checked(seconds: int, rest: str) -> MinutesIn:
    if seconds < 0:
        raise ValueError("is less than nothing")
    if seconds > MOST:
        raise ValueError(f"is {seconds // 60:,} minutes, more than 24 hours")
    return MinutesIn(seconds, rest)
