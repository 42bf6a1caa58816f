"""When a stay, a visit or a service can't be as it was typed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

EMERGENCY = "ed"
_CODE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")


class Span(NamedTuple):
    """A stay as far as others may lie over it; without `discharged` it goes on."""

    kind: str
    admitted: date
    discharged: date | None
    facility: str | None = None


def stay_wrong(stay: Span, to: str | None, born: str | None, today: date) -> dict[str, str]:
    """Returns what is wrong with a stay's own days, by field."""
    wrong: dict[str, str] = {}
    if stay.admitted > today:
        wrong["admitted"] = "This day is still to come. Record a stay when it has begun."
    elif born and stay.admitted.isoformat()[: len(born)] < born:
        wrong["admitted"] = "This day lies before the patient's birth."
    if stay.discharged is not None and stay.discharged > today:
        wrong["discharged"] = "This day is still to come. Leave it empty until they have left."
    elif stay.discharged is not None and stay.discharged < stay.admitted:
        wrong["discharged"] = "The discharge comes before the admission."
    if to and stay.discharged is None:
        wrong["discharged"] = "Say on which day they left, or leave empty where to."
    return wrong


class Told(NamedTuple):
    """What was said about a stay besides its days."""

    heard_on: date | None = None
    summary_on: date | None = None
    reconciled_on: str | None = None
    """A day, a month or a year, as it was said."""


def told_wrong(stay: Span, told: Told, today: date) -> dict[str, str]:
    """Returns what is wrong with what was said about a stay, by field."""
    wrong: dict[str, str] = {}
    if told.heard_on is not None and told.heard_on > today:
        wrong["heard_on"] = "This day is still to come."
    if told.summary_on is not None:
        if told.summary_on > today:
            wrong["summary_on"] = "This day is still to come. Leave it empty until the summary is here."
        elif told.summary_on < stay.admitted:
            wrong["summary_on"] = "The summary can't come before the admission."
    said = told.reconciled_on
    if said:
        if said > today.isoformat():
            wrong["medications_reconciled_on"] = "This day is still to come."
        elif stay.discharged is not None and said < stay.discharged.isoformat()[: len(said)]:
            wrong["medications_reconciled_on"] = (
                "This day comes before the discharge: what counts is after it."
            )
    return wrong


def lies_over(stay: Span, others: Iterable[Span]) -> Span | None:
    """Returns a stay that lies over this one, else None.

    Nobody is in two houses: stays may share the day on which one ends and the other begins, no more. An emergency
    visit may lie within a stay (from a nursing facility), and two of one day may be two; the same one is not taken
    twice.
    """
    for other in others:
        if EMERGENCY in (stay.kind, other.kind):
            if stay == other:
                return other
            continue
        before = other.discharged is not None and other.discharged <= stay.admitted
        after = stay.discharged is not None and stay.discharged <= other.admitted
        if not before and not after:
            return other
    return None


def is_code(code: str) -> bool:
    """Tells whether a billed code has the shape of one: five signs, such as 99490 or G0506."""
    return bool(_CODE.fullmatch(code))
