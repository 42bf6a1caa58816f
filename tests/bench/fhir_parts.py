"""Small parts of FHIR resources."""

from __future__ import annotations

from typing import Any

Resource = dict[str, Any]
HL7 = "http://terminology.hl7.org/CodeSystem"
META = {"tag": [{"system": "https://example.org/tags", "code": "made-up"}]}


def code(system: str, code: str, display: str) -> Resource:
    """A Coding."""
    return {"system": system, "code": code, "display": display}


def said(system: str, value: str, display: str) -> Resource:
    """A CodeableConcept."""
    return {"coding": [code(system, value, display)], "text": display}


def quantity(value: float, unit: str) -> Resource:
    """A measured value."""
    return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}


def ref(key: str) -> Resource:
    """A reference to another resource of the bundle."""
    return {"reference": f"urn:uuid:{key}"}
