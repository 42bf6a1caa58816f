"""The rules of the risk tier, read from data/risk.toml or the clinic's own file in its place."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from cmp_tui.assessments.risk_rules import (
    CONDITIONS,
    HIGHEST,
    MEDICINES,
    READS,
    SCORES,
    STAYS,
    WISHES,
    Band,
    Book,
    Rule,
    Step,
    TierRow,
)
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.rule_rows import BadRule, stopped
from cmp_tui.clinic.text import fold

FILE = "risk.toml"
COMMON = {"name", "label", "why", "reads", "points", "steps"}
OWN: Mapping[str, frozenset[str]] = {
    CONDITIONS: frozenset({"groups", "codes", "chronic"}),
    STAYS: frozenset({"kinds", "months"}),
    MEDICINES: frozenset({"names"}),
    SCORES: frozenset({"scores", "months"}),
    WISHES: frozenset({"instruments", "months"}),
}
"""What a rule says besides the common keys, by what it reads."""
NEEDED: Mapping[str, frozenset[str]] = {
    STAYS: OWN[STAYS],
    SCORES: OWN[SCORES],
    WISHES: OWN[WISHES],
}
LONGEST_NAME, LONGEST_LABEL = 40, 40
MOST_POINTS, MOST_MONTHS = 99, 120

Bad = Callable[[str], BadRule]


def book_on(reference: Reference, today: date) -> Book:
    """Returns the rules of a day. Raises Stopped, with the file and the line, when the file can't be used."""
    rules, tiers = reference.made("risk", lambda: _read(reference))
    return reference.made(f"risk on {today}", lambda: _book(rules, tiers, today))


def names_pattern(rule: Rule) -> re.Pattern[str]:
    """Returns the pattern that finds a rule's names at the beginning of a word."""
    return re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, rule.names)))})")


def _book(rules: tuple[Rule, ...], tiers: tuple[TierRow, ...], today: date) -> Book:
    dated = tuple(
        dataclasses.replace(one, since=today - relativedelta(months=one.months)) if one.months else one
        for one in rules
    )

    def since(*reads: str) -> date:
        return min((one.since for one in dated if one.reads in reads), default=today)

    return Book(today, dated, tiers, since(STAYS), since(SCORES, WISHES))


def _read(reference: Reference) -> tuple[tuple[Rule, ...], tuple[TierRow, ...]]:
    table = reference.table(FILE)
    try:
        known = {"tier", "rule"}
        if extra := sorted(set(table) - known):
            raise BadRule(extra[0], 1, f"{extra[0]} is not known here; there are [[tier]] and [[rule]]")
        tiers = _tiers(_tables(table, "tier"))
        rules = tuple(_rule(row, number) for number, row in enumerate(_tables(table, "rule"), 1))
        _all_different(rules)
        groups = {str(one.get("id")) for one in reference.table("condition_groups.toml").get("group", ())}
        for number, rule in enumerate(rules, 1):
            _known_values(rule, number, groups, reference)
    except BadRule as wrong:
        raise stopped(reference, FILE, wrong) from wrong
    return rules, tiers


def _tables(table: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = table.get(name)
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        raise BadRule(name, 1, f"there is no [[{name}]]")
    return found


def _tiers(found: list[Mapping[str, Any]]) -> tuple[TierRow, ...]:
    tiers = []
    for number, row in enumerate(found, 1):

        def bad(why: str, number: int = number) -> BadRule:
            return BadRule("tier", number, why)

        _only(row, {"tier", "from", "words"}, bad)
        tiers.append(
            TierRow(
                _whole(row, "tier", HIGHEST, bad),
                _whole(row, "from", 9_999, bad),
                _text(row, "words", 20, bad),
            )
        )
        if tiers[-1].tier != number:
            raise bad(f"the tiers are {', '.join(map(str, range(1, HIGHEST + 1)))}, in this order")
        before = tiers[-2].least if number > 1 else -1
        if tiers[-1].least <= before:
            raise bad("from is not more than that of the tier before")
        if number == 1 and tiers[0].least:
            raise bad("the lowest tier begins at 0 points")
    if len(tiers) != HIGHEST:
        raise BadRule("tier", len(tiers), f"there are {len(tiers)} tiers, not {HIGHEST}")
    return tuple(tiers)


def _rule(row: Mapping[str, Any], number: int) -> Rule:
    def bad(why: str) -> BadRule:
        return BadRule("rule", number, why)

    reads = _text(row, "reads", 20, bad)
    if reads not in READS:
        raise bad(f"reads is one of {', '.join(READS)}")
    _only(row, COMMON | OWN[reads], bad)
    for name in sorted(NEEDED.get(reads, ())):
        if name not in row:
            raise bad(f"{name} is missing")
    bands = _bands(row, bad) if reads == SCORES else ()
    instruments = {one.instrument for one in bands} if bands else set(_list(row, "instruments", bad))
    chronic = row.get("chronic", False)
    if not isinstance(chronic, bool):
        raise bad("chronic is true or false")
    return Rule(
        name=_text(row, "name", LONGEST_NAME, bad),
        label=_text(row, "label", LONGEST_LABEL, bad),
        why=_text(row, "why", 400, bad),
        reads=reads,
        steps=() if bands else _steps(row, bad),
        groups=frozenset(_list(row, "groups", bad)),
        codes=tuple(code.replace(".", "").upper() for code in _list(row, "codes", bad)),
        chronic=chronic,
        kinds=frozenset(_list(row, "kinds", bad)),
        names=frozenset(fold(name) for name in _list(row, "names", bad)),
        instruments=frozenset(instruments),
        bands=bands,
        months=_whole(row, "months", MOST_MONTHS, bad, least=1) if "months" in OWN[reads] else 0,
    )


def _steps(row: Mapping[str, Any], bad: Bad) -> tuple[Step, ...]:
    if ("points" in row) == ("steps" in row):
        raise bad("a rule has points, or steps, and not both")
    if "points" in row:
        return (Step(1, _whole(row, "points", MOST_POINTS, bad, least=1)),)
    found: list[Step] = []
    for one in _rows(row, "steps", bad):
        _only(one, {"from", "points"}, bad)
        step = Step(_whole(one, "from", 999, bad, least=1), _whole(one, "points", MOST_POINTS, bad, least=1))
        if found and (step.least <= found[-1].least or step.points <= found[-1].points):
            raise bad("each of the steps has more than the one before, in from and in points")
        found.append(step)
    return tuple(found)


def _bands(row: Mapping[str, Any], bad: Bad) -> tuple[Band, ...]:
    if "points" in row or "steps" in row:
        raise bad("a rule that reads scores has its points in them")
    found = []
    for one in _rows(row, "scores", bad):
        _only(one, {"instrument", "from", "to", "points"}, bad)
        low, high = _number(one, "from", bad), _number(one, "to", bad)
        if high < low:
            raise bad("to is less than from")
        points = _whole(one, "points", MOST_POINTS, bad, least=1)
        found.append(Band(_text(one, "instrument", 40, bad), low, high, points))
    return tuple(found)


def _all_different(rules: tuple[Rule, ...]) -> None:
    seen: set[str] = set()
    for number, one in enumerate(rules, 1):
        if one.name in seen:
            raise BadRule("rule", number, f"there is another rule {one.name!r}")
        seen.add(one.name)


def _known_values(rule: Rule, number: int, groups: set[str], reference: Reference) -> None:
    for group in sorted(rule.groups - groups):
        raise BadRule("rule", number, f"{group!r} is no group of condition_groups.toml")
    for name in sorted(rule.instruments):
        if not reference.path(f"instruments/{name}.toml").is_file():
            raise BadRule("rule", number, f"there is no instrument {name!r}")
    for kind in sorted(rule.kinds):
        if not reference.known("stay_kind", kind):
            known = ", ".join(code.code for code in reference.codes("stay_kind"))
            raise BadRule("rule", number, f"{kind!r} is no kind of stay; there are {known}")


# -- one value ---------------------------------------------------------------------------------------------------


def _only(row: Mapping[str, Any], known: set[str] | frozenset[str], bad: Bad) -> None:
    if extra := sorted(set(row) - known):
        raise bad(f"{extra[0]} is not known here; there are {', '.join(sorted(known))}")


def _text(row: Mapping[str, Any], name: str, limit: int, bad: Bad) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise bad(f"{name} is missing; write it in quotes")
    if len(value) > limit:
        raise bad(f"{name} has {len(value)} characters; {limit} fit")
    return value.strip()


def _whole(row: Mapping[str, Any], name: str, most: int, bad: Bad, *, least: int = 0) -> int:
    value = row.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise bad(f"{name} is a whole number from {least} to {most}")
    return value


def _number(row: Mapping[str, Any], name: str, bad: Bad) -> float:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise bad(f"{name} is a number")
    return float(value)


def _list(row: Mapping[str, Any], name: str, bad: Bad) -> list[str]:
    value = row.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise bad(f'{name} is a list such as ["first", "second"]')
    if name in row and not value:
        raise bad(f"{name} is empty; leave it out")
    return value


def _rows(row: Mapping[str, Any], name: str, bad: Bad) -> list[Mapping[str, Any]]:
    value = row.get(name)
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        raise bad(f"{name} is a list such as [{{ from = 1, points = 1 }}]")
    return value
