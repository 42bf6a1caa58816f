"""Days as people type them into a spreadsheet. The order of day and month is decided for a whole column. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from cmp_tui.clinic.text import fold
from cmp_tui.files.sheet_in import Cell

OLDEST = 120
"""Years of age; nobody is older."""
FIRST_EVENT = date(1990, 1, 1)
"""A consent, a plan or a call before this day is a slip."""
SERIALS = range(10_000, 80_000)
"""Numbers that a spreadsheet counts days with: from 1927 to 2119."""
_DAY_ZERO = date(1899, 12, 30)

_MONTHS = MappingProxyType(
    {
        word: number
        for number, words in enumerate(
            (
                ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",),
                ("jun", "june"), ("jul", "july"), ("aug", "august"), ("sep", "sept", "september"),
                ("oct", "october"), ("nov", "november"), ("dec", "december"),
            ),
            1,
        )
        for word in words
    }
)  # fmt: skip
_TIME = r"(?:[T ,]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?\s*(?:[ap]\.?m\.?|z)?)?"
_NUMERIC = re.compile(
    rf"(?<![0-9/])([0-9]{{1,2}})\s?([/.\-])\s?([0-9]{{1,2}})\s?\2\s?([0-9]{{4}}|[0-9]{{2}})(?![0-9/]){_TIME}",
    re.I,
)
_ISO = re.compile(rf"(?<![0-9])([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}})(?![0-9]){_TIME}", re.I)
_PACKED = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9])")
_WORD = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY_FIRST = re.compile(
    rf"(?<![0-9a-z])([0-9]{{1,2}})(?:st|nd|rd|th)?[ \-./]*(?:of )?{_WORD},?[ \-./']*([0-9]{{4}}|[0-9]{{2}})(?![0-9])",
    re.I,
)
_MONTH_FIRST = re.compile(
    rf"(?<![a-z]){_WORD}[ \-./]*([0-9]{{1,2}})(?:st|nd|rd|th)?,?[ \-./']+([0-9]{{4}}|[0-9]{{2}})(?![0-9])",
    re.I,
)
_MONTH_YEAR = re.compile(rf"{_WORD}[ ,\-./']*([0-9]{{4}})", re.I)
_YEAR = re.compile(r"(1[89][0-9]{2}|20[0-9]{2})")


class Order(NamedTuple):
    """How a column's dates are written: whether the day comes first, and how that is known."""

    day_first: bool
    why: str


class Found(NamedTuple):
    """A day in a text: the day, how its year was written ("2" two digits, "4", "" typed as a day), what else stands
    there, and whether its order is other than its column's."""

    day: date
    digits: str = ""
    rest: str = ""
    turned: bool = False


class Evidence(NamedTuple):
    """How many dates of a column can only be day first, only month first, or both."""

    days: int
    months: int
    either: int


def evidence_of(values: Iterable[Cell]) -> Evidence:
    """Counts what a column's numeric dates tell of their order."""
    days = months = either = 0
    for value in values:
        if isinstance(value, str):
            for found in _NUMERIC.finditer(value):
                one, two = int(found[1]), int(found[3])
                days += one > 12 >= two
                months += two > 12 >= one
                either += one <= 12 and two <= 12 and one != two
    return Evidence(days, months, either)


def orders_of(columns: Mapping[str, Iterable[Cell]], day_first: bool | None = None) -> dict[str, Order]:
    """Decides the order of each column's dates from all of them; where a column tells nothing, the others tell.

    `day_first` is what a person said. A column without numeric dates has none.
    """
    seen = {name: found for name, values in columns.items() if any(found := evidence_of(values))}
    days, months = sum(one.days for one in seen.values()), sum(one.months for one in seen.values())
    orders = {}
    for name, one in seen.items():
        both = f", {one.either:,} could be both" if one.either else ""
        if day_first is not None:
            orders[name] = Order(day_first, "as you said")
        elif one.days and one.months:
            why = f"{one.months:,} can only be month first, {one.days:,} only day first{both}: look at them"
            orders[name] = Order(one.days > one.months, why)
        elif one.days or one.months:
            only = (
                f"{one.days:,} can only be day first"
                if one.days
                else f"{one.months:,} can only be month first"
            )
            orders[name] = Order(bool(one.days), only + both)
        elif days or months:
            orders[name] = Order(days > months, "as in the other columns")
        else:
            orders[name] = Order(False, "nothing in the sheet tells")
    return orders


def find_day(value: Cell, day_first: bool, today: date, *, birth: bool = False) -> Found | None:
    """Finds the day in a cell. Raises ValueError for what is written like a day and is none (2/30/2026).

    Two-digit years: of births the latest that is past, and 1916 rather than 2016 for people of up to 110 years; of
    all else this century.
    """
    if isinstance(value, datetime):
        return Found(value.date())
    if isinstance(value, date):
        return Found(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value in (int(value),) and int(value) in SERIALS:
            return Found(_DAY_ZERO + timedelta(days=int(value)))
        value = str(int(value)) if value == int(value) else str(value)
    if not isinstance(value, str):
        return None
    text = value
    if found := _ISO.search(text):
        return _made(text, found, found[1], int(found[2]), int(found[3]), today, birth)
    if found := _NUMERIC.search(text):
        one, two = int(found[1]), int(found[3])
        first = day_first
        if one > 12 >= two:
            first = True
        elif two > 12 >= one:
            first = False
        day, month = (one, two) if first else (two, one)
        return _made(text, found, found[4], month, day, today, birth, first != day_first)
    if found := _DAY_FIRST.search(text):
        return _made(text, found, found[3], _MONTHS[found[2].lower()], int(found[1]), today, birth)
    if found := _MONTH_FIRST.search(text):
        return _made(text, found, found[3], _MONTHS[found[1].lower()], int(found[2]), today, birth)
    if found := _PACKED.search(text):
        return _made(text, found, found[1], int(found[2]), int(found[3]), today, birth)
    stripped = text.strip()
    if stripped.isdecimal() and stripped.isascii() and len(stripped) == 5 and int(stripped) in SERIALS:
        return Found(_DAY_ZERO + timedelta(days=int(stripped)))
    return None


def _made(
    text: str,
    found: re.Match[str],
    year: str,
    month: int,
    day: int,
    today: date,
    birth: bool,
    turned: bool = False,
) -> Found:
    rest = " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())
    full = int(year)
    if len(year) == 2:
        full += 2000
        to_come = full > today.year or (full == today.year and (month, day) > (today.month, today.day))
        if birth and (to_come or today.year - (full - 100) <= 110):
            full -= 100
    return Found(date(full, month, day), str(min(len(year), 4)), rest, turned)


def partial_birth(text: str) -> str | None:
    """Returns a birth date that is known to the month or the year only ("1948", "Feb 1948"), as it is stored."""
    stripped = text.strip()
    if found := _YEAR.fullmatch(stripped):
        return found[1]
    if found := _MONTH_YEAR.fullmatch(stripped):
        return f"{found[2]}-{_MONTHS[found[1].lower()]:02d}"
    if (found := re.fullmatch(r"([0-9]{1,2})[/\-]([0-9]{4})", stripped)) and 1 <= int(found[1]) <= 12:
        return f"{found[2]}-{int(found[1]):02d}"
    return None


def looks_like_birth_dates(values: list[Cell], today: date) -> bool:
    """Tells whether most cells are days, and their years those of people rather than of this work."""
    years = []
    for value in values:
        try:
            found = find_day(value, False, today, birth=True)
        except ValueError:
            continue
        if found is not None and not fold(found.rest):
            years.append(found.day.year)
    if len(years) * 5 < len(values) * 4:
        return False
    return sorted(years)[len(years) // 2] < today.year - 30


def orders_said(orders: Mapping[str, Order]) -> Iterable[str]:
    """Says how the dates of each column are read; columns with the same reason together."""
    alike: dict[Order, list[str]] = {}
    for heading, order in orders.items():
        alike.setdefault(order, []).append(repr(heading))
    for order, headings in alike.items():
        first = "day/month/year" if order.day_first else "month/day/year"
        yield f"Dates in {', '.join(headings)} are read as {first}: {order.why}."
