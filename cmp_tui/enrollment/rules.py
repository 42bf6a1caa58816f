"""Consent and enrollment: what holds on a day, and what an agreement to be in a program needs. Pure.

After what Medicare's contractors say of CCM (NGS and CGS, CCM pages): consent before the service, four points
explained and recorded with the decision, the right to stop at any time with effect at the end of the calendar month.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from cmp_tui.clinic.calendar import Month

POINTS = ("available", "cost", "one-practitioner", "stop")
"""What must be explained before a patient accepts (values of `consent_point` in data/records.toml)."""
_ALL_POINTS = frozenset({"CCM", "PCM"})
_THREE_POINTS = frozenset({"APCM"})
NO_CONSENT = frozenset({"TCM"})
"""Programs for which no rule asks for consent."""
ONGOING = frozenset({"active", "onhold"})
"""States of an enrollment that has begun and has not ended (FHIR EpisodeOfCare.status)."""
OPEN = ONGOING | {"planned", "waitlist"}
"""States of an enrollment that is not over."""
_NEXT = {
    "planned": {"waitlist", "active", "cancelled"},
    "waitlist": {"planned", "active", "cancelled"},
    "active": {"onhold", "finished", "cancelled"},
    "onhold": {"active", "finished", "cancelled"},
    "finished": {"active"},
    "cancelled": {"planned", "active"},
}


Day = date  # a field of this name hides the type


class ConsentFact(NamedTuple):
    """One recorded decision. `effective_to` is the last day that a revocation leaves to the agreement."""

    program: str
    decision: str
    date: Day
    effective_to: Day | None = None


class Span(NamedTuple):
    """Days on which an agreement is in force, both included; without `end` it goes on."""

    start: date
    end: date | None


def needs_consent(program: str) -> bool:
    """Tells whether a program may be given only to who agreed to it. No such rule was found for TCM."""
    return program not in NO_CONSENT


def needed_points(program: str) -> tuple[str, ...]:
    """Returns the points that must have been explained before a patient accepts a program.

    All four for CCM (NGS, CCM page) and PCM; three for APCM (one practitioner, stop, cost); for the others an
    agreement is needed but no list of points is known.
    """
    if program in _ALL_POINTS:
        return POINTS
    if program in _THREE_POINTS:
        return ("cost", "one-practitioner", "stop")
    return ()


def missing_points(points: Collection[str] | None, program: str = "CCM") -> tuple[str, ...]:
    """Returns the points that were not explained, in the order in which they are asked."""
    return tuple(point for point in needed_points(program) if point not in (points or ()))


def revoked_to(day: date) -> date:
    """Returns the last day of an agreement that is revoked on `day`: the end of that month."""
    return Month.of(day).last


def consent_on(facts: Iterable[ConsentFact], program: str, day: date) -> str | None:
    """Returns what holds on a day: "accepted", "declined", "revoked", or None when nobody has asked.

    The latest decision up to that day holds. A revocation holds from the day after its `effective_to`; until
    then the agreement before it does. Facts of one day are taken in the order in which they are given.
    """
    holds: str | None = None
    revoked_after: date | None = None
    for fact in _of(facts, program):
        if fact.date > day:
            break
        if fact.decision == "revoked":
            revoked_after = revoked_after or _last_day(fact)
        else:
            holds, revoked_after = fact.decision, None
    if revoked_after is not None and (holds != "accepted" or day > revoked_after):
        return "revoked"
    return holds


class Shown(NamedTuple):
    """What is said of an agreement on a day: what holds, since when, and its last day when its end is known."""

    decision: str
    since: date
    until: date | None = None


def shown_on(facts: Iterable[ConsentFact], program: str, day: date) -> Shown | None:
    """Returns what to say of a program's agreement on a day; None when nobody has asked.

    While a revocation has not taken effect the agreement holds still, and its last day is named.
    """
    decision = consent_on(facts := list(facts), program, day)
    if decision is None:
        return None
    past = [fact for fact in _of(facts, program) if fact.date <= day]
    since = next(fact.date for fact in reversed(past) if fact.decision == decision)
    ending = decision == "accepted" and past[-1].decision == "revoked"
    return Shown(decision, since, _last_day(past[-1]) if ending else None)


def spans(facts: Iterable[ConsentFact], program: str) -> tuple[Span, ...]:
    """Returns the days on which an agreement to a program is in force, in order, without overlaps.

    A day stands in a span exactly when `consent_on` says "accepted" for it.
    """
    found: list[Span] = []
    start: date | None = None
    for fact in _of(facts, program):
        last = found[-1] if found else None
        if fact.decision == "accepted":
            if start is None and last is not None and last.end is not None and fact.date <= last.end:
                # Agreed again before the revocation took effect: nothing was interrupted.
                start = found.pop().start
            start = start or fact.date
        elif fact.decision == "declined":
            if start is None and last is not None and last.end is not None and fact.date <= last.end:
                start = found.pop().start
            if start is not None:
                if fact.date > start:
                    found.append(Span(start, fact.date - timedelta(days=1)))
                start = None
        elif start is not None:
            found.append(Span(start, _last_day(fact)))
            start = None
    if start is not None:
        found.append(Span(start, None))
    return tuple(found)


def in_force(agreed: Sequence[Span], day: date) -> bool:
    """Tells whether a day lies in one of the spans."""
    return any(span.start <= day and (span.end is None or day <= span.end) for span in agreed)


def _last_day(revocation: ConsentFact) -> date:
    return max(revocation.date, revocation.effective_to or revoked_to(revocation.date))


def _of(facts: Iterable[ConsentFact], program: str) -> list[ConsentFact]:
    """The decisions about a program by day; to have been asked is none."""
    own = (fact for fact in facts if fact.program == program and fact.decision != "asked")
    return sorted(own, key=lambda fact: fact.date)


def may_become(status: str, other: str) -> bool:
    """Tells whether an enrollment may go from one state to another."""
    return status == other or other in _NEXT.get(status, set())


def overlap(start: date, end: date | None, other_start: date | None, other_end: date | None) -> bool:
    """Tells whether two enrollments share a day; one without a start has not begun."""
    if other_start is None:
        return False
    return (other_end is None or start <= other_end) and (end is None or other_start <= end)
