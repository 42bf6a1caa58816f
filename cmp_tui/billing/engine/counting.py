"""Which entries of a program count for a practitioner, and what is said of those that do not. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from cmp_tui.billing.engine.candidates import General
from cmp_tui.billing.engine.days import inpatient_days, why_not_on
from cmp_tui.billing.engine.facts import Entry, MonthFacts
from cmp_tui.billing.engine.needs import Standing, practitioners_of
from cmp_tui.billing.engine.result import MonthResult
from cmp_tui.billing.engine.tally import Taken, Tally, tally
from cmp_tui.enrollment.rulebook import Program, TimeRule

ON_A_VISIT_DAY = (
    "Minutes on the day of a visit count when they were no part of it; that is not confirmed. Check them."
)


LEFT = {
    "imported": "a month's total from a spreadsheet, which is never billed",
    "in-visit": "part of a billed visit",
    "activity": "spent on what is safer not counted",
    "not-clinical": "of staff who are not clinical",
    "enrollment": "on days without enrollment",
    "consent": "on days without consent",
    "initiating-visit": "before the initiating visit",
    "part-a": "in a skilled (Part A) stay",
    "deceased": "after the patient's death",
    "in-person": "of the billing practitioner in person; its codes are for the care manager's time",
}


class Counted(NamedTuple):
    """A program's countable entries and their sum, for one billing practitioner."""

    entries: list[Entry]
    sum: Tally


def count(
    facts: MonthFacts,
    rules: Program,
    general: General,
    time: TimeRule,
    practitioner: str | None,
    stands: Standing,
    taken: Taken,
    result: MonthResult,
) -> Counted:
    """The entries of a program that count for a practitioner, summed; notes what does not count and why."""
    program = rules.program
    days = why_not_on(facts, stands.enrolled, stands.agreed, stands.from_visit)
    kept: list[Entry] = []
    left: dict[str, list[Entry]] = {}
    default = _whose_by_default(facts, program)
    never_own = not time.practitioner_as_staff and not any(
        one.whose == "practitioner" for one in rules.families
    )
    for entry in facts.entries:
        if entry.program != program:
            continue
        why = _why_not(entry, time, practitioner, default)
        if why is None and never_own and entry.staff == practitioner:
            why = "in-person"
        if why is None and 0 <= (number := facts.day_number(entry.start)) < len(days):
            why = days[number]
        if why is None:
            kept.append(entry)
        else:
            left.setdefault(why, []).append(entry)
    for why, entries in left.items():
        _note_left(facts, rules, time, why, entries, practitioner, result)
    in_visit = [
        (one.start, one.end) for one in facts.entries if one.in_billed_visit and one.precision is None
    ]
    sums = tally(kept, practitioner, [*taken, *in_visit])
    if sums.doubled:
        says = "Minutes that were logged twice, by two people or by one, count once."
        result.warn("overlap", program, says, general["two-at-once"], sums.doubled)
    _note_days(facts, program, general, kept, result)
    return Counted(kept, sums)


def _whose_by_default(facts: MonthFacts, program: str) -> str | None:
    """For whom an entry counts that names no practitioner: the enrollment's, else the patient's."""
    return next(iter(practitioners_of(facts, program)), None)


def _why_not(entry: Entry, time: TimeRule, practitioner: str | None, default: str | None) -> str | None:
    if entry.precision == "month":
        return "imported"
    if entry.in_billed_visit:
        return "in-visit"
    if (entry.practitioner or default) != practitioner:
        return "other-practitioner"
    if entry.activity in time.not_counted:
        return "activity"
    if not entry.clinical and not (time.staff == "auxiliary" and entry.credential == "CHW"):
        return "not-clinical"
    return None


def _note_left(
    facts: MonthFacts,
    rules: Program,
    time: TimeRule,
    why: str,
    entries: list[Entry],
    practitioner: str | None,
    result: MonthResult,
) -> None:
    """Says which minutes are not counted: a warning, for nothing of a bill hangs on them."""
    minutes = sum(entry.seconds for entry in entries) // 60
    rows = tuple(entry.key for entry in entries)
    if why == "other-practitioner":
        names = ", ".join(sorted({entry.practitioner or "?" for entry in entries}))
        says = f"{minutes} min were logged for {names}, not for {practitioner}; only one practitioner bills."
    else:
        says = f"{minutes} min are not counted: {LEFT[why]}."
    row = rules.need({"initiating-visit": "visit"}.get(why, why)) or time
    result.warn(f"not-counted-{why}", rules.program, says, row, rows)


def _note_days(
    facts: MonthFacts, program: str, general: General, kept: Sequence[Entry], result: MonthResult
) -> None:
    """Minutes on days of which the sources say nothing that decides."""
    visits = {one.date for one in facts.visits if one.kind in ("em", "awv", "ippe", "tcm")}
    inside = inpatient_days(facts)
    if not visits and not inside:
        return
    same: list[bytes] = []
    hospital: list[bytes] = []
    for entry in kept:
        day = facts.month.first + timedelta(days=facts.day_number(entry.start))
        if day in visits:
            same.append(entry.key)
        if day in inside:
            hospital.append(entry.key)
    if same:
        result.warn("visit-day", program, ON_A_VISIT_DAY, general["visit-day"], tuple(same))
    if hospital:
        says = "Minutes on days in hospital are counted; whether they may be is not confirmed. Check them."
        result.warn("hospital-days", program, says, general["hospital-days"], tuple(hospital))
