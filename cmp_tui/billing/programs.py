"""What a program's rules say of time: which activities and credentials count, and its monthly minutes."""

from __future__ import annotations

from datetime import date
from typing import Any

from cmp_tui.billing.rules import Threshold, threshold_on
from cmp_tui.clinic.reference import Reference


def counts_activity(reference: Reference, program: str | None, activity: str) -> bool:
    """Tells whether a program counts time of an activity (`not_counted` in its file)."""
    return activity not in _time_of(reference, program).get("not_counted", ())


def counts_credential(reference: Reference, program: str | None, clinical: bool, credential: str) -> bool:
    """Tells whether a program counts someone's time: clinical staff, or trained community health workers too."""
    return clinical or (credential == "CHW" and _time_of(reference, program).get("staff") == "auxiliary")


def _time_of(reference: Reference, program: str | None) -> dict[str, Any]:
    table = reference.table(f"programs/{(program or '').lower()}.toml") if program else {}
    found: dict[str, Any] = table.get("time", {})
    return found


def threshold(reference: Reference, program: str, day: date, whose: str = "staff") -> Threshold | None:
    """Returns a program's monthly minutes on a day; None for a program or a day without rules."""
    table = reference.table(f"programs/{program.lower()}.toml")
    return threshold_on(table, day, whose) if table else None
