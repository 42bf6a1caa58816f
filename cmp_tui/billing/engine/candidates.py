"""What a program could bill: its options, and what every line has: date, place, diagnoses, who may bill. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from cmp_tui.billing.engine.days import NOT_BEGUN
from cmp_tui.billing.engine.facts import MonthFacts
from cmp_tui.billing.engine.needs import chronic_conditions, conditions_in
from cmp_tui.billing.engine.result import Line, MonthResult
from cmp_tui.enrollment.rulebook import Clause, Code, Program

General = Mapping[str, Clause]
"""The clauses that hold for every program."""


class Option(NamedTuple):
    """One way to bill a program: the lines of a family of codes."""

    family: str
    lines: tuple[Line, ...]


@dataclass(slots=True)
class Candidate:
    """A program's options, the best first; empty when something blocks. `used` are the spans of its minutes."""

    program: str
    practitioner: str | None
    options: list[Option] = field(default_factory=list)
    extra: list[Line] = field(default_factory=list)
    used: list[tuple[int, int]] = field(default_factory=list)
    overlaps: tuple[bytes, ...] = ()


def line_for(
    facts: MonthFacts,
    program: str,
    code: Code,
    units: int,
    practitioner: str | None,
    minutes: int | None,
    day: date | None = None,
    rows: tuple[bytes, ...] = (),
) -> Line:
    """Makes a line: dated on the month's last day (or the day of death before it), at the practitioner's place."""
    last = facts.month.last
    if facts.deceased_on is not None:
        last = min(last, facts.deceased_on)
    person = facts.staff.get(practitioner or "")
    place = (person.place_of_service if person else None) or facts.choices.place_of_service
    return Line(
        code.code,
        units,
        program,
        practitioner,
        day or last,
        place,
        diagnoses(facts, program),
        minutes,
        code.label,
        rows,
    )


def diagnoses(facts: MonthFacts, program: str) -> tuple[str, ...]:
    """The ICD-10-CM codes for a claim: the month's chronic conditions, or the others where none is chronic. For BHI and
    CoCM the behavioral ones come first, chronic or not."""
    known, unsaid = chronic_conditions(facts)
    there = conditions_in(facts)
    chosen = known or unsaid or there
    if program in ("BHI", "COCM"):
        chosen = [one for one in there if one.code and one.code.upper().startswith("F")] + chosen
    return tuple(dict.fromkeys(one.code for one in chosen if one.system == "icd-10-cm" and one.code))


def may_bill(
    facts: MonthFacts, rules: Program, general: General, practitioner: str | None, result: MonthResult
) -> bool:
    """Whether the practitioner may bill (physician, NP, PA, CNS, CNM: Noridian, CCM); who is not known is warned of."""
    row = general["practitioner"]
    if practitioner is None:
        result.warn(
            "practitioner", rules.program, "Who bills is not known: no billing practitioner is set.", row
        )
        return True
    person = facts.staff.get(practitioner)
    if person is None:
        result.warn(
            "practitioner",
            rules.program,
            f"{practitioner}, who would bill, is not of the clinic's staff.",
            row,
        )
        return True
    if person.may_bill and person.credential not in row.values.get("never", ()):
        return True
    says = f"{person.name} ({person.credential}) may not bill; choose a physician, NP, PA, CNS or CNM."
    return not result.block("practitioner", rules.program, says, row)


def first_or_later(facts: MonthFacts, program: str) -> str:
    """Whether the month is the one in which the enrollment starts ("first") or a "later" one."""
    begun = [
        one.start
        for one in facts.enrollments
        if one.program == program
        and one.status not in NOT_BEGUN
        and one.start
        and one.start <= facts.month.last
    ]
    return "first" if begun and max(begun) >= facts.month.first else "later"
