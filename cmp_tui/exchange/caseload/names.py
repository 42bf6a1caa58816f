"""Names as spreadsheets have them: "Ruiz-Moreno, Ana M.", "Ana Ruiz", "RUIZ MORENO ANA", with nicknames. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from cmp_tui.clinic.text import fold

SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v", "2nd", "3rd", "md", "phd", "esq", "rn"})
PREFIXES = frozenset({"mr", "mrs", "ms", "miss", "dr", "rev", "sr", "sra", "hon", "fr"})
PARTICLES = frozenset(
    {
        "de", "la", "del", "los", "las", "van", "von", "der", "den", "di", "da", "dos", "das", "du", "le", "st", "san",
        "santa", "bin", "ibn", "al", "el", "ter", "ten", "mac", "mc", "o",
    }
)  # fmt: skip
_BRACKETS = re.compile(r"[(\[{\"“]([^()\[\]{}\"“”]*)[)\]}\"”]")
_MARKS = " *#!~^•·-–—_=+.,;:"
_NICKNAME = re.compile(r"[^\W\d_][^\d]{0,30}")


class NameIn(NamedTuple):
    """A name, read. `rest` is what stood there besides; `order` is how it was read: "comma", "given first",
    "family first"."""

    family: str
    given: str
    preferred: str = ""
    rest: str = ""
    order: str = "comma"


class NameReader:
    """Reads the names of one column: without a comma the order is told by given names that are known."""

    def __init__(
        self, given: frozenset[str], values: Iterable[str], gone: frozenset[str] = frozenset()
    ) -> None:
        self._given, self._gone = given, gone
        self._own: set[str] = set()
        votes: Counter[bool] = Counter()
        plain = []
        for value in values:
            bare = _BRACKETS.sub(" ", value)
            family, comma, rest = bare.partition(",")
            if comma and fold(rest):
                self._own.add(fold(rest).split()[0])
            elif fold(family):
                plain.append(fold(bare).split())
        for parts in plain:
            if (first := self._family_first(parts)) is not None:
                votes[first] += 1
        self.family_first = votes[True] > votes[False]

    def _family_first(self, parts: list[str]) -> bool | None:
        """What the given names that are known tell of one name; None when nothing."""
        parts = [part for part in parts if len(part) > 1 and part not in SUFFIXES | PREFIXES]
        if len(parts) < 2:
            return None
        first, last = (parts[0] in self._given), (parts[-1] in self._given)
        if first == last:
            first, last = (parts[0] in self._own), (parts[-1] in self._own)
        return None if first == last else last

    def read(self, text: str) -> NameIn | None:
        """Reads one name; None when there is none."""
        preferred, rests = "", []
        for inside in _BRACKETS.findall(text):
            said = inside.strip()
            words = fold(said).split()
            if (
                words
                and len(words) <= 2
                and _NICKNAME.fullmatch(said)
                and not set(words) & self._gone
                and not preferred
            ):
                preferred = said
            elif said:
                rests.append(said)
        bare = " ".join(_BRACKETS.sub(" ", text).split()).strip(_MARKS.replace(".", ""))
        if not any(char.isalpha() for char in bare):
            return None
        parts = [part.strip() for part in bare.split(",") if part.strip()]
        if len(parts) > 1:
            family, given, order = *_with_comma(parts), "comma"
        else:
            family, given, order = self._without_comma(bare)
        return NameIn(family, given, preferred, "; ".join(rests), order) if family else None

    def _without_comma(self, bare: str) -> tuple[str, str, str]:
        words = bare.split()
        while len(words) > 1 and fold(words[0]) in PREFIXES:
            words = words[1:]
        suffix: list[str] = []
        while len(words) > 2 and fold(words[-1]) in SUFFIXES:
            suffix.insert(0, words.pop())
        if len(words) == 1:
            return words[0], "", "comma"
        known = self._family_first([fold(word) for word in words])
        first = self.family_first if known is None else known
        if known is None and len(words) > 2 and bare.isupper() and not self.family_first:
            first = fold(words[0]) not in self._given
        if first:
            cut = next(
                (at for at, word in enumerate(words) if at and fold(word) in self._given), len(words) - 1
            )
            family, given = words[:cut], words[cut:]
            return " ".join(family), " ".join([*given, *suffix]), "family first"
        at = len(words) - 1
        while at > 1 and fold(words[at - 1]) in PARTICLES:
            at -= 1
        return " ".join(words[at:]), " ".join([*words[:at], *suffix]), "given first"


def _with_comma(parts: list[str]) -> tuple[str, str]:
    """Family and given name around a comma; suffixes go behind the given name, wherever they stand."""
    family, *others = parts
    words = family.split()
    suffix: list[str] = []
    while len(words) > 1 and fold(words[-1]) in SUFFIXES:
        suffix.insert(0, words.pop())
    while len(words) > 1 and fold(words[0]) in PREFIXES - {"sr"}:
        words = words[1:]
    given = []
    for other in others:
        if fold(other) in SUFFIXES:
            suffix.append(other)
        else:
            given.append(other)
    if not given:  # "John Smith, Jr."
        return words[-1], " ".join([*words[:-1], *suffix])
    first = " ".join(given).split()
    while len(first) > 1 and fold(first[0]) in PREFIXES - {"sr"}:
        first = first[1:]
    return " ".join(words), " ".join([*first, *suffix])


def plain_given(given: str) -> str:
    """Returns a folded given name without suffixes and middle initials, for comparing."""
    words = [word for word in fold(given).split() if word not in SUFFIXES]
    return " ".join(word for at, word in enumerate(words) if at == 0 or len(word) > 1)


def whole(family: str, given: str) -> str:
    """Returns a name as lists show it."""
    return f"{family}, {given}" if given else family
