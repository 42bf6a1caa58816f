"""The seconds of a month: the one place where that number comes from, for every screen and export."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from peewee import ModelSelect, fn

from cmp_tui.clinic.calendar import Month, month_span
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import TimeEntry


def share() -> Any:
    """The SQL expression for the seconds of an entry that count for its patient (rules.seconds_of)."""
    whole = TimeEntry.end - TimeEntry.start
    place, size = TimeEntry.group_place, TimeEntry.group_size
    return whole * (place + 1) / size - whole * place / size


def in_month(scope: Scope, month: str | date | Month) -> Any:
    """The SQL condition for the entries of a month of the clinic's time zone that are not struck out.

    An entry never crosses the end of a month: it was split there when it was logged.
    """
    first, after = month_span(month, scope.zone)
    return TimeEntry.struck_at.is_null() & (TimeEntry.start >= first) & (TimeEntry.start < after)


def month_seconds(
    scope: Scope,
    month: str | date | Month,
    *,
    program: str | None = None,
    clinical: bool | None = None,
    staff: bytes | None = None,
    patients: Any = None,
) -> ModelSelect[TimeEntry]:
    """Returns a subquery with the columns `patient` and `seconds`: the time of a month, summed in SQL.

    Only patients with time have a row. Struck entries don't count; nothing is rounded: whoever shows minutes
    floors this sum once (rules.minutes_of). Narrowed to a program, to clinical staff, to one person's work, or to
    the patients of a subquery or list of keys, when asked.
    """
    query = (
        TimeEntry.select(TimeEntry.patient, fn.SUM(share()).coerce(False).alias("seconds"))
        .where(in_month(scope, month))
        .group_by(TimeEntry.patient)
    )
    if program is not None:
        query = query.where(TimeEntry.program == program)
    if clinical is not None:
        query = query.where(TimeEntry.clinical == clinical)
    if staff is not None:
        query = query.where(TimeEntry.staff == staff)
    if patients is not None:
        query = query.where(TimeEntry.patient.in_(patients))
    return query


def patient_month_seconds(scope: Scope, patient: bytes, month: str | date | Month) -> int:
    """Returns the seconds of one patient's month."""
    for _, seconds in rows(month_seconds(scope, month, patients=[patient])):
        return int(seconds)
    return 0


def seconds_in_month(
    scope: Scope, month: str | date | Month, patients: Collection[bytes]
) -> dict[bytes, int]:
    """Returns the seconds of a month for some patients; who has none is missing."""
    return dict(rows(month_seconds(scope, month, patients=list(patients))))
