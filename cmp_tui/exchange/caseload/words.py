"""The words by which a clinic's own spreadsheet is understood: data/caseload_columns.toml, folded once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import read_toml
from cmp_tui.clinic.text import fold

FILE = "caseload_columns.toml"
_SPLIT = re.compile(r"(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])")

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "mrn": "record number",
        "name": "name",
        "family": "family name",
        "given": "given name",
        "preferred": "preferred name",
        "birth_date": "birth date",
        "sex": "sex",
        "mbi": "Medicare number",
        "phone": "telephone",
        "best_time": "best time to call",
        "email": "email",
        "language": "language",
        "street": "address",
        "city": "city",
        "state": "state",
        "postal_code": "ZIP code",
        "payer": "payer",
        "pcp": "primary care",
        "practitioner": "billing practitioner",
        "care_manager": "care manager",
        "condition": "condition",
        "risk": "risk, kept word by word",
        "consent": "consent: day and how",
        "consent_date": "consent: day",
        "consent_how": "consent: how",
        "status": "status in the program",
        "enrolled_on": "enrolled on",
        "ended_on": "ended on",
        "plan_date": "care plan made on",
        "plan_reviewed": "care plan reviewed on",
        "plan_given": "care plan given",
        "last_contact": "last contact",
        "outcome": "outcome of the last contact",
        "next_due": "next due",
        "minutes": "minutes of a month",
        "note": "kept word by word",
        "ignore": "left out",
    }
)
"""What a column can mean, in plain words."""
SEVERAL = frozenset({"phone", "condition", "minutes", "note", "ignore"})
"""Meanings that several columns have in the ordinary course."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words for the values of one coded column: what a text says, exactly or somewhere in it."""

    exact: Mapping[str, str]
    pattern: re.Pattern[str] | None

    def whole(self, folded: str) -> str | None:
        """Returns the value that a folded text stands for as a whole."""
        return self.exact.get(folded)

    def within(self, folded: str) -> str | None:
        """Returns the value of the longest phrase that comes first in a folded text."""
        found = self.pattern.search(folded) if self.pattern else None
        return self.exact[found[0]] if found else None

    def foremost(self, folded: str) -> str | None:
        """Returns of all values with a phrase in a folded text the one that stands first in the table."""
        if self.pattern is None:
            return None
        found = {self.exact[phrase] for phrase in self.pattern.findall(folded)}
        return next((value for value in self.exact.values() if value in found), None)

    def without(self, folded: str) -> str:
        """Returns a folded text without the phrases."""
        return " ".join(self.pattern.sub(" ", folded).split()) if self.pattern else folded


@dataclass(frozen=True, slots=True)
class Words:
    """All the words, folded."""

    headings: Mapping[str, str]
    bare: Mapping[str, str]
    harmless: frozenset[str]
    month_words: frozenset[str]
    month_of: Mapping[str, int]
    totals: frozenset[str]
    empty: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    died: frozenset[str]
    phrases: Mapping[str, Phrases]
    given: frozenset[str]

    def meaning_of(self, heading: str) -> str | None:
        """Returns what a heading means by its words; None when they are not known."""
        folded = folded_heading(heading)
        if not folded:
            return None
        found = self.headings.get(folded)
        if found is None:
            bare = self.barely(folded)
            found = self.bare.get(bare) or self.headings.get(bare)
        return found

    def barely(self, folded: str) -> str:
        """Returns a folded heading without harmless words and without the number at its end."""
        words = [word for word in folded.split() if word not in self.harmless]
        while words and words[-1].isdigit():
            words.pop()
        return " ".join(words)


def folded_heading(text: str) -> str:
    """Returns a heading as it is compared: folded, numbers apart from letters ("Dx1" is "dx 1")."""
    return _SPLIT.sub(" ", fold(text.replace("_", " ").replace("\u00ba", " ")))


def load_words(folder: Path) -> Words:
    """Reads the words of a data folder. Raises Stopped when the file is missing or at fault."""
    table = read_toml(folder / FILE)
    try:
        return _made(table)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Stopped(
            f"The reference file {FILE} can't be used: {error!r}. Correct or restore it."
        ) from error


def _made(table: dict[str, Any]) -> Words:
    harmless = frozenset(_folded(table["harmless"]["words"]))
    headings: dict[str, str] = {}
    bare: dict[str, str] = {}
    for meaning, phrases in table["columns"].items():
        if meaning not in MEANINGS:
            raise ValueError(f"there is no meaning {meaning!r}; there are {', '.join(MEANINGS)}")
        for phrase in phrases:
            folded = folded_heading(phrase)
            if headings.setdefault(folded, meaning) != meaning:
                raise ValueError(f"{phrase!r} stands under {headings[folded]} and {meaning}")
            short = " ".join(word for word in folded.split() if word not in harmless)
            if short:
                bare.setdefault(short, meaning)
    months = {word: number for number, words in enumerate(table["minutes"]["months"], 1) for word in words}
    phrases = {
        name: phrases_of(table[name])
        for name in (
            "outcome", "with_whom", "contact_mode", "consent_mode", "decision", "given_how", "payer", "sex",
            "phone_use", "conditions",
        )
    }  # fmt: skip
    status = {name: words for name, words in table["status"].items() if name != "died"}
    rows = table["rows"]
    return Words(
        headings,
        bare,
        harmless,
        frozenset(_folded(table["minutes"]["words"])),
        months,
        frozenset(_folded(rows["totals"])),
        frozenset(_folded(rows["empty"])),
        frozenset(word if not fold(word) else fold(word) for word in rows["yes"]),
        frozenset(_folded(rows["no"])),
        frozenset(_folded(table["status"]["died"])),
        {**phrases, "status": phrases_of(status)},
        frozenset(table["names"]["given"].split()),
    )


def phrases_of(table: Mapping[str, Iterable[str]]) -> Phrases:
    """Returns the words for the values of one column: each value, and the phrases that stand for it."""
    exact: dict[str, str] = {}
    for value, phrases in table.items():
        exact.setdefault(fold(value), value)
        for phrase in phrases:
            if folded := fold(phrase):
                exact.setdefault(folded, value)
    # Single letters decide only when they are the whole text.
    longest = sorted((phrase for phrase in exact if len(phrase) > 1), key=len, reverse=True)
    pattern = re.compile(r"(?<!\S)(?:" + "|".join(map(re.escape, longest)) + r")(?!\S)") if longest else None
    return Phrases(exact, pattern)


def _folded(words: Iterable[str]) -> Iterable[str]:
    return (fold(word) for word in words)
