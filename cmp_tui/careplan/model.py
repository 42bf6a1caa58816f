"""Care plans and their goals."""

from __future__ import annotations

from cmp_tui.clinic.fields import (
    CodeField,
    CountField,
    DayField,
    LinkField,
    NumberField,
    UidField,
    WordsField,
)
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


class Goal(Record):
    """A goal (FHIR Goal): in the patient's own words, as a measure, and how it goes.

    `lifecycle` and `achievement` are two things: a goal can be active and worsening. `condition` is the key of the
    condition it is about, `topic` the plan template or social need that it came from. `measure` is a kind of
    measurement; `direction` says on which side of `target` the goal is met. `importance` and `confidence` are what
    the patient says, 0 to 10. `responsible` is whose task it is first of all.
    """

    patient = LinkField(Patient)
    condition = UidField(null=True)
    topic = WordsField(limit=40, null=True)
    title = WordsField(limit=300)
    own_words = WordsField(limit=500, lines=True, null=True)
    measure = WordsField(limit=40, null=True)
    unit = WordsField(limit=40, null=True)
    direction = CodeField("goal_direction", null=True)
    baseline = NumberField(null=True)
    target = NumberField(null=True)
    start = DayField(null=True, column_name="start_on")
    due = DayField(null=True)
    lifecycle = CodeField("goal_lifecycle", default="active")
    achievement = CodeField("goal_achievement", default="in-progress")
    achievement_on = DayField(null=True)
    importance = CountField(null=True)
    confidence = CountField(null=True)
    responsible = CodeField("responsible", null=True)
    review_on = DayField(null=True)
    ended_why = WordsField(limit=300, null=True)

    class Meta:
        indexes = ((("patient", "lifecycle"), False),)


TABLES = (Plan, Goal)
