"""What stands in the forms about appointments, as arguments of the actions, and what is said of one.

Knows no screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from cmp_tui.clinic import ids
from cmp_tui.encounters.appointment_queries import AppointmentLine
from cmp_tui.encounters.appointment_rules import OWN, clock_of, hour, hour_words, too_near
from cmp_tui.patients.form_values import tidy
from cmp_tui.ui.words import day_words

PLAIN = (
    "kind", "what", "with_whom", "place", "phone", "transport", "transport_who", "told_how", "remarks",
)  # fmt: skip
_DAYS = ("day", "told_on", "remind_on")
_KEYS = ("provider", "referral")


def is_own(values: Mapping[str, object]) -> bool:
    """Whether the appointment is with the clinic itself."""
    return values.get("kind") == OWN


def is_elsewhere(values: Mapping[str, object]) -> bool:
    """Whether the appointment is with somebody else."""
    return values.get("kind") not in (None, OWN)


def to_action(values: Mapping[str, object]) -> dict[str, Any]:
    """Returns the arguments of `book` and `edit_appointment`; of the clinic's own one the practitioner's name is with
    whom it is."""
    found = tidy(values)
    if "own_with" in found:
        found["with_whom"] = found.pop("own_with")
    return found


def first_values(args: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the fields with which a form is asked to begin: plain arguments, days and keys as text."""
    found: dict[str, Any] = {name: args[name] for name in PLAIN if args.get(name)}
    for name in _DAYS:
        if args.get(name):
            found[name] = _day(args[name])
    if args.get("time"):
        found["time"] = clock_of(str(args["time"]))
    for name in _KEYS:
        if args.get(name):
            found[name] = ids.read(str(args[name]))
    if found.get("kind") == OWN and "with_whom" in found:
        found["own_with"] = found.pop("with_whom")
    return found


def shown(line: AppointmentLine) -> dict[str, Any]:
    """Returns an appointment as it stands in its form."""
    values = dict(line._asdict())
    values["time"] = clock_of(line.time)
    if line.kind == OWN:
        values["own_with"] = values.pop("with_whom")
    return values


def when_words(day: date, kept: str | None, today: date) -> str:
    """'Fri 4 Dec, 2:30 pm'"""
    return ", ".join(part for part in (day_words(day, today), hour(kept)) if part)


def clash_words(
    values: Mapping[str, object], others: Sequence[AppointmentLine], but: bytes | None, today: date
) -> list[tuple[str, str]]:
    """Returns what is told of other appointments too near to the hour that stands in the form."""
    day, at = values.get("day"), values.get("time")
    if not isinstance(day, date) or not isinstance(at, time):
        return []
    kept = hour_words(at)
    return [
        (f"At that hour already: {one.what}, {when_words(one.day, one.time, today)}.", "amber")
        for one in others
        if one.id != but and one.day == day and too_near(kept, [one.time])
    ]


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
