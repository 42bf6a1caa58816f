"""What care plans and teaching bring to Today, for patients whom a program works with: reviews, steps, the copy in
the patient's hand, goals that do not get better, topics to teach again.

A patient has one row of each kind: that of what is due first; the words say how much more there is.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from peewee import Case, ModelSelect, Value, fn

from cmp_tui.careplan.goal_rules import MET, SAME, WORKED_ON, WORSE
from cmp_tui.careplan.model import Goal, GoalProgress, Intervention, Plan, PlanCopy, PlanVersion
from cmp_tui.careplan.rules import CHASED, HABIT, review_due
from cmp_tui.clinic.model import Audit, Image
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.steps import days_later
from cmp_tui.education.model import Teaching
from cmp_tui.enrollment.model import Enrollment
from cmp_tui.enrollment.rules import ONGOING
from cmp_tui.measurements.model import Measurement
from cmp_tui.patients.model import Patient
from cmp_tui.queue import plan_details as details
from cmp_tui.queue import plan_words as words
from cmp_tui.queue.parts import EVERYBODY, ongoing, unsnoozed
from cmp_tui.queue.rows import View, columns, day_of_day, day_of_instant
from cmp_tui.queue.source import Source
from cmp_tui.queue.words import Settle

REWRITES = (
    "careplan.edit_plan", "careplan.begin_plan", "careplan.add_goal", "careplan.edit_goal", "careplan.set_state",
    "careplan.add_intervention", "careplan.edit_intervention", "careplan.strike_record",
    "desk.finish_assessment",
)  # fmt: skip
"""Actions after which the patient's copy says something else; progress and what is ticked off is none of them."""
RESTING = ONGOING - {"active"}


def goal_review(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Goals whose review day has come."""
    query = (
        Goal.live(*columns(Goal.patient, "goal-review", fn.MIN(Goal.review_on), 7, Goal.id))
        .join(Patient, on=(Patient.id == Goal.patient))
        .where(
            Goal.lifecycle.in_(sorted(WORKED_ON)) & (Goal.review_on <= view.last) & _worked_with(view)
        )
        .group_by(Goal.patient)
    )  # fmt: skip
    return unsnoozed(query, Goal.patient, "goal-review", view)


def step_due(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Interventions that are due or late; what a patient does day by day is never late."""
    i = Intervention
    # Of one panel the patients come first, not everything that is due anywhere: an expression keeps SQLite from the
    # index of days.
    day = i.due.concat("") if view.people else i.due
    habit = i.responsible.in_(("patient", "caregiver")) & i.every.is_null(False) & (i.every <= HABIT)
    query = (
        i.live(*columns(i.patient, "step-due", fn.MIN(i.due), 6, i.id))
        .join(Patient, on=(Patient.id == i.patient))
        .where(i.status.in_(sorted(CHASED)) & (day <= view.last.isoformat()) & ~habit & _worked_with(view))
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
        .where(_worked_with(view))
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
    """Patients whose plan was rewritten since they got their copy. What was given says the audit entry of the copy;
    one that came in with an import has none, and its patient no row."""
    c = PlanCopy
    later = c.alias()
    newer = later.select(Value(1)).where(
        (later.patient == c.patient) & (later.kind == "patient") & later.struck_at.is_null() & (later.id > c.id)
    )  # fmt: skip
    held = (
        c.live(c.patient.alias("patient"), Image.seq.alias("seq"))
        .join(Image, on=((Image.row == c.id) & (Image.version == 1)))
        .switch(c)
        .join(Patient, on=(Patient.id == c.patient))
        .where((c.kind == "patient") & ~fn.EXISTS(newer) & _worked_with(view))
        .limit(EVERYBODY)
        .alias("held")
    )
    due = day_of_instant(fn.MIN(Audit.at), scope, view, lambda day: day)
    query = (
        Audit.select(*columns(held.c.patient, "plan-copy", due, 7, None))
        .join(held, on=((Audit.patient == held.c.patient) & (Audit.seq > held.c.seq)))
        .where(Audit.action.in_(REWRITES))
        .group_by(held.c.patient)
    )
    return unsnoozed(query, held.c.patient, "plan-copy", view)


def copy_never(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Patients with a signed plan who never got a copy of it."""
    v = PlanVersion
    given = PlanCopy.live(Value(1)).where((PlanCopy.patient == v.patient) & (PlanCopy.kind == "patient"))
    before = Plan.live(Value(1)).where((Plan.patient == v.patient) & Plan.given_on.is_null(False))
    query = (
        v.live(*columns(v.patient, "plan-not-given", fn.MIN(v.date), 7, None))
        .join(Patient, on=(Patient.id == v.patient))
        .where(~fn.EXISTS(given) & ~fn.EXISTS(before) & _worked_with(view))
        .group_by(v.patient)
    )
    return unsnoozed(query, v.patient, "plan-not-given", view)


def quiet(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Goals that did not get better for so many days (setting `goal_quiet_days`): nothing was said but "the same" or
    "worse", and no value came that is better than the baseline. Met goals have no row."""
    days, g, p, m = scope.settings.goal_quiet_days, Goal, GoalProgress, Measurement
    told = (p.achievement.not_in((SAME, WORSE))) | (p.scale > 0) | (p.value.is_null(False) & _better(p.value))
    said = p.live(fn.MAX(p.date)).where((p.patient == g.patient) & (p.goal == g.id) & told)
    # A baseline in another unit than the kind's own can't be compared in SQL: then any value counts.
    better = g.unit.is_null(False) | _better(m.value)
    measured = m.live(fn.MAX(m.date)).where(
        (m.patient == g.patient) & (m.kind == g.measure) & (m.doubtful == False) & better  # noqa: E712
    )
    marked = Case(None, [(g.achievement == "improving", g.achievement_on)], None)
    valued = Case(None, [(g.measure.is_null(False), measured)], None)
    signs = [fn.COALESCE(one, g.start) for one in (said, valued, marked)]
    last = fn.MAX(g.start, *signs)
    each = (
        g.live(g.patient.alias("patient"), g.id.alias("id"), last.alias("last"))
        .join(Patient, on=(Patient.id == g.patient))
        .where(
            g.lifecycle.in_(sorted(WORKED_ON)) & g.achievement.not_in(sorted(MET))
            & (g.start <= view.last - timedelta(days=days)) & _worked_with(view)
        )
        .limit(EVERYBODY)
        .alias("each")
    )  # fmt: skip
    due = days_later(fn.MIN(each.c.last), days)
    query = (
        g.select(*columns(each.c.patient, "goal-quiet", due, 7, each.c.id))
        .from_(each)
        .where(each.c.last <= (view.last - timedelta(days=days)).isoformat())
        .group_by(each.c.patient)
    )
    return unsnoozed(query, each.c.patient, "goal-quiet", view)


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
        .where((t.repeat_on <= view.last) & ~fn.EXISTS(since) & _worked_with(view))
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
        name="goal-quiet", select=quiet, say=words.quiet, details=details.of_goals,
        settle=Settle("goal-progress", "progress", on_record=True),
    ),
    Source(
        name="teach-again", select=teach_again, say=words.teach_again, details=details.of_teachings,
        settle=Settle("teaching", "teach", about="topic"),
    ),
)  # fmt: skip
"""The sources of care plans and teaching."""


def _worked_with(view: View) -> Any:
    """Patients of the view whom some program works with: enrolled, and not on hold."""
    e = Enrollment
    in_one = e.live(Value(1)).where(
        (e.patient == Patient.id) & e.status.in_(sorted(ONGOING - RESTING)) & (e.start <= view.day)
        & (e.end.is_null() | (e.end >= view.day))
    )  # fmt: skip
    return ongoing(view) & fn.EXISTS(in_one)


def _better(value: Any) -> Any:
    """A value on the goal's side of its baseline; any value where the goal has none, or no side."""
    g = Goal
    return (
        g.baseline.is_null() | g.direction.is_null()
        | ((g.direction == "below") & (value < g.baseline))
        | ((g.direction == "above") & (value > g.baseline))
    )  # fmt: skip
