"""Directions for taking a medicine, read by rule: how many at which moment of the day, as needed, with food. Pure.

What is not understood stays unknown: a weekly tablet, a range ("1 to 2"), steps that change from day to day. Nothing
is guessed but the moments of "once a day" (morning) and "twice a day" (morning and evening), which the person who
looks at them can change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

MOMENTS = ("morning", "noon", "evening", "bedtime")
"""The moments of a day, in their order."""
WITH, WITHOUT, EITHER = "with", "without", "either"
MOST = 100.0
"""The most of a medicine at one moment that is believed (insulin is counted in units)."""

_COUNTED = {
    "half": 0.5, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "a": 1, "an": 1, "one half": 0.5,
}  # fmt: skip
_FRACTIONS = {"½": "0.5", "¼": "0.25", "¾": "0.75", "1/2": "0.5", "1/4": "0.25", "3/4": "0.75"}
_UNITS = (
    r"tab(?:let)?s?|caps?(?:ule)?s?|pills?|puffs?|inhalations?|sprays?|drops?|units?|patch(?:es)?|ml|teaspoons?|tsp"
    r"|tablespoons?|tbsp|sachets?|packets?|scoops?|capfuls?|lozenges?|injections?|vials?|pens?|applications?|doses?"
)
_STRENGTH = re.compile(
    r"\d[\d.,]*(?:\s*(?:-|/|to)\s*\d[\d.,]*)?\s*(?:mg|mcg|g|gm|meq|%|iu)\b(?:\s*/\s*[\d.]*\s*\w+)?"
)
_RANGE = re.compile(rf"\b[\d.]+\s*(?:-|to|or)\s*[\d.]+\s*(?:{_UNITS})?\b(?!\s*(?:hours?|times?|x\b))")
_NUMBER = r"(?:\d+(?:\.\d+)?)"
_AMOUNT = re.compile(
    rf"\b(?:(?P<number>{_NUMBER})|(?P<word>one half|half|one|two|three|four|five|six|an?))\s*(?:of\s+)?(?:an?\s+)?"
    rf"(?P<unit>{_UNITS})\b|\btake\s+(?P<taken>{_NUMBER}|half|one|two|three|four)\b|^(?P<first>{_NUMBER})\b"
    rf"(?!\s*(?:times?|x\b|hours?))|\b(?P<before>{_NUMBER}|one|two|half)\s+(?=(?:in|at|every|with|by)\b)"
)
_NOT_DAILY = re.compile(
    r"\bweek|\bmonth|every other day|alternate days|every (?:[2-9]|two|three|four|\d\d) days|\bqod\b|\bq\.?o\.?d\.?\b"
    r"|\b(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?s?\b|\btaper|\bthen\b|\bsliding|as directed"
)
_FREQUENCY: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (
        re.compile(
            r"\b(?:four|4) ?(?:times|x)\b|\bqid\b|\bq\.i\.d|\bq ?6 ?h|every (?:6|six) hours|with meals and at bedtime"
        ),
        MOMENTS,
    ),
    (
        re.compile(r"\b(?:three|3) ?(?:times|x)\b|\btid\b|\bt\.i\.d|\bq ?8 ?h|every (?:8|eight) hours"),
        ("morning", "noon", "evening"),
    ),
    (
        re.compile(
            r"\btwice\b|\b(?:two|2) ?(?:times|x)\b|\bbid\b|\bb\.i\.d|\bq ?12 ?h|every (?:12|twelve) hours"
        ),
        ("morning", "evening"),
    ),
)
_MEALS = re.compile(r"\b(?:with|after|before) (?:each meal|every meal|meals)\b")
_ONCE = re.compile(
    r"\bdaily\b|\bonce (?:a|per|every|each)? ?day\b|\bevery day\b|\bper day\b|\ba day\b|\beach day\b|\bqd\b|\bq\.d\b"
    r"|\bq ?day\b|\bod\b|\bq ?24 ?h|every 24 hours"
)
_AT: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("morning", re.compile(r"\bmornings?\b|\bbreakfast\b|\bq ?am\b|\ba\.?m\b")),
    ("noon", re.compile(r"\bnoon\b|\blunch(?:time)?\b|\bmidday\b")),
    ("evening", re.compile(r"\bevenings?\b|\bdinner(?:time)?\b|\bsupper\b|\bq ?pm\b|\bp\.?m\b")),
    ("bedtime", re.compile(r"\bbedtime\b|\bbed\b|\bnight(?:ly|s)?\b|\bq ?hs\b|\bhs\b")),
)
_AS_NEEDED = re.compile(r"\bas needed\b|\bprn\b|\bp\.r\.n|\b(?:if|when) needed\b|\bas required\b")
_NO_FOOD = re.compile(r"empty stomach|without food|before (?:meals|breakfast|eating|food)|fasting")
_FOOD = re.compile(
    r"with (?:food|a meal|meals|each meal|breakfast|lunch|dinner|supper|milk)|after (?:meals|eating|food)"
)
_UNIT_NAMES = {
    "tab": "tablet", "cap": "capsule", "pill": "tablet", "inhalation": "puff", "capsule": "capsule", "tablet": "tablet",
    "tsp": "teaspoon", "tbsp": "tablespoon", "ml": "mL", "patche": "patch",
}  # fmt: skip


class Dosing(NamedTuple):
    """Directions that were understood. `grid` is how many at which moment; None where that is not known."""

    grid: Mapping[str, float] | None = None
    as_needed: bool = False
    with_food: str | None = None
    unit: str = ""

    @property
    def a_day(self) -> float | None:
        """How many a day; None when not known."""
        return None if self.grid is None else sum(self.grid.values())


def read_dosage(text: str | None) -> Dosing:
    """Returns what directions say, as far as they are understood."""
    words = _plain(text or "")
    as_needed = bool(_AS_NEEDED.search(words))
    food = WITHOUT if _NO_FOOD.search(words) else WITH if _FOOD.search(words) else None
    unit = _unit(words)
    if not words or _NOT_DAILY.search(words) or _RANGE.search(words):
        return Dosing(None, as_needed, food, unit)
    return Dosing(_grid(words), as_needed, food, unit)


def checked_grid(grid: Mapping[str, object] | None) -> dict[str, float]:
    """Returns a grid with the moments in their order, without empty ones. Raises ValueError with a sentence."""
    found: dict[str, float] = {}
    for moment, value in (grid or {}).items():
        if moment not in MOMENTS:
            raise ValueError(f"{moment} is no moment of the day; there are {', '.join(MOMENTS)}.")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST:
            raise ValueError(f"Write how many are taken as a number from 0 to {MOST:g}.")
        if value:
            found[moment] = float(value)
    return {moment: found[moment] for moment in MOMENTS if moment in found}


def amount_words(amount: float) -> str:
    """Returns '1', '½', '1½', '10', '0.3'."""
    whole, rest = int(amount), round(amount - int(amount), 3)
    sign = {0.25: "¼", 0.5: "½", 0.75: "¾"}.get(rest)
    if sign:
        return f"{whole}{sign}" if whole else sign
    return f"{amount:g}"


def _plain(text: str) -> str:
    words = text.casefold()
    for sign, number in _FRACTIONS.items():
        words = re.sub(rf"(\d)\s+{re.escape(sign)}(?!\d)", partial(_sum, number), words)
        words = words.replace(sign, number)
    words = re.sub(r"\bone and (?:a|one) half\b", "1.5", words)
    words = _STRENGTH.sub(" ", words)
    return " ".join(words.replace(",", " ").replace(";", " ").split())


def _sum(part: str, whole: re.Match[str]) -> str:
    """'1 ½' as '1.5'."""
    return f"{int(whole[1]) + float(part):g}"


def _unit(words: str) -> str:
    found = re.search(rf"\b({_UNITS})\b", words)
    if found is None:
        return ""
    name = found[1].rstrip("s") if found[1] not in ("doses",) else "dose"
    return _UNIT_NAMES.get(name, name)


def _grid(words: str) -> dict[str, float] | None:
    at = [(found.start(), moment) for moment, pattern in _AT for found in pattern.finditer(words)]
    moments = [moment for _, moment in sorted(at)]
    times = next((moments for pattern, moments in _FREQUENCY if pattern.search(words)), None)
    if times is None and _MEALS.search(words):
        times = ("morning", "noon", "evening")
    if times is not None and (not moments or len(set(moments)) < len(times)):
        amount = _amount(words)
        return None if amount is None else dict.fromkeys(times, amount)
    if moments:
        return _apart(words, sorted(at))
    if _ONCE.search(words):
        amount = _amount(words)
        return None if amount is None else {"morning": amount}
    return None


def _apart(words: str, at: list[tuple[int, str]]) -> dict[str, float] | None:
    """Amounts at named moments: each moment takes the amount written before it, else the one before that."""
    found: dict[str, float] = {}
    before, amount = 0, _amount(words)
    for place, moment in at:
        own = _amount(words[before:place] + " ", default=None)
        amount = own if own is not None else amount
        if amount is None:
            return None
        found.setdefault(moment, amount)
        before = place
    return {moment: found[moment] for moment in MOMENTS if moment in found}


def _amount(words: str, default: float | None = 1.0) -> float | None:
    """The first amount in words; `default` where none is written, None for one that can't be believed."""
    found = _AMOUNT.search(words)
    if found is None:
        return default
    text = next(
        one
        for one in (found["number"], found["word"], found["taken"], found["first"], found["before"])
        if one
    )
    amount = float(_COUNTED[text]) if text in _COUNTED else float(text)
    return amount if 0 < amount <= MOST else None
