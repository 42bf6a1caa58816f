"""Headings of month columns: "Jan", "Jan min", "Minutes - March 2026", "Jan-26", "04/2026", a real date. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from cmp_tui.exchange.caseload.words import Words
from cmp_tui.files.sheet_in import Cell

_TOKENS = re.compile(r"[^\W\d_]+|[0-9]+")
_NUMBERS = re.compile(r"(?P<a>[0-9]{1,4})\s*[/.\-]\s*(?P<b>[0-9]{1,4})")


class MonthHead(NamedTuple):
    """A heading's month. `year` is None when it is not said; `day` is a number beside the month that may be either
    the day of a date or a year ("26-Jan")."""

    month: int
    year: int | None = None
    day: int | None = None


def month_head(heading: Cell, words: Words) -> MonthHead | None:
    """Returns the month of a heading, None when it is of something else."""
    if isinstance(heading, date):
        last = (heading + timedelta(days=1)).day == 1
        return MonthHead(heading.month, heading.year, None if heading.day == 1 or last else heading.day)
    text = str(heading).casefold()
    if found := _NUMBERS.search(text):
        rest = _TOKENS.findall(text[: found.start()] + " " + text[found.end() :])
        both = _of_numbers(found["a"], found["b"])
        return both if both and all(word in words.month_words for word in rest) else None
    month: int | None = None
    year: int | None = None
    before = False
    for token in _TOKENS.findall(text):
        if token in words.month_of and month is None:
            month = words.month_of[token]
        elif token.isdigit():
            if year is not None or len(token) == 3 or len(token) > 4:
                return None
            year, before = int(token), month is None
        elif token not in words.month_words:
            return None
    if month is None:
        return None
    if year is None:
        return MonthHead(month)
    if year >= 100:
        return MonthHead(month, year) if 2000 <= year <= 2099 else None
    # "26-Jan" is how a spreadsheet shows the 26th of January, which it made of a typed "Jan-26".
    if before or year < 10:
        return MonthHead(month, None, year)
    return MonthHead(month, 2000 + year)


def _of_numbers(a: str, b: str) -> MonthHead | None:
    if len(a) == 4 and len(b) <= 2:
        a, b = b, a
    if len(a) > 2 or len(b) not in (2, 4):
        return None
    month, year = int(a), int(b)
    year += 2000 if year < 100 else 0
    return MonthHead(month, year) if 1 <= month <= 12 and 2000 <= year <= 2099 else None
