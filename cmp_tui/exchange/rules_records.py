"""From what a source says of someone's health to the columns of our tables. Pure.

Each function gives the values of a row, or says why the record is not taken.
"""

from __future__ import annotations

import re

from cmp_tui.exchange.fhir.records import Allergy, Condition, Measurement, Medication, Stay, Vaccine, Visit
from cmp_tui.exchange.plan import Values
from cmp_tui.exchange.rules_values import LeftOut, Rules

WELLNESS = re.compile(
    r"\b(annual|medicare)\b.*\bwellness\b|\bwellness\b.*\b(annual|medicare)\b|\bawv\b", re.I
)
WELCOME = re.compile(r"welcome to medicare|initial preventive physical|\bippe\b", re.I)
EVALUATION = re.compile(
    r"visit|encounter|consult|check.?up|follow.?up|examination|evaluation|office|outpatient|ambulatory|\be/?m\b",
    re.I,
)
PROCEDURE = re.compile(
    r"immuni[sz]ation|vaccin|laborator|specimen|imaging|x-ray|dialysis|dental|optometr|surger"
    r"|outpatient procedure",
    re.I,
)
OVER = ("finished", "completed", "discharged")


def condition_values(rules: Rules, record: Condition) -> Values | LeftOut:
    """A condition with its group and whether it is chronic. Findings that are no problems are left out."""
    coded = rules.conditions.classify(record.system, record.code, record.display)
    if coded.kind == "social":
        return LeftOut("social", record.display)
    if coded.kind == "admin":
        return LeftOut("not-a-problem", record.display)
    group, chronic = coded.group, coded.chronic
    for other in record.codes:
        if group is not None and chronic is not None:
            break
        also = rules.conditions.classify(other.system, other.code, other.display)
        group, chronic = group or also.group, also.chronic if chronic is None else chronic
    code = rules.whole(coded.code, 40, "code")
    return {
        "system": record.system if code else "other",
        "code": code,
        "display": record.display,
        "group": group,
        "chronic": chronic,
        "status": record.status,
        "onset": record.onset or None,
        "resolved": record.abatement or None,
    }


def allergy_values(rules: Rules, record: Allergy) -> Values | LeftOut:
    """An allergy. "No known allergies" is no allergy."""
    if record.none_known:
        return LeftOut("not-taken", "AllergyIntolerance (no known allergies)")
    return {
        "substance": record.display,
        "system": rules.whole(record.system, 40, "code system"),
        "code": rules.whole(record.code, 40, "code"),
        "reaction": rules.cut(record.reactions, 300, "reaction"),
        "severity": record.severity or None,
        "status": record.status,
        "onset": record.onset or None,
    }


def medication_values(rules: Rules, record: Medication) -> Values | LeftOut:
    """A medicine as it was ordered. What was given in a hospital is not on the list of what is taken at home."""
    if record.setting == "inpatient":
        return LeftOut("not-taken", "medicines ordered for a stay")
    ended = record.status in ("stopped", "completed")
    return {
        "display": record.display,
        "system": record.system,
        "code": rules.whole(record.code, 40, "code"),
        "dosage": record.dosage or None,
        "status": record.status,
        "started": rules.partial(record.first),
        "stopped": rules.partial(record.until) if ended else None,
        "last_ordered": rules.partial(record.last),
        "prescriber": rules.cut(record.prescriber_name, 200, "prescriber"),
        "reason": rules.cut(record.reason, 300, "reason"),
        "told_by": "ehr",
    }


def visit_values(rules: Rules, record: Visit) -> Values | LeftOut:
    """A visit, kept only with its day."""
    day = rules.day(record.start)
    if day is None:
        return LeftOut("not-taken", "Encounter (without its day)")
    return {
        "date": day,
        "kind": visit_kind(record.setting, record.kind),
        "practitioner": rules.cut(record.practitioner_name, 120, "practitioner"),
        "what": rules.cut(record.kind, 300, "visit"),
        "reason": rules.cut(record.reason, 300, "reason"),
    }


def visit_kind(setting: str, words: str) -> str:
    """The clinic's kind of a visit. A wellness visit is one only if it calls itself Medicare's or annual:
    others are no AWV, which counts as an initiating visit (billing-rules, section 7)."""
    if WELCOME.search(words):
        return "ippe"
    if WELLNESS.search(words):
        return "awv"
    if setting not in ("office", "home", "virtual") or PROCEDURE.search(words):
        return "other"
    return "em" if not words or EVALUATION.search(words) else "other"


def stay_values(rules: Rules, record: Stay) -> Values | LeftOut:
    """A stay with its days in the clinic's time zone, and the instants where they are known."""
    admitted = rules.day(record.admitted)
    if admitted is None or record.admitted is None:
        return LeftOut("not-taken", "Encounter (without its day)")
    discharged, at = rules.day(record.discharged), record.discharged.at if record.discharged else None
    if discharged is None and record.status in OVER:
        # It is over, but nobody says when: better the day of admission than a stay that never ends.
        discharged = admitted
        rules.shortened["day of discharge (missing; the day of admission was taken)"] += 1
    if discharged is not None and discharged < admitted:
        discharged, at = admitted, None
    return {
        "kind": record.kind,
        "facility": rules.cut(record.facility, 200, "facility"),
        "admitted": admitted,
        "admitted_at": record.admitted.at,
        "discharged": discharged,
        "discharged_at": at,
        "discharged_to": record.discharged_to or None,
        "reason": rules.cut(record.reason or record.words, 300, "reason"),
    }


def measurement_values(rules: Rules, record: Measurement) -> Values | LeftOut:
    """A measured value in our unit; what is implausible or in an unknown unit is kept and marked."""
    day = rules.day(record.taken)
    if day is None:
        return LeftOut("not-taken", "Observation (without its day)")
    values: Values = {"kind": record.kind, "date": day}
    if record.value is None and record.second is None:
        words = record.answer
        if rules.measurements.measures[record.kind].coded:
            words = rules.measurements.smoking_status(record.answer_code) or words
        return {**values, "text": rules.cut(words, 200, "answer")}
    found = rules.measurements.measured(record.kind, record.value, record.second, record.unit, record.code)
    values |= {"value": found.value, "value2": found.second, "unit": rules.whole(found.unit, 40, "unit")}
    if record.comparator and found.value is not None:
        values["text"] = f"{record.comparator} {found.value:g}"
    return {**values, "doubtful": found.mark != ""}


def vaccination_values(rules: Rules, record: Vaccine) -> Values | LeftOut:
    """A vaccine that was given."""
    if record.status != "completed":
        return LeftOut("not-taken", "Immunization (not given)")
    day = rules.day(record.given)
    if day is None:
        return LeftOut("not-taken", "Immunization (without its day)")
    known = rules.measurements.vaccine(record.system, record.code)
    display = record.display or (known.name if known else record.code)
    return {"kind": record.kind, "display": rules.cut(display, 200, "vaccine"), "date": day}
