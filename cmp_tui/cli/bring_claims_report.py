"""The preview of an import of claims, in lines for people and as one object for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from cmp_tui.exchange.claims.plan import KINDS, ClaimsPlan, PersonPlan
from cmp_tui.exchange.fhir.records import Problem

FIRST_PEOPLE = 30
FIRST_NAMES = 12
FIRST_OTHERS = 40


def preview(plan: ClaimsPlan, *, names: bool = False) -> Iterator[str]:
    """What the import would do, line by line. With `names` everyone who is not taken in is named too."""
    if plan.claims:
        yield (
            f"{_many(plan.claims, 'claim')} of {_many(len(plan.people), 'person', 'people')}, {plan.first} to "
            f"{plan.last}, {_many(plan.lines, 'line')}"
        )
    yield f"{'':22}{'new':>9}{'changed':>9}{'same':>9}"
    for kind, (_, several) in KINDS.items():
        count = plan.counts[kind]
        if kind in ("patient", "intake") or any(asdict(count).values()):
            more = [f"{count.kept:,} kept as here"] if count.kept else []
            more += [f"{count.struck:,} struck out here"] if count.struck else []
            numbers = f"{count.new:>9,}{count.changed:>9,}{count.same:>9,}"
            yield f"{several:22}{numbers}   {', '.join(more)}".rstrip()
    if plan.struck:
        yield f"{'struck out':22}{plan.struck:>9,}   their claims were cancelled or adjusted"
    yield from _people(plan, names)
    yield from _left(plan)
    yield from _problems(plan)


def _people(plan: ClaimsPlan, names: bool) -> Iterator[str]:
    candidates = [one for one in plan.people if one.intake]
    changed = [one for one in plan.of("changed") if not one.intake]
    aside = [one for one in plan.people if not one.intake and one.reason and one.state != "skipped"]
    heaps: list[tuple[str, list[str], int]] = [
        ("Candidates:", [f"{_sign(one)}{_who(one)}: {one.reason}" for one in candidates], FIRST_PEOPLE),
        (
            "More of patients who are here:",
            [f"more    {_who(one)}  {_what(one)}" for one in changed],
            FIRST_PEOPLE,
        ),
        ("Look at these:", _warned(plan), FIRST_OTHERS),
        (
            "Changed at the source, but edited here since it came in:",
            [f"kept    {_who(one)}: {each}" for one in plan.people for each in one.kept],
            FIRST_OTHERS,
        ),
        (
            "To be decided (--same MRN: it is them; --new: somebody new):",
            [f"skipped {_who(one)}: {one.why}" for one in plan.of("skipped") if one.wrong],
            FIRST_OTHERS,
        ),
    ]
    if names:
        said = [f"no      {_who(one)}: {one.why} ({one.reason})" for one in aside]
        said += [
            f"no      {_who(one)}: {one.why}" for one in plan.of("aside", "same", "skipped") if _silent(one)
        ]
        heaps.append(("Not taken in:", said, len(said)))
    for heading, lines, first in heaps:
        if lines:
            yield ""
            yield heading
            yield from lines[:first]
            if len(lines) > first:
                yield f"... and {len(lines) - first:,} more; --json lists them all"
    if plan.aside:
        yield ""
        yield f"Not taken in ({plan.aside.total():,}): {_named(plan.aside)}" + (
            "" if names else ". --names says who"
        )


def _silent(one: PersonPlan) -> bool:
    return not one.intake and not one.reason and not one.wrong and bool(one.why)


def _warned(plan: ClaimsPlan) -> list[str]:
    return [
        f"check   {_who(one)} {each}"
        for one in plan.people
        if one.written or one.key is not None
        for each in one.warnings
    ]


def _left(plan: ClaimsPlan) -> Iterator[str]:
    heaps = (
        ("Left out", plan.left),
        ("Not on the list of conditions", plan.diagnoses),
        ("Lines of kinds that are not taken", plan.not_taken),
    )
    if any(heap.total() for _, heap in heaps) or plan.orphans:
        yield ""
    for title, heap in heaps:
        if heap.total():
            yield f"{title} ({heap.total():,}): {_named(heap)}"
    if plan.orphans:
        yield (
            f"{_many(plan.orphans, 'claim')} of people who are neither here nor in these files: add the payer's file "
            "of beneficiaries"
        )


def _problems(plan: ClaimsPlan) -> Iterator[str]:
    if plan.problems or plan.others or not plan.files:
        yield ""
    for problem in plan.problems:
        yield f"{_where(problem)}: {problem.sentence}"
    if plan.others:
        yield f"No claims, left alone: {_few(plan.others)}"
    if not plan.files:
        yield "Nothing in there could be read as claims (CMS RIF or X12 837)."


def _sign(one: PersonPlan) -> str:
    return "here    " if one.key is not None else "new     "


def _who(one: PersonPlan) -> str:
    number = f"  MRN {one.mrn}" if one.mrn else ""
    return f"{one.name}  {one.birth_date or 'no birth date'}{number}"


def _what(one: PersonPlan) -> str:
    added, edited = one.counts(), Counter(edit.kind for edit in one.edits)
    words = [f"{number} {KINDS[kind][number > 1]}" for kind in KINDS if (number := added[kind])]
    words += [f"{number} {KINDS[kind][number > 1]} changed" for kind in KINDS if (number := edited[kind])]
    words += [f"{len(one.strikes)} struck out"] if one.strikes else []
    return ", ".join(words)


def _many(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def _named(heap: Counter[str]) -> str:
    ranked = sorted(
        ((name, count) for name, count in heap.items() if count), key=lambda item: (-item[1], item[0])
    )
    more = f" ... and {len(ranked) - FIRST_NAMES} more kinds" if len(ranked) > FIRST_NAMES else ""
    return "; ".join(f"{name} {number:,}" for name, number in ranked[:FIRST_NAMES]) + more


def _few(names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - FIRST_NAMES:,} more" if len(every) > FIRST_NAMES else ""
    return ", ".join(every[:FIRST_NAMES]) + more


def _where(problem: Problem) -> str:
    return problem.file if problem.line is None else f"{problem.file}, line {problem.line:,}"


def as_object(plan: ClaimsPlan) -> dict[str, Any]:
    """The preview for programs."""
    return {
        "files": plan.files,
        "claims": plan.claims,
        "lines": plan.lines,
        "first": plan.first,
        "last": plan.last,
        "counts": {kind: asdict(count) for kind, count in plan.counts.items()},
        "struck": plan.struck,
        "people": [
            {
                "source": one.source,
                "mrn": one.mrn,
                "name": one.name,
                "birth_date": one.birth_date,
                "state": one.state,
                "candidate": one.intake,
                "reason": one.reason,
                "why": one.why,
                "added": one.counts(),
                "changed": Counter(edit.kind for edit in one.edits),
                "struck": len(one.strikes),
                "kept": one.kept,
                "warnings": one.warnings,
            }
            for one in plan.people
        ],
        "not_taken_in": plan.aside,
        "left_out": plan.left,
        "diagnoses_left_out": plan.diagnoses,
        "not_taken": plan.not_taken,
        "orphans": plan.orphans,
        "problems": [asdict(problem) for problem in plan.problems],
        "no_claims": plan.others,
    }
