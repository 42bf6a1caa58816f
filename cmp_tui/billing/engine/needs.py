"""What a program needs besides minutes: enrollment, consent, conditions, an initiating visit, a plan. Pure.

Absent is not "no": what nobody has recorded blocks only where the rule asks for the record itself (enrollment,
consent); for conditions, visit and plan it warns, and what is recorded to the contrary blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from cmp_tui.billing.engine.consents import note_consents
from cmp_tui.billing.engine.days import consent_spans, enrolled_spans
from cmp_tui.billing.engine.facts import Condition, Enrollment, MonthFacts, Plan, Visit
from cmp_tui.billing.engine.result import MonthResult
from cmp_tui.clinic.calendar import Month
from cmp_tui.enrollment.need_rules import chronic_among, held_between, initiation, is_of, reach_of
from cmp_tui.enrollment.rulebook import Need, Program
from cmp_tui.enrollment.rules import ConsentFact, Span, consent_on

GIVEN_TO = ("patient", "caregiver")
"""To whom a copy of the plan goes (NGS, CCM page); a copy for somebody else is none of theirs."""


class Standing(NamedTuple):
    """How a patient stands with a program in the month.

    `met` is False when something blocks. `enrolled` and `agreed` are None when the whole month lacks them (or the
    program does not ask). `from_visit` is the day of the initiating visit when minutes count only from it on;
    `visit` is the visit relied on.
    """

    met: bool
    enrolled: list[Enrollment] | None
    agreed: tuple[Span, ...] | None
    from_visit: date | None = None
    visit: Visit | None = None


def standing(facts: MonthFacts, rules: Program, practitioner: str | None, result: MonthResult) -> Standing:
    """Looks at each need of a program, and notes what blocks and what warns."""
    program = rules.program
    met = True
    enrolled: list[Enrollment] | None = enrolled_spans(facts, program)
    agreed: tuple[Span, ...] | None = None
    from_visit, visit = None, None
    need = rules.need("enrollment")
    if need and not enrolled:
        met &= not result.block("enrollment", program, _not_enrolled(facts, rules), need)
    if need:
        _note_status(enrolled or (), program, need, result)
    started = min((one.start for one in enrolled or () if one.start), default=facts.month.first)
    need = rules.need("consent")
    if need:
        agreed = consent_spans(facts.consents, program, practitioner)
        touching = [span for span in agreed if _touches(span, facts.month)]
        if not touching:
            met &= not result.block("consent", program, _no_consent(facts, rules, practitioner), need)
            agreed = None
    need = rules.need("conditions")
    if need:
        met &= _conditions(facts, rules, need, result)
    need = rules.need("visit")
    if need:
        fine, from_visit, visit = _visit(facts, rules, need, started, practitioner, result)
        met &= fine
    if agreed:
        note_consents(facts, rules, practitioner, visit, result)
    need = rules.need("plan")
    if need:
        met &= _plan(facts, rules, need, result)
    return Standing(met, enrolled or None, agreed, from_visit, visit)


def conditions_in(facts: MonthFacts) -> list[Condition]:
    """The conditions that the patient has in the month: begun by its end, and not resolved before it."""
    return held_between(facts.conditions, facts.month.first.isoformat(), facts.month.last.isoformat())


def chronic_conditions(facts: MonthFacts) -> tuple[list[Condition], list[Condition]]:
    """The different conditions that are chronic in the month, and those of which nobody has said."""
    return chronic_among(conditions_in(facts))


_STATES = {
    "onhold": "on hold", "planned": "only planned", "waitlist": "on the waiting list", "finished": "finished",
}  # fmt: skip


def _note_status(enrolled: Sequence[Enrollment], program: str, need: Need, result: MonthResult) -> None:
    """Dates decide over the status; where they contradict each other, it is told."""
    held = [
        one for one in enrolled if one.status in _STATES and (one.status != "finished" or one.end is None)
    ]
    if held:
        state = _STATES[held[0].status]
        says = f"The {program} enrollment is {state}, and by its dates in force: they were taken."
        result.warn("enrollment-status", program, says, need, tuple(one.key for one in held))


def _not_enrolled(facts: MonthFacts, rules: Program) -> str:
    known = [one for one in facts.enrollments if one.program == rules.program]
    if any(one.start is None for one in known):
        return f"The day on which the {rules.program} enrollment starts is not known."
    ended = [one.end for one in known if one.end is not None and one.end < facts.month.first]
    if ended:
        return f"The {rules.program} enrollment ended on {max(ended)}."
    return f"Not enrolled in {rules.program} in {facts.month.label}."


def _no_consent(facts: MonthFacts, rules: Program, practitioner: str | None) -> str:
    program, last = rules.program, facts.month.last
    decided = [ConsentFact(*one[:4]) for one in facts.consents]
    holds = consent_on(decided, program, last)
    if holds == "declined":
        return f"The patient declined {program}."
    if holds == "revoked":
        return f"The consent to {program} was revoked and no longer in force in {facts.month.label}."
    others = {
        one.practitioner for one in facts.consents if one.program == program and one.decision == "accepted"
    }
    if holds == "accepted" and others:
        named = ", ".join(sorted(name for name in others if name))
        return f"The consent to {program} was given for {named}; ask again for {practitioner}, who bills now."
    later = any(one.program == program and one.date > last for one in facts.consents)
    return f"No consent to {program} in {facts.month.label}." + (" It was given later." if later else "")


def _touches(span: Span, month: Month) -> bool:
    return span.start <= month.last and (span.end is None or span.end >= month.first)


def _conditions(facts: MonthFacts, rules: Program, need: Need, result: MonthResult) -> bool:
    program, wanted = rules.program, need.count
    if need.icd:
        # A list without such a condition may be incomplete: it contradicts nothing.
        if not any(is_of(one, need) for one in conditions_in(facts)):
            text = "No condition that it is for" if facts.conditions else "No condition"
            says = f"{text} is recorded; {program} needs one that the practitioner treats."
            result.warn("conditions", program, says, need)
        return True
    many = "a chronic condition" if wanted == 1 else f"{wanted} chronic conditions"
    if not facts.conditions:
        result.warn("conditions", program, f"No condition is recorded; {program} needs {many}.", need)
        return True
    known, unsaid = chronic_conditions(facts)
    rows = tuple(one.key for one in facts.conditions)
    if len(known) >= wanted:
        return True
    if len(known) + len(unsaid) >= wanted:
        said = f"{len(known)} of the recorded conditions are marked chronic, {len(unsaid)} are not said to be or not"
        result.warn("conditions", program, f"{said}; {program} needs {many}.", need, rows)
        return True
    says = f"{len(known) + len(unsaid)} chronic in the list of conditions; {program} needs {many}."
    return not result.block("conditions", program, says, need, rows)


def _visit(
    facts: MonthFacts,
    rules: Program,
    need: Need,
    started: date,
    practitioner: str | None,
    result: MonthResult,
) -> tuple[bool, date | None, Visit | None]:
    """Whether the need is met (or only warned of), the day from which minutes count, and the visit relied on."""
    program, last = rules.program, facts.month.last
    past = sorted((one for one in facts.visits if one.date <= last), key=lambda one: one.date)
    if not past:
        first = min(
            (one.date for one in facts.visits if one.discussed and one.kind in need.kinds), default=None
        )
        if need.discussed and first is not None:
            says = (
                f"The first visit that can initiate {program} is that of {first}, after {facts.month.label}."
            )
            return not result.block("initiating-visit", program, says, need), None, None
        what = "visit" if need.established else "initiating visit"
        result.warn("initiating-visit", program, f"No {what} is recorded.", need)
        return True, None, None
    if need.established:
        return True, None, past[-1]
    found = initiation(past, need, reach_of(need, started), practitioner, started)
    visit = found.visit
    if visit is not None and found.state == "met":
        return True, _later(visit, started), _noted(visit, program, need, practitioner, result)
    if visit is not None and found.state == "unsure":
        says = f"It is not recorded whether {program} was discussed at the initiating visit of {visit.date}."
        result.warn("initiating-visit", program, says, need, (visit.key,))
        return True, _later(visit, started), _noted(visit, program, need, practitioner, result)
    rows = tuple(one.key for one in past)
    if visit is not None:
        says = f"{program} was not discussed at the only visit ({visit.date}): it initiates nothing."
    elif need.years:
        span = "the year" if need.years == 1 else f"the {need.years} years"
        says = f"No visit that can initiate {program} in {span} before it started ({started})."
    else:
        whom = practitioner or "the billing practitioner"
        says = (
            f"No visit can initiate {program}: it takes an office, wellness or transition visit with {whom}."
        )
    return not result.block("initiating-visit", program, says, need, rows), None, None


def _later(visit: Visit, started: date) -> date | None:
    return visit.date if visit.date > started else None


def _noted(visit: Visit, program: str, need: Need, practitioner: str | None, result: MonthResult) -> Visit:
    if visit.practitioner and practitioner and visit.practitioner != practitioner:
        says = f"The visit of {visit.date} was with {visit.practitioner}, not with {practitioner}, who bills."
        result.warn("initiating-visit", program, says, need, (visit.key,))
    return visit


def _plan(facts: MonthFacts, rules: Program, need: Need, result: MonthResult) -> bool:
    program, last = rules.program, facts.month.last
    plans = [one for one in facts.plans if one.program in (None, program)]
    if not plans:
        result.warn("plan", program, "No care plan is recorded.", need)
        return True
    rows = tuple(one.key for one in plans)
    begun = [one for one in plans if one.made_on is None or one.made_on <= last]
    if not begun:
        made = min(one.made_on for one in plans if one.made_on)
        says = f"The care plan was made on {made}, after {facts.month.label}."
        return not result.block("plan", program, says, need, rows)
    _note_author(facts, begun, program, need, rows, result)
    given = [one.given_on for one in begun if one.given_on and one.given_to in (None, *GIVEN_TO)]
    if any(day <= last for day in given):
        return True
    if len(given) < len(begun):
        result.warn(
            "plan-given", program, "It is not recorded that the patient was given the plan.", need, rows
        )
    else:
        says = f"The patient was given the plan on {min(given)}, after {facts.month.label}."
        return not result.block("plan-given", program, says, need, rows)
    return True


def _note_author(
    facts: MonthFacts,
    plans: list[Plan],
    program: str,
    need: Need,
    rows: tuple[bytes, ...],
    result: MonthResult,
) -> None:
    makers = [facts.staff.get(one.made_by or "") for one in plans]
    nurses = [one for one in makers if one is not None and one.credential in need.not_by]
    if nurses and len(nurses) == len(plans):
        who = f"{nurses[0].name} ({nurses[0].credential})"
        says = f"The care plan was made by {who}, who may revise one; the billing practitioner makes it."
        result.warn("plan-author", program, says, need, rows)


def practitioners_of(facts: MonthFacts, program: str) -> Sequence[str | None]:
    """Who could bill a program: the enrollment's practitioner, else the patient's, then those whom entries name."""
    own = [one.practitioner for one in enrolled_spans(facts, program) if one.practitioner]
    if own:
        return list(dict.fromkeys(own))
    named = [entry.practitioner for entry in facts.entries if entry.program == program and entry.practitioner]
    return (
        list(dict.fromkeys([facts.practitioner, *named]))
        if facts.practitioner
        else (list(dict.fromkeys(named)) or [None])
    )
