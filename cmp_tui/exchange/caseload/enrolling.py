"""The enrollment that a row of a tracker speaks of. Pure."""

from __future__ import annotations

from datetime import date

from cmp_tui.enrollment.rules import ONGOING
from cmp_tui.exchange.caseload.plan import PersonIn
from cmp_tui.exchange.plan import Values


def wanted_enrollment(person: PersonIn, today: date) -> tuple[Values, str] | None:
    """Returns the enrollment that a row speaks of, with what must be said of it; None when it speaks of none.

    It starts on the day of enrollment, else of consent; without a day nobody is enrolled, but planned. An end that
    nobody has said is the last day on which something was done.
    """
    said = person.status
    agreed = person.consent
    accepted = agreed.day if agreed is not None and agreed.decision in (None, "accepted") else None
    status = said.status if said else None
    start = person.enrolled_on or (said.day if said and status in ONGOING else None) or accepted
    if status is None:
        if start is None and person.ended_on is None:
            return None
        status = "active"
    if person.ended_on is not None and person.ended_on <= today and status in ONGOING:
        status = "finished"
    told, end = "", None
    if status == "finished" and said and said.died and not (start or person.ended_on):
        return None  # has died; whether they were in the program is not said
    if status in ONGOING and start is None:
        status, told = "planned", "enrollment: no day of enrollment or consent, so planned and not enrolled"
    elif status == "finished":
        end = person.ended_on or (said.day if said else None)
        if end is None and start is not None:
            months = [month.last for month, minutes in person.minutes.items() if minutes.seconds]
            end = min(today, max([start, *months, *([person.last_contact] if person.last_contact else [])]))
            told = f"enrollment: ended on a day that is not said; {end} was taken, the last on which something was done"
        if end is not None and start is not None and end < start:
            end, told = start, f"enrollment: ended before it began; {start} was taken for both"
    elif status not in ONGOING:
        start = None
    reason = said.reason if said else ""
    if said and status == "planned" and said.status != status:
        reason = said.words
    return {"status": status, "start": start, "end": end, "reason": reason or None}, told


def is_over(person: PersonIn, status: str) -> bool:
    """Tells whether an enrollment is over anyhow for someone who has died."""
    return person.status is not None and person.status.died and status in ("finished", "cancelled")


def death_of(person: PersonIn) -> Values:
    """Returns what is stored of somebody who has died."""
    day = person.status.day if person.status else None
    return {"deceased": True, "deceased_on": day.isoformat() if day else None}
