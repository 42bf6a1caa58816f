"""The preview of an import, in lines for people and as one object for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from cmp_tui.exchange.fhir.records import Problem
from cmp_tui.exchange.plan import KINDS, PatientPlan, Plan

FIRST_PATIENTS = 20
FIRST_NAMES = 12
FIRST_KEPT = 40


def preview(plan: Plan) -> Iterator[str]:
    """What the import would do, line by line."""
    yield f"{'':22}{'new':>9}{'changed':>9}{'same':>9}"
    for kind, (_, several) in KINDS.items():
        count = plan.counts[kind]
        if kind == "patient" or any(asdict(count).values()):
            more = [f"{count.kept:,} kept as here"] if count.kept else []
            more += [f"{count.struck:,} struck out here"] if count.struck else []
            numbers = f"{count.new:>9,}{count.changed:>9,}{count.same:>9,}"
            yield f"{several:22}{numbers}   {', '.join(more)}".rstrip()
    yield from _patients(plan)
    yield from _left_out(plan)
    yield from _problems(plan)


def _patients(plan: Plan) -> Iterator[str]:
    written = plan.of("new", "changed")
    if written:
        yield ""
    for one in written[:FIRST_PATIENTS]:
        yield f"{one.state:8}{_who(one)}  {_what(one)}".rstrip()
    if len(written) > FIRST_PATIENTS:
        yield f"... and {len(written) - FIRST_PATIENTS:,} more"
    kept = [
        f"kept    {_who(one)}: changed here since; kept: {each}" for one in plan.patients for each in one.kept
    ]
    for heading, lines in (
        ("Look at these:", [f"check   {_who(one)} {each}" for one in plan.patients for each in one.warnings]),
        ("Changed at the source, but edited here since it came in:", kept),
        ("Skipped:", [f"skipped {_who(one)}: {one.why}" for one in plan.of("skipped")]),
    ):
        if lines:
            yield ""
            yield heading
            shown = lines if heading == "Skipped:" else lines[:FIRST_KEPT]
            yield from shown
            if len(lines) > len(shown):
                yield f"... and {len(lines) - len(shown):,} more; --json lists them all"


def _left_out(plan: Plan) -> Iterator[str]:
    heaps = (
        ("Not taken", plan.not_taken),
        ("Not problems, so not on the list of conditions", plan.not_problems),
        ("Social findings, not on the list of conditions", plan.social),
        ("Their patient is not in these files", plan.orphans),
        ("Shortened to fit", plan.shortened),
    )
    if any(heap for _, heap in heaps):
        yield ""
    for title, heap in heaps:
        if heap:
            yield f"{title} ({heap.total():,}): {_named(heap)}"


def _problems(plan: Plan) -> Iterator[str]:
    if plan.problems or plan.not_fhir or not plan.files:
        yield ""
    for problem in plan.problems:
        yield f"{_where(problem)}: {problem.sentence}"
    if plan.not_fhir:
        yield f"Not FHIR, left alone: {_few(_where(problem) for problem in plan.not_fhir)}"
    if not plan.files:
        yield "Nothing in there could be read as FHIR."


def _who(one: PatientPlan) -> str:
    return f"{one.name}  {one.birth_date or 'no birth date'}  MRN {one.mrn}"


def _what(one: PatientPlan) -> str:
    added = one.counts()
    words = [f"{number} {KINDS[kind][number > 1]}" for kind in KINDS if (number := added[kind])]
    changed = Counter(edit.kind for edit in one.edits)
    words += [f"{number} {KINDS[kind][number > 1]} changed" for kind in KINDS if (number := changed[kind])]
    return ", ".join(words)


def _named(heap: Counter[str]) -> str:
    ranked = sorted(heap.items(), key=lambda item: (-item[1], item[0]))
    more = f" ... and {len(ranked) - FIRST_NAMES} more kinds" if len(ranked) > FIRST_NAMES else ""
    return "; ".join(f"{name} {number:,}" for name, number in ranked[:FIRST_NAMES]) + more


def _few(names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - FIRST_NAMES:,} more" if len(every) > FIRST_NAMES else ""
    return ", ".join(every[:FIRST_NAMES]) + more


def _where(problem: Problem) -> str:
    return problem.file if problem.line is None else f"{problem.file}, line {problem.line:,}"


def as_object(plan: Plan) -> dict[str, Any]:
    """The preview for programs."""
    return {
        "files": plan.files,
        "counts": {kind: asdict(count) for kind, count in plan.counts.items()},
        "patients": [
            {
                "source": one.source,
                "mrn": one.mrn,
                "name": one.name,
                "birth_date": one.birth_date,
                "state": one.state,
                "why": one.why,
                "added": one.counts(),
                "changed": Counter(edit.kind for edit in one.edits),
                "kept": one.kept,
                "warnings": one.warnings,
            }
            for one in plan.patients
        ],
        "not_taken": plan.not_taken,
        "not_problems": plan.not_problems,
        "social": plan.social,
        "orphans": plan.orphans,
        "shortened": plan.shortened,
        "problems": [asdict(problem) for problem in plan.problems],
        "not_fhir": [problem.file for problem in plan.not_fhir],
    }
