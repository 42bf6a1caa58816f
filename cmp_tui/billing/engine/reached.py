"""Whether a patient was reached in the two business days after a discharge, and on what that rests. Pure.

Billing-rules, section 6: an interactive contact with the patient or a caregiver, by clinical staff; two separate
attempts in time stand for it, and perhaps the visit itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cmp_tui.billing.engine.facts import Contact, MonthFacts, Stay, Visit
from cmp_tui.enrollment.rulebook import Clause
from cmp_tui.transitions.clock_rules import Clocks
from cmp_tui.transitions.reach_rules import TRIES, attempts, is_timely


class Reached(NamedTuple):
    """What stands for the contact. `doubt` is what to look at; `missing` says why nothing stands for it ("" when
    something does); `rows` are the contacts behind it. `by_visit`: nothing but the visit stands for it."""

    missing: str
    doubt: str = ""
    rows: tuple[bytes, ...] = ()
    by_visit: bool = False


def reached(facts: MonthFacts, clause: Clause, stay: Stay, times: Clocks, visit: Visit | None) -> Reached:
    """Looks at the contacts of a transition's first two business days."""
    values = clause.values
    timely = [one for one in facts.contacts if is_timely(one, clause, times, stay.discharged_at)]
    told = [one for one in timely if one.outcome == "reached"]
    if told:
        best = max(told, key=lambda one: (one.day > times.discharged, one.mode != "none"))
        return Reached("", _doubt(best, stay, times), (best.key,))
    tries = [one for one in timely if one.outcome in TRIES]
    rows = tuple(one.key for one in tries)
    if attempts(tries) >= values["attempts"]:
        says = f"Not reached by {times.contact_by}; {len(tries)} timely attempts stand for the contact. Keep trying."
        return Reached("", says, rows)
    if visit is not None and visit.date <= times.contact_by:
        says = (
            f"Nobody was reached by {times.contact_by}; the visit of {visit.date} may stand for the contact."
        )
        return Reached("", says, (visit.key,), by_visit=True)
    return Reached(_missing(facts, values["with_whom"], times, tries), rows=rows)


def _doubt(contact: Contact, stay: Stay, times: Clocks) -> str:
    if contact.mode == "none":
        return f"How the patient was reached on {contact.day} is not recorded; a letter would not do."
    if contact.day == times.discharged and (stay.discharged_at is None or contact.precision):
        return (
            f"The contact was on {contact.day}, the day of discharge; it counts only if it came after that."
        )
    return ""


def _missing(facts: MonthFacts, whom: Sequence[str], times: Clocks, tries: Sequence[Contact]) -> str:
    if facts.today <= times.contact_by:
        return f"The patient is to be reached by {times.contact_by}, two business days after discharge."
    after = [
        one.day
        for one in facts.contacts
        if one.day > times.contact_by and one.outcome == "reached" and one.with_whom in whom
    ]
    tried = f" and {len(tries)} timely attempt" if tries else ""
    late = f" The first contact was on {min(after)}." if after else ""
    return f"Not reached by {times.contact_by}, two business days after discharge{tried}; two would do.{late}"
