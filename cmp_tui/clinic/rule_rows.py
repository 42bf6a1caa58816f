"""Rules as data: rows of TOML files as dataclasses, each with its source, its trust and its days. Pure.

What can't be used is said with its table and place, so that the file and the line can be named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from cmp_tui.clinic.errors import Stopped

if TYPE_CHECKING:
    from cmp_tui.clinic.reference import Reference

R = TypeVar("R", bound="Sourced")
DECIDES = frozenset({"P", "S"})
"""Trust that decides; R (not confirmed) and D (our choice) warn."""
SOURCES = "billing_sources.toml"
"""The file in data/ that names the sources."""


class BadRule(ValueError):
    """A rule that can't be used: in which table, the how-manieth of that name, and why."""

    def __init__(self, table: str, number: int, why: str) -> None:
        self.table, self.number, self.why = table, number, why
        super().__init__(why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """What every rule has: where it comes from, how far to trust it, when it was checked, and its days of service."""

    source: str
    trust: str
    checked_on: date
    since: date
    until: date

    @property
    def decides(self) -> bool:
        """Whether the rule may block; else it only warns."""
        return self.trust in DECIDES

    def holds(self, day: date) -> bool:
        """Whether the rule is in force on a day of service."""
        return self.since <= day <= self.until


def rules_on(rules: tuple[R, ...], day: date) -> tuple[R, ...]:
    """Returns the rules in force on a day of service."""
    return tuple(rule for rule in rules if rule.holds(day))


def rule_rows(
    kind: type[R], table: Mapping[str, Any], name: str, sources: Mapping[str, str]
) -> tuple[R, ...]:
    """Reads the rows `[[name]]` of a table. Raises BadRule."""
    return tuple(
        rule_row(kind, row, table, name, number, sources) for number, row in enumerate(table.get(name, ()), 1)
    )


def rule_row(
    kind: type[R],
    row: Mapping[str, Any],
    top: Mapping[str, Any],
    name: str,
    number: int,
    sources: Mapping[str, str],
) -> R:
    """Reads one row; what it does not say of days and checks holds as for the whole file (`top`). Raises BadRule."""
    values = {**row}
    for ours, theirs in (("since", "from"), ("until", "until"), ("checked_on", "checked_on")):
        value = values.pop(theirs, top.get(theirs))
        if type(value) is not date:
            raise BadRule(name, number, f"{theirs} is not a day such as 2026-01-01")
        values[ours] = value
    named = values.get("source")
    if not isinstance(named, list) or not named or not all(isinstance(key, str) for key in named):
        raise BadRule(name, number, 'source is missing; write it as ["NGS-CCM"]')
    unknown = [key for key in named if key not in sources]
    if unknown:
        raise BadRule(name, number, f"{unknown[0]} is not in {SOURCES}")
    values["source"] = "; ".join(sources[key] for key in named)
    if values.get("trust") not in ("P", "S", "R", "D"):
        raise BadRule(name, number, "trust is one of P, S, R, D")
    hints = get_type_hints(kind)
    for each in fields(kind):
        if each.name not in values:
            if each.default is MISSING and each.default_factory is MISSING:
                raise BadRule(name, number, f"{each.name} is missing")
            continue
        values[each.name] = _fits(values[each.name], hints[each.name], name, number, each.name)
    extra = set(values) - {each.name for each in fields(kind)}
    if extra:
        raise BadRule(name, number, f"{sorted(extra)[0]} is not known here")
    return kind(**values)


def _fits(value: Any, hint: Any, table: str, number: int, name: str) -> Any:
    """The value as its field holds it, or BadRule."""
    if hint == tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        raise BadRule(table, number, f'{name} is a list such as ["moderate"]')
    if hint in (str, int, bool) and type(value) is not hint:
        wanted = {str: "a text", int: "a whole number", bool: "true or false"}[hint]
        raise BadRule(table, number, f"{name} is {wanted}")
    return value


def sources_of(reference: Reference) -> dict[str, str]:
    """Returns the words for each source by its key."""
    table = reference.table(SOURCES).get("sources", {})
    return {str(key): str(words) for key, words in table.items()}


def stopped(reference: Reference, file: str, wrong: BadRule) -> Stopped:
    """Returns the error that names the file and the line of a rule that can't be used."""
    line = line_of(reference.text(file), wrong.table, wrong.number)
    return Stopped(
        f"The reference file {file} can't be used: line {line}: {wrong.why}. Correct it, or take your own copy away."
    )


def line_of(text: str, table: str, number: int) -> int:
    """The line on which the how-manieth table of a name begins; 1 when it is not there."""
    heading = re.compile(rf"\s*\[\[?{re.escape(table)}\]\]?")
    seen = 0
    for at, line in enumerate(text.splitlines(), 1):
        if table and heading.match(line):
            seen += 1
            if seen == number:
                return at
    return 1
