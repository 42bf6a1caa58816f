"""Which observations and vaccines we take from other systems, and their values in our units.

Pure rules over one table that people can edit, `data/measurements.toml`. Nothing is dropped for its value:
what is implausible or in a unit that we don't know is kept and marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.reference import read_toml

Mark = Literal["", "range", "unit"]
"""Why a value is doubtful: outside the plausible range, or in a unit that can't be converted; "" when not."""

Number = int | float | Decimal

_SYSTEMS: Mapping[str, str] = MappingProxyType(
    {
        "loinc": "loinc",
        "http://loinc.org": "loinc",
        "urn:oid:2.16.840.1.113883.6.1": "loinc",
        "cvx": "cvx",
        "http://hl7.org/fhir/sid/cvx": "cvx",
        "urn:oid:2.16.840.1.113883.12.292": "cvx",
        "urn:oid:2.16.840.1.113883.6.59": "cvx",
    }
)


class Place(NamedTuple):
    """Where a code's value belongs: a kind ("a1c", "bp") and a part of it.

    `part` is "value", "panel" (the values are in the components), or for a blood pressure "systolic" or
    "diastolic".
    """

    kind: str
    part: str


class Part(NamedTuple):
    """The plausible range of one number, in the kind's unit; both ends count as plausible."""

    low: float
    high: float


class Scale(NamedTuple):
    """How a unit becomes ours: value x factor + offset."""

    factor: float
    offset: float


class Measure(NamedTuple):
    """A kind of measurement. `unit` is ours, for people; `coded` kinds hold an answer instead of a number."""

    kind: str
    name: str
    unit: str
    coded: bool
    parts: Mapping[str, Part]
    units: Mapping[str, Scale]


class Measured(NamedTuple):
    """A value as we keep it: in our unit, or in its own when we don't know that one. `mark` tells of a doubt.

    For a blood pressure `value` is the systolic and `second` the diastolic one; else `second` is None.
    """

    value: float | None
    second: float | None
    unit: str
    mark: Mark


class Vaccine(NamedTuple):
    """A vaccine: its id (stored), its name, and what the code says beyond the name ("PCV20", "high dose")."""

    kind: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class MeasurementTables:
    """The table of measurements and vaccines in memory."""

    measures: Mapping[str, Measure]
    places: Mapping[str, Place]
    vaccines: Mapping[str, Vaccine]
    smoking: Mapping[str, str]

    def place(self, system: str, code: str) -> Place | None:
        """Returns where an observation's code belongs, None for what we don't take.

        `system` is "loinc" or the address that FHIR uses for it.
        """
        return self.places.get(code.strip()) if _system(system) == "loinc" else None

    def measurement_kind(self, system: str, code: str) -> str | None:
        """Returns the kind of measurement of an observation's code, None for what we don't take."""
        place = self.place(system, code)
        return place.kind if place else None

    def take(self, system: str, code: str) -> str | None:
        """Returns the kind of a measurement (LOINC) or of a vaccine (CVX), None for what we don't take."""
        vaccine = self.vaccine(system, code)
        return vaccine.kind if vaccine else self.measurement_kind(system, code)

    def vaccine(self, system: str, code: str) -> Vaccine | None:
        """Returns the vaccine of a CVX code ("08" is "8"), None for what we don't take."""
        return self.vaccines.get(code.strip().lstrip("0")) if _system(system) == "cvx" else None

    def smoking_status(self, code: str) -> str | None:
        """Returns the plain words for a coded answer about smoking (SNOMED CT or LOINC), or None."""
        return self.smoking.get(code.strip())

    def measured(
        self, kind: str, value: Number | None, second: Number | None = None, unit: str = "", code: str = ""
    ) -> Measured:
        """Returns a value in our unit. An unknown unit is kept and marked, an implausible number is marked.

        `code` is the LOINC code if known: a diastolic pressure that came alone then goes to its place.
        Raises KeyError for a kind that is not in the table.
        """
        measure = self.measures[kind]
        place = self.places.get(code)
        if place and place.part == "diastolic" and second is None:
            value, second = None, value
        scale = measure.units.get(_plain(unit))
        if scale is None:
            return Measured(_float(value), _float(second), unit.strip(), "unit")
        first, other = _scaled(value, scale), _scaled(second, scale)
        upper, lower = measure.parts.get("systolic"), measure.parts.get("diastolic")
        sound = _within(first, upper or measure.parts.get("value")) and _within(other, lower)
        if first is not None and other is not None and other >= first:
            sound = False
        return Measured(first, other, measure.unit, "" if sound else "range")


def load_measurement_tables(folder: Path) -> MeasurementTables:
    """Reads `measurements.toml` of a data folder. Raises Stopped when it can't be read or used."""
    path = folder / "measurements.toml"
    table = read_toml(path)
    measures: dict[str, Measure] = {}
    places: dict[str, Place] = {}
    vaccines: dict[str, Vaccine] = {}
    try:
        for kind, entry in table["measure"].items():
            parts = entry.get("parts") or {"value": entry}
            measures[kind] = _measure(kind, entry, parts)
            codes = [(code, name) for name, part in parts.items() for code in part["loinc"]]
            for code, name in [*codes, *((code, "panel") for code in entry.get("panel", ()))]:
                if code in places:
                    raise _bad(path, f"the code {code} stands there twice")
                places[code] = Place(kind, name)
        for kind, entry in table["vaccine"].items():
            for code, words in entry["cvx"].items():
                if code in vaccines:
                    raise _bad(path, f"the vaccine code {code} stands there twice")
                if kind in measures:
                    raise _bad(path, f"{kind} is a measurement and a vaccine")
                vaccines[code] = Vaccine(kind, entry["name"], words)
        smoking = dict(table["smoking"])
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _bad(path, f"something is missing or of the wrong sort ({error})") from error
    return MeasurementTables(
        MappingProxyType(measures),
        MappingProxyType(places),
        MappingProxyType(vaccines),
        MappingProxyType(smoking),
    )


def _measure(kind: str, entry: Mapping[str, Any], parts: Mapping[str, Mapping[str, Any]]) -> Measure:
    coded = bool(entry.get("code", False))
    ranges: dict[str, Part] = {}
    if not coded:
        ranges = {name: Part(float(part["low"]), float(part["high"])) for name, part in parts.items()}
    units = {_plain(name): _scale(scale) for name, scale in entry.get("units", {}).items()}
    return Measure(
        kind, entry["name"], entry["unit"], coded, MappingProxyType(ranges), MappingProxyType(units)
    )


def _float(value: Number | None) -> float | None:
    return None if value is None else float(value)


def _scaled(value: Number | None, scale: Scale) -> float | None:
    return None if value is None else round(float(value) * scale.factor + scale.offset, 4)


def _within(value: float | None, part: Part | None) -> bool:
    return value is None or part is None or part.low <= value <= part.high


def _scale(scale: float | Mapping[str, float]) -> Scale:
    if isinstance(scale, Mapping):
        return Scale(float(scale["factor"]), float(scale["offset"]))
    return Scale(float(scale), 0.0)


def _plain(unit: str) -> str:
    """UCUM minds capitals; laboratories don't. Of the units that we take none differ by capitals alone."""
    return "".join(unit.split()).lower()


def _system(system: str) -> str | None:
    return _SYSTEMS.get(system.strip().lower().rstrip("/"))


def _bad(path: Path, what: str) -> Stopped:
    return Stopped(f"The reference file {path.name} can't be used: {what}. Correct or restore it.")
