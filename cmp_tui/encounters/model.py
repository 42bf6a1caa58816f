"""Visits to practitioners, stays in hospitals and facilities, and services that were billed."""

from __future__ import annotations

from cmp_tui.clinic.fields import (
    CodeField,
    DayField,
    InstantField,
    LinkField,
    PartialDateField,
    UidField,
    WordsField,
    YesNoField,
)
from cmp_tui.clinic.records import Record
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

    Days decide the rules; the moments are kept where the source knows them. `emergency` says that the admission was
    not planned, `heard_on` when and `heard_from` from whom we heard of it, `summary_on` when the discharge summary
    came, `complexity` how complex the decisions after it look (it sets the visit's clock to day 7 or 14).
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
    admitted_from = CodeField("admitted_from", null=True)
    emergency = YesNoField(null=True)
    heard_on = DayField(null=True)
    heard_from = WordsField(limit=200, null=True)
    summary_on = DayField(null=True)
    complexity = CodeField("mdm", null=True)
    remarks = WordsField(limit=1000, lines=True, null=True)

    class Meta:
        indexes = ((("patient", "admitted"), False), (("discharged",), False))


class Appointment(Record):
    """A visit that is planned, with the clinic or elsewhere (FHIR Appointment), and how it ended.

    `time` is the clinic's local hour as it was said ("09:30"); `provider` a row of the directory, `with_whom` the name
    as it was typed. `referral` is the loop it belongs to. `told_on` is when the patient was told of it, `reminded_on`
    when they were reminded. `visit` is the visit that came of it.
    """

    patient = LinkField(Patient)
    day = DayField()
    time = WordsField(limit=20, null=True)
    kind = CodeField("appointment_kind", default="other")
    what = WordsField(limit=300)
    with_whom = WordsField(limit=200, null=True)
    provider = UidField(null=True)
    place = WordsField(limit=300, null=True)
    phone = WordsField(limit=40, null=True)
    status = CodeField("appointment_status", default="booked")
    told_on = DayField(null=True)
    told_how = CodeField("said_how", null=True)
    remind_on = DayField(null=True)
    reminded_on = DayField(null=True)
    transport = CodeField("transport", null=True)
    transport_who = WordsField(limit=200, null=True)
    ended_on = DayField(null=True)
    missed_why = CodeField("missed_why", null=True)
    ended_why = WordsField(limit=300, null=True)
    referral = UidField(null=True)
    visit = UidField(null=True)
    remarks = WordsField(limit=500, lines=True, null=True)

    class Meta:
        indexes = ((("patient", "day"), False), (("status", "day"), False), (("referral",), False))


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


TABLES = (Visit, Stay, Appointment, Service)
