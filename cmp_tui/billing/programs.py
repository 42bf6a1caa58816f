"""The program rules as data: data/programs/*.toml."""

from __future__ import annotations

from datetime import date

from cmp_tui.billing.rules import Threshold, threshold_on
from cmp_tui.clinic.reference import Reference, read_toml


def threshold(reference: Reference, program: str, day: date, whose: str = "staff") -> Threshold | None:
    """Returns a program's monthly minutes on a day; None for a program or a day without rules."""
    path = reference.folder / "programs" / f"{program.lower()}.toml"
    if not path.is_file():
        return None
    return threshold_on(read_toml(path), day, whose)
