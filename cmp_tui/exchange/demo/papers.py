"""What the office has on paper: Medicare numbers that nobody can have, and the rows of care plans. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from cmp_tui.clinic.calendar import add_months
from cmp_tui.exchange.demo.people import Persona
from cmp_tui.exchange.demo.records import PRACTITIONER, Row

LETTERS = "ACDEFGHJKMNPQRTUVWXY"
"""The letters of a Medicare number: all but S, L, O, I, B, Z (CMS, Understanding the MBI format)."""
DIGITS = "0123456789"
NEVER = "S"
"""The second place of every number here: a letter that no Medicare number has, as in CMS's synthetic data."""
WITH_NUMBER = ("Medicare", "Medicare Advantage")
SOON, EARLY = 130, 0.94
"""Of the plans whose year is over within so many days, this share was gone through early."""
YEARLY = 12
"""Months after which a plan is gone through again."""


def medicare_numbers(people: Iterable[Persona], seed: int) -> dict[int, str]:
    """Returns a number of CMS's shape, never a valid one and each once, by the person's number: for everybody whom
    Medicare pays."""
    rng = Random(f"{seed} medicare numbers")
    found: dict[int, str] = {}
    taken: set[str] = set()
    for persona in people:
        number = _number(rng)
        while number in taken:
            number = _number(rng)
        taken.add(number)
        if persona.payer in WITH_NUMBER:
            found[persona.number] = number
    return found


def _number(rng: Random) -> str:
    either = DIGITS + LETTERS
    places = (DIGITS[1:], NEVER, either, DIGITS, LETTERS, either, DIGITS, LETTERS, LETTERS, DIGITS, DIGITS)
    return "".join(rng.choice(place) for place in places)


def plan_row(
    persona: Persona, key: bytes, made_on: date, last: date, rng: Random, *, program: str = "CCM"
) -> Row:
    """A plan that was given within days; gone through again each year. All of its days lie up to `last`."""
    made_on = min(made_on, last)
    again = made_on
    while (following := add_months(again, YEARLY)) <= last:
        again = following
    if again < last and add_months(again, YEARLY) <= last + timedelta(days=SOON) and rng.random() < EARLY:
        again = last - timedelta(days=rng.randrange(40))  # not all of them wait for their day
    by_helper = persona.helper is not None and persona.helper.caregiver and rng.random() < 0.2
    return {
        "patient": key,
        "program": program,
        "made_on": made_on,
        "made_by": PRACTITIONER,
        "reviewed_on": again if again > made_on else None,
        "given_on": min(made_on + timedelta(days=rng.choice((0, 0, 0, 1, 2))), last),
        "given_how": rng.choice(("in-person", "in-person", "mail", "portal")),
        "given_to": "caregiver" if by_helper else "patient",
    }


def not_given(row: Row) -> Row:
    """The same plan, which stayed in the office."""
    return {**row, "given_on": None, "given_how": None, "given_to": None}
