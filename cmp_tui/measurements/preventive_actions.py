"""What a person knows of a preventive measure that the chart does not show."""

from __future__ import annotations

from datetime import date
from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.measurements.model import PreventiveAnswer
from cmp_tui.measurements.preventive_book import preventive_book
from cmp_tui.measurements.preventive_rules import rests_until
from cmp_tui.patients.model import Patient


def answer_preventive(
    change: Change,
    patient: bytes,
    *,
    measure: str,
    answer: str,
    date: date | None = None,
    until: date | None = None,
    choice: str = "",
    id: bytes | None = None,
    **values: Any,
) -> PreventiveAnswer:
    """Records that a measure was done elsewhere, declined, or is not suitable; on a day (today).

    Without `until` it holds as `preventive_rules.rests_until` says. Raises Invalid, Gone.
    """
    change.get(Patient, patient)
    found = preventive_book(change.reference).measures.get(measure)
    if found is None:
        raise Invalid({"measure": f"There is no measure {measure!r} in preventive.toml."})
    day = date or change.today
    if day > change.today:
        raise Invalid({"date": "This day is still to come."})
    until = until or rests_until(found, answer, day, choice)
    _check(day, until)
    return change.add(
        PreventiveAnswer, id=id, patient=patient, measure=measure, answer=answer, date=day, until=until, **values
    )  # fmt: skip


def edit_preventive_answer(change: Change, key: bytes, seen: int | None, **values: Any) -> PreventiveAnswer:
    """Changes an answer; without `until` it holds for good then. Raises Invalid, Conflict, Gone."""
    now = change.get(PreventiveAnswer, key)
    values.pop("choice", None)
    day = values.get("date", now.date)
    if day is None or day > change.today:
        raise Invalid({"date": "Say on which day it was; it can't be still to come."})
    _check(day, values.get("until", now.until))
    return change.edit(PreventiveAnswer, key, seen, **values)


def strike_preventive_answer(
    change: Change, key: bytes, why: str, seen: int | None = None
) -> PreventiveAnswer:
    """Strikes out an answer that was recorded by mistake."""
    return change.strike(PreventiveAnswer, key, why, seen)


def _check(day: date, until: date | None) -> None:
    if until is not None and until < day:
        raise Invalid({"until": "This comes before the day of the answer."})
