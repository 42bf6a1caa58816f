"""The preview of an import of stays, in lines for people and as one object for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from cmp_tui.exchange.stays.book import MEANINGS
from cmp_tui.exchange.stays.plan import StayPlan, StaysPlan

FIRST = 30
HOW = {"last time": "as last time", "said": "as you said"}


def mapping_lines(plan: StaysPlan) -> Iterator[str]:
    """What each column means."""
    yield f"{plan.file}: {plan.rows_in:,} {plan.unit}{'' if plan.rows_in == 1 else 's'}"
    yield ""
    wide = min(28, max((len(one.heading) for one in plan.columns), default=0))
    for one in plan.columns:
        means = MEANINGS.get(one.meaning, "not used")
        how = f"  ({HOW[one.how]})" if one.how in HOW else ""
        line = f"{one.heading[:wide]:{wide}}  {means:22}  {'; '.join(one.samples)[:50]}".rstrip()
        yield f"{line}{how}"
    yield ""
    yield 'Is one wrong? --column "HEADING=MEANING", with: ' + ", ".join(MEANINGS)


def preview(plan: StaysPlan) -> Iterator[str]:
    """What the import would do, line by line."""
    yield from mapping_lines(plan)
    yield ""
    yield from plan.said
    counts = plan.counts()
    yield f"{'':22}{'new':>9}{'changed':>9}{'same':>9}{'kept':>9}"
    numbers = "".join(f"{counts.get(state, 0):>9,}" for state in ("new", "changed", "same", "kept"))
    yield f"{'stays and ED visits':22}{numbers}"
    heaps: tuple[tuple[str, list[str]], ...] = (
        ("New:", [f"new     {_who(one)}  {_what(one)}" for one in plan.of("new")]),
        ("Filled in:", [f"more    {_who(one)}  {_filled(one)}" for one in plan.of("changed")]),
        (
            "Look at these:",
            [
                f"check   {_who(one)} {words}"
                for one in plan.stays
                if not one.why
                for words in one.stay.warnings
            ],
        ),
        ("Not taken:", [f"skipped {_who(one)}: {one.why}" for one in plan.of("skipped") if one.wrong]),
        ("Not patients here:", [f"no      {_who(one)}" for one in plan.of("skipped") if not one.wrong]),
        ("Kept as here:", [f"kept    {_who(one)}: {one.why or 'differs'}" for one in plan.of("kept")]),
    )
    for heading, lines in heaps:
        if lines:
            yield ""
            yield f"{heading[:-1]} ({len(lines):,}):"
            yield from lines[:FIRST]
            if len(lines) > FIRST:
                yield f"... and {len(lines) - FIRST:,} more; --json lists them all"
    for fault in plan.faults:
        yield f"{plan.unit} {fault.number:,}: {fault.why}"
    if plan.read_over:
        named = ", ".join(f"{name} {number:,}" for name, number in sorted(plan.read_over.items()))
        yield ""
        yield f"Events that change nothing here ({plan.read_over.total():,}): {named}"


def _who(one: StayPlan) -> str:
    rows = ", ".join(str(number) for number in one.stay.rows[:4])
    number = f"MRN {one.mrn}" if one.mrn else "no MRN"
    return f"{rows:>6}  {one.name or '(no name)'}  {number}"


def _what(one: StayPlan) -> str:
    stay = one.stay
    until = f" to {stay.discharged}" if stay.discharged and stay.discharged != stay.admitted else ""
    at = f" at {stay.facility}" if stay.facility else ""
    still = ", still there" if stay.discharged is None and stay.kind != "ed" else ""
    return f"{stay.kind}{at} {stay.admitted}{until}{still}"


def _filled(one: StayPlan) -> str:
    values = one.edit.values if one.edit is not None else {}
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values.items())


def as_object(plan: StaysPlan) -> dict[str, Any]:
    """The preview for programs."""
    return {
        "file": plan.file,
        "rows": plan.rows_in,
        "columns": [
            {"heading": one.heading, "means": one.meaning or None, "how": one.how} for one in plan.columns
        ],
        "counts": dict(plan.counts()),
        "stays": [
            {
                "rows": one.stay.rows,
                "mrn": one.mrn,
                "name": one.name,
                "birth_date": one.stay.birth_date,
                "kind": one.stay.kind,
                "facility": one.stay.facility,
                "admitted": one.stay.admitted,
                "discharged": one.stay.discharged,
                "discharged_to": one.stay.to,
                "state": one.state,
                "why": one.why,
                "wrong": one.wrong,
                "warnings": one.stay.warnings,
                "filled": one.edit.values if one.edit is not None else {},
            }
            for one in plan.stays
        ],
        "not_patients": sum(not one.wrong for one in plan.of("skipped")),
        "read_over": Counter(plan.read_over),
        "faults": [fault._asdict() for fault in plan.faults],
    }
