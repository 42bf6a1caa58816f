"""Minutes against a program's threshold, and why a span of time can't be billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple


class Threshold(NamedTuple):
    """A program's monthly minutes: the first unit, each further one, and the most that counts."""

    program: str
    whose: str
    first: int
    step: int
    most: int
    source: str


def threshold_on(table: dict[str, Any], day: date, whose: str = "staff") -> Threshold | None:
    """Returns the threshold of a program (data/programs/*.toml) that is in force on a day; None when none is.

    `whose` names the family of codes: "staff" or "practitioner".
    """
    codes = [row for row in table["code"] if row.get("family") == whose and _holds(table, row, day)]
    first = next((row for row in codes if "minutes" in row), None)
    if first is None:
        return None
    more: dict[str, Any] = next((row for row in codes if row.get("after") == first["code"]), {})
    step, cap = more.get("step", 0), more.get("cap", 0)
    source = ", ".join(first["source"])
    return Threshold(table["program"], whose, first["minutes"], step, first["minutes"] + cap * step, source)


def _holds(table: dict[str, Any], row: dict[str, Any], day: date) -> bool:
    return bool(row.get("from", table["from"]) <= day <= row.get("until", table["until"]))


def whole_minutes(seconds: int) -> int:
    """Floors a month's seconds to minutes: once, at the end, never up (billing-rules section 2, "Seconds")."""
    return seconds // 60


def still_needed(seconds: int, first: int) -> int:
    """Returns the whole minutes missing to the first unit, 0 when it is reached. 19:01 needs 1 more minute."""
    return max(0, -(-(first * 60 - seconds) // 60))


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What decides whether one span of time can be billed."""

    program: str | None
    clinical: bool
    in_billed_visit: bool
    enrolled: bool
    consent: str | None
    """The decision in force on the span's day: accepted, declined, revoked, or none."""
    precision: str | None = None
    """"month" when it is a month's total that was brought in."""
    counts: bool = True
    """False when the program's rules do not count the activity."""


def why_not(facts: EntryFacts) -> str | None:
    """Returns why a span can't be billed, in words for the time log; None when it can.

    Sources: non-clinical staff is not counted, consent comes before billing (Noridian, CCM; CGS, CCM); minutes
    of a billed visit are not counted (CMS FAQ on CCM).
    """
    if facts.precision == "month":
        return "a month's total from a spreadsheet"
    if facts.program is None:
        return "no program"
    if facts.consent == "declined":
        return "consent declined"
    if facts.consent == "revoked":
        return "consent revoked"
    if facts.consent is None:
        return "no consent on this day"
    if not facts.enrolled:
        return "not enrolled on this day"
    if not facts.clinical:
        return "not clinical staff"
    if facts.in_billed_visit:
        return "part of a billed visit"
    if not facts.counts:
        return "an activity that is not counted"
    return None
