"""Transitional care: from a discharge to the visit and the 30th day. Pure (billing-rules, section 6).

A stay that counts begins it; neither enrollment nor consent is asked for, and its line belongs to the visit's month.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from cmp_tui.billing.engine.candidates import Candidate, General, Option, line_for, may_bill
from cmp_tui.billing.engine.clocks import Clocks, clocks
from cmp_tui.billing.engine.facts import Contact, MonthFacts, Stay, Visit
from cmp_tui.billing.engine.result import Line, MonthResult
from cmp_tui.billing.rulebook import Code, Program

PROGRAM = "TCM"


def begins(rules: Program, stay: Stay) -> bool:
    """Whether a stay is of a kind whose discharge counts, and its destination is not known to be one that does not."""
    settings = rules.clauses["settings"].values
    return (
        stay.discharged is not None
        and stay.kind in settings["from"]
        and (stay.discharged_to is None or stay.discharged_to in settings["to"])
    )


def transition(facts: MonthFacts, rules: Program, general: General, result: MonthResult) -> Candidate:
    """What the month's transition visits could bill; notes what blocks those whose days fall in the month."""
    candidate = Candidate(PROGRAM, facts.practitioner)
    billed_until: date | None = None
    for stay in sorted(facts.stays, key=lambda one: (one.discharged or date.max, one.admitted)):
        discharged = stay.discharged
        if discharged is None:
            continue
        times = clocks(rules, discharged)
        visit = _visit(facts, times)
        shown = _in_month(facts, times, visit)
        if not begins(rules, stay):
            if shown and visit is not None:
                result.block(
                    "tcm-setting", PROGRAM, _not_counting(rules, stay), rules.clauses["settings"], (stay.key,)
                )
            continue
        if billed_until is not None and discharged <= billed_until:
            if shown and visit is not None:
                says = f"The discharge of {discharged} lies in the 30 days of one that is billed already."
                result.block("tcm-second", PROGRAM, says, rules.clauses["second"], (stay.key,))
            continue
        notes = result if shown else MonthResult(facts)
        line = _line(facts, rules, general, stay, times, visit, notes)
        if line is not None:
            billed_until = times.window_end
            if shown:
                candidate.practitioner = line.practitioner
                candidate.options = [Option("visit", (line,))]
    return candidate


def _visit(facts: MonthFacts, times: Clocks) -> Visit | None:
    """The first transition visit after a discharge and within its window. That of the day of discharge is none."""
    seen = [
        one for one in facts.visits if one.kind == "tcm" and times.discharged < one.date <= times.window_end
    ]
    return min(seen, key=lambda one: one.date, default=None)


def _in_month(facts: MonthFacts, times: Clocks, visit: Visit | None) -> bool:
    """Whether a transition belongs to the month: by its visit, else by the last day on which there could be one."""
    day = visit.date if visit else times.visit_14
    return facts.month.first <= day <= facts.month.last


def _not_counting(rules: Program, stay: Stay) -> str:
    if stay.kind not in rules.clauses["settings"].values["from"]:
        return f"The discharge of {stay.discharged} is from a stay ({stay.kind}) that starts no transition."
    return f"The discharge of {stay.discharged} was to {stay.discharged_to}, which starts no transition."


def _line(
    facts: MonthFacts,
    rules: Program,
    general: General,
    stay: Stay,
    times: Clocks,
    visit: Visit | None,
    notes: MonthResult,
) -> Line | None:
    pending = facts.today <= times.visit_14
    fine = True
    for rule, says, clause, rows in _missing(facts, rules, stay, times, visit, pending):
        fine &= not notes.block(rule, PROGRAM, says, rules.clauses[clause], rows)
    if stay.discharged_to is None:
        says = (
            f"Where the patient went on {stay.discharged} is not known; skilled nursing starts no transition."
        )
        notes.warn("tcm-destination", PROGRAM, says, rules.clauses["settings"], (stay.key,))
    if visit is None:
        return None
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


def _missing(
    facts: MonthFacts, rules: Program, stay: Stay, times: Clocks, visit: Visit | None, pending: bool
) -> Iterator[tuple[str, str, str, tuple[bytes, ...]]]:
    """What a transition lacks: rule, words, clause and rows."""
    if visit is None:
        if not pending:
            says = (
                f"No transition visit by {times.visit_14}, 14 days after the discharge of {stay.discharged}."
            )
        else:
            says = f"The transition visit is due by {times.visit_14} (by {times.visit_7} at high complexity)."
        yield "tcm-visit", says, "window", (stay.key,)
    yield from _no_contact(facts, rules, stay, times, visit)
    if visit is not None:
        reconciled = stay.reconciled_on
        if reconciled is None:
            says = f"Medicines are not recorded as reconciled by the visit of {visit.date}."
            yield "tcm-reconciliation", says, "reconciliation", (stay.key,)
        elif reconciled > visit.date.isoformat():
            says = f"Medicines were reconciled on {reconciled}, after the visit of {visit.date}."
            yield "tcm-reconciliation", says, "reconciliation", (stay.key,)
    died = facts.deceased_on
    if died is not None and times.discharged <= died <= times.window_end:
        says = f"The patient died on {died}, within 30 days of discharge: bill the visit itself instead."
        yield "tcm-death", says, "death", (stay.key,)


def _no_contact(
    facts: MonthFacts, rules: Program, stay: Stay, times: Clocks, visit: Visit | None
) -> Iterator[tuple[str, str, str, tuple[bytes, ...]]]:
    clause = rules.clauses["contact"]
    values = clause.values
    timely = [
        one
        for one in facts.contacts
        if times.discharged <= one.day <= times.contact_by
        and one.clinical
        and one.mode in values["modes"]
        and not one.scheduling
    ]
    if any(_reaches(one, values["with_whom"]) for one in timely):
        return
    tries = [one for one in timely if one.outcome in ("voicemail", "no-answer", "wrong-number", "refused")]
    if len({one.at for one in tries}) >= values["attempts"]:
        return
    if visit is not None and visit.date <= times.contact_by:
        return  # seen face to face in time
    if facts.today <= times.contact_by:
        says = f"The patient is to be reached by {times.contact_by}, two business days after discharge."
    else:
        after = [
            one.day
            for one in facts.contacts
            if one.day > times.contact_by and _reaches(one, values["with_whom"])
        ]
        tried = f" and {len(tries)} timely attempt" if len(tries) == 1 else ""
        late = f" The first contact was on {min(after)}." if after else ""
        says = f"Not reached by {times.contact_by}, two business days after discharge{tried}; two would do.{late}"
    yield "tcm-contact", says, "contact", (stay.key, *(one.key for one in tries))


def _reaches(contact: Contact, whom: list[str]) -> bool:
    return contact.outcome == "reached" and contact.with_whom in whom


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
        (one.mdm for one in facts.complexity if one.program == PROGRAM and one.practitioner == practitioner),
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
