"""What data/claims.toml says, or the clinic's own file in its place: read once, and checked by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.rule_rows import BadRule, stopped
from cmp_tui.enrollment.programs import rulebook
from cmp_tui.exchange.claims.candidate_rules import Rule
from cmp_tui.exchange.claims.records import Marks
from cmp_tui.exchange.claims.visit_rules import SERVICE

FILE = "claims.toml"
CODES = ("emergency", "observation", "office", "wellness", "welcome", "transition")
REVENUES = ("emergency", "observation", "partial")
MOST = 999
_CODE = re.compile(r"([A-Z]?)([0-9]{4,5})([A-Z]?)")


@dataclass(frozen=True, slots=True)
class Book:
    """Who is a candidate, which lines say something, which codes bear on our own billing, the groups' names."""

    rule: Rule
    marks: Marks
    services: frozenset[str]
    groups: Mapping[str, str]


def claims_book(reference: Reference) -> Book:
    """Returns the rules. Raises Stopped with the file and the line of what can't be used."""
    return reference.made(FILE, lambda: _read(reference))


def _read(reference: Reference) -> Book:
    table = reference.table(FILE)
    try:
        if extra := sorted(set(table) - {"candidate", "codes", "revenues"}):
            raise BadRule(
                extra[0], 1, f"{extra[0]} is not known here; there are candidate, codes and revenues"
            )
        groups = {
            str(one.get("id")): str(one.get("name"))
            for one in reference.table("condition_groups.toml").get("group", ())
        }
        rule = _rule(_section(table, "candidate"), groups, reference)
        codes = _marks(table, "codes", CODES)
        revenues = _marks(table, "revenues", REVENUES)
    except BadRule as wrong:
        raise stopped(reference, FILE, wrong) from wrong
    services = _services(reference)
    marked = {**dict.fromkeys(services, SERVICE), **codes}
    marks = Marks(MappingProxyType(marked), MappingProxyType(revenues))
    return Book(rule, marks, services, MappingProxyType(groups))


def _services(reference: Reference) -> frozenset[str]:
    """All codes that programs bill, or that exclude them."""
    rules = rulebook(reference)
    own = {one.code for program in rules.programs.values() for one in program.codes}
    others = (pair.codes | pair.others for pair in rules.exclusions)
    return frozenset(own.union(*others))


def _rule(row: Mapping[str, Any], groups: Mapping[str, str], reference: Reference) -> Rule:
    known = set(Rule.__dataclass_fields__)
    if extra := sorted(set(row) - known):
        raise _bad("candidate", f"{extra[0]} is not known here; there are {', '.join(sorted(known))}")
    needs = row.get("needs")
    if needs not in ("any", "all"):
        raise _bad("candidate", 'needs is "any" or "all"')
    hospice_out = row.get("hospice_out")
    if not isinstance(hospice_out, bool):
        raise _bad("candidate", "hospice_out is true or false")
    out, kinds = _texts(row, "candidate", "groups_out"), _texts(row, "candidate", "use_kinds")
    for group in out:
        if group not in groups:
            raise _bad("candidate", f"groups_out: {group!r} is no group of condition_groups.toml")
    for kind in kinds:
        if not reference.known("stay_kind", kind):
            every = ", ".join(code.code for code in reference.codes("stay_kind"))
            raise _bad("candidate", f"use_kinds: {kind!r} is no kind of stay; there are {every}")
    numbers = {
        name: _number(row, name)
        for name in ("chronic_groups", "condition_days", "condition_months", "uses", "use_months")
    }
    return Rule(
        needs="all" if needs == "all" else "any", groups_out=frozenset(out), use_kinds=frozenset(kinds),
        hospice_out=hospice_out, **numbers,
    )  # fmt: skip


def _marks(table: Mapping[str, Any], name: str, known: tuple[str, ...]) -> dict[str, str]:
    row = _section(table, name)
    found: dict[str, str] = {}
    if extra := sorted(set(row) - set(known)):
        raise _bad(name, f"{extra[0]} is not known here; there are {', '.join(known)}")
    for mark in known:
        for text in _texts(row, name, mark):
            for code in _spread(text, name, mark):
                if found.setdefault(code, mark) != mark:
                    raise _bad(name, f"{code} stands under {found[code]} and under {mark}")
    return found


def _spread(text: str, section: str, mark: str) -> Iterator[str]:
    """The codes of "99281-99285", or the one code."""
    first, _, last = text.strip().upper().partition("-")
    low, high = _CODE.fullmatch(first), _CODE.fullmatch(last or first)
    if low is None or high is None or (low[1], low[3], len(low[2])) != (high[1], high[3], len(high[2])):
        raise _bad(section, f'{mark}: {text!r} is neither a code nor a range such as "99281-99285"')
    if not 0 <= int(high[2]) - int(low[2]) <= MOST:
        raise _bad(section, f"{mark}: {text!r} ends before it begins, or is far too long")
    for number in range(int(low[2]), int(high[2]) + 1):
        yield f"{low[1]}{number:0{len(low[2])}}{low[3]}"


def _section(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    row = table.get(name)
    if not isinstance(row, dict):
        raise _bad(name, f"[{name}] is missing")
    return row


def _texts(row: Mapping[str, Any], section: str, name: str) -> list[str]:
    value = row.get(name)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _bad(section, f'{name} is a list such as ["first", "second"]')
    return value


def _number(row: Mapping[str, Any], name: str) -> int:
    value = row.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST:
        raise _bad("candidate", f"{name} is a whole number from 1 to {MOST}")
    return value


def _bad(section: str, why: str) -> BadRule:
    return BadRule(section, 1, why)
