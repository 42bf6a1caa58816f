"""The days that a discharge begins to count. Pure (billing-rules, section 6)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.enrollment.rulebook import Program


class Clocks(NamedTuple):
    """The days of one transition: until when to reach the patient, to see them, and when the window ends."""

    discharged: date
    contact_by: date
    visit_7: date
    visit_14: date
    window_end: date


def clocks(rules: Program, discharged: date) -> Clocks:
    """Returns a transition's days. The day after discharge is the earliest first business day; the window has 30 days,
    the day of discharge being the first."""
    window = int(rules.clauses["window"].values["days"])
    return Clocks(
        discharged,
        add_business_days(discharged, int(rules.clauses["contact"].values["business_days"])),
        discharged + timedelta(days=7),
        discharged + timedelta(days=14),
        discharged + timedelta(days=window - 1),
    )
