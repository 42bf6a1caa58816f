"""Importing in tests: FHIR resources in a few words, and one call that plans and imports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.exchange.actions import import_fhir
from cmp_tui.exchange.fhir.reading import read_fhir
from cmp_tui.exchange.plan import Plan
from cmp_tui.exchange.queries import fhir_plan
from cmp_tui.measurements.coding import load_measurement_tables

Resource = dict[str, object]
PlanOf = Callable[..., Plan]


def plan_paths(clinic: Clinic, *paths: Path) -> Plan:
    """The plan of some files and folders."""
    tables = load_measurement_tables(clinic.reference.folder)
    return clinic.read(fhir_plan, read_fhir(paths, take=tables.take), tables)


@pytest.fixture
def plan_of(tmp_path: Path) -> PlanOf:
    """Plans the import of resources."""

    def make(clinic: Clinic, *resources: Resource, kind: str = "collection") -> Plan:
        path = tmp_path / "in.json"
        entries = [{"resource": resource} for resource in resources]
        path.write_text(json.dumps({"resourceType": "Bundle", "type": kind, "entry": entries}))
        return plan_paths(clinic, path)

    return make


@pytest.fixture
def bring(plan_of: PlanOf) -> PlanOf:
    """Plans the import of resources and imports them; returns the plan."""

    def make(clinic: Clinic, *resources: Resource, kind: str = "collection") -> Plan:
        plan = plan_of(clinic, *resources, kind=kind)
        clinic.run(import_fhir, plan)
        return plan

    return make


def ruth(key: str = "p1", **more: object) -> Resource:
    """Ruth Weiss, born 1 February 1943."""
    number = {"type": {"coding": [{"code": "MR"}]}, "value": f"MRN-{key}"}
    return {
        "resourceType": "Patient",
        "id": key,
        "identifier": [number],
        "name": [{"family": "Weiss", "given": ["Ruth"]}],
        "birthDate": "1943-02-01",
        "gender": "female",
        **more,
    }


def of(kind: str, key: str, patient: str = "p1", **more: object) -> Resource:
    """A resource of a patient."""
    field = "patient" if kind in ("AllergyIntolerance", "Immunization", "RelatedPerson") else "subject"
    return {"resourceType": kind, "id": key, field: {"reference": f"Patient/{patient}"}, **more}


def concept(system: str, code: str, display: str = "") -> Resource:
    """A CodeableConcept."""
    return {"coding": [{"system": system, "code": code, "display": display}]}


SNOMED, LOINC, ICD = "http://snomed.info/sct", "http://loinc.org", "http://hl7.org/fhir/sid/icd-10-cm"


def condition(
    key: str = "c1", code: str = "E11.9", display: str = "Type 2 diabetes", **more: object
) -> Resource:
    """A condition by its ICD-10-CM code."""
    return of("Condition", key, code=concept(ICD, code, display), **more)


def observation(key: str, code: str, value: float, unit: str, when: str, **more: object) -> Resource:
    """A measured value."""
    quantity = {"value": value, "unit": unit}
    return of(
        "Observation", key, status="final", code=concept(LOINC, code), effectiveDateTime=when,
        valueQuantity=quantity, **more,
    )  # fmt: skip
