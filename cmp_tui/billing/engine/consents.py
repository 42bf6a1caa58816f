"""What is said of an agreement that is in force: what was left unexplained, and whether it came too early. Pure."""

from __future__ import annotations

from cmp_tui.billing.engine.facts import Consent, MonthFacts, Visit
from cmp_tui.billing.engine.result import MonthResult
from cmp_tui.enrollment.rulebook import Program
from cmp_tui.enrollment.rules import missing_points

IN_WORDS = {
    "available": "what the program is",
    "cost": "cost sharing",
    "one-practitioner": "that only one practitioner is paid",
    "stop": "the right to stop",
}
"""The points of a consent (billing-rules, section 4)."""


def note_consents(
    facts: MonthFacts, rules: Program, practitioner: str | None, visit: Visit | None, result: MonthResult
) -> None:
    """Warns of points that are recorded as not explained, and of a consent from before the visit that a new patient
    needs (during or after it: CGS22). Where nobody has recorded the points, nothing is said."""
    need, visited = rules.need("consent"), rules.need("visit")
    given = [one for one in facts.consents if _is_given(one, facts, rules.program, practitioner)]
    if need is None or not given:
        return
    rows = tuple(one.key for one in given)
    told = frozenset().union(*(one.points or () for one in given))
    missing = missing_points(told, rules.program)
    if missing and all(one.points is not None for one in given):
        says = f"Not explained, by the record, before the consent: {', '.join(IN_WORDS[one] for one in missing)}."
        result.warn("consent-points", rules.program, says, need, rows)
    new = visit is not None and not any(one.date < visit.date for one in facts.visits)
    if visited and visited.discussed and new and visit and all(one.date < visit.date for one in given):
        last = max(one.date for one in given)
        says = f"The consent of {last} was given before the initiating visit of {visit.date}, not during or after it."
        result.warn("consent-order", rules.program, says, need, rows)


def _is_given(consent: Consent, facts: MonthFacts, program: str, practitioner: str | None) -> bool:
    to_them = not consent.practitioner or not practitioner or consent.practitioner == practitioner
    accepted = consent.program == program and consent.decision == "accepted"
    return accepted and to_them and consent.date <= facts.month.last
