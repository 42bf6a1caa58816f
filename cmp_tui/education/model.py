"""What patients were taught, one by one and in classes."""

from __future__ import annotations

from cmp_tui.clinic.fields import CodeField, DayField, LinkField, UidField, WordsField
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record
from cmp_tui.patients.model import Patient


class Teaching(Record):
    """A topic that was taught to a patient, and whether they could say it back. `topic` names a file of data/education.

    `meeting` is the class in which it was, `contact` the call.
    """

    patient = LinkField(Patient)
    topic = WordsField(limit=60)
    date = DayField()
    method = CodeField("teach_method", default="talk")
    teach_back = CodeField("teach_back", null=True)
    taught_by = LinkField(Staff, null=True)
    repeat_on = DayField(null=True)
    contact = UidField(null=True)
    meeting = UidField(null=True)
    remarks = WordsField(limit=500, lines=True, null=True)

    class Meta:
        indexes = ((("patient", "topic", "date"), False),)


class Meeting(Record):
    """A class: one topic, several patients."""

    topic = WordsField(limit=60)
    title = WordsField(limit=200, null=True)
    date = DayField()
    time = WordsField(limit=20, null=True)
    place = WordsField(limit=200, null=True)
    held_by = LinkField(Staff, null=True)

    class Meta:
        indexes = ((("date",), False),)


class Attendance(Record):
    """Whether a patient came to a class."""

    patient = LinkField(Patient)
    meeting = UidField()
    status = CodeField("attendance", default="invited")
    remarks = WordsField(limit=300, null=True)

    class Meta:
        indexes = ((("patient",), False), (("meeting",), False))


TABLES = (Teaching, Meeting, Attendance)
