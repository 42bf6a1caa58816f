"""Visits to practitioners, stays in hospitals and facilities, and services that were billed."""

from __future__ import annotations

from cmp_tui.clinic.fields import (
    CodeField,
    DayField,
    InstantField,
    LinkField,
    PartialDateField,
    WordsField,
    YesNoField,
)
from cmp_tui.patients.model import Patient, Sourced


class Visit(Sourced):
    """A visit to a practitioner (office, wellness, video). `practitioner` as for Patient.billing_practitioner."""

    patient = LinkField(Patient)
    date = DayField()
    kind = CodeField("visit_kind", default="other")
    practitioner = WordsField(limit=120, null=True)
    what = WordsField(limit=300, null=True)
    reason = WordsField(limit=300, null=True)
    care_management_discussed = YesNoField(null=True)
    mdm = CodeField("mdm", null=True)

    class Meta:
        indexes = ((("patient", "date"), False),)


class Stay(Sourced):
    """A stay in a hospital or facility, or an emergency visit.

    Days decide the rules; the moments are kept where the source knows them.
    """

    patient = LinkField(Patient)
    kind = CodeField("stay_kind")
    facility = WordsField(limit=200, null=True)
    admitted = DayField()
    admitted_at = InstantField(null=True)
    discharged = DayField(null=True)
    discharged_at = InstantField(null=True)
    discharged_to = CodeField("discharged_to", null=True)
    reason = WordsField(limit=300, null=True)
    medications_reconciled_on = PartialDateField(null=True)

    class Meta:
        indexes = ((("patient", "admitted"), False), (("discharged",), False))


class Service(Sourced):
    """A service that was billed: by us (`ours`), or by others, which may exclude ours.

    `start` and `end` are its first and last day, both included; without `end` it is that one day.
    """

    patient = LinkField(Patient)
    code = WordsField(limit=20)
    start = DayField(column_name="from_on")
    end = DayField(null=True, column_name="to_on")
    practitioner = WordsField(limit=120, null=True)
    ours = YesNoField(default=False)

    class Meta:
        indexes = ((("patient", "start"), False), (("code", "start"), False))


TABLES = (Visit, Stay, Service)
