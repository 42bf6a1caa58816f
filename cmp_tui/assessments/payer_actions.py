"""Writing risk scores that came from payers: as they came, with their source and day."""

from __future__ import annotations

from typing import Any

from cmp_tui.assessments.model import PayerScore
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.patients.model import Patient


def add_payer_score(change: Change, patient: bytes, **values: Any) -> PayerScore:
    """Adds a risk score that came from a payer. Raises Invalid, also for a day that is still to come."""
    change.get(Patient, patient)
    _check(change, values)
    return change.add(PayerScore, patient=patient, **values)


def edit_payer_score(change: Change, key: bytes, seen: int | None, **values: Any) -> PayerScore:
    """Corrects a risk score. Raises Invalid, Conflict, Gone."""
    now = change.get(PayerScore, key)
    _check(change, {name: values.get(name, getattr(now, name)) for name in ("kind", "value", "date")})
    return change.edit(PayerScore, key, seen, **values)


def strike_payer_score(change: Change, key: bytes, why: str, seen: int | None = None) -> PayerScore:
    """Strikes out a score that was recorded by mistake."""
    return change.strike(PayerScore, key, why, seen)


def _check(change: Change, values: dict[str, Any]) -> None:
    wrong: dict[str, str] = {}
    if not values.get("kind"):
        wrong["kind"] = "Say which score it is, as the payer calls it."
    if not values.get("value"):
        wrong["value"] = "Write the score as it came: a number, or a word such as high."
    if values.get("date") is None:
        wrong["date"] = "Say of which day it is."
    elif values["date"] > change.today:
        wrong["date"] = "This day is still to come."
    if wrong:
        raise Invalid(wrong)
