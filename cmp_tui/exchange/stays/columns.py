"""What the columns of a list of stays mean: guessed from their headings, corrected by a person, remembered. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.text import fold
from cmp_tui.exchange.caseload.cells import as_text
from cmp_tui.exchange.caseload.reading import SheetIn
from cmp_tui.exchange.stays.book import MEANINGS, StayWords
from cmp_tui.exchange.stays.plan import Column

KEPT_AS = "stays-columns"
"""The kind of working state in which a person's columns are remembered, by the signature of the headings."""
SAMPLES = 3


def guessed(
    book: SheetIn, words: StayWords, kept: Mapping[str, str] | None, said: Mapping[str, str]
) -> tuple[Column, ...]:
    """Returns the columns. `kept` is what was said of these headings last time, `said` what is said now.

    Raises Invalid. Of two columns with one meaning the first has it.
    """
    found: list[Column] = []
    taken: set[str] = set()
    for place, heading in enumerate(book.headings):
        meaning = words.meaning_of(heading) or ""
        if meaning in taken:
            meaning = ""
        taken |= {meaning} - {""}
        samples = tuple(islice(_values(book, place), SAMPLES))
        found.append(Column(place, heading, meaning, "heading" if meaning else "none", samples))
    columns = tuple(found)
    if kept:
        known = {heading: meaning for heading, meaning in kept.items() if meaning in MEANINGS}
        columns = _corrected(columns, known, "last time", strict=False)
    return needed(_corrected(columns, said, "said", strict=True))


def needed(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Returns the columns when a list can be read with them. Raises Invalid that says what is missing."""
    have = {one.meaning for one in columns}
    if "mrn" not in have and not ({"name", "family"} & have and "birth_date" in have):
        raise Invalid(
            {"": _missing("who it is: a record number, or a name and a birth date", columns, "MRN=mrn")}
        )
    if "admitted" not in have and not {"event", "event_on"} <= have:
        raise Invalid(
            {"": _missing("when: an admission, or an event and its day", columns, "Admit=admitted")}
        )
    return tuple(columns)


def _missing(what: str, columns: Sequence[Column], example: str) -> str:
    names = ", ".join(repr(one.heading) for one in columns)
    return f'No column says {what}. The columns are {names}. Say what they mean: --column "{example}".'


def _corrected(
    columns: tuple[Column, ...], said: Mapping[str, str], how: str, *, strict: bool
) -> tuple[Column, ...]:
    made = list(columns)
    wrong: dict[str, str] = {}
    for heading, meaning in said.items():
        name = meaning.strip().lower().replace("-", "_").replace(" ", "_")
        place = next((at for at, one in enumerate(made) if fold(one.heading) == fold(heading)), None)
        if place is None:
            if strict:
                there = ", ".join(one.heading for one in made)
                wrong[heading] = f"There is no column {heading!r}. There are: {there}."
            continue
        if name not in MEANINGS:
            wrong[heading] = f"{meaning!r} is none of: {', '.join(MEANINGS)}."
            continue
        for at, one in enumerate(made):
            if one.meaning == name and name != "ignore" and at != place:
                made[at] = one._replace(meaning="", how="none")
        if made[place].meaning != name:
            made[place] = made[place]._replace(meaning=name, how=how)
    if wrong:
        raise Invalid(wrong)
    return tuple(made)


def to_keep(columns: Sequence[Column]) -> dict[str, str]:
    """What is remembered of the columns."""
    return {one.heading: one.meaning for one in columns if one.meaning}


def _values(book: SheetIn, place: int) -> list[str]:
    found = []
    for row in book.rows:
        if place < len(row.cells) and row.cells[place] != "":
            found.append(" ".join(as_text(row.cells[place])[:40].split()))
            if len(found) == SAMPLES:
                break
    return found
