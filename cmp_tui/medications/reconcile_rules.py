"""Two lists of medicines side by side: which lines are the same, what differs, what may be decided. Pure.

Every line of both lists stands in exactly one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from cmp_tui.medications.drug_book import DrugBook
from cmp_tui.medications.interaction_book import InteractionBook
from cmp_tui.medications.interaction_rules import Taken, check
from cmp_tui.medications.name_rules import Reading, read
from cmp_tui.medications.same_rules import matched

SAME, NEW, GONE, DOSE, DUPLICATE, NOT_TAKEN = "same", "new", "gone", "dose", "duplicate", "not-taken"
KEEP, ADD, CHANGE, STOP, HOLD, ASK, LEAVE = "keep", "add", "change", "stop", "hold", "ask", "leave"
ON_OURS = (KEEP, CHANGE, STOP, HOLD, ASK)
ON_THEIRS = (ADD, LEAVE, ASK)
TWICE = frozenset({"duplicate", "class"})
"""Findings that mean: the same kind of medicine twice."""
OFF_THE_LIST = frozenset({STOP, LEAVE})
"""Decisions after which a medicine is not taken: it interacts with nothing."""
KEYS: Mapping[str, str] = MappingProxyType({"k": KEEP, "a": ADD, "c": CHANGE, "s": STOP, "h": HOLD, "p": ASK})


class Ours(NamedTuple):
    """A medicine of our list: its key, its words, what is known besides, and whether it is taken otherwise."""

    id: bytes
    display: str
    dosage: str | None = None
    code: str | None = None
    differs: bool = False


class Row(NamedTuple):
    """A line of a reconciliation: what theirs says, which of ours it is, and how they differ."""

    listed: str | None
    medication: bytes | None
    difference: str
    decision: str | None


def rows_of(
    drugs: DrugBook, pairs: InteractionBook, ours: Sequence[Ours], theirs: Sequence[str]
) -> list[Row]:
    """Returns both lists as rows: what is to be decided in the order of ours, then what is new.

    Lines that are the same are kept unless somebody decides otherwise.
    """
    mine = [reading_of(drugs, one) for one in ours]
    others = [read(drugs, line) for line in theirs]
    found: list[Row] = []
    for match in matched(mine, others):
        one = None if match.ours is None else ours[match.ours]
        line = None if match.theirs is None else theirs[match.theirs]
        found.append(
            Row(line, None if one is None else one.id, _difference(one, line, bool(match.changed)), None)
        )
    twice = _twice(pairs, ours, found)
    return [_settled(row, place in twice) for place, row in enumerate(found)]


def reading_of(drugs: DrugBook, one: Ours) -> Reading:
    """Returns one of our medicines as the names' rules read it."""
    return read(drugs, one.display, one.code, one.dosage)


def allowed(listed: bool, ours: bool) -> tuple[str, ...]:
    """Returns what may be decided on a line."""
    return ON_OURS if ours else ON_THEIRS if listed else ()


def decision_wrong(decision: str, *, listed: bool, ours: bool, written: bool) -> str:
    """Returns why a decision can't be taken on a line, as a sentence; "" when it can."""
    if decision in allowed(listed, ours):
        if decision == CHANGE and not listed and not written:
            return "Their list has no line for this medicine. e writes what it changes to."
        return ""
    if decision == ADD:
        return "This is on our list already: k keeps it, c takes their words, s stops it."
    if not ours:
        return "This is not on our list: a takes it on, k leaves it off, p asks the practitioner."
    return "That can't be decided here."


def key_decision(key: str, *, ours: bool) -> str:
    """Returns what a key decides on a line; to keep our list as it is means to leave off what is new."""
    decision = KEYS[key]
    return LEAVE if decision == KEEP and not ours else decision


def is_walked(difference: str) -> bool:
    """Whether a line is gone through one by one."""
    return difference != SAME


def left_over(decisions: Iterable[str | None]) -> int:
    """Returns how many lines nobody has decided on."""
    return sum(decision is None for decision in decisions)


def _difference(one: Ours | None, line: str | None, changed: bool) -> str:
    if one is None:
        return NEW
    if line is None:
        return GONE
    if changed:
        return DOSE
    return NOT_TAKEN if one.differs else SAME


def _twice(pairs: InteractionBook, ours: Sequence[Ours], found: Sequence[Row]) -> frozenset[int]:
    """The rows that are the same kind of medicine as another row."""
    by_key = {one.id: one for one in ours}
    taken = []
    for place, row in enumerate(found):
        one = None if row.medication is None else by_key[row.medication]
        if one is not None:
            taken.append(Taken(place, one.display, one.code, one.dosage))
        else:
            taken.append(Taken(place, row.listed or ""))
    return frozenset(
        int(str(key))
        for finding in check(pairs, taken).findings
        if finding.kind in TWICE
        for key in finding.keys
    )


def _settled(row: Row, twice: bool) -> Row:
    if twice and row.difference in (SAME, NEW):
        return row._replace(difference=DUPLICATE)
    return row._replace(decision=KEEP) if row.difference == SAME else row
