"""Claims and explanations of benefit: most of a real export's bytes, and nothing that the import takes."""

from __future__ import annotations

from typing import NamedTuple

from tests.bench.fhir_parts import HL7, META, Resource, code, ref, said

BLUE = "https://bluebutton.cms.gov/resources"
SNOMED = "http://snomed.info/sct"
PAID = (
    ("line_bene_ptb_ddctbl_amt", "Line Beneficiary Part B Deductible Amount"),
    ("line_prvdr_pmt_amt", "Line Provider Payment Amount"),
    ("line_alowd_chrg_amt", "Line Allowed Charge Amount"),
)
PRICE = {"value": 129.16, "currency": "USD"}


class Visit(NamedTuple):
    """What a claim is about."""

    key: str
    patient: str
    doctor: str
    house: str
    start: str
    end: str
    code: str
    display: str


def claim(key: str, visit: Visit) -> Resource:
    """What the clinic asks for."""
    what = said(SNOMED, visit.code, visit.display)
    item = {"productOrService": what, "encounter": [ref(visit.key)], "net": PRICE}
    return {
        "resourceType": "Claim", "id": key, "status": "active",
        "type": {"coding": [{"system": f"{HL7}/claim-type", "code": "institutional"}]}, "use": "claim",
        "patient": ref(visit.patient), "billablePeriod": {"start": visit.start, "end": visit.end},
        "created": visit.end, "provider": ref(visit.house),
        "priority": {"coding": [{"system": f"{HL7}/processpriority", "code": "normal"}]},
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "Medicare"}}],
        "item": [{"sequence": place, **item} for place in (1, 2)], "total": PRICE, "meta": META,
    }  # fmt: skip


def benefit(key: str, claimed: str, visit: Visit) -> Resource:
    """What the payer says to it."""
    patient, doctor = ref(visit.patient), ref(visit.doctor)
    period = {"start": visit.start, "end": visit.end}
    item = {
        "category": {"coding": [code(f"{BLUE}/variables/line_cms_type_srvc_cd", "1", "Medical care")]},
        "productOrService": said(SNOMED, visit.code, visit.display), "servicedPeriod": period,
        "locationCodeableConcept": {"coding": [code(f"{HL7}/ex-serviceplace", "21", "Inpatient Hospital")]},
        "net": PRICE, "encounter": [ref(visit.key)],
        "adjudication": [
            {
                "amount": {"value": 103.33 + place, "currency": "USD"},
                "category": {"coding": [code(f"{BLUE}/codesystem/adjudication", kind, words)]},
            }
            for place, (kind, words) in enumerate(PAID)
        ],
    }  # fmt: skip
    return {
        "resourceType": "ExplanationOfBenefit", "id": key,
        "contained": [
            {
                "resourceType": "ServiceRequest", "id": "referral", "status": "completed", "intent": "order",
                "subject": patient, "requester": doctor, "performer": [doctor],
            },
            {
                "resourceType": "Coverage", "id": "coverage", "status": "active", "type": {"text": "Medicare"},
                "beneficiary": patient, "payor": [{"display": "Medicare"}],
            },
        ],
        "identifier": [{"system": f"{BLUE}/variables/clm_id", "value": claimed}], "status": "active",
        "type": {"coding": [{"system": f"{HL7}/claim-type", "code": "institutional"}]}, "use": "claim",
        "patient": patient, "billablePeriod": period, "created": visit.end, "insurer": {"display": "Medicare"},
        "provider": doctor, "referral": {"reference": "#referral"}, "claim": ref(claimed), "outcome": "complete",
        "careTeam": [
            {
                "sequence": 1, "provider": doctor,
                "role": {"coding": [code(f"{HL7}/claimcareteamrole", "primary", "Primary Care Practitioner")]},
            }
        ],
        "insurance": [{"focal": True, "coverage": {"reference": "#coverage", "display": "Medicare"}}],
        "item": [{"sequence": place, **item} for place in (1, 2)],
        "total": [
            {"category": {"coding": [code(f"{HL7}/adjudication", "submitted", "Submitted Amount")]}, "amount": PRICE}
        ],
        "payment": {"amount": {"value": 103.33, "currency": "USD"}}, "meta": META,
    }  # fmt: skip
