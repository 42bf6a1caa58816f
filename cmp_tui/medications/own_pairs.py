"""The clinic's own, licensed table of interactions: `interactions.csv` in its data folder, read as it stands.

Columns a, b, severity, reason, what_to_do, source, in any order and case. Other columns are left alone. A row that
can't be used is told with its line; the others go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from cmp_tui.clinic.reference import Reference
from cmp_tui.files.csv_messy import open_csv
from cmp_tui.files.sheet_in import BadSheet, SheetRow

FILE = "interactions.csv"
COLUMNS = ("a", "b", "severity", "reason", "what_to_do", "source")
LONGEST, MOST_TOLD = 300, 50
SEVERITY: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("avoid", "contraindicated", "contraindication", "severe", "x", "d"), "avoid"),
        **dict.fromkeys(("serious", "major", "high", "c"), "serious"),
        **dict.fromkeys(("watch", "moderate", "medium", "minor", "low", "b"), "watch"),
    }
)
"""Words of such tables for our three degrees."""


class RawPair(NamedTuple):
    """A row of the table: its line, both names as they stand, and its texts."""

    line: int
    a: str
    b: str
    severity: str
    reason: str
    ask: str
    source: str


class OwnPairs(NamedTuple):
    """The rows that can be used, and a sentence for each that can't."""

    rows: tuple[RawPair, ...]
    problems: tuple[str, ...]


def own_pairs(reference: Reference) -> OwnPairs:
    """Returns the clinic's own table, read once; nothing when there is none."""
    return reference.made(FILE, lambda: _read(reference))


def _read(reference: Reference) -> OwnPairs:
    path = None if reference.own is None else reference.own / FILE
    if path is None or not path.is_file():
        return OwnPairs((), ())
    try:
        book = open_csv(path)
    except BadSheet as error:
        return OwnPairs((), (f"{FILE} is left out: {error}",))
    rows = book.rows("")
    problems = [f"{FILE}: {said}" for said in book.said]
    problems += [f"{FILE}, line {fault.number}: {fault.why}." for fault in book.faults]
    if not rows:
        return OwnPairs((), (*problems, f"{FILE} is empty; its first line names {', '.join(COLUMNS)}."))
    heads = [_text(cell).casefold().replace(" ", "_") for cell in rows[0].cells]
    missing = [name for name in COLUMNS if heads.count(name) != 1]
    if missing:
        return OwnPairs(
            (),
            (*problems, f"{FILE}, line {rows[0].number}: the column {missing[0]} has to stand there once."),
        )
    places = {name: heads.index(name) for name in COLUMNS}
    found: list[RawPair] = []
    bad: list[str] = []
    for row in rows[1:]:
        pair, why = _pair(row, places)
        if pair is None:
            bad.append(f"{FILE}, line {row.number}: {why}. The row is left out.")
        else:
            found.append(pair)
    if len(bad) > MOST_TOLD:
        bad = [
            *bad[:MOST_TOLD],
            f"{FILE}: {len(bad) - MOST_TOLD} more rows are left out for reasons of this kind.",
        ]
    return OwnPairs(tuple(found), (*problems, *bad))


def _pair(row: SheetRow, places: Mapping[str, int]) -> tuple[RawPair | None, str]:
    values = {name: _text(row.cells[at]) if at < len(row.cells) else "" for name, at in places.items()}
    for name in COLUMNS:
        if not values[name]:
            return None, f"{name} is empty"
        if len(values[name]) > LONGEST:
            return None, f"{name} has {len(values[name])} characters; {LONGEST} fit"
    severity = SEVERITY.get(values["severity"].casefold())
    if severity is None:
        return None, "severity is one of avoid, serious, watch (or contraindicated, major, moderate)"
    texts = (values[name] for name in ("reason", "what_to_do", "source"))
    return RawPair(row.number, values["a"], values["b"], severity, *texts), ""


def _text(cell: object) -> str:
    return " ".join(str(cell).split())
