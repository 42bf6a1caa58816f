"""Strength, form, route, release and frequency out of a typed text. Pure; what isn't said stays empty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from cmp_tui.medications.name_words import (
    FORM_ROUTES,
    FORMS,
    RELEASES,
    ROUTES,
    SALT_WORDS,
    SALTS,
    plain,
)

_N = r"(?:\d[\d,]*(?:\.\d+)?|\.\d+)"
_STRENGTH = re.compile(
    rf"(?<![\w.])({_N}(?:\s*[-/]\s*{_N})*)\s*-?\s*"
    r"(micrograms?|milligrams?|grams?|mcg|ug|mg|gm|g|units?|unt|iu|meq|%)(?![a-z])"
    rf"(?:\s*/\s*({_N})?\s*(ml|actuat|actuation|act|hr|hour|h|spray|puff|dose|day|24hr)\b)?"
)
_PLAIN_PAIR = re.compile(rf"(?<![\w.])({_N})\s*[-/]\s*({_N})(?![\w.%])")
_LITRE = re.compile(r"\bmg\s*/\s*(\d+)\s*ml\b")
_UNIT: Mapping[str, tuple[str, Decimal]] = MappingProxyType(
    {
        **dict.fromkeys(("mcg", "ug", "microgram", "micrograms"), ("mg", Decimal("0.001"))),
        **dict.fromkeys(("mg", "milligram", "milligrams"), ("mg", Decimal(1))),
        **dict.fromkeys(("g", "gm", "gram", "grams"), ("mg", Decimal(1000))),
        **dict.fromkeys(("unit", "units", "unt", "iu"), ("units", Decimal(1))),
        "meq": ("meq", Decimal(1)),
        "%": ("%", Decimal(1)),
    }
)
_PER: Mapping[str, str] = MappingProxyType(
    {
        "ml": "ml",
        **dict.fromkeys(("actuat", "actuation", "act", "spray", "puff", "dose"), "puff"),
        **dict.fromkeys(("hr", "hour", "h", "24hr"), "hour"),
        "day": "day",
    }
)
_WORDS: Mapping[str, int] = MappingProxyType(
    {"once": 1, "one": 1, "twice": 2, "two": 2, "three": 3, "thrice": 3, "four": 4, "five": 5, "six": 6}
)
_COUNT = r"(\d{1,2}(?=\s*(?:times?|x|a|per|each|every|/))|once|twice|thrice|one|two|three|four|five|six)"
_PIECES = r"(?:tablets?|tabs?|capsules?|caps?|caplets?|pills?|puffs?|sprays?|drops?|patch(?:es)?)"
_HOW_MANY = re.compile(
    r"(?<![\w./-])(?:(\d+(?:\.\d+)?|\d/\d)|(one|two|three|four|half|one-half)(?: and a half| an?)?)\s*"
    r"(?:\([^)]*\)\s*)?" + _PIECES + r"\b"
)
_EACH = r"\s*(?:times?|x)?\s*(?:a|per|each|every|/)?\s*"
_TIMES = (
    (re.compile(rf"\b{_COUNT}{_EACH}(?:week|weekly|wk)\b"), Fraction(1, 7)),
    (re.compile(rf"\b{_COUNT}{_EACH}(?:month|monthly)\b"), Fraction(1, 30)),
    (re.compile(rf"\b{_COUNT}{_EACH}(?:day|daily)\b"), Fraction(1)),
)
_EVERY = re.compile(
    r"\b(?:every|q|each)\s*(\d+|two|three|four|six|other)?\s*(?:-\s*\d+|to\s*\d+)?\s*-?\s*"
    r"(h|hrs?|hours?|days?|d|weeks?|wks?|months?|mornings?|evenings?|nights?|bedtime|am|pm)\b"
)
_FIXED = (
    (re.compile(r"\b(?:qod|every other day|alternate days)\b"), Fraction(1, 2)),
    (re.compile(r"\b(?:qid|four times daily)\b"), Fraction(4)),
    (re.compile(r"\b(?:tid|3x)\b"), Fraction(3)),
    (re.compile(r"\b(?:bid|2x)\b"), Fraction(2)),
    (re.compile(r"\b(?:qweek|weekly)\b"), Fraction(1, 7)),
    (re.compile(r"\b(?:monthly)\b"), Fraction(1, 30)),
    (re.compile(r"\b(?:daily|qd|nightly|qhs|qam|qpm|hs)\b"), Fraction(1)),
)
_LATIN = re.compile(r"\b([bqt])\.\s?([idh])\.\s?([dsm])\.?|\bq\.\s?d\.|\bp\.\s?r\.\s?n\.|\bh\.\s?s\.")
_PRN = re.compile(r"\b(?:prn|as needed|if needed|when needed)\b")
MOMENTS = ("morning", "noon", "evening", "bedtime")
_MOMENT = (
    ("morning", re.compile(r"\b(?:mornings?|breakfast|qam|(?:every|each|the|\d) ?am)\b")),
    ("noon", re.compile(r"\b(?:noon|midday|lunch)\b")),
    ("evening", re.compile(r"\b(?:evenings?|supper|dinner|qpm|(?:every|each|the|\d) ?pm)\b")),
    ("bedtime", re.compile(r"\b(?:bedtime|nightly|nights?|qhs|hs)\b")),
)
_DAYS: Mapping[str, Fraction] = MappingProxyType(
    {"d": Fraction(1), "w": Fraction(1, 7), "m": Fraction(1, 30), "h": Fraction(24)}
)


class Dose(NamedTuple):
    """One amount of a product: in mg, units, meq or %; `per` what ("ml", "puff", "hour", "day"), "" for a piece."""

    amount: Decimal
    unit: str
    per: str

    def __str__(self) -> str:
        amount = f"{self.amount.normalize():f}"
        return f"{amount}{'' if self.unit == '%' else ' '}{self.unit}{f'/{self.per}' if self.per else ''}"


class Frequency(NamedTuple):
    """How often: times a day (1/7 is once a week), None when only "as needed"; `at` some of MOMENTS."""

    per_day: Fraction | None
    as_needed: bool
    at: tuple[str, ...]


class Shape(NamedTuple):
    """What a text says of form, route, release and salt; empty where it says nothing."""

    form: str
    route: str
    release: str
    salt: tuple[str, ...]


def doses_in(text: str, several: bool = False) -> tuple[Dose, ...]:
    """Returns the strengths in a text, sorted. With `several` ingredients "5-325" without a unit is mg."""
    small = plain(text)
    found: set[Dose] = set()
    for numbers, unit, volume, per in _STRENGTH.findall(small):
        name, factor = _UNIT[unit]
        for number in re.split(r"\s*[-/]\s*", numbers):
            amount = _decimal(number)
            over = _decimal(volume) if volume else Decimal(1)
            if amount is None or not over:
                continue
            found.add(Dose(_round(amount * factor / over), name, _PER.get(per, "")))
    if not found and several and (pair := _PLAIN_PAIR.search(small)):
        for number in pair.groups():
            amount = _decimal(number)
            if amount is not None:
                found.add(Dose(_round(amount), "mg", ""))
    return tuple(sorted(found))


def _round(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.000001")).normalize() if amount < Decimal("1e12") else Decimal(0)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "")[:20])
    except InvalidOperation:
        return None


def shape_in(words: list[str]) -> Shape:
    """Returns form, route and release (the first of each counts) and the salts out of the words of a text."""
    form = route = release = ""
    salt: set[str] = set()
    for word in words:
        word = SALT_WORDS.get(word, word)
        if word in SALTS:
            salt.add(word)
        form = form or FORMS.get(word, "")
        route = route or ROUTES.get(word, "")
        release = release or RELEASES.get(word, "")
    return Shape(form, route or FORM_ROUTES.get(form, ""), release, tuple(sorted(salt)))


def count_in(text: str) -> Fraction | None:
    """Returns how many pieces (tablets, puffs) are taken at a time; None when it isn't said."""
    found = _HOW_MANY.search(plain(text))
    if not found:
        return None
    number, word = found.groups()
    if number and "/" in number:
        top, _, under = number.partition("/")
        return Fraction(int(top), int(under)) if int(under) else None
    if number:
        return Fraction(number) if len(number) < 8 else None
    many = Fraction(1, 2) if "half" in word else Fraction(_WORDS[word])
    return many + Fraction(1, 2) if "and a half" in found.group() else many


def frequency_in(text: str) -> Frequency | None:
    """Returns how often a medicine is taken; None when the text doesn't say."""
    small = _LATIN.sub(lambda one: re.sub(r"[.\s]", "", one.group()), plain(text))
    at = tuple(name for name, pattern in _MOMENT if pattern.search(small))
    per_day = _per_day(small)
    if (per_day is None and at) or (per_day == 1 and len(at) > 1):
        per_day = Fraction(len(at))
    needed = _PRN.search(small) is not None
    return Frequency(per_day, needed, at) if per_day is not None or needed else None


def _per_day(small: str) -> Fraction | None:
    every = _EVERY.search(small)
    if every:
        number, unit = every.groups()
        count = 2 if number == "other" else _number(number or "1")
        if unit in ("am", "pm", "bedtime") or unit.startswith(("morning", "evening", "night")):
            return Fraction(1, count) if count else None
        if count:
            return _DAYS["m" if unit.startswith("month") else unit[0]] / count
    for pattern, factor in _TIMES:
        if found := pattern.search(small):
            count = _number(found[1])
            if count:
                return factor * count
    for pattern, per_day in _FIXED:
        if pattern.search(small):
            return per_day
    return None


def _number(text: str) -> int:
    return _WORDS.get(text) or (int(text) if text.isdigit() and len(text) < 4 else 0)
