"""Dates as people type them: a small, strict grammar that echoes what it understood, never a silent guess."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta

Toward = Literal["past", "future"]

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1880, 2199
EXAMPLES = "try fri, +2w, eom, 11/30 or 2026-11-30"

_OFFSET = re.compile(r"([+-])\s*(\d{1,4})\s*([dwmy]?)")
_SIGNLESS = re.compile(r"(\d{1,4})\s*([dwmy])")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_MONTH = re.compile(r"(\d{1,2})\s*([a-z]{3,9})(?:\s+(\d{4}))?")
_MONTH_DAY = re.compile(r"([a-z]{3,9})\s*(\d{1,2})(?:\s+(\d{4}))?")
_YEAR = re.compile(r"(\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})/(\d{4})")
_NAMED_MONTH_YEAR = re.compile(r"([a-z]{3,9})\s+(\d{4})")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A day that was understood, and how to say it back to the person who typed it."""

    day: date
    echo: str


@dataclass(frozen=True, slots=True)
class Partial:
    """A day, a month or a year ('1938-05-02', '1938-05', '1938'), and how to say it back."""

    text: str
    echo: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Text that was not understood; the sentence says why and what to type instead."""

    sentence: str


def say_day(day: date, today: date) -> str:
    """The day as people say it: 'Wed 25 Nov', with the year when that is not this one."""
    words = f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}"
    return words if day.year == today.year else f"{words} {day.year}"


def write_day(day: date) -> str:
    """The day as it stands in a field, to be typed over: '11/25/2026'. `parse_day` reads it back."""
    return f"{day.month}/{day.day}/{day.year:04d}"


def say_partial(text: str, today: date) -> str:
    """A stored partial date in words: '1938', 'May 1938' or 'Mon 2 May 1938'; other text as it stands."""
    parts = text.split("-")
    try:
        if len(parts) == 2:
            return f"{MONTHS[int(parts[1]) - 1][:3]} {int(parts[0])}"
        if len(parts) == 3:
            return say_day(date.fromisoformat(text), today)
    except (ValueError, IndexError):
        return text
    return text


def write_partial(text: str) -> str:
    """A stored partial date as it stands in a field: '1938', '5/1938' or '5/2/1938'."""
    parts = text.split("-")
    if not all(part.isdecimal() for part in parts):
        return text
    if len(parts) == 2:
        return f"{int(parts[1])}/{parts[0]}"
    if len(parts) == 3:
        return f"{int(parts[1])}/{int(parts[2])}/{parts[0]}"
    return text


def parse_day(text: str, today: date, toward: Toward | None = None) -> Parsed | Unclear:
    """Read a typed day.

    `toward` settles forms without a year, and bare weekdays: 'past' takes the last such day up to today,
    'future' the next from today on. Without it a bare weekday is the next one, and a missing year is this
    year. The echo tells.
    """
    words = _tidy(text)
    if not words:
        return Unclear(f"No date yet: {EXAMPLES}.")
    named = {
        "today": today,
        "tod": today,
        "tomorrow": today + timedelta(1),
        "tom": today + timedelta(1),
        "yesterday": today - timedelta(1),
        "eom": today + relativedelta(day=31),
        "eoy": date(today.year, 12, 31),
    }
    if words in named:
        return Parsed(named[words], say_day(named[words], today))
    if match := _OFFSET.fullmatch(words):
        return _offset(match, today)
    if match := _SIGNLESS.fullmatch(words):
        return Unclear(f"Type +{match[0]} for the days to come, or -{match[0]} for the days gone by.")
    if words.isdecimal():
        return Unclear(f"{words[:8]} alone is not a date: add the month, like 11/30, or type +3 (days).")
    first, _, rest = words.partition(" ")
    weekday = _name(first, WEEKDAYS)
    if weekday is not None and rest:
        return _checked_weekday(_absolute(rest, today, toward), weekday)
    if weekday is not None:
        return _weekday(weekday, today, toward)
    if first in ("last", "next") and (weekday := _name(rest, WEEKDAYS)) is not None:
        return _relative_weekday(first, weekday, today)
    return _absolute(words, today, toward)


def parse_partial(text: str, today: date, toward: Toward | None = "past") -> Partial | Unclear:
    """Read a day of which perhaps only the month or year is known (birth, onset): '1938', '5/1938'."""
    words = _tidy(text)
    year = month = 0
    if match := _YEAR.fullmatch(words):
        year, month = int(match[1]), 0
    elif match := _YEAR_MONTH.fullmatch(words):
        year, month = int(match[1]), int(match[2])
    elif match := _MONTH_YEAR.fullmatch(words):
        year, month = int(match[2]), int(match[1])
    elif match := _NAMED_MONTH_YEAR.fullmatch(words):
        index = _name(match[1], MONTHS)
        if index is None:
            return _unknown(words)
        year, month = int(match[2]), index + 1
    else:
        read = parse_day(words, today, toward)
        return read if isinstance(read, Unclear) else Partial(read.day.isoformat(), read.echo)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Unclear(f"The year {year} is too far away: years go from {FIRST_YEAR} to {LAST_YEAR}.")
    if ("-" in words or "/" in words) and not 1 <= month <= 12:
        return Unclear(f"{month} is not a month: type month/year, like 5/1938.")
    if not month:
        return Partial(f"{year:04d}", "the year only")
    return Partial(f"{year:04d}-{month:02d}", f"{MONTHS[month - 1][:3]} {year}, no day")


def _tidy(text: str) -> str:
    return " ".join(text.casefold().replace(",", " ").replace(".", " ").split())


def _name(word: str, names: tuple[str, ...]) -> int | None:
    """Where a name or its beginning (three letters or more, one match only) stands in `names`."""
    if len(word) < 3:
        return None
    word = {"weds": "wed", "sept": "sep"}.get(word, word)
    found = [index for index, name in enumerate(names) if name.casefold().startswith(word)]
    return found[0] if len(found) == 1 else None


def _unknown(words: str) -> Unclear:
    shown = words if len(words) <= 24 else words[:23] + "…"
    return Unclear(f"'{shown}' is not a date: {EXAMPLES}.")


def _offset(match: re.Match[str], today: date) -> Parsed | Unclear:
    count = int(match[2]) * (1 if match[1] == "+" else -1)
    unit = {"": "days", "d": "days", "w": "weeks", "m": "months", "y": "years"}[match[3]]
    try:
        day = today + relativedelta(**{unit: count})  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return Unclear("That is too far away: type the date itself, like 11/30/2026.")
    return _in_range(day, today)


def _in_range(day: date, today: date, tail: str = "") -> Parsed | Unclear:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return Unclear(f"The year {day.year} is too far away: years go from {FIRST_YEAR} to {LAST_YEAR}.")
    return Parsed(day, say_day(day, today) + tail)


def _weekday(weekday: int, today: date, toward: Toward | None) -> Parsed:
    if toward == "past":
        day = today - timedelta((today.weekday() - weekday) % 7)
        return Parsed(day, say_day(day, today) + ", the last one" * (day != today))
    day = today + timedelta((weekday - today.weekday()) % 7)
    return Parsed(day, say_day(day, today))


def _relative_weekday(which: str, weekday: int, today: date) -> Parsed | Unclear:
    if which == "last":
        day = today - timedelta((today.weekday() - weekday - 1) % 7 + 1)
        return Parsed(day, say_day(day, today))
    first = today + timedelta((weekday - today.weekday()) % 7)
    later = first + timedelta(7)
    return Unclear(
        f"'Next' can mean two days: type {first.month}/{first.day} for {say_day(first, today)}, "
        f"{later.month}/{later.day} for {say_day(later, today)}."
    )


def _absolute(words: str, today: date, toward: Toward | None) -> Parsed | Unclear:
    """Forms that name a month and a day."""
    year: str | None
    if match := _ISO.fullmatch(words):
        year, month, day = match[1], int(match[2]), int(match[3])
    elif match := _SLASHED.fullmatch(words):
        month, day, year = int(match[1]), int(match[2]), match[3]
    elif match := _DAY_MONTH.fullmatch(words) or _MONTH_DAY.fullmatch(words):
        number, name = (match[1], match[2]) if match[1].isdecimal() else (match[2], match[1])
        index = _name(name, MONTHS)
        if index is None:
            return _unknown(words)
        month, day, year = index + 1, int(number), match[3]
    else:
        return _unknown(words)
    if not 1 <= month <= 12:
        hint = f": month first, like {day}/{month}" if 1 <= day <= 12 else ""
        return Unclear(f"{month} is not a month{hint}.")
    if year is None:
        return _without_year(month, day, today, toward)
    return _made(_full_year(year, month, day, today, toward), month, day, today)


def _full_year(year: str, month: int, day: int, today: date, toward: Toward | None) -> int:
    if len(year) == 4:
        return int(year)
    this = 2000 + int(year)
    # A birth or an onset lies behind us: '38' is 1938 there, and 2038 in a plan.
    if toward == "past" and (this, month, day) > (today.year, today.month, today.day):
        return this - 100
    return this


def _without_year(month: int, day: int, today: date, toward: Toward | None) -> Parsed | Unclear:
    if toward is None:
        read = _made(today.year, month, day, today)
        return Parsed(read.day, f"{say_day(read.day, date.min)}") if isinstance(read, Parsed) else read
    # Nine years reach over the longest gap between two 29ths of February.
    years = range(today.year, today.year + 9) if toward == "future" else range(today.year, today.year - 9, -1)
    for year in years:
        read = _made(year, month, day, today)
        if isinstance(read, Parsed) and (read.day >= today if toward == "future" else read.day <= today):
            tail = "" if read.day == today else ", to come" if toward == "future" else ", gone by"
            return Parsed(read.day, say_day(read.day, today) + tail)
    return _made(2024, month, day, today)


def _made(year: int, month: int, day: int, today: date) -> Parsed | Unclear:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Unclear(f"The year {year} is too far away: years go from {FIRST_YEAR} to {LAST_YEAR}.")
    try:
        return Parsed(date(year, month, day), say_day(date(year, month, day), today))
    except ValueError:
        of_year = f" in {year}" if month == 2 and day == 29 else ""
        return Unclear(f"There is no {day} {MONTHS[month - 1]}{of_year}: check the day.")


def _checked_weekday(read: Parsed | Unclear, weekday: int) -> Parsed | Unclear:
    if isinstance(read, Parsed) and read.day.weekday() != weekday:
        named = f"{read.day.day} {MONTHS[read.day.month - 1]} {read.day.year}"
        return Unclear(f"{named} is a {WEEKDAYS[read.day.weekday()]}, not a {WEEKDAYS[weekday]}.")
    return read
