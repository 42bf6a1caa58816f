"""What the month's billing needs to be told."""

from __future__ import annotations

from cmp_tui.clinic.fields import CodeField, LinkField, MonthField, WordsField
from cmp_tui.clinic.records import Record
from cmp_tui.patients.model import Patient


class Complexity(Record):
    """The medical decision making of a patient's month, as a practitioner judged it (billing-rules, complex CCM)."""

    patient = LinkField(Patient)
    month = MonthField()
    program = CodeField("program", null=True)
    practitioner = WordsField(limit=120, null=True)
    mdm = CodeField("mdm")

    class Meta:
        indexes = ((("patient", "month"), False),)


TABLES = (Complexity,)
