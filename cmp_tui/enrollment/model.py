"""Consent and program enrollment."""

from __future__ import annotations

from cmp_tui.clinic.fields import CodeField, CodesField, DayField, LinkField, WordsField
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record
from cmp_tui.patients.model import Patient


class Consent(Record):
    """A decision about one program: accepted, declined or revoked; how it was given and what was explained.

    A revocation is its own row and has `effective_to`: the last day of its month (billing-rules, section 4).
    """

    patient = LinkField(Patient)
    program = CodeField("program")
    decision = CodeField("decision")
    date = DayField()
    mode = CodeField("consent_mode", null=True)
    taken_by = LinkField(Staff, null=True)
    points = CodesField("consent_point", null=True)
    script_version = WordsField(limit=40, null=True)
    practitioner = WordsField(limit=120, null=True)
    effective_to = DayField(null=True)
    remarks = WordsField(limit=500, null=True)

    class Meta:
        indexes = ((("patient", "program", "date", "decision", "effective_to", "id", "struck_at"), False),)


class Enrollment(Record):
    """A patient's time in a program (FHIR EpisodeOfCare). `end` is the last day, included."""

    patient = LinkField(Patient)
    program = CodeField("program")
    status = CodeField("enrollment_status")
    start = DayField(null=True, column_name="start_on")
    end = DayField(null=True, column_name="end_on")
    reason = WordsField(limit=300, null=True)
    practitioner = WordsField(limit=120, null=True)

    class Meta:
        # By patient only: an index that begins with a state or a program holds everybody in one place, and SQLite,
        # which has no statistics of this file, would take it for the shortest way to a single patient. The other
        # columns are there so that lists need no look at the rows themselves.
        indexes = ((("patient", "program", "status", "start", "end", "struck_at"), False),)


TABLES = (Consent, Enrollment)
