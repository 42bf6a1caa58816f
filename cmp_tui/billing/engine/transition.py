"""Transitional care: from a discharge to the visit and the 30th day. Pure (billing-rules, section 6).

A stay that counts begins it; neither enrollment nor consent is asked for, and its line belongs to the visit's month.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from cmp_tui.billing.engine.candidates import Candidate, General, Option, line_for, may_bill
from cmp_tui.billing.engine.facts import MonthFacts, Stay, Visit
from cmp_tui.billing.engine.reached import reached
from cmp_tui.billing.engine.result import Line, MonthResult
from cmp_tui.enrollment.rulebook import Code, Program
from cmp_tui.transitions import clock_rules
from cmp_tui.transitions.clock_rules import Clocks, clocks

PROGRAM = "TCM"


class _Judged(NamedTuple):
    """One discharge: the visit that carries it, its line if it has one, and what was noted about it."""

    visit: Visit | None
    line: Line | None
    notes: MonthResult
    shown: bool


def begins(rules: Program, stay: Stay) -> bool:
    """Whether a stay is of a kind whose discharge counts, and its destination is not known to be one that does not."""
    return clock_rules.begins(rules, stay.kind, stay.discharged, stay.discharged_to)


def transitions(facts: MonthFacts, rules: Program, general: General, result: MonthResult) -> list[Candidate]:
    """What the month's transition visits could bill, a candidate for each; notes what blocks those whose days fall
    in the month."""
    judged: list[_Judged] = []
    last: tuple[date, Line] | None = None
    for stay in sorted(facts.stays, key=lambda one: (one.discharged or date.max, one.admitted)):
        if stay.discharged is None:
            continue
        times = clocks(rules, stay.discharged)
        if not begins(rules, stay):
            one = _idle(facts, rules, stay, times)
        elif last is not None and stay.discharged <= last[0]:
            one = _second(facts, rules, stay, times, last[1])
        else:
            one = _best(facts, rules, general, stay, times)
            if one.line is not None:
                last = times.window_end, one.line
        judged.append(one)
    candidates = []
    carried = {one.visit for one in judged if one.line is not None}
    for one in judged:
        # A visit that carries a transition is not held against another discharge that it could not carry.
        if one.shown and (one.line is not None or one.visit is None or one.visit not in carried):
            result.take(one.notes)
        if one.shown and one.line is not None:
            options = [Option("visit", (one.line,))]
            candidates.append(Candidate(PROGRAM, one.line.practitioner, options))
    return candidates


def discharge_of(facts: MonthFacts, line: Line) -> date | None:
    """The discharge that a transition's line belongs to."""
    return next((stay.discharged for stay in facts.stays if stay.key in line.rows), None)


def _visits(facts: MonthFacts, times: Clocks, *, ours: bool = True) -> list[Visit]:
    """The transition visits after a discharge and within its window: ours, or those with people outside the clinic.
    One on the day of discharge is none."""
    seen = [
        one
        for one in facts.visits
        if one.kind == "tcm"
        and times.discharged < one.date <= times.window_end
        and _is_ours(facts, one) == ours
    ]
    return sorted(seen, key=lambda one: one.date)


def _is_ours(facts: MonthFacts, visit: Visit) -> bool:
    """Whether a visit was with one of the clinic; of a clinic that names none of its own, everybody is."""
    who, own = visit.practitioner, facts.practitioner
    return who is None or who == own or who in facts.staff or own not in facts.staff


def _in_month(facts: MonthFacts, times: Clocks, visit: Visit | None) -> bool:
    """Whether a transition belongs to the month: by its visit, else by the last day on which there could be one."""
    day = visit.date if visit else times.visit_14
    return facts.month.first <= day <= facts.month.last


def _idle(facts: MonthFacts, rules: Program, stay: Stay, times: Clocks) -> _Judged:
    """A discharge that begins nothing; worth a word when a transition visit followed it."""
    visit = next(iter(_visits(facts, times)), None)
    notes = MonthResult(facts)
    if stay.kind not in rules.clauses["settings"].values["from"]:
        says = f"The discharge of {stay.discharged} is from a stay ({stay.kind}) that starts no transition."
    else:
        says = f"The discharge of {stay.discharged} was to {stay.discharged_to}, which starts no transition."
    notes.block("tcm-setting", PROGRAM, says, rules.clauses["settings"], (stay.key,))
    return _Judged(visit, None, notes, visit is not None and _in_month(facts, times, visit))


def _second(facts: MonthFacts, rules: Program, stay: Stay, times: Clocks, first: Line) -> _Judged:
    """A discharge in the 30 days of one that is billed."""
    visit = next(iter(_visits(facts, times)), None)
    notes = MonthResult(facts)
    says = f"The discharge of {stay.discharged} lies in the 30 days of one that is billed already"
    says += f" ({first.code}, {first.date_of_service})."
    notes.block("tcm-second", PROGRAM, says, rules.clauses["second"], (stay.key,))
    return _Judged(visit, None, notes, visit is not None and _in_month(facts, times, visit))


def _best(facts: MonthFacts, rules: Program, general: General, stay: Stay, times: Clocks) -> _Judged:
    """By the first visit that carries the transition, else by the first visit."""
    found: list[_Judged] = []
    visits: list[Visit | None] = [*_visits(facts, times)]
    for visit in visits or [None]:
        notes = MonthResult(facts)
        line = _line(facts, rules, general, stay, times, visit, notes)
        found.append(_Judged(visit, line, notes, _in_month(facts, times, visit)))
    return next((one for one in found if one.line is not None), found[0])


def _line(
    facts: MonthFacts,
    rules: Program,
    general: General,
    stay: Stay,
    times: Clocks,
    visit: Visit | None,
    notes: MonthResult,
) -> Line | None:
    fine = _contacted(facts, rules, stay, times, visit, notes)
    fine &= _survived(facts, rules, stay, times, notes)
    if stay.discharged_to is None:
        says = (
            f"Where the patient went on {stay.discharged} is not known; skilled nursing starts no transition."
        )
        notes.warn("tcm-destination", PROGRAM, says, rules.clauses["settings"], (stay.key,))
    for other in _visits(facts, times, ours=False):
        says = f"The visit of {other.date} was with {other.practitioner}, who is not of the clinic; one practitioner"
        says += " bills a transition."
        notes.warn("tcm-visit", PROGRAM, says, rules.clauses["second"], (other.key,))
    if visit is None:
        notes.block("tcm-visit", PROGRAM, _no_visit(facts, times), rules.clauses["window"], (stay.key,))
        return None
    fine &= _reconciled(rules, stay, visit, notes)
    practitioner = visit.practitioner or facts.practitioner
    code = _code(facts, rules, times, visit, notes, practitioner)
    billable = may_bill(facts, rules, general, practitioner, notes)
    if code is None or not fine or not billable:
        return None
    if visit.date == times.discharged + timedelta(days=code.within):
        says = (
            f"The visit was on day {code.within} after discharge; whether that day counts is stated nowhere."
        )
        notes.warn("tcm-last-day", PROGRAM, says, rules.clauses["window"], (visit.key,))
    return line_for(facts, PROGRAM, code, 1, practitioner, None, visit.date, (stay.key, visit.key))


def _contacted(
    facts: MonthFacts, rules: Program, stay: Stay, times: Clocks, visit: Visit | None, notes: MonthResult
) -> bool:
    clause = rules.clauses["contact"]
    found = reached(facts, clause, stay, times, visit)
    if found.missing:
        return not notes.block("tcm-contact", PROGRAM, found.missing, clause, (stay.key, *found.rows))
    if found.doubt:
        if found.by_visit:
            clause = rules.clauses.get("visit_as_contact", clause)
        notes.warn("tcm-contact", PROGRAM, found.doubt, clause, (stay.key, *found.rows))
    return True


def _survived(facts: MonthFacts, rules: Program, stay: Stay, times: Clocks, notes: MonthResult) -> bool:
    """Whether the patient did not die before the 30th day; that day itself, and a death of which less than the day is
    known, is told."""
    clause, died = rules.clauses["death"], facts.deceased_on
    if died is None or died < times.discharged:
        return True
    last = times.window_end
    if died < last:
        says = (
            f"The patient died on {died}, before the 30th day ({last}) after the discharge of {stay.discharged}:"
            " bill the visit itself instead."
        )
        return not notes.block("tcm-death", PROGRAM, says, clause, (stay.key,))
    if died == last:
        says = (
            f"The patient died on {died}, the 30th day; only a death before it is known to exclude the code."
        )
        notes.warn("tcm-death", PROGRAM, says, clause, (stay.key,))
    elif facts.died_from is not None and facts.died_from < last:
        says = f"On which day the patient died is not known; a death before {last} excludes the code."
        notes.warn("tcm-death", PROGRAM, says, clause, (stay.key,))
    return True


def _no_visit(facts: MonthFacts, times: Clocks) -> str:
    if facts.today <= times.visit_14:
        return f"The transition visit is due by {times.visit_14} (by {times.visit_7} at high complexity)."
    says = f"No transition visit by {times.visit_14}, 14 days after the discharge of {times.discharged}."
    office = [
        one.date for one in facts.visits if one.kind == "em" and times.discharged < one.date <= times.visit_14
    ]
    if office:
        says += f" The office visit of {min(office)} would be one only if it was recorded as such, with its complexity."
    return says


def _reconciled(rules: Program, stay: Stay, visit: Visit, notes: MonthResult) -> bool:
    clause, day = rules.clauses["reconciliation"], stay.reconciled_on
    if day is None:
        says = f"Medicines are not recorded as reconciled by the visit of {visit.date}."
        return not notes.block("tcm-reconciliation", PROGRAM, says, clause, (stay.key,))
    seen = visit.date.isoformat()
    if day > seen:
        says = f"Medicines were reconciled on {day}, after the visit of {visit.date}."
        return not notes.block("tcm-reconciliation", PROGRAM, says, clause, (stay.key,))
    if len(day) < len(seen) and seen.startswith(day):
        says = f"On which day of {day} medicines were reconciled is not known; it must be by the visit of {seen}."
        notes.warn("tcm-reconciliation", PROGRAM, says, clause, (stay.key,))
    return True


def _code(
    facts: MonthFacts,
    rules: Program,
    times: Clocks,
    visit: Visit,
    notes: MonthResult,
    practitioner: str | None,
) -> Code | None:
    """The code by complexity and day of the visit; notes why there is none."""
    mdm = visit.mdm or next(
        (
            one.mdm
            for one in facts.complexity
            if one.program == PROGRAM and one.practitioner in (None, practitioner)
        ),
        None,
    )
    days = (visit.date - times.discharged).days
    row = rules.codes[-1]
    if mdm is None:
        notes.block(
            "mdm", PROGRAM, f"The complexity of the visit of {visit.date} is not recorded.", row, (visit.key,)
        )
        return None
    for code in rules.codes:
        if mdm in code.mdm and days <= code.within:
            return code
    if any(mdm in code.mdm for code in rules.codes):
        says = f"The visit of {visit.date} is {days} days after discharge; it had to be by {times.visit_14}."
        notes.block("tcm-visit", PROGRAM, says, row, (visit.key,))
    else:
        says = (
            f"The visit's complexity is {mdm}; a transition needs at least moderate. Bill the office visit."
        )
        notes.block("mdm", PROGRAM, says, row, (visit.key,))
    return None
