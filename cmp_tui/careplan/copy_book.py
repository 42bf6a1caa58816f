"""The fixed texts of the patient's copy, in English and in Spanish, from data/patient_copy.toml.

People's own words are never translated: they are printed as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from cmp_tui.careplan.template_book import ACTS
from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference, read_toml
from cmp_tui.clinic.reference_rows import Row, Words, key_line
from cmp_tui.clinic.rule_rows import BadRule
from cmp_tui.medications.dosage_rules import MOMENTS

FILE = "patient_copy.toml"
LONGEST = 600
CODED: Mapping[str, str] = MappingProxyType(
    {
        "barrier": "barrier",
        "responsible": "responsible",
        "achievement": "goal_achievement",
        "lifecycle": "goal_lifecycle",
        "food": "with_food",
    }
)
"""The tables of this file that hold words for the codes of a column of records.toml."""
TEXT, ACT, MONTH, WEEKDAY, MOMENT, UNIT = "text", "act", "month", "weekday", "moment", "unit"
_BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class CopyBook:
    """The texts by table and key, and a sentence for each text that can't be used; the shipped one is in its place."""

    texts: Mapping[tuple[str, str], Words]
    problems: tuple[str, ...]

    def said(self, key: str, language: str, **blanks: str) -> str:
        """Returns a fixed text with its blanks filled. Raises KeyError for an unknown key or a blank left open."""
        text = self.texts[TEXT, key].said(language)
        return _BLANK.sub(lambda blank: blanks[blank[1]], text)

    def code(self, table: str, code: str, language: str) -> str:
        """Returns the patient's word for a code ("barrier", "cost"); an unknown code as it stands."""
        found = self.texts.get((table, code))
        return code if found is None else found.said(language)

    def act(self, act: str, language: str) -> str:
        """Returns what to do at a warning sign."""
        return self.code(ACT, act, language)

    def day(self, day: date, language: str) -> str:
        """Returns a day in words: "March 4, 2026", "4 de marzo de 2026"."""
        month = self.code(MONTH, str(day.month), language)
        return self.said("date", language, day=str(day.day), month=month, year=str(day.year))


def copy_book(reference: Reference) -> CopyBook:
    """Returns the texts, read once. The clinic's own file may hold some of them; the shipped ones fill the rest.

    Raises Stopped when the shipped file can't be used.
    """
    return reference.made(FILE, lambda: _book(reference))


def _book(reference: Reference) -> CopyBook:
    shipped = reference.folder / FILE
    texts, problems = _read(read_toml(shipped), shipped.read_text(encoding="utf-8"))
    if problems:
        raise Stopped(problems[0])
    wanted = [(table, code.code) for table, column in CODED.items() for code in reference.codes(column)]
    wanted += [(ACT, act) for act in ACTS] + [(MONTH, str(number)) for number in range(1, 13)]
    wanted += [(WEEKDAY, str(number)) for number in range(1, 8)]
    wanted += [(MOMENT, moment) for moment in MOMENTS]
    if missing := [key for key in wanted if key not in texts]:
        table, code = missing[0]
        problems.append(f"{FILE}: [{table}] has no words for {code}. The code is printed in their place.")
    own = reference.path(FILE)
    if own != shipped:
        try:
            changed, wrong = _read(read_toml(own), own.read_text(encoding="utf-8"), texts)
        except Stopped as error:
            changed, wrong = {}, [str(error)]
        texts |= changed
        problems += wrong
    return CopyBook(MappingProxyType(texts), tuple(problems))


def _read(
    tables: Mapping[str, object], text: str, known: Mapping[tuple[str, str], Words] | None = None
) -> tuple[dict[tuple[str, str], Words], list[str]]:
    """The texts of a file; in the clinic's own file only what is `known`, with the same blanks."""
    found: dict[tuple[str, str], Words] = {}
    problems: list[str] = []
    for table, entries in tables.items():
        row = Row(table, 1, entries if isinstance(entries, dict) else {})
        if not row.values or table not in (TEXT, ACT, MONTH, WEEKDAY, MOMENT, UNIT, *CODED):
            problems.append(_told(text, row.bad(f"[{table}] is not known here or is empty")))
            continue
        for key in row.values:
            try:
                found[table, key] = _entry(row, key, (known or {}).get((table, key)), known is not None)
            except BadRule as wrong:
                problems.append(_told(text, wrong))
    return found, problems


def _entry(row: Row, key: str, shipped: Words | None, own: bool) -> Words:
    value = row.values[key]
    if own and shipped is None:
        raise row.bad(f"{key} is not known here")
    if not isinstance(value, dict) or set(value) != {"en", "es"}:
        raise row.bad(f'{key} is written as {{ en = "…", es = "…" }}')
    for words in value.values():
        if not isinstance(words, str) or not words.strip() or len(words) > LONGEST:
            raise row.bad(f"{key} has a text of 1 to {LONGEST} characters in each language")
    blanks = {frozenset(_BLANK.findall(words)) for words in value.values()}
    if shipped is not None:
        blanks.add(frozenset(_BLANK.findall(shipped.en)))
    if len(blanks) > 1:
        raise row.bad(f"{key} has the same blanks, such as {{phone}}, in every language")
    return Words(value["en"].strip(), value["es"].strip())


def _told(text: str, wrong: BadRule) -> str:
    return (
        f"{Path(FILE).name}, line {key_line(text, wrong)}: {wrong.why}. The shipped text stands in its place."
    )
