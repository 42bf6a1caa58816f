"""Referrals: one record a loop, and every step of it."""

from __future__ import annotations

from cmp_tui.clinic.fields import (
    CodeField,
    CountField,
    DayField,
    LinkField,
    UidField,
    WordsField,
    YesNoField,
)
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record, quick_while_live
from cmp_tui.patients.model import Patient


class Referral(Record):
    """A request to somebody else to see a patient, test them, bring something, or help (FHIR ServiceRequest).

    `status` is FHIR's state of the request, `task_status` that of the Task by which it is carried out; both follow
    from `stage`, the last step that was taken, on `stage_on` (referrals/rules.py). `check_on` is the day on which we
    ask, when nothing was heard until then. `provider` is a row of the directory, `to_name` whom it goes to as it was
    written. `ordered_by` is a username of the staff, or the name of someone outside. `goal`, `condition` and `need`
    say what it is for. It ends with a coded `end`; without one it is open.
    """

    patient = LinkField(Patient)
    kind = CodeField("referral_kind")
    what = WordsField(limit=200)
    question = WordsField(limit=1000, lines=True, null=True)
    urgency = CodeField("referral_urgency", default="routine")
    provider = UidField(null=True)
    to_name = WordsField(limit=200, null=True)
    records = WordsField(limit=500, null=True)
    ordered_by = WordsField(limit=120, null=True)
    ordered_on = DayField()
    goal = UidField(null=True)
    condition = UidField(null=True)
    need = WordsField(limit=40, null=True)
    stay = UidField(null=True)
    owner = LinkField(Staff, null=True)
    status = CodeField("request_status", default="active")
    task_status = CodeField("referral_task_status", default="draft")
    stage = CodeField("referral_stage", default="ordered")
    stage_on = DayField()
    check_on = DayField(null=True)
    checks = CountField(default=0)
    ended_on = DayField(null=True)
    end = CodeField("referral_end", null=True)
    end_why = WordsField(limit=500, lines=True, null=True)
    need_met = YesNoField(null=True)
    remarks = WordsField(limit=1000, lines=True, null=True)

    class Meta:
        indexes = (
            (("patient", "ordered_on"), False),
            (("provider",), False),
        )


class ReferralStep(Record):
    """One step of a referral: which stage was reached on which day, who said so, and how.

    "checked" is no stage: we asked, and there was nothing new.
    """

    patient = LinkField(Patient)
    referral = UidField()
    stage = CodeField("referral_stage")
    day = DayField()
    said_by = WordsField(limit=200, null=True)
    how = CodeField("said_how", null=True)
    why = CodeField("missed_why", null=True)
    appointment = UidField(null=True)
    contact = UidField(null=True)
    staff = LinkField(Staff, null=True)
    remarks = WordsField(limit=500, lines=True, null=True)

    class Meta:
        indexes = ((("referral", "day"), False), (("patient",), False))


class LetterSent(Record):
    """A referral letter that left the house: to whom, how, when."""

    patient = LinkField(Patient)
    referral = UidField()
    day = DayField()
    to = WordsField(limit=200, null=True)
    how = CodeField("given_how", null=True)
    sent_by = LinkField(Staff, null=True)

    class Meta:
        indexes = ((("referral",), False), (("patient",), False))


TABLES = (Referral, ReferralStep, LetterSent)
# What is open: few, among all that was ever ordered. Of somebody's own, of a patient, and in the order of asking.
_OPEN = Referral.ended_on.is_null()
quick_while_live(Referral.owner, Referral.check_on, where=_OPEN & Referral.owner.is_null(False))
quick_while_live(Referral.patient, Referral.owner, Referral.check_on, where=_OPEN)
quick_while_live(Referral.check_on, Referral.stage, Referral.patient, where=_OPEN)
