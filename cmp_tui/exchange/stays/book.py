"""The words by which a list of admissions and discharges is understood: data/stay_columns.toml, folded once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference
from cmp_tui.exchange.caseload.words import Phrases, Words, folded_heading, load_words, phrases_of

FILE = "stay_columns.toml"
MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "mrn": "record number",
        "name": "name",
        "family": "family name",
        "given": "given name",
        "birth_date": "birth date",
        "event": "what happened",
        "event_on": "when it happened",
        "admitted": "admitted on",
        "discharged": "discharged on",
        "facility": "where",
        "kind": "kind of stay",
        "discharged_to": "discharged to",
        "admitted_from": "came from",
        "emergency": "emergency or planned",
        "reason": "reason",
        "visit_id": "number of the visit",
        "ignore": "left out",
    }
)
"""What a column can mean, in plain words."""
CODED = ("event", "kind", "discharged_to", "admitted_from", "emergency")


@dataclass(frozen=True, slots=True)
class StayWords:
    """The words: how a sheet is read (`sheet`), what its headings mean, what stands for the coded values."""

    sheet: Words
    headings: Mapping[str, str]
    coded: Mapping[str, Phrases]

    def meaning_of(self, heading: str) -> str | None:
        """Returns what a heading means; None when it is not known."""
        return self.headings.get(folded_heading(heading))

    def code(self, column: str, folded: str) -> str | None:
        """Returns the value that a folded text stands for; None when nobody knows."""
        return self.coded[column].whole(folded) or self.coded[column].within(folded)


def stay_words(reference: Reference) -> StayWords:
    """Returns the words. Raises Stopped when the file is at fault."""
    return reference.made(FILE, lambda: _read(reference))


def _read(reference: Reference) -> StayWords:
    table = reference.table(FILE)
    try:
        headings = _headings(table["columns"])
        coded = {name: phrases_of(table[name]) for name in CODED}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Stopped(f"The reference file {FILE} can't be used: {error}. Correct or restore it.") from error
    plain = replace(
        load_words(reference.folder), headings=headings, bare={}, month_words=frozenset(), month_of={}
    )
    return StayWords(plain, headings, coded)


def _headings(table: Mapping[str, Any]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for meaning, phrases in table.items():
        if meaning not in MEANINGS:
            raise ValueError(f"there is no meaning {meaning!r}; there are {', '.join(MEANINGS)}")
        for phrase in phrases:
            folded = folded_heading(phrase)
            if found.setdefault(folded, meaning) != meaning:
                raise ValueError(f"{phrase!r} stands under {found[folded]} and {meaning}")
    return found
