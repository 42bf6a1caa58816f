"""Dates that may be known only to the month or the year: '1938', '1938-05', '1938-05-02'. Pure.

They are stored as this text. As text they sort by time, the vaguer date first, so SQL can order by them.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

from cmp_tui.clinic.calendar import Month, full_years
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.clinic.text import terminal_safe

_TIME = (
    r"(?:[T ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?"
    r"(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_PARTIAL = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})" + _TIME + r")?)?", re.I
)
FIRST_YEAR, LAST_YEAR = 1800, 2199


class NotADate(ClinicError, ValueError):
    """A text is no date, no month and no year."""


def parse_partial(text: object) -> str:
    """Returns a date, month or year as it is stored: 'YYYY-MM-DD', 'YYYY-MM' or 'YYYY'.

    Takes FHIR's date, dateTime and instant, and a `datetime.date`. A time of day is cut off: the day stays
    the one that was written, whatever its offset; '24:00' and a leap second (':60') are times of that day.
    Raises NotADate (a ValueError) with a sentence; years before 1800 and after 2199 are taken for slips.
    """
    written = str(text).strip()
    found = _PARTIAL.fullmatch(written)
    if not found:
        raise NotADate(f"{_shown(written)} is not a date. Write 1938, 1938-05 or 1938-05-02.")
    year, month, day = found["year"], found["month"], found["day"]
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise NotADate(f"The year {year} can't be right. Write one from {FIRST_YEAR} to {LAST_YEAR}.")
    if month and not 1 <= int(month) <= 12:
        raise NotADate(f"{_shown(written)} is not a date: there is no month {month}.")
    if day and not 1 <= int(day) <= Month(int(year), int(month)).last.day:
        raise NotADate(f"{_shown(written)} is not a date: that month has no day {day}.")
    if found["hour"] and not _is_time(found["hour"], found["minute"], found["second"] or "00"):
        raise NotADate(f"{_shown(written)} is not a date: there is no such time of day.")
    return "-".join(part for part in (year, month, day) if part)


def precision(text: str) -> Literal["year", "month", "day"]:
    """Returns how exactly a stored partial date is known."""
    if len(text) == 4:
        return "year"
    return "month" if len(text) == 7 else "day"


def earliest(text: str) -> date:
    """Returns the first day that a stored partial date may mean."""
    return date.fromisoformat(text + "-01-01"[len(text) - 4 :])


def latest(text: str) -> date:
    """Returns the last day that a stored partial date may mean."""
    if len(text) == 4:
        return date(int(text), 12, 31)
    return Month.parse(text).last if len(text) == 7 else date.fromisoformat(text)


class Ages(NamedTuple):
    """The completed years that a birth date allows; `low` and `high` are the same when it is certain."""

    low: int
    high: int


def ages_on(born: str, day: date) -> Ages | None:
    """Returns the ages in completed years that someone may have on a day; None when born after it.

    Who may have been born later than `day` has been born all the same: the lower age is then 0.
    """
    high = full_years(earliest(born), day)
    if high < 0:
        return None
    return Ages(max(0, full_years(latest(born), day)), high)


def age_on(born: str, day: date) -> int | None:
    """Returns the age in completed years on a day, or None when the birth date does not tell it for certain.

    '1938' gives 88 on 31 December 2026 but None on any other day of that year (87 or 88: see `ages_on`), and
    '1938-05' gives None only on days of May. A rule that depends on age must treat None as "ask".
    """
    ages = ages_on(born, day)
    return ages.low if ages and ages.low == ages.high else None


def agree(one: str, other: str) -> bool:
    """Tells whether two stored partial dates may mean the same day ('1938' and '1938-05-02' may)."""
    return one.startswith(other) or other.startswith(one)


def order(text: str | None) -> tuple[bool, str]:
    """Returns a sort key: by time, the vaguer date before the days it may mean, unknown (None, "") last."""
    return not text, text or ""


def _is_time(hour: str, minute: str, second: str) -> bool:
    if hour == "24":
        return minute == "00" and second == "00"
    return int(hour) < 24 and int(minute) < 60 and int(second) <= 60


def _shown(text: str) -> str:
    short = text if len(text) <= 40 else text[:40] + "…"
    return f'"{terminal_safe(short)}"'
