"""What care plans and teaching bring to Today, for patients whom a program works with: reviews, steps, the copy in
the patient's hand, topics to teach again.

A patient has one row of each kind: that of what is due first; the words say how much more there is.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from peewee import Case, ModelSelect, Value, fn

from cmp_tui.careplan.copy_hash import copy_hash
from cmp_tui.careplan.goal_rules import WORKED_ON
from cmp_tui.careplan.holder_rules import OWN
from cmp_tui.careplan.model import Goal, Intervention, Plan, PlanCopy, PlanVersion
from cmp_tui.careplan.rules import CHASED, HABIT, review_due
from cmp_tui.clinic.model import Audit, Image
from cmp_tui.clinic.scope import Scope
from cmp_tui.education.model import Teaching
from cmp_tui.patients.model import Patient
from cmp_tui.queue import plan_details as details
from cmp_tui.queue import plan_words as words
from cmp_tui.queue.parts import EVERYBODY, unsnoozed
from cmp_tui.queue.plan_parts import in_program
from cmp_tui.queue.rows import View, columns, day_of_day, day_of_instant
from cmp_tui.queue.source import Source
from cmp_tui.queue.words import Settle

REWRITES = (
    "careplan.edit_plan", "careplan.begin_plan", "careplan.add_goal", "careplan.edit_goal", "careplan.set_state",
    "careplan.add_intervention", "careplan.edit_intervention", "careplan.strike_record", "desk.finish_assessment",
    "patients.add_allergy", "patients.edit_allergy",
)  # fmt: skip
"""Actions that make the patient's copy say something else: since when it is out of date. Those about medicines too."""


def goal_review(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Goals whose review day has come."""
    query = (
        Goal.live(*columns(Goal.patient, "goal-review", fn.MIN(Goal.review_on), 7, Goal.id))
        .join(Patient, on=(Patient.id == Goal.patient))
        .where(
            Goal.lifecycle.in_(sorted(WORKED_ON)) & (Goal.review_on <= view.last) & in_program(view)
        )
        .group_by(Goal.patient)
    )  # fmt: skip
    return unsnoozed(query, Goal.patient, "goal-review", view)


def step_due(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Interventions that are due or late; what a patient does day by day is never late."""
    i = Intervention
    # Of one panel the patients come first, not everything that is due anywhere: an expression keeps SQLite from the
    # index of days.
    day = i.due.concat("") if view.narrow else i.due
    habit = i.responsible.in_(("patient", "caregiver")) & i.every.is_null(False) & (i.every <= HABIT)
    query = (
        i.live(*columns(i.patient, "step-due", fn.MIN(i.due), 6, i.id))
        .join(Patient, on=(Patient.id == i.patient))
        .where(i.status.in_(sorted(CHASED)) & (day <= view.last.isoformat()) & ~habit & in_program(view))
        .group_by(i.patient)
    )
    return unsnoozed(query, i.patient, "step-due", view)


def plan_review(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Plans whose review was finished so many months ago (setting `plan_review_months`). A plan that is being written
    still has no row."""
    months = scope.settings.plan_review_months
    p, v = Plan, PlanVersion
    plans = p.live(fn.MAX(fn.MAX(fn.COALESCE(p.reviewed_on, ""), fn.COALESCE(p.made_on, "")))).where(
        p.patient == Patient.id
    )
    versions = v.live(fn.MAX(v.date)).where(v.patient == Patient.id)
    each = (
        Patient.select(
            Patient.id.alias("patient"),
            fn.MAX(fn.COALESCE(plans, ""), fn.COALESCE(versions, ""), coerce=False).alias("day"),
        )
        .where(in_program(view))
        .limit(EVERYBODY)
        .alias("each")
    )

    def due(day: date) -> date:
        return review_due(day, None, months) or day

    # The newest day whose review is within the view.
    newest = view.last
    while due(newest) > view.last:
        newest -= timedelta(days=1)
    day = day_of_day(each.c.day, view, due, back=(view.last - newest).days)
    query = (
        Patient.select(*columns(each.c.patient, "plan-yearly", day, 7, None))
        .from_(each)
        .where((each.c.day > "") & (each.c.day <= newest.isoformat()))
    )
    return unsnoozed(query, each.c.patient, "plan-yearly", view)


def copy_old(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Patients whose copy says something else than their plan and their medicines do now.

    The hashes tell whether; the change log only since when, where it knows. Of a copy without a hash (one that was
    given on a day before it was recorded) a version that was signed since tells.
    """
    c, v = PlanCopy, PlanVersion
    later = c.alias()
    newer = later.select(Value(1)).where(
        (later.patient == c.patient) & (later.kind == "patient") & later.to.in_(sorted(OWN))
        & later.struck_at.is_null() & ((later.date > c.date) | ((later.date == c.date) & (later.id > c.id)))
    )  # fmt: skip
    signed = v.live(Value(1)).where((v.patient == c.patient) & (v.date > c.date))
    made = Image.select(Image.seq).where((Image.row == c.id) & (Image.version == 1))
    rewritten = Audit.action.in_(REWRITES) | Audit.action.startswith("medications.")
    since = Audit.select(fn.MIN(Audit.at)).where(
        (Audit.patient == c.patient) & (Audit.seq > made) & Audit.content.is_null(False) & rewritten
    )
    old = (
        c.live(c.patient.alias("patient"), since.alias("at"))
        .join(Patient, on=(Patient.id == c.patient))
        .where(
            (c.kind == "patient") & c.to.in_(sorted(OWN)) & ~fn.EXISTS(newer) & in_program(view)
            & ((c.digest.is_null() & fn.EXISTS(signed)) | (c.digest != copy_hash(c.patient)))
        )
        .limit(EVERYBODY)
        .alias("old")
    )  # fmt: skip
    day = day_of_instant(old.c.at, scope, view, lambda day: day)
    due = Case(None, [(old.c.at.is_null(), view.day.isoformat())], day)
    query = Patient.select(*columns(old.c.patient, "plan-copy", due, 7, None)).from_(old)
    return unsnoozed(query, old.c.patient, "plan-copy", view)


def copy_never(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Patients with a signed plan who never got a copy of it."""
    v = PlanVersion
    c = PlanCopy
    given = c.live(Value(1)).where((c.patient == v.patient) & (c.kind == "patient") & c.to.in_(sorted(OWN)))
    before = Plan.live(Value(1)).where((Plan.patient == v.patient) & Plan.given_on.is_null(False))
    query = (
        v.live(*columns(v.patient, "plan-not-given", fn.MIN(v.date), 7, None))
        .join(Patient, on=(Patient.id == v.patient))
        .where(~fn.EXISTS(given) & ~fn.EXISTS(before) & in_program(view))
        .group_by(v.patient)
    )
    return unsnoozed(query, v.patient, "plan-not-given", view)


def teach_again(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Topics that were not understood, and were not taught since."""
    t = Teaching
    other = t.alias()
    since = other.select(Value(1)).where(
        (other.patient == t.patient) & (other.topic == t.topic) & other.struck_at.is_null()
        & ((other.date > t.date) | ((other.date == t.date) & (other.id > t.id)))
    )  # fmt: skip
    query = (
        t.live(*columns(t.patient, "teach-again", fn.MIN(t.repeat_on), 6, t.id))
        .join(Patient, on=(Patient.id == t.patient))
        .where((t.repeat_on <= view.last) & ~fn.EXISTS(since) & in_program(view))
        .group_by(t.patient)
    )
    return unsnoozed(query, t.patient, "teach-again", view)


SOURCES = (
    Source(
        name="goal-review", select=goal_review, say=words.goal_review, details=details.of_reviews,
        settle=Settle("goal", "review", on_record=True),
    ),
    Source(
        name="step-due", select=step_due, say=words.step_due, details=details.of_steps,
        settle=Settle("step-state", "settle", on_record=True),
    ),
    Source(
        name="plan-yearly", select=plan_review, say=words.plan_review, details=details.of_plans, by_patient=True,
        settle=Settle("plan-review", "review"),
    ),
    Source(
        name="plan-copy", select=copy_old, say=words.copy_old, details=details.of_copies, by_patient=True,
        settle=Settle("plan-copy", "print"),
    ),
    Source(name="plan-not-given", select=copy_never, say=words.copy_never, settle=Settle("plan-copy", "print")),
    Source(
        name="teach-again", select=teach_again, say=words.teach_again, details=details.of_teachings,
        settle=Settle("teaching", "teach", about="topic"),
    ),
)  # fmt: skip
"""The sources of care plans and teaching."""
