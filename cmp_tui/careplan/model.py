"""Care plans and their goals."""

from __future__ import annotations

from cmp_tui.clinic.fields import (
    CodeField,
    CountField,
    DayField,
    FactsField,
    LinkField,
    NumberField,
    UidField,
    WordsField,
)
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record
from cmp_tui.patients.model import Patient


class Plan(Record):
    """A care plan: when and by whom it was made, last reviewed, and given to whom and how.

    `made_by` is a username of the staff, or the name of someone outside. `matters` is what matters most to the
    patient, in their own words. `given_*` tell of the last copy that the patient or caregiver got. `made_on` is the day
    on which the first review was finished: without it (and without any other day) the plan is being written still.
    `outlook`, `function`, `home`, `caregiver` and `outside` are words about those of CMS's typical elements that no
    other record holds. `signs` are the warning signs, a list for each thing to do (careplan/template_book.py, ACTS).
    """

    patient = LinkField(Patient)
    program = CodeField("program", null=True)
    made_on = DayField(null=True)
    made_by = WordsField(limit=120, null=True)
    reviewed_on = DayField(null=True)
    given_on = DayField(null=True)
    given_how = CodeField("given_how", null=True)
    given_to = CodeField("with_whom", null=True)
    matters = WordsField(limit=1000, lines=True, null=True)
    outlook = WordsField(limit=1000, lines=True, null=True)
    function = WordsField(limit=1000, lines=True, null=True)
    home = WordsField(limit=1000, lines=True, null=True)
    caregiver = WordsField(limit=1000, lines=True, null=True)
    outside = WordsField(limit=1000, lines=True, null=True)
    signs = FactsField(null=True)

    class Meta:
        indexes = ((("patient", "made_on"), False),)


class Goal(Record):
    """A goal (FHIR Goal): in the patient's own words, as a measure, and how it goes.

    `problem` is what it is about where there is no condition. `weight` is for goal attainment scaling.
    `lifecycle` and `achievement` are two things: a goal can be active and worsening. `condition` is the key of the
    condition it is about, `topic` the plan template or social need that it came from. `measure` is a kind of
    measurement, else `unit` says what is counted ("days a week"); `direction` says on which side of `target` the goal
    is met, `target2` is the lower number of a blood pressure. `importance` and `confidence` are what the patient says,
    0 to 10. `responsible` is whose task it is first of all. `achievement` is what a person said on `achievement_on`;
    what the values say since then goes before it (careplan/goal_rules.py). With a `weight` it has a scale of its own;
    `steps` may say what each of its steps means, by the step ("-2" to "2").
    """

    patient = LinkField(Patient)
    condition = UidField(null=True)
    topic = WordsField(limit=40, null=True)
    problem = WordsField(limit=200, null=True)
    title = WordsField(limit=300)
    own_words = WordsField(limit=500, lines=True, null=True)
    measure = WordsField(limit=40, null=True)
    unit = WordsField(limit=40, null=True)
    direction = CodeField("goal_direction", null=True)
    baseline = NumberField(null=True)
    target = NumberField(null=True)
    target2 = NumberField(null=True)
    start = DayField(null=True, column_name="start_on")
    due = DayField(null=True)
    lifecycle = CodeField("goal_lifecycle", default="active")
    achievement = CodeField("goal_achievement", default="in-progress")
    achievement_on = DayField(null=True)
    importance = CountField(null=True)
    confidence = CountField(null=True)
    responsible = CodeField("responsible", null=True)
    review_on = DayField(null=True)
    weight = CountField(null=True)
    steps = FactsField(null=True)
    ended_why = WordsField(limit=300, null=True)

    class Meta:
        indexes = ((("patient", "lifecycle"), False),)


class Barrier(Record):
    """What stands in the way of a goal, or of all of them."""

    patient = LinkField(Patient)
    goal = UidField(null=True)
    kind = CodeField("barrier", default="other")
    words = WordsField(limit=300, null=True)
    solved_on = DayField(null=True)

    class Meta:
        indexes = ((("patient",), False),)


class Intervention(Record):
    """What someone does for a goal (FHIR CarePlan.activity): who, until when, how often.

    `who` names a person where `responsible` alone does not say it; `every` are the days after which it is due again.
    """

    patient = LinkField(Patient)
    goal = UidField(null=True)
    topic = WordsField(limit=40, null=True)
    title = WordsField(limit=300)
    responsible = CodeField("responsible", default="care-manager")
    who = WordsField(limit=120, null=True)
    status = CodeField("intervention_status", default="not-started")
    due = DayField(null=True)
    every = CountField(null=True)
    done_on = DayField(null=True)
    remarks = WordsField(limit=300, null=True)

    class Meta:
        indexes = ((("patient", "status"), False), (("status", "due", "patient", "struck_at"), False))


class GoalProgress(Record):
    """How a goal went on a day: a value, or better, the same or worse, or a step on the goal's own scale (-2 to 2).

    `measurement` is the key of the value where it stands among the patient's measurements; then `value` is empty.
    """

    patient = LinkField(Patient)
    goal = UidField()
    date = DayField()
    value = NumberField(null=True)
    measurement = UidField(null=True)
    achievement = CodeField("goal_achievement", null=True)
    scale = NumberField(null=True)
    note = WordsField(limit=500, lines=True, null=True)
    contact = UidField(null=True)
    told_by = LinkField(Staff, null=True)

    class Meta:
        indexes = ((("patient", "goal", "date"), False),)


class PlanVersion(Record):
    """The plan as it stood when a review was finished: signed, and approved by a practitioner.

    `content` is the whole plan of that day, `changes` what is new in it, in words; they never change any more.
    """

    patient = LinkField(Patient)
    plan = UidField(null=True)
    number = CountField()
    date = DayField()
    changes = FactsField(null=True)
    content = FactsField()
    signed_by = LinkField(Staff, null=True)
    signed_as = WordsField(limit=200, null=True)
    approved_by = WordsField(limit=120, null=True)
    approved_on = DayField(null=True)
    approved_how = WordsField(limit=200, null=True)

    class Meta:
        indexes = ((("patient", "number"), False),)


class PlanCopy(Record):
    """A copy of the plan, or a summary of it, that left the house: to whom, how, when, and what was in it.

    `digest` is the hash of what was in it, so that a plan which has changed since shows.
    """

    patient = LinkField(Patient)
    kind = CodeField("copy_kind", default="patient")
    to = CodeField("with_whom", default="patient", column_name="given_to")
    name = WordsField(limit=200, null=True)
    how = CodeField("given_how")
    date = DayField()
    language = WordsField(limit=20, null=True)
    of_version = UidField(null=True)
    digest = WordsField(limit=64, null=True)
    given_by = LinkField(Staff, null=True)

    class Meta:
        indexes = ((("patient", "date"), False),)


TABLES = (Plan, Goal, Barrier, Intervention, GoalProgress, PlanVersion, PlanCopy)
