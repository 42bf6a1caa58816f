"""What someone looks for: the text of a search, taken apart into names, birth dates, digits. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from cmp_tui.clinic.partial import FIRST_YEAR, NotADate, parse_partial
from cmp_tui.clinic.text import fold

_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_AMERICAN = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})")
_AMERICAN_MONTH = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_YEAR = re.compile(r"(1[89]|20)[0-9]{2}")
_PHONE = re.compile(r"[0-9()+.\-\s/]+")
_LONGEST = 120
_MOST_WORDS = 6


class Wanted(NamedTuple):
    """What a search text may mean; several at once ("1948" may be a year, a number and the end of a phone).

    `births` are dates, months or years as they are stored; `is_year` when only a year was typed for it.
    """

    words: tuple[str, ...]
    births: tuple[str, ...]
    is_year: bool
    digits: str
    number: str


def read_wanted(text: str, today: date) -> Wanted:
    """Takes a search text apart. `number` is what the text would be as a record number.

    Dates may be written 1948-02-11, 2/11/1948, 2/11/48 (both centuries, if gone by), 1948-02, 2/1948, 1948;
    names and one date may stand together in any order.
    """
    text = " ".join(text[:_LONGEST].split())
    births: tuple[str, ...] = ()
    is_year = False
    words: list[str] = []
    for token in text.split(" "):
        found = _births(token.strip(",;"), today)
        if found and not births:
            births, is_year = found, _YEAR.fullmatch(token.strip(",;")) is not None
        else:
            words += [part for part in fold(token).split() if any(char.isalpha() for char in part)]
    digits = ""
    if _PHONE.fullmatch(text) and (not births or is_year):
        digits = "".join(char for char in text if char.isdigit())
        digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    return Wanted(
        tuple(dict.fromkeys(words))[:_MOST_WORDS],
        births,
        is_year,
        digits if len(digits) >= 4 else "",
        text if text and " " not in text else "",
    )


def _births(token: str, today: date) -> tuple[str, ...]:
    """The dates that one piece of the text may mean, none when it is no date."""
    if match := _ISO.fullmatch(token):
        year, month, day = match.groups()
        return _real(f"{year}-{month:0>2}-{day:0>2}")
    if match := _AMERICAN.fullmatch(token):
        month, day, year = match.groups()
        years = [year] if len(year) == 4 else [f"20{year}", f"19{year}"]
        found = [one for full in years for one in _real(f"{full}-{month:0>2}-{day:0>2}")]
        return tuple(one for one in found if one <= today.isoformat())
    if match := _MONTH.fullmatch(token):
        return _real(f"{match[1]}-{match[2]:0>2}")
    if match := _AMERICAN_MONTH.fullmatch(token):
        return _real(f"{match[2]}-{match[1]:0>2}")
    if _YEAR.fullmatch(token) and FIRST_YEAR < int(token) <= today.year:
        return (token,)
    return ()


def _real(text: str) -> tuple[str, ...]:
    try:
        return (parse_partial(text),)
    except NotADate:
        return ()
