"""After a discharge: the guided call."""

from __future__ import annotations

from cmp_tui.clinic.fields import DayField, FactsField, LinkField, UidField, WordsField, YesNoField
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record
from cmp_tui.patients.model import Patient


class DischargeCall(Record):
    """What was asked and answered in a call after a discharge. `answers` are by the questions' names
    (data/discharge_call.toml); `contact` is the call itself."""

    patient = LinkField(Patient)
    stay = UidField()
    date = DayField()
    taken_by = LinkField(Staff, null=True)
    contact = UidField(null=True)
    answers = FactsField(null=True)
    complete = YesNoField(default=False)
    remarks = WordsField(limit=1000, lines=True, null=True)

    class Meta:
        indexes = ((("patient", "date"), False), (("stay",), False))


TABLES = (DischargeCall,)
