"""The columns of a patient's records in plain words, for the history: never a field's own name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

HIDDEN = frozenset(
    {
        "id", "version", "patient", "struck_at", "struck_by", "struck_why", "folded", "digits", "source",
        "source_digest", "source_version", "system", "group", "group_place", "contact", "entry", "amended_at",
        "amended_by", "signed_at", "handed_by", "settled_by", "entered_at", "clinical", "staff", "admitted_at",
        "discharged_at", "closed", "result", "charges",
    }
)  # fmt: skip
"""Columns of the program's own making, and those that the line of the change says already."""

RECORDS: Mapping[str, str] = MappingProxyType(
    {
        "patient": "patient",
        "phone": "phone",
        "condition": "condition",
        "allergy": "allergy",
        "related_person": "family or friend",
        "team_member": "care team",
        "visit": "visit",
        "stay": "stay",
        "measurement": "value",
        "vaccination": "vaccine",
        "task": "task",
        "snooze": "snoozed row",
        "contact": "contact",
        "time_entry": "time",
        "timer": "timer",
        "medication": "medicine",
        "consent": "consent",
        "enrollment": "enrollment",
        "sheet_note": "words of a spreadsheet",
        "plan": "care plan",
        "service": "service",
        "device_days": "days with a device",
        "complexity": "complexity",
        "closed_result": "closed month",
    }
)
"""What a row of each table is called."""

MANY: Mapping[str, str] = MappingProxyType(
    {
        "family or friend": "family and friends",
        "care team": "care team members",
        "time": "time entries",
        "allergy": "allergies",
        "words of a spreadsheet": "columns of a spreadsheet",
        "days with a device": "days with devices",
        "complexity": "complexities",
    }
)
"""Where the plural is not one + s."""

LABELS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "": {
            "remarks": "remarks",
            "status": "status",
            "name": "name",
            "phone": "phone",
            "language": "language",
            "code": "code",
            "onset": "since",
            "kind": "kind",
            "date": "day",
            "practitioner": "practitioner",
            "why": "why",
            "reason": "reason",
            "program": "program",
            "start": "start",
            "end": "end",
            "display": "name",
            "amended_why": "why changed",
            "note": "note",
            "title": "title",
            "mode": "how",
            "precision": "known to",
        },
        "patient": {
            "mrn": "record number",
            "family": "family name",
            "given": "given names",
            "preferred": "called",
            "other_names": "other names",
            "birth_date": "born",
            "sex": "sex",
            "deceased": "has died",
            "deceased_on": "died",
            "interpreter": "interpreter",
            "best_time": "best time",
            "may_leave_message": "leave a message",
            "street": "street",
            "city": "city",
            "state": "state",
            "postal_code": "ZIP",
            "email": "email",
            "payer": "payer",
            "mbi": "Medicare number",
            "qmb": "QMB",
            "care_manager": "care manager",
            "billing_practitioner": "bills for it",
        },
        "phone": {"number": "number", "use": "kind", "rank": "called as no."},
        "condition": {
            "own_words": "own words",
            "chronic": "chronic",
            "resolved": "until",
            "confirmed_by": "confirmed by",
            "confirmed_on": "confirmed on",
        },
        "allergy": {"substance": "allergic to", "reaction": "reaction", "severity": "severity"},
        "related_person": {
            "relationship": "relation",
            "caregiver": "caregiver",
            "may_talk": "we may talk to",
        },
        "team_member": {
            "role": "part",
            "specialty": "specialty",
            "organization": "organization",
            "fax": "fax",
            "npi": "NPI",
            "until": "until",
        },
        "visit": {
            "what": "what",
            "care_management_discussed": "care management discussed",
            "mdm": "complexity",
        },
        "stay": {
            "facility": "where",
            "admitted": "admitted",
            "discharged": "discharged",
            "discharged_to": "discharged to",
            "medications_reconciled_on": "medicines reconciled",
        },
        "measurement": {
            "value": "value",
            "value2": "second value",
            "text": "words",
            "unit": "unit",
            "doubtful": "doubtful",
        },
        "task": {
            "due": "due",
            "due_time": "part of day",
            "assignee": "for",
            "attempt": "try",
            "handed_at": "handed over",
            "acknowledged_at": "accepted",
            "snoozed_until": "put off until",
            "snoozed_why": "put off because",
            "settled_at": "settled",
            "settled_how": "how",
        },
        "snooze": {"source": "row", "until": "until"},
        "contact": {
            "at": "at",
            "outcome": "outcome",
            "with_whom": "with",
            "changed": "what changed",
            "did": "what I did",
            "next": "next",
            "signed_as": "signed",
        },
        "time_entry": {
            "typed": "minutes typed",
            "credential": "credential",
            "activity": "activity",
            "face_to_face": "face to face",
            "in_billed_visit": "part of a billed visit",
            "group_size": "shared by",
            "long_why": "why so long",
        },
        "service": {"ours": "billed by us"},
        "device_days": {"days": "days"},
        "complexity": {"month": "month", "mdm": "complexity"},
        "sheet_note": {"label": "heading", "text": "words"},
        "plan": {
            "made_on": "made on",
            "made_by": "made by",
            "reviewed_on": "reviewed on",
            "given_on": "given on",
            "given_how": "given",
            "given_to": "given to",
        },
        "timer": {"stopped_at": "stopped", "on_call": "on a call"},
        "medication": {
            "dosage": "dose",
            "started": "started",
            "stopped": "stopped",
            "last_ordered": "last ordered",
            "prescriber": "prescribed by",
        },
        "consent": {
            "decision": "decision",
            "taken_by": "taken by",
            "points": "explained",
            "script_version": "script",
            "effective_to": "agreement held until",
        },
    }
)
"""Labels by table and column; those under "" hold for every table."""


def label_of(table: str, column: str) -> str | None:
    """Returns what a column is called; None for one that is not shown."""
    own = LABELS.get(table, {}).get(column)
    if own is not None:
        return own
    return None if column in HIDDEN else LABELS[""].get(column)
