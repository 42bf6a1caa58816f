"""The kinds of measurements of this clinic's reference data, read once, and their values in other units."""

from __future__ import annotations

from cmp_tui.clinic.reference import Reference
from cmp_tui.measurements.coding import Measure, MeasurementTables, load_measurement_tables


def measurement_tables(reference: Reference) -> MeasurementTables:
    """Returns the table of measurements and vaccines, read once. Raises Stopped when it can't be used."""
    return reference.made("measurements", lambda: load_measurement_tables(reference.folder))


def unit_of(measure: Measure, wanted: str | None) -> str:
    """Returns the unit in which a kind is shown: the one that is wanted, where its values can be told in it."""
    return wanted if wanted and _plain(wanted) in measure.units else measure.unit


def in_unit(measure: Measure, value: float, unit: str) -> float:
    """Returns a value that is kept in the kind's own unit in another of its units."""
    scale = measure.units.get(_plain(unit))
    if scale is None or unit == measure.unit:
        return value
    return round((value - scale.offset) / scale.factor, 2)


def _plain(unit: str) -> str:
    return "".join(unit.split()).lower()
