"""Each patient's usual pace: how many minutes a month, and how many on a day on which something was done.

Summed in SQL over the three months before, for the forecast. It is a guess about habits, so a day may be off by the
hour that summer time takes, and nothing is floored until the end.
"""

from __future__ import annotations

from typing import Any

from peewee import fn

from cmp_tui.billing.engine.forecast import USUAL_DAY, Pace
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.records import raw
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.contacts.month import in_month, share

BACK = 3
"""Months looked at."""
_DAY = 86_400

Known = dict[tuple[bytes, str], Pace]
"""By patient and program."""


def paces(scope: Scope, month: Month, patients: Any = None) -> Known:
    """Returns the pace of everybody with time in the three months before a month: one statement a month.

    `patients` narrows it (keys or a subquery). A month counts from the first with time on: who came last month is not
    taken for somebody who does a third.
    """
    seconds: dict[tuple[bytes, str], int] = {}
    days: dict[tuple[bytes, str], int] = {}
    since: dict[tuple[bytes, str], int] = {}
    for back in range(BACK, 0, -1):
        for patient, program, spent, number in raw(_month(scope, month.plus(-back), patients)):
            key = (patient, program)
            seconds[key] = seconds.get(key, 0) + spent
            days[key] = days.get(key, 0) + number
            since.setdefault(key, back)
    return {
        key: Pace(spent // 60 // since[key], max(1, spent // 60 // days[key]))
        for key, spent in seconds.items()
    }


def pace_in(known: Known, patient: bytes, program: str) -> Pace:
    """Returns a pace; of a patient of whom nothing is known the usual one of a day."""
    return known.get((patient, program)) or Pace(0, USUAL_DAY)


def _month(scope: Scope, month: Month, patients: Any) -> Any:
    e = TimeEntry
    first, _ = month.span(scope.zone)
    day = (e.start - int(first.timestamp())) / _DAY
    query = e.select(e.patient, e.program, fn.SUM(share()), fn.COUNT(fn.DISTINCT(day))).where(
        in_month(scope, month)
        & e.program.is_null(False)
        & (e.clinical == True)  # noqa: E712
        & (e.in_billed_visit == False)  # noqa: E712
        & e.precision.is_null()
    )
    if patients is not None:
        query = query.where(e.patient.in_(patients))
    return query.group_by(e.patient, e.program)
