"""The medication list."""

from __future__ import annotations

from cmp_tui.clinic.fields import CodeField, LinkField, PartialDateField, WordsField
from cmp_tui.patients.model import Patient, Sourced


class Medication(Sourced):
    """A medicine as it was ordered. `reason` is what it is for, in the words of who ordered it."""

    patient = LinkField(Patient)
    display = WordsField(limit=300)
    system = WordsField(limit=40, null=True)
    code = WordsField(limit=40, null=True)
    dosage = WordsField(limit=500, null=True)
    status = CodeField("medication_status", default="active")
    started = PartialDateField(null=True)
    stopped = PartialDateField(null=True)
    last_ordered = PartialDateField(null=True)
    prescriber = WordsField(limit=200, null=True)
    reason = WordsField(limit=300, null=True)

    class Meta:
        indexes = ((("patient", "status"), False),)


TABLES = (Medication,)
