"""The program rules as data: data/programs/*.toml."""

from __future__ import annotations

from datetime import date

from cmp_tui.billing.rules import Threshold, threshold_on
from cmp_tui.clinic.reference import Reference


def threshold(reference: Reference, program: str, day: date, whose: str = "staff") -> Threshold | None:
    """Returns a program's monthly minutes on a day; None for a program or a day without rules."""
    table = reference.table(f"programs/{program.lower()}.toml")
    return threshold_on(table, day, whose) if table else None
