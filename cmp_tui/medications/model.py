"""The medication list, its reconciliations, refills, and what patients say of their medicines."""

from __future__ import annotations

from cmp_tui.clinic.fields import (
    CodeField,
    CountField,
    DayField,
    FactsField,
    InstantField,
    LinkField,
    NumberField,
    PartialDateField,
    UidField,
    WordsField,
    YesNoField,
)
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record
from cmp_tui.patients.model import Patient, Sourced


class Medication(Sourced):
    """A medicine as it was ordered, and as it is taken.

    `reason` is what it is for, in the words of who ordered it. `told_by` is which list or person named it first.
    `taking` is what the patient does, `taken_how` in their words, as of `taken_on`, as `taken_told` (patient,
    caregiver, pharmacy …) said. `grid` is how many at which moment of the day (`{"morning": 1}`), for the patient's
    own list; `with_food` is said there too.
    """

    patient = LinkField(Patient)
    display = WordsField(limit=500)
    system = WordsField(limit=40, null=True)
    code = WordsField(limit=40, null=True)
    dosage = WordsField(limit=500, null=True)
    status = CodeField("medication_status", default="active")
    started = PartialDateField(null=True)
    stopped = PartialDateField(null=True)
    last_ordered = PartialDateField(null=True)
    prescriber = WordsField(limit=200, null=True)
    reason = WordsField(limit=300, null=True)
    told_by = CodeField("medicine_source", null=True)
    stopped_why = WordsField(limit=300, null=True)
    taking = CodeField("taking", null=True)
    taken_how = WordsField(limit=500, null=True)
    taken_why = CodeField("not_taken_why", null=True)
    taken_on = DayField(null=True)
    taken_told = CodeField("with_whom", null=True)
    grid = FactsField(null=True)
    with_food = CodeField("with_food", null=True)
    as_needed = YesNoField(null=True)

    class Meta:
        indexes = ((("patient", "status"), False),)


class Reconciliation(Record):
    """One going-through of two lists: ours, and one from outside. Open until `signed_at`.

    `list_from` is where the other list came from, `list_on` its day; `stay` is the discharge it is for.
    """

    patient = LinkField(Patient)
    why = CodeField("reconciliation_why", default="other")
    stay = UidField(null=True)
    list_from = CodeField("medicine_source", null=True)
    list_on = DayField(null=True)
    begun_on = DayField()
    begun_by = LinkField(Staff, null=True)
    done_on = DayField(null=True)
    signed_as = WordsField(limit=200, null=True)
    signed_at = InstantField(null=True)
    remarks = WordsField(limit=1000, lines=True, null=True)

    class Meta:
        indexes = ((("patient", "begun_on"), False), (("done_on",), False))


class ReconciliationLine(Record):
    """One line of a reconciliation: what the other list says, which medicine of ours it is, what was decided.

    `listed` is the line as it was written, word by word; `medication` the key of ours. One of the two is there.
    `written` is what goes into our list, where it is not their line word by word. `ours` is what our list said when it
    was decided: a decision about another order than the one that was looked at is not written.
    """

    patient = LinkField(Patient)
    reconciliation = UidField()
    position = CountField(default=0)
    listed = WordsField(limit=1000, null=True)
    medication = UidField(null=True)
    difference = CodeField("medicine_difference", default="new")
    decision = CodeField("medicine_decision", null=True)
    written = WordsField(limit=1000, null=True)
    ours = WordsField(limit=1100, null=True)
    why = WordsField(limit=300, null=True)

    class Meta:
        indexes = ((("reconciliation", "position"), False), (("patient",), False))


class Refill(Record):
    """A medicine that was handed out: on which day and for how many days."""

    patient = LinkField(Patient)
    medication = UidField()
    filled_on = DayField()
    days = CountField()
    quantity = NumberField(null=True)
    pharmacy = WordsField(limit=200, null=True)

    class Meta:
        indexes = ((("patient", "filled_on"), False), (("medication",), False))


class MedicineAnswer(Record):
    """What a patient says of taking their medicines: of one, or (without `medication`) of all.

    `missed` doses of the last `days` days; `barrier` is what stands in the way; `teach_back` whether they could say
    what it is for and how to take it.
    """

    patient = LinkField(Patient)
    medication = UidField(null=True)
    date = DayField()
    missed = CountField(null=True)
    days = CountField(null=True)
    barrier = CodeField("not_taken_why", null=True)
    teach_back = CodeField("teach_back", null=True)
    told_by = CodeField("with_whom", null=True)
    contact = UidField(null=True)
    remarks = WordsField(limit=500, lines=True, null=True)

    class Meta:
        indexes = ((("patient", "date"), False), (("medication",), False))


TABLES = (Medication, Reconciliation, ReconciliationLine, Refill, MedicineAnswer)
