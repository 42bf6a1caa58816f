"""Values over time, vaccines, and the days on which a device sent readings."""

from __future__ import annotations

from cmp_tui.clinic.fields import (
    CodeField,
    CountField,
    DayField,
    LinkField,
    NumberField,
    WordsField,
    YesNoField,
)
from cmp_tui.clinic.records import Record
from cmp_tui.patients.model import Patient, Sourced


class Measurement(Sourced):
    """One measured value: `kind` is one of data/measurements.toml; a blood pressure has both values.

    `doubtful` marks a value outside its plausible range: kept, shown, not used.
    """

    patient = LinkField(Patient)
    kind = WordsField(limit=40)
    date = DayField()
    value = NumberField(null=True)
    value2 = NumberField(null=True)
    text = WordsField(limit=200, null=True)
    unit = WordsField(limit=40, null=True)
    doubtful = YesNoField(default=False)

    class Meta:
        indexes = ((("patient", "kind", "date"), False),)


class Vaccination(Sourced):
    """One vaccine given."""

    patient = LinkField(Patient)
    kind = WordsField(limit=40)
    display = WordsField(limit=200)
    date = DayField()

    class Meta:
        indexes = ((("patient", "date"), False),)


class DeviceDays(Sourced):
    """On how many days between two days (both included) a monitoring device sent readings."""

    patient = LinkField(Patient)
    start = DayField(column_name="from_on")
    end = DayField(column_name="to_on")
    days = CountField()

    class Meta:
        indexes = ((("patient", "start"), False),)


class PreventiveAnswer(Record):
    """What is known of a preventive measure that the chart's own records don't show: done elsewhere, declined, or not
    suitable for this patient; until a day, or for good. `measure` names one of data/preventive.toml."""

    patient = LinkField(Patient)
    measure = WordsField(limit=60)
    answer = CodeField("preventive_answer")
    date = DayField()
    until = DayField(null=True)
    remarks = WordsField(limit=300, null=True)

    class Meta:
        indexes = ((("patient", "measure"), False),)


TABLES = (Measurement, Vaccination, DeviceDays, PreventiveAnswer)
