"""A list as a file gets it: values instead of words, all rows instead of a page. Knows no screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple, Protocol

from cmp_tui.clinic.scope import Scope
from cmp_tui.ui.words import age

CellKind = Literal["text", "integer", "number", "date", "time", "local", "instant"]
"""What a cell holds, as `files/sheet.py` names it."""

Batches = Callable[[Scope], Iterable[Sequence[Any]]]
"""Reads all rows of a list in its order, some at a time, within one question."""


class Cell(NamedTuple):
    """One column of a file: its heading, what stands under it for a row (None: nothing), and of which kind."""

    name: str
    value: Callable[[Any], object]
    kind: CellKind = "text"


class Naming(Protocol):
    """How names are shown now."""

    @property
    def masked(self) -> bool:
        """Whether someone looks over the shoulder."""

    def shown_name(self, family: str, given: str) -> str:
        """A name, or what is shown in its place."""


@dataclass(frozen=True)
class Listing:
    """A list that is taken out: what it is, its columns, and where all its rows come from."""

    name: str
    """What the list is called: "Caseload"."""
    cells: tuple[Cell, ...]
    batches: Batches
    count: int
    words: str = ""
    """What of it is shown, for the person: "mine · 214 patients · by name"."""
    sections: Sequence[tuple[int, str]] = ()
    """Headings inside the list: (place of the row below, words)."""
    patient: bytes | None = None
    """The one patient whom all of it is about."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the audit entry says of it besides."""


def text(name: str, value: Callable[[Any], object]) -> tuple[Cell, ...]:
    """A column of text."""
    return (Cell(name, value),)


def day(name: str, value: Callable[[Any], object]) -> tuple[Cell, ...]:
    """A column of days."""
    return (Cell(name, value, "date"),)


def clock(name: str, value: Callable[[Any], object]) -> tuple[Cell, ...]:
    """A column of times of day."""
    return (Cell(name, value, "time"),)


def whole(name: str, value: Callable[[Any], object]) -> tuple[Cell, ...]:
    """A column of whole numbers."""
    return (Cell(name, value, "integer"),)


def patient_cells(naming: Naming) -> tuple[Cell, ...]:
    """Who a row (family, given, mrn) is about. A masked name goes without its number."""
    return (
        Cell("patient", lambda row: naming.shown_name(row.family, row.given or "") if row.mrn else None),
        Cell("MRN", lambda row: None if naming.masked else row.mrn or None),
    )


def about_cells(naming: Naming, person: Any) -> tuple[Cell, ...]:
    """The one patient (family, given, mrn, birth_date) of a whole list, said on each of its rows."""
    who = naming.shown_name(person.family, person.given or "")
    known = not naming.masked
    return (
        Cell("patient", lambda row: who),
        Cell("MRN", lambda row: person.mrn if known else None),
        Cell("born", lambda row: (person.birth_date or None) if known else None),
    )


def age_cells(today: Callable[[], date]) -> tuple[Cell, ...]:
    """How old the patient of a row (birth_date, sex, deceased) is, nothing for the dead; and the sex."""

    def years(row: Any) -> int | None:
        return None if row.deceased or not row.birth_date else age(row.birth_date, today())

    return Cell("age", years, "integer"), Cell("sex", lambda row: row.sex or None)
