"""Pairs of medicines that are known to do harm together: ours from data/interactions.toml, and the clinic's own table.

A row that can't be used is left out and told with file and line; the others go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.reference_rows import Row, key_line
from cmp_tui.clinic.rule_rows import BadRule
from cmp_tui.medications.drug_book import DrugBook, drug_book
from cmp_tui.medications.name_rules import read_names
from cmp_tui.medications.name_words import words_of
from cmp_tui.medications.own_pairs import FILE as OWN_FILE
from cmp_tui.medications.own_pairs import own_pairs

FILE = "interactions.toml"
KEYS = ("a", "b", "except", "severity", "reason", "ask", "source", "local", "checked_on")
SEVERITIES = ("avoid", "serious", "watch")
"""From the worst on."""
LONGEST = 300


class Pair(NamedTuple):
    """A row: every one of `a` with every one of `b` (keys of ingredients or classes).

    `local`: ingredients for which it holds as eye drops, inhaler, spray or cream too. `own`: it is from the clinic's
    own table, and `checked_on` isn't known. `single`: it names single ingredients and no class.
    """

    a: tuple[str, ...]
    b: tuple[str, ...]
    severity: str
    reason: str
    ask: str
    source: str
    checked_on: date | None = None
    local: frozenset[str] = frozenset()
    own: bool = False
    single: bool = False


@dataclass(frozen=True, slots=True)
class InteractionBook:
    """The pairs, those of each ingredient by its partner (the worst first), and what could not be used."""

    drugs: DrugBook
    pairs: tuple[Pair, ...]
    partners: Mapping[str, Mapping[str, tuple[Pair, ...]]]
    problems: tuple[str, ...]

    @property
    def own(self) -> int:
        """How many rows are from the clinic's own table."""
        return sum(1 for pair in self.pairs if pair.own)


def interaction_book(reference: Reference) -> InteractionBook:
    """Returns the pairs, read once; `problems` tells of the medicines' file too."""
    return reference.made(FILE, lambda: _book(reference))


def _book(reference: Reference) -> InteractionBook:
    drugs = drug_book(reference)
    problems = list(drugs.problems)
    found: list[tuple[Pair, frozenset[str]]] = []
    try:
        top = Row("", 1, reference.table(FILE))
        top.only(("pair",))
        rows = list(top.rows("pair"))
    except Stopped as error:
        problems.append(str(error))
        rows = []
    except BadRule as wrong:
        problems.append(_told(reference, wrong, "Nothing of it is in use"))
        rows = []
    known = (*drugs.ingredients, *drugs.classes)
    for row in rows:
        try:
            found.append(_pair(row, drugs, known))
        except BadRule as wrong:
            problems.append(_told(reference, wrong, "This pair is left out, the others are in use"))
    own = own_pairs(reference)
    problems += own.problems
    by_name = {" ".join(words_of(one.name)[0]): key for key, one in drugs.classes.items()}
    for raw in own.rows:
        a, b = _named(drugs, by_name, raw.a), _named(drugs, by_name, raw.b)
        if a is None or b is None or a == b == tuple(key for key in a if key in drugs.ingredients):
            which = raw.a if a is None else raw.b
            why = f"{which!r} is no name that can be read" if a is None or b is None else "both are the same"
            problems.append(f"{OWN_FILE}, line {raw.line}: {why}. The row is left out.")
            continue
        single = not any(key in drugs.classes for key in (*a, *b))
        pair = Pair(a, b, raw.severity, raw.reason, raw.ask, raw.source, own=True, single=single)
        found.append((pair, frozenset()))
    return InteractionBook(drugs, tuple(pair for pair, _ in found), _partners(drugs, found), tuple(problems))


def _told(reference: Reference, wrong: BadRule, then: str) -> str:
    return f"{FILE}, line {key_line(reference.text(FILE), wrong)}: {wrong.why}. {then}."


def _pair(row: Row, drugs: DrugBook, known: Iterable[str]) -> tuple[Pair, frozenset[str]]:
    row.only(KEYS)
    what = "ingredient or class of drugs.toml"
    known = frozenset(known)
    a, b = row.texts("a", known, what), row.texts("b", known, what)
    for key, held in (("a", a), ("b", b)):
        if not held:
            raise row.bad(f"{key} is missing; it lists ingredients or classes")
    without = row.texts("except", drugs.ingredients, "ingredient of drugs.toml")
    pair = Pair(
        a,
        b,
        row.one_of("severity", SEVERITIES),
        row.text("reason", LONGEST),
        row.text("ask", LONGEST),
        row.text("source", LONGEST),
        row.day("checked_on"),
        frozenset(
            key for one in row.texts("local", (*a, *b), "name of a or b") for key in drugs.members(one)
        ),
        single=not any(key in drugs.classes for key in (*a, *b)),
    )
    return pair, frozenset(without)


def _named(drugs: DrugBook, by_name: Mapping[str, str], name: str) -> tuple[str, ...] | None:
    """What a name of the clinic's own table stands for: a class by key or name, else ingredients; never guessed."""
    if name in drugs.classes:
        return (name,)
    words = " ".join(words_of(name)[0])
    if words in by_name:
        return (by_name[words],)
    if words in drugs.names:
        return drugs.names[words]
    read = read_names(drugs, name)
    return read.ingredients if read.ingredients and not read.rest else None


def _partners(
    drugs: DrugBook, found: Iterable[tuple[Pair, frozenset[str]]]
) -> Mapping[str, Mapping[str, tuple[Pair, ...]]]:
    members: dict[str, frozenset[str]] = {}

    def of(keys: tuple[str, ...], without: frozenset[str]) -> set[str]:
        out: set[str] = set()
        for key in keys:
            if key not in members:
                members[key] = drugs.members(key)
            out |= members[key]
        return out - without

    held: dict[str, dict[str, tuple[Pair, ...]]] = {}
    for pair, without in sorted(
        found, key=lambda row: (SEVERITIES.index(row[0].severity), not row[0].single)
    ):
        seen: set[tuple[str, str]] = set()
        left, right = of(pair.a, without), of(pair.b, without)
        for one in left:
            mine = held.setdefault(one, {})
            for other in right:
                if one == other or (other, one) in seen:
                    continue
                seen.add((one, other))
                pairs = (*mine.get(other, ()), pair)
                mine[other] = pairs
                held.setdefault(other, {})[one] = pairs
    return MappingProxyType(held)
