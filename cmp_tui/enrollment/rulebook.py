"""The program rules as dataclasses: rows of data/programs/*.toml, each with its source and its days. Pure.

They stand here, and not with billing, because eligibility asks the same rows: what a program needs, what it excludes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from cmp_tui.clinic.rule_rows import BadRule, Sourced, rule_row, rule_rows, rules_on


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRule(Sourced):
    """Whose minutes count: "clinical" staff, or "auxiliary" staff (trained community health workers too)."""

    staff: str
    practitioner_as_staff: bool
    not_counted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Need(Sourced):
    """Something that a program needs before it bills. `icd` (beginnings of codes) and `groups` name the conditions,
    `not_by` the credentials of those who do not make its plan."""

    what: str
    count: int = 0
    icd: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    years: int = 0
    discussed: bool = False
    by_practitioner: bool = False
    established: bool = False
    not_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Family(Sourced):
    """Codes that are billed together, and whose minutes reach them: "staff", "practitioner", or "none".

    A `fallback` is billed only when no other family is reached.
    """

    name: str
    whose: str
    mdm: tuple[str, ...] = ()
    stage: str = ""
    fallback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Sourced):
    """One code. A first code needs `minutes`; one `after` another counts each `step` minutes `beyond` a number, from
    the `counts_from`th minute of the step on (else the whole step)."""

    code: str
    label: str
    family: str = ""
    minutes: int = 0
    after: str = ""
    beyond: int = 0
    step: int = 0
    counts_from: int = 0
    cap: int = 0
    unsure_over: int = 0
    conditions: int = 0
    qmb: bool = False
    of: str = ""
    stage: str = ""
    mirrors: str = ""
    replaces: tuple[str, ...] = ()
    days: int = 0
    mdm: tuple[str, ...] = ()
    within: int = 0

    def units(self, minutes: int) -> int:
        """How many units of a further code some minutes reach."""
        units = (minutes - self.beyond + self.step - (self.counts_from or self.step)) // self.step
        return max(0, min(units, self.cap) if self.cap else units)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause(Sourced):
    """A rule of a program of its own kind (TCM's window, contact, settings); its values by name."""

    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion(Sourced):
    """Codes that are not payable beside others, in one "month" or in one "tcm" period.

    `who` is "same" (one practitioner bills both), "different" (two practitioners bill), or "any".
    """

    codes: frozenset[str]
    others: frozenset[str]
    who: str
    scope: str
    says: str

    def meets(self, code: str, other: str) -> bool:
        """Whether the two codes are a pair of it."""
        return (code in self.codes and other in self.others) or (code in self.others and other in self.codes)


@dataclass(frozen=True, slots=True)
class Program:
    """A program's rules."""

    program: str
    name: str
    since: date
    until: date
    checked_on: date
    time: TimeRule | None
    needs: tuple[Need, ...]
    families: tuple[Family, ...]
    codes: tuple[Code, ...]
    clauses: Mapping[str, Clause]

    def on(self, day: date) -> Program | None:
        """Returns the rules in force on a day of service; None when the program has none then."""
        if not self.since <= day <= self.until:
            return None
        return replace(
            self,
            needs=rules_on(self.needs, day),
            families=rules_on(self.families, day),
            codes=rules_on(self.codes, day),
            clauses={name: clause for name, clause in self.clauses.items() if clause.holds(day)},
        )

    def need(self, what: str) -> Need | None:
        """Returns what the program needs of a kind."""
        return next((need for need in self.needs if need.what == what), None)

    def of_family(self, name: str) -> tuple[Code, ...]:
        """Returns the codes of a family, in the order of the file."""
        return tuple(code for code in self.codes if code.family == name)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All programs' rules, what excludes what, and the clauses that hold for every claim."""

    programs: Mapping[str, Program]
    exclusions: tuple[Exclusion, ...]
    general: Mapping[str, Clause]

    @property
    def first_day(self) -> date:
        """The first day of service that the tables cover."""
        return min(program.since for program in self.programs.values())

    @property
    def last_day(self) -> date:
        """The last day of service that the tables cover."""
        return max(program.until for program in self.programs.values())

    @property
    def checked_on(self) -> date:
        """The day on which the oldest check of a rule was made."""
        return min(program.checked_on for program in self.programs.values())

    def on(self, day: date) -> Rulebook:
        """Returns the rules in force on a day of service."""
        held = {name: program.on(day) for name, program in self.programs.items()}
        return Rulebook(
            {name: program for name, program in held.items() if program is not None},
            rules_on(self.exclusions, day),
            self.general,
        )


# From tables

_ABOUT = frozenset({"program", "name", "from", "until", "checked_on"})
_LISTS = frozenset({"need", "family", "code"})


def program_from(table: Mapping[str, Any], sources: Mapping[str, str]) -> Program:
    """Reads a program's table. Raises BadRule."""
    for name in sorted(_ABOUT):
        if name not in table:
            raise BadRule("", 0, f"{name} is missing at the top")
    codes = rule_rows(Code, table, "code", sources)
    families = rule_rows(Family, table, "family", sources)
    known = {code.code for code in codes}
    for number, code in enumerate(codes, 1):
        if code.after and code.after not in known:
            raise BadRule("code", number, f"{code.code} comes after {code.after}, which is not in this file")
        if code.after and code.step <= 0:
            raise BadRule("code", number, f"{code.code} needs a step")
    single = {name: value for name, value in table.items() if name not in _ABOUT | _LISTS and name != "time"}
    clauses = {}
    for name, value in single.items():
        if not isinstance(value, Mapping):
            raise BadRule("", 0, f"{name} is not known here")
        about = {key: value[key] for key in value if key in ("source", "trust", "checked_on")}
        rest = {key: value[key] for key in value if key not in about}
        clauses[name] = rule_row(Clause, {**about, "values": rest}, table, name, 1, sources)
    time = rule_row(TimeRule, table["time"], table, "time", 1, sources) if "time" in table else None
    return Program(
        table["program"], table["name"], table["from"], table["until"], table["checked_on"],
        time, rule_rows(Need, table, "need", sources), families, codes, clauses,
    )  # fmt: skip


def exclusions_from(table: Mapping[str, Any], sources: Mapping[str, str]) -> tuple[Exclusion, ...]:
    """Reads the table of exclusions; groups of codes stand under `[groups]`. Raises BadRule."""
    groups = {name: _codes(codes) for name, codes in table.get("groups", {}).items()}
    found = []
    for number, row in enumerate(table.get("pair", ()), 1):
        full = dict(row)
        for side in ("codes", "others"):
            named = full.get(side, [])
            full[side] = frozenset(code for name in named for code in groups.get(name) or _codes([name]))
        found.append(rule_row(Exclusion, full, table, "pair", number, sources))
    return tuple(found)


def _codes(named: Sequence[str]) -> frozenset[str]:
    """The codes of a list in which '90951-90970' stands for all between."""
    found: set[str] = set()
    for name in named:
        low, dash, high = name.partition("-")
        if dash:
            letter = low.rstrip("0123456789")
            width = len(low) - len(letter)
            numbers = range(int(low[len(letter) :]), int(high[len(letter) :]) + 1)
            found |= {f"{letter}{number:0{width}d}" for number in numbers}
        else:
            found.add(name)
    return frozenset(found)
