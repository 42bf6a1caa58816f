"""Care plans."""

from __future__ import annotations

from cmp_tui.clinic.fields import CodeField, DayField, LinkField, WordsField
from cmp_tui.clinic.records import Record
from cmp_tui.patients.model import Patient


class Plan(Record):
    """A care plan: when and by whom it was made, last reviewed, and given to whom and how.

    `made_by` is a username of the staff, or the name of someone outside.
    """

    patient = LinkField(Patient)
    program = CodeField("program", null=True)
    made_on = DayField(null=True)
    made_by = WordsField(limit=120, null=True)
    reviewed_on = DayField(null=True)
    given_on = DayField(null=True)
    given_how = CodeField("given_how", null=True)
    given_to = CodeField("with_whom", null=True)

    class Meta:
        indexes = ((("patient", "made_on"), False),)


TABLES = (Plan,)
