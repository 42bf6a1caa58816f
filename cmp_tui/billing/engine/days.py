"""On which days of a month a program's minutes count, and why not on the others. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from cmp_tui.billing.engine.facts import Consent, Enrollment, MonthFacts
from cmp_tui.enrollment.rules import ConsentFact, Span, in_force, spans

NOT_BEGUN = frozenset({"cancelled"})
"""States of an enrollment that never began, whatever day it names for its start."""


def enrolled_spans(facts: MonthFacts, program: str) -> list[Enrollment]:
    """The times in a program that touch the month. Dates decide over the status; what was cancelled never began."""
    return [
        one
        for one in facts.enrollments
        if one.program == program
        and one.status not in NOT_BEGUN
        and one.start is not None
        and one.start <= facts.month.last
        and (one.end is None or one.end >= facts.month.first)
    ]


def consent_spans(consents: Sequence[Consent], program: str, practitioner: str | None) -> tuple[Span, ...]:
    """The days on which the agreement to a program with a practitioner is in force.

    One that names another practitioner was not given to this one (billing-rules, section 4: asked anew when the
    billing practitioner changes).
    """
    given = [
        ConsentFact(one.program, one.decision, one.date, one.effective_to)
        for one in consents
        if one.decision != "accepted"
        or not one.practitioner
        or not practitioner
        or one.practitioner == practitioner
    ]
    return spans(given, program)


def part_a_days(facts: MonthFacts) -> set[date]:
    """The month's days in a skilled stay that Part A pays: from admission, without the day of discharge."""
    return _stay_days(facts, frozenset({"snf"}))


def inpatient_days(facts: MonthFacts) -> set[date]:
    """The month's days in a hospital, without the day of discharge."""
    return _stay_days(facts, frozenset({"inpatient", "psychiatric", "rehab", "ltch"}))


def _stay_days(facts: MonthFacts, kinds: frozenset[str]) -> set[date]:
    found: set[date] = set()
    for stay in facts.stays:
        if stay.kind in kinds:
            day = max(stay.admitted, facts.month.first)
            last = facts.month.last if stay.discharged is None else stay.discharged - timedelta(days=1)
            while day <= min(last, facts.month.last):
                found.add(day)
                day += timedelta(days=1)
    return found


def why_not_on(
    facts: MonthFacts,
    enrolled: Sequence[Enrollment] | None,
    agreed: Sequence[Span] | None,
    from_visit: date | None,
) -> list[str | None]:
    """For each of the month's days why minutes do not count on it; None where they do.

    `enrolled` and `agreed` None: that rule blocks or does not apply to the whole month, and no single day.
    """
    part_a = part_a_days(facts)
    found: list[str | None] = []
    for number in range((facts.month.last - facts.month.first).days + 1):
        day = facts.month.first + timedelta(days=number)
        why = None
        if enrolled is not None and not any(
            one.start is not None and one.start <= day and (one.end is None or day <= one.end)
            for one in enrolled
        ):
            why = "enrollment"
        elif agreed is not None and not in_force(agreed, day):
            why = "consent"
        elif from_visit is not None and day < from_visit:
            why = "initiating-visit"
        elif day in part_a:
            why = "part-a"
        elif facts.deceased_on is not None and day > facts.deceased_on:
            why = "deceased"
        found.append(why)
    return found
