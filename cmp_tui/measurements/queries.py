"""Reading measured values and vaccines."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from peewee import fn

from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.measurements.model import Measurement, Vaccination


class Value(NamedTuple):
    """One measured value: a number (a blood pressure has two), or words."""

    id: bytes
    version: int
    kind: str
    date: date
    value: float | None
    value2: float | None
    text: str | None
    unit: str | None
    doubtful: bool
    source: str | None


class Latest(NamedTuple):
    """The latest value of a kind, beside the one before it.

    `trend` is 1 when it rose, -1 when it fell, 0 when it stayed, None when there is nothing to compare it
    with: no value before, other units, words. For a blood pressure the systolic decides, then the diastolic.
    """

    latest: Value
    before: Value | None
    trend: int | None


class VaccineLine(NamedTuple):
    """One vaccine given."""

    id: bytes
    version: int
    kind: str
    display: str
    date: date
    source: str | None


def latest_values(scope: Scope, patient: bytes) -> list[Latest]:
    """Returns the latest value of each kind with its trend, by kind. Doubtful values are not used.

    Of several values of one day the one that was recorded last counts.
    """
    rank = fn.ROW_NUMBER().over(
        partition_by=[Measurement.kind], order_by=[Measurement.date.desc(), Measurement.id.desc()]
    )
    columns = _columns(Measurement, Value)
    ranked = (
        Measurement.live(*columns, rank.alias("place"))
        .where((Measurement.patient == patient) & (Measurement.doubtful == False))  # noqa: E712
        .alias("ranked")
    )
    # The outer query takes the table's own columns, so that each value comes back in its own type.
    query = (
        Measurement.select(*columns, ranked.c.place)
        .join(ranked, on=(ranked.c.id == Measurement.id))
        .where(ranked.c.place <= 2)
        .order_by(Measurement.kind, ranked.c.place)
    )
    found: dict[str, list[Value]] = {}
    for *row, _place in rows(query):
        value = Value(*row)
        found.setdefault(value.kind, []).append(value)
    return [_beside(pair[0], pair[1] if len(pair) > 1 else None) for pair in found.values()]


def values_of(
    scope: Scope, patient: bytes, kind: str, limit: int = 50, *, with_doubtful: bool = True
) -> list[Value]:
    """Returns the values of one kind, the latest first."""
    query = Measurement.live(*_columns(Measurement, Value)).where(
        (Measurement.patient == patient) & (Measurement.kind == kind)
    )
    if not with_doubtful:
        query = query.where(Measurement.doubtful == False)  # noqa: E712
    query = query.order_by(Measurement.date.desc(), Measurement.id.desc()).limit(limit)
    return [Value(*row) for row in rows(query)]


def vaccinations(scope: Scope, patient: bytes, limit: int = 200) -> list[VaccineLine]:
    """Returns the vaccines given, the latest first."""
    query = Vaccination.live(*_columns(Vaccination, VaccineLine)).where(Vaccination.patient == patient)
    query = query.order_by(Vaccination.date.desc(), Vaccination.id.desc()).limit(limit)
    return [VaccineLine(*row) for row in rows(query)]


def _beside(latest: Value, before: Value | None) -> Latest:
    return Latest(latest, before, None if before is None else trend(latest, before))


def trend(latest: Value, before: Value) -> int | None:
    """Returns 1, -1 or 0 for a value that rose, fell or stayed; None when the two can't be compared."""
    if latest.value is None or before.value is None or latest.unit != before.unit:
        return None
    now, then = (latest.value, latest.value2 or 0), (before.value, before.value2 or 0)
    return (now > then) - (now < then)


def _columns(model: Any, line: Any) -> tuple[Any, ...]:
    return tuple(getattr(model, name) for name in line._fields)
