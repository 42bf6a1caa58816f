"""FHIR bundles of invented patients, in the shape and the proportions of Synthea's: most bytes are observations and
claims that the import does not take, as in real exports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from tests.bench.fhir_claims import SNOMED, Visit, benefit, claim
from tests.bench.fhir_parts import HL7, META, Resource, code, quantity, ref, said
from tests.bench.names import People

LOINC = "http://loinc.org"
XHTML = "http://www.w3.org/1999/xhtml"
DAILY = {"frequency": 1, "period": 1.0, "periodUnit": "d"}
LABS = (
    ("29463-7", "Body Weight", "kg", 82), ("8302-2", "Body Height", "cm", 168),
    ("39156-5", "Body Mass Index", "kg/m2", 28), ("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", 7),
    ("2339-0", "Glucose", "mg/dL", 110), ("6299-2", "Urea Nitrogen", "mg/dL", 15),
    ("38483-4", "Creatinine", "mg/dL", 1.1), ("49765-1", "Calcium", "mg/dL", 9), ("2947-0", "Sodium", "mmol/L", 140),
    ("6298-4", "Potassium", "mmol/L", 4.2), ("2069-3", "Chloride", "mmol/L", 104),
    ("20565-8", "Carbon Dioxide", "mmol/L", 25), ("33914-3", "Estimated Glomerular Filtration Rate", "mL/min", 62),
    ("2093-3", "Total Cholesterol", "mg/dL", 190), ("2571-8", "Triglycerides", "mg/dL", 140),
    ("18262-6", "Low Density Lipoprotein Cholesterol", "mg/dL", 110),
    ("2085-9", "High Density Lipoprotein Cholesterol", "mg/dL", 50), ("8331-1", "Oral temperature", "Cel", 37),
)  # fmt: skip
PRESSURES = (("8462-4", "Diastolic Blood Pressure", 80), ("8480-6", "Systolic Blood Pressure", 132))
ILLS = (
    ("59621000", "Hypertension"), ("44054006", "Diabetes"), ("15777000", "Prediabetes"), ("55822004", "Hyperlipidemia"),
    ("88805009", "Chronic congestive heart failure (disorder)"), ("49436004", "Atrial Fibrillation"),
    ("431855005", "Chronic kidney disease stage 1 (disorder)"), ("370143000", "Major depression disorder"),
    ("13645005", "Chronic obstructive bronchitis (disorder)"), ("444814009", "Viral sinusitis (disorder)"),
    ("195662009", "Acute viral pharyngitis (disorder)"), ("10509002", "Acute bronchitis (disorder)"),
    ("64859006", "Osteoporosis (disorder)"), ("162864005", "Body mass index 30+ - obesity (finding)"),
)  # fmt: skip
VISITS = (
    ("185349003", "Encounter for check up (procedure)"), ("162673000", "General examination of patient (procedure)"),
    ("185345009", "Encounter for symptom"), ("424441002", "Prenatal initial visit"),
    ("50849002", "Emergency Room Admission"),
)  # fmt: skip
DRUGS = (
    ("314076", "Lisinopril 10 MG Oral Tablet"), ("860975", "24 HR Metformin hydrochloride 500 MG Oral Tablet"),
    ("314231", "Simvastatin 10 MG Oral Tablet"), ("308136", "Amlodipine 2.5 MG Oral Tablet"),
    ("313782", "Acetaminophen 325 MG Oral Tablet"), ("849574", "Naproxen sodium 220 MG Oral Tablet"),
)  # fmt: skip
SHOTS = (
    ("140", "Influenza, seasonal, injectable, preservative free"),
    ("133", "Pneumococcal conjugate PCV 13"),
)
DONE = (
    ("428191000124101", "Documentation of current medications"),
    ("430193006", "Medication Reconciliation"),
)


def write_bundles(folder: Path, megabytes: float, seed: int = 7) -> list[Path]:
    """Writes one bundle a patient until there are so many megabytes; returns the files."""
    people, files, size, number = People(), [], 0, 0
    while size < megabytes * 1e6:
        rng = Random(f"{seed} bundle {number}")
        text = json.dumps(Bundle(rng, number, people).whole(), indent=4, ensure_ascii=False)
        path = folder / f"patient-{number:04}.json"
        size += path.write_text(text, encoding="utf-8")
        files.append(path)
        number += 1
    return files


class Bundle:
    """Everything about one patient."""

    def __init__(self, rng: Random, number: int, people: People) -> None:
        self._rng, self._number = rng, number
        self._name = people.one(rng, "F")
        self._patient, self._doctor, self._house = self._new(), self._new(), self._new()

    def whole(self) -> Resource:
        """The bundle."""
        entries = [
            {
                "fullUrl": f"urn:uuid:{one['id']}",
                "resource": one,
                "request": {"method": "POST", "url": one["resourceType"]},
            }
            for one in self._resources()
        ]
        return {"resourceType": "Bundle", "type": "transaction", "entry": entries}

    def _resources(self) -> Iterator[Resource]:
        rng = self._rng
        yield self._person()
        yield {
            "resourceType": "Organization", "id": self._house, "active": True, "name": "LAKESIDE GENERAL HOSPITAL",
            "telecom": [{"system": "phone", "value": "312-555-0100"}],
        }  # fmt: skip
        yield {
            "resourceType": "Practitioner", "id": self._doctor, "active": True,
            "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "40"}],
            "name": [{"family": "Levin", "given": ["Amy"], "prefix": ["Dr."]}],
        }  # fmt: skip
        ills = rng.sample(ILLS, 8)
        first = date(2026, 10, 1) - timedelta(days=27 * 140)
        for place in range(26):
            day = first + timedelta(days=place * 140 + int(rng.random() * 90))
            visit = self._new()
            kind, display = rng.choice(VISITS)
            start, end = f"{day}T16:13:53+00:00", f"{day}T16:58:53+00:00"
            yield {
                "resourceType": "Encounter", "id": visit, "status": "finished",
                "class": {"system": f"{HL7}/v3-ActCode", "code": "EMER" if "Emergency" in display else "AMB"},
                "type": [said(SNOMED, kind, display)], "subject": ref(self._patient),
                "participant": [{"individual": ref(self._doctor)}], "period": {"start": start, "end": end},
                "serviceProvider": ref(self._house), "meta": META,
            }  # fmt: skip
            if place < 8:
                yield self._condition(visit, start, *ills[place])
            results = [self._observation(visit, start) for _ in range(7)]
            yield from results
            if place % 2:
                yield self._report(visit, start, results)
                yield self._shot(visit, start)
            else:
                yield self._procedure(visit, start, end)
            for drug in DRUGS[: 1 if place % 3 == 0 else 0]:
                yield self._order(visit, start, *rng.choice((drug, *DRUGS)))
            about = Visit(visit, self._patient, self._doctor, self._house, start, end, kind, display)
            for part in range(2 if place % 3 == 0 else 1):
                yield claim(claimed := self._new(), about)
                if part == 0:
                    yield benefit(self._new(), claimed, about)

    def _person(self) -> Resource:
        rng, name = self._rng, self._name
        born = date(1930, 1, 1) + timedelta(days=int(rng.random() * 16_000))
        return {
            "resourceType": "Patient", "id": self._patient,
            "text": {"status": "generated", "div": f"<div xmlns='{XHTML}'>Made up, {self._number}</div>"},
            "extension": [
                {
                    "url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race",
                    "extension": [
                        {"url": "ombCategory", "valueCoding": {"system": "urn:oid:2.16.840.1", "code": "2106-3"}},
                        {"url": "text", "valueString": "White"},
                    ],
                },
                {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex", "valueCode": "F"},
            ],
            "identifier": [
                {"system": "https://example.org/made-up", "value": self._patient},
                {"type": said(f"{HL7}/v2-0203", "MR", "Medical Record Number"), "system": "http://hospital.example.org",
                 "value": f"H{700_001 + self._number}"},
            ],
            "name": [{"use": "official", "family": name.family, "given": [name.given or "Ann"], "prefix": ["Mrs."]}],
            "telecom": [{"system": "phone", "value": f"312-555-01{self._number % 100:02}", "use": "home"}],
            "gender": "female", "birthDate": born.isoformat(),
            "address": [{"line": ["12 Heron Lane"], "city": "Lakeside Harbor", "state": "IL", "postalCode": "60000"}],
            "maritalStatus": said(f"{HL7}/v3-MaritalStatus", "M", "M"), "multipleBirthBoolean": False,
            "communication": [{"language": said("urn:ietf:bcp:47", "en-US", "English")}],
        }  # fmt: skip

    def _condition(self, visit: str, at: str, ill: str, display: str) -> Resource:
        return {
            "resourceType": "Condition", "id": self._new(),
            "clinicalStatus": {"coding": [{"system": f"{HL7}/condition-clinical", "code": "active"}]},
            "verificationStatus": {"coding": [{"system": f"{HL7}/condition-ver-status", "code": "confirmed"}]},
            "code": said(SNOMED, ill, display), **self._of(visit), "onsetDateTime": at, "recordedDate": at,
            "meta": META,
        }  # fmt: skip

    def _observation(self, visit: str, at: str) -> Resource:
        rng = self._rng
        if rng.random() < 0.06:
            parts = [
                {
                    "code": said(LOINC, kind, display),
                    "valueQuantity": quantity(rng.gauss(middle, 9), "mm[Hg]"),
                }
                for kind, display, middle in PRESSURES
            ]
            what: Resource = {"code": said(LOINC, "55284-4", "Blood Pressure"), "component": parts}
        else:
            kind, display, unit, middle = rng.choice(LABS)
            value = quantity(rng.gauss(middle, middle / 12), unit)
            what = {"code": said(LOINC, kind, display), "valueQuantity": value}
        return {
            "resourceType": "Observation", "id": self._new(), "status": "final",
            "category": [{"coding": [code(f"{HL7}/observation-category", "laboratory", "laboratory")]}],
            **self._of(visit), "effectiveDateTime": at, "issued": at, **what, "meta": META,
        }  # fmt: skip

    def _report(self, visit: str, at: str, results: list[Resource]) -> Resource:
        return {
            "resourceType": "DiagnosticReport", "id": self._new(), "status": "final",
            "category": [{"coding": [code(f"{HL7}/v2-0074", "LAB", "Laboratory")]}],
            "code": said(LOINC, "51990-0", "Basic Metabolic Panel"), **self._of(visit), "effectiveDateTime": at,
            "issued": at, "result": [{**ref(one["id"]), "display": one["code"]["text"]} for one in results],
            "meta": META,
        }  # fmt: skip

    def _shot(self, visit: str, at: str) -> Resource:
        return {
            "resourceType": "Immunization", "id": self._new(), "status": "completed",
            "vaccineCode": said("http://hl7.org/fhir/sid/cvx", *self._rng.choice(SHOTS)),
            "patient": ref(self._patient), "encounter": ref(visit), "occurrenceDateTime": at,
            "primarySource": True, "meta": META,
        }  # fmt: skip

    def _procedure(self, visit: str, start: str, end: str) -> Resource:
        return {
            "resourceType": "Procedure", "id": self._new(), "status": "completed",
            "code": said(SNOMED, *self._rng.choice(DONE)), **self._of(visit),
            "performedPeriod": {"start": start, "end": end}, "meta": META,
        }  # fmt: skip

    def _order(self, visit: str, at: str, drug: str, display: str) -> Resource:
        return {
            "resourceType": "MedicationRequest", "id": self._new(), "intent": "order",
            "status": self._rng.choice(("active", "stopped")),
            "medicationCodeableConcept": said("http://www.nlm.nih.gov/research/umls/rxnorm", drug, display),
            **self._of(visit), "authoredOn": at, "requester": ref(self._doctor), "meta": META,
            "dosageInstruction": [{"sequence": 1, "timing": {"repeat": DAILY}, "asNeededBoolean": False}],
        }  # fmt: skip

    def _of(self, visit: str) -> Resource:
        return {"subject": ref(self._patient), "encounter": ref(visit)}

    def _new(self) -> str:
        return str(UUID(int=self._rng.getrandbits(128), version=4))
