"""Invented people's names in the shape that real ones have: a few very common, a long tail, several cultures.

What they are made of stands in names.toml; how often each is drawn follows Zipf's law with a flattened head.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

WORDS = Path(__file__).with_name("names.toml")


class Name(NamedTuple):
    """A name. `latin` is how it is written in Latin letters, where it has another script."""

    family: str
    given: str | None
    latin: str | None = None


class Draw:
    """A list of words, the commonest first, from which one is drawn by Zipf's law."""

    def __init__(self, words: list[str], flat: float, slope: float = 1.0) -> None:
        self.words = words
        self._weights = list(accumulate((rank + flat) ** -slope for rank in range(1, len(words) + 1)))

    def one(self, rng: Random) -> str:
        """A word."""
        return rng.choices(self.words, cum_weights=self._weights)[0]


class Culture(NamedTuple):
    """How the names of some people are made."""

    share: float
    family: Draw
    women: Draw
    men: Draw
    two_families: float
    """How many have two family names with a space between, with a hyphen, and two given names."""
    hyphen: float
    two_given: float


def cultures() -> list[Culture]:
    """All cultures of names.toml, with their lists."""
    raw = {one["name"]: one for one in tomllib.loads(WORDS.read_text(encoding="utf-8"))["culture"]}
    found = []
    for name, one in raw.items():
        given = raw[one.get("given", name)]
        women = _draw(f"{name} women", given["women"])
        words = women.words[::-1] if "backwards" in given["men"] else None
        men = _draw(f"{name} men", given["men"], words)
        rest = (one.get("two_families", 0.0), one["hyphen"], one.get("two_given", 0.0))
        found.append(Culture(one["share"], _draw(f"{name} family", one["family"]), women, men, *rest))
    return found


def _draw(seed: str, raw: Mapping[str, Any], words: list[str] | None = None) -> Draw:
    return Draw(words or _words(seed, raw), raw["flat"], raw.get("slope", 1.0))


def _words(seed: str, raw: Mapping[str, Any]) -> list[str]:
    """The common names, then others out of syllables, each once, in a fixed order of no meaning."""
    rng = Random(f"names {seed}")
    found = dict.fromkeys(raw.get("common", ()))
    starts, ends = raw.get("starts", "").split(), raw.get("ends", "").split()
    middles = ["", *raw.get("middles", "").split()]
    wanted = len(found) + min(raw.get("more", 0), len(starts) * len(middles) * len(ends) // 2)
    while len(found) < wanted:
        middle = rng.choice(middles) if rng.random() < 0.6 else ""
        found[rng.choice(starts) + middle + rng.choice(ends)] = None
    return list(found)


ELSEWHERE = (
    Name("Ковальчук", "Світлана", "Svitlana Kovalchuk"),
    Name("Παπαδοπούλου", "Ωραία", "Orea Papadopoulou"),
    Name("田中", "健", "Tanaka Ken"),
    Name("الحسيني", "محمد", "Mohammed Al-Husseini"),
    Name("김", "순희", "Kim Soon-hee"),
    Name("लोहिया", "सुनीता", "Sunita Lohia"),
    Name("Suparti", None),
)
"""Names in other scripts, and of people who have one name only: a few in a thousand."""


class People:
    """Draws names. Namesakes come about as they do in life: by common names."""

    def __init__(self) -> None:
        self._cultures = cultures()
        self._shares = list(accumulate(one.share for one in self._cultures))

    def one(self, rng: Random, sex: str) -> Name:
        """A name for someone of this sex ("F", or anything else)."""
        if rng.random() < 0.004:
            return rng.choice(ELSEWHERE)
        culture = rng.choices(self._cultures, cum_weights=self._shares)[0]
        draw = culture.women if sex == "F" else culture.men
        family, given = culture.family.one(rng), draw.one(rng)
        twice = rng.random()
        if twice < culture.two_families:
            family = f"{family} {culture.family.one(rng)}"
        elif twice < culture.two_families + culture.hyphen:
            family = f"{family}-{culture.family.one(rng)}"
        if rng.random() < culture.two_given:
            given = f"{given} {draw.one(rng)}"
        return Name(family, given)
