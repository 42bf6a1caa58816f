"""The days that a discharge begins to count: billing, Today and the Transitions ask these and no others. Pure.

Billing-rules, section 6.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.enrollment.rulebook import Program

HIGH = "high"
"""The complexity with which the visit is wanted by day 7."""


class Clocks(NamedTuple):
    """The days of one transition: until when to reach the patient, to see them, and when the window ends."""

    discharged: date
    contact_by: date
    visit_7: date
    visit_14: date
    window_end: date

    def visit_by(self, complexity: str | None) -> date:
        """Until when to see the patient: day 7 at high complexity, else day 14."""
        return self.visit_7 if complexity == HIGH else self.visit_14


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


def begins(rules: Program, kind: str, discharged: date | None, to: str | None) -> bool:
    """Whether a stay is of a kind whose discharge counts, and its destination is not known to be one that does not."""
    settings = rules.clauses["settings"].values
    return discharged is not None and kind in settings["from"] and (to is None or to in settings["to"])
