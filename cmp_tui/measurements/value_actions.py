"""Writing a measured value that someone here was told or took."""

from __future__ import annotations

from datetime import date
from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.measurements.kinds import measurement_tables
from cmp_tui.measurements.model import Measurement


def add_value(
    change: Change,
    patient: bytes,
    *,
    kind: str,
    value: float,
    second: float | None = None,
    unit: str = "",
    day: date | None = None,
    id: bytes | None = None,
) -> Measurement:
    """Adds a value and returns it, in the kind's own unit; an implausible one is marked, not refused.

    `unit` is one that data/measurements.toml lists for the kind ("" for its own). Raises Invalid.
    """
    tables = measurement_tables(change.reference)
    if kind not in tables.measures:
        raise Invalid({"value": f"{kind!r} is no kind of measurement."})
    measure = tables.measures[kind]
    if "systolic" in measure.parts and second is None:
        raise Invalid({"value": "Write both numbers, such as 132/84."})
    day = day or change.today
    if day > change.today:
        raise Invalid({"date": "This day is still to come."})
    found = tables.measured(kind, value, second, unit or measure.unit)
    values: dict[str, Any] = {"value": found.value, "value2": found.second, "unit": found.unit or None}
    return change.add(
        Measurement, id=id, patient=patient, kind=kind, date=day, doubtful=found.mark != "", **values
    )
