"""Conditions in a cell: codes of ICD-10-CM, words that are known, and whatever else people write. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from cmp_tui.clinic.text import fold
from cmp_tui.exchange.caseload.words import Words
from cmp_tui.patients.coding import ConditionTables, normal_icd, why_not_listed

_CODE = re.compile(
    r"(?<![A-Za-z0-9])([A-TV-Z][0-9][0-9AB](?:\.[0-9A-Z]{1,4}|[0-9]{1,2}[0-9A-Z]{0,2})?)(?![A-Za-z0-9.])",
    re.I,
)
_BREAKS = re.compile(r"\s*[;\n|]\s*")
_SOFT = re.compile(r"\s*(?:,|/|&|\+|\band\b)\s*", re.I)
LONGEST = 300


class ConditionIn(NamedTuple):
    """A condition: by its code, by the group of a known word, or in own words only. `why_not` says why it is not
    one."""

    display: str
    code: str = ""
    group: str | None = None
    chronic: bool | None = None
    why_not: str = ""
    folded: str = ""
    """The code, else the words, for comparing."""


class ConditionReader:
    """Reads cells of conditions."""

    def __init__(self, words: Words, tables: ConditionTables) -> None:
        self._phrases, self._tables = words.phrases["conditions"], tables
        # A code counts when its category is known: "B12" is a vitamin.
        self._categories = {prefix[:3] for prefix in (*tables.chronic_of, *tables.kind_of)}
        self._groups = {one.id for one in tables.group_list}

    def read(self, text: str) -> list[ConditionIn]:
        """Returns the conditions of a cell. What can be told apart is: parts with codes or known words."""
        found: list[ConditionIn] = []
        for part in _BREAKS.split(text):
            part = part.strip(" ,.-•*")
            if not part:
                continue
            pieces = [piece for piece in _SOFT.split(part) if piece.strip()]
            if len(pieces) > 1 and all(self._is_known(piece) for piece in pieces):
                found += [self._one(piece.strip()) for piece in pieces]
            else:
                found.append(self._one(part))
        return found

    def _code_in(self, text: str) -> re.Match[str] | None:
        for found in _CODE.finditer(text):
            if normal_icd(found[1])[:3] in self._categories:
                return found
        return None

    def _is_known(self, text: str) -> bool:
        return self._phrases.whole(fold(text)) is not None or self._code_in(text) is not None

    def _one(self, text: str) -> ConditionIn:
        code = self._code_in(text)
        if code is None:
            words = fold(text)
            group = self._phrases.whole(words)
            known = group if group in self._groups else None
            return ConditionIn(text[:LONGEST], "", known, True if group else None, "", words)
        display = " ".join(f"{text[: code.start()]} {text[code.end() :]}".split()).strip(" ()-–:,.[]")
        coded = self._tables.classify("icd-10-cm", code[1], display)
        why = why_not_listed(coded, display) or ""
        shown = (display or coded.code)[:LONGEST]
        return ConditionIn(shown, coded.code, coded.group, coded.chronic, why, fold(coded.code))
