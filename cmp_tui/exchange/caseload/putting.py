"""Where what a cell says goes in a person; each returns why it could not go there, or "". Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cmp_tui.exchange.caseload.cells import ConsentIn, DayIn, Read, merged
from cmp_tui.exchange.caseload.plan import PersonIn


def attribute(name: str) -> Callable[[PersonIn, Any], str]:
    """Returns what fills an attribute of a person once; it says so when another value stands there."""

    def put(person: PersonIn, value: Any) -> str:
        before = getattr(person, name)
        if before in (None, ""):
            setattr(person, name, value)
            return ""
        return "" if before == value else "is other than in another column, which was taken"

    return put


def value_of(name: str) -> Callable[[PersonIn, Any], str]:
    """Returns what fills a column of the patient's record once."""

    def put(person: PersonIn, value: Any) -> str:
        before = person.values.setdefault(name, value)
        return "" if before == value else "is other than in another column, which was taken"

    return put


def put_day(name: str) -> Callable[[PersonIn, DayIn], str]:
    """Returns what fills a day."""
    put = attribute(name)
    return lambda person, value: put(person, value.day)


def put_last(person: PersonIn, value: Any) -> str:
    """Fills the last contact, with the outcome where it stands beside it."""
    day, outcome = value if isinstance(value, tuple) and not isinstance(value, DayIn) else (value, None)
    if outcome is not None and person.outcome is None:
        person.outcome = outcome
    return attribute("last_contact")(person, day.day)


def put_due(person: PersonIn, value: DayIn) -> str:
    """Fills what is due next, with the words beside it."""
    person.due_words = person.due_words or value.rest
    return attribute("next_due")(person, value.day)


def put_consent(person: PersonIn, value: ConsentIn) -> str:
    """Adds what a cell says of consent to what another said."""
    before = person.consent
    person.consent = value if before is None else merged(before, value)
    if before is not None and before.day and value.day and before.day != value.day:
        return f"is other than {before.day.isoformat()} in another column, which was taken"
    return ""


def put_conditions(person: PersonIn, found: list[Any]) -> str:
    """Adds conditions that are not there yet."""
    person.conditions += [one for one in found if one not in person.conditions]
    return ""


def unkept(got: Read) -> Read:
    """Returns what was read, without its words being kept apart."""
    return got._replace(keep=False)
