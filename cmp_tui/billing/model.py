"""What the month's billing needs to be told."""

from __future__ import annotations

from cmp_tui.clinic.fields import CodeField, FactsField, LinkField, MonthField, WordsField
from cmp_tui.clinic.records import Record
from cmp_tui.contacts.model import ClosedMonth
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


class ClosedResult(Record):
    """What a patient's month could bill when it was closed; it stays as it is, whatever is amended later.

    `result` is the patient's part of `month --json` (billing/month_queries.py), `charges` are the lines as they were
    to be handed out (billing/charges.py).
    """

    closed = LinkField(ClosedMonth)
    patient = LinkField(Patient)
    result = FactsField()
    charges = FactsField()

    class Meta:
        indexes = ((("closed", "patient"), False),)


TABLES = (Complexity, ClosedResult)
