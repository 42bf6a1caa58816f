"""What the header says: the clinic, the day, who is working, and the timer that runs."""

from __future__ import annotations

from datetime import date

from cmp_tui.clinic.calendar import Month, business_days_left
from cmp_tui.clinic.scope import Person
from cmp_tui.ui.chrome import HeaderFacts


def header_facts(clinic: str, today: date, person: Person, timer: tuple[str, str]) -> HeaderFacts:
    """Returns the header's facts; `timer` is what it says of the running timer, long and short."""
    first, _, last = person.name.rpartition(" ")
    short = f"{first[:1]}. {last}" if first else person.name
    credential = "" if person.credential == "none" else f" {person.credential}"
    left = business_days_left(today, Month.of(today).last)
    return HeaderFacts(clinic, today, left, person.signature, f"{short}{credential}", *timer)
