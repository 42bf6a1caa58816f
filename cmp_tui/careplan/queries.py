"""Reading a patient's care plan: everything of it at once, in a handful of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from peewee import JOIN

from cmp_tui.assessments.queries import latest_of_each
from cmp_tui.careplan.copy_hash import digest_of
from cmp_tui.careplan.goal_queries import bare_goals as bare_goals
from cmp_tui.careplan.goal_queries import barrier_line as barrier_line
from cmp_tui.careplan.goal_queries import barriers_of as barriers_of
from cmp_tui.careplan.goal_queries import goal_line as goal_line
from cmp_tui.careplan.goal_queries import goals_of as goals_of
from cmp_tui.careplan.goal_queries import goals_with
from cmp_tui.careplan.goal_queries import intervention_line as intervention_line
from cmp_tui.careplan.goal_queries import interventions_of as interventions_of
from cmp_tui.careplan.goal_rules import ENDED, OPEN, WORKED_ON, t_score
from cmp_tui.careplan.lines import (
    CopyLine,
    Element,
    GoalLine,
    PlanLine,
    ProblemLine,
    VersionLine,
    WholePlan,
)
from cmp_tui.careplan.model import Plan, PlanCopy, PlanVersion
from cmp_tui.careplan.rules import OPEN_STEPS, Covered, elements, review_due
from cmp_tui.careplan.version_rules import as_content as as_content
from cmp_tui.careplan.version_rules import changes_between as changes_between
from cmp_tui.careplan.version_rules import content_of
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Scope
from cmp_tui.medications.queries import medications
from cmp_tui.patients.queries import ConditionLine, conditions, people, team

CURRENT = frozenset({"active", "recurrence", "relapse"})
"""States of a condition that the patient lives with now (FHIR Condition.clinicalStatus)."""


def plan_line(scope: Scope, patient: bytes) -> PlanLine | None:
    """Returns a patient's plan; of several, which older imports may hold, the latest made one."""
    query = (
        Plan.live(*_columns(Plan, PlanLine._fields))
        .where(Plan.patient == patient)
        .order_by(Plan.made_on.desc(nulls="LAST"), Plan.id.desc())
        .limit(1)
    )
    for row in rows(query):
        line = PlanLine(*row)
        return line._replace(signs=line.signs or {})
    return None


def whole_plan(scope: Scope, patient: bytes) -> WholePlan:
    """Returns everything of a patient's plan. A patient without one has an empty one."""
    found = conditions(scope, patient)
    barriers, steps = barriers_of(scope, patient), interventions_of(scope, patient)
    goals = goals_with(scope, patient, barriers, steps)
    keys = {goal.id for goal in goals}
    plan = plan_line(scope, patient)
    versions, copies = versions_of(scope, patient), copies_of(scope, patient)
    latest = version_content(scope, versions[0].id) if versions else None
    reviewed = max(
        (
            day
            for day in (plan and plan.made_on, plan and plan.reviewed_on, versions and versions[0].date)
            if day
        ),
        default=None,
    )
    due = review_due(reviewed, None, scope.settings.plan_review_months)
    open_ = [goal for goal in goals if goal.lifecycle in OPEN]
    scaled = [(goal.weight, goal.scale) for goal in open_ if goal.lifecycle in WORKED_ON and goal.weight]
    whole = WholePlan(
        patient=patient,
        day=scope.today,
        plan=plan,
        problems=tuple(_problems(found, open_)),
        barriers=tuple(one for one in barriers if one.goal not in keys),
        interventions=tuple(one for one in steps if one.goal not in keys),
        ended=tuple(goal for goal in goals if goal.lifecycle in ENDED),
        versions=tuple(versions),
        copies=tuple(copies),
        elements=(),
        score=t_score((weight, step) for weight, step in scaled if step is not None),
        reviewed=reviewed,
        review_due=due,
        latest=latest,
        digest=digest_of(scope, patient),
    )
    if versions:
        whole = whole._replace(changes=tuple(changes_since(whole, scope.reference)))
    return whole._replace(elements=_elements(scope, whole, found))


def versions_of(scope: Scope, patient: bytes) -> list[VersionLine]:
    """Returns the versions of a patient's plan, newest first."""
    query = PlanVersion.live(*_columns(PlanVersion, VersionLine._fields)).where(
        PlanVersion.patient == patient
    )
    found = rows(query.order_by(PlanVersion.number.desc(), PlanVersion.id.desc()))
    return [_version(row) for row in found]


def version_line(scope: Scope, key: bytes) -> VersionLine:
    """Returns one version. Raises Gone when it is no longer there."""
    for row in rows(
        PlanVersion.live(*_columns(PlanVersion, VersionLine._fields)).where(PlanVersion.id == key)
    ):
        return _version(row)
    raise Gone("This version of the plan is no longer there; it was undone.")


def version_content(scope: Scope, key: bytes) -> Mapping[str, Any]:
    """Returns the plan as it stood in a version. Raises Gone when there is none."""
    for (content,) in rows(PlanVersion.live(PlanVersion.content).where(PlanVersion.id == key)):
        return content_of(content)
    raise Gone("This version of the plan is no longer there; it was undone.")


def version_contents(scope: Scope, keys: Collection[bytes]) -> dict[bytes, Mapping[str, Any]]:
    """Returns the plan as it stood in some versions, by their keys."""
    query = PlanVersion.live(PlanVersion.id, PlanVersion.content).where(PlanVersion.id.in_(list(keys)))
    return {key: content_of(content) for key, content in rows(query)}


def plan_on(scope: Scope, patient: bytes, day: date) -> Mapping[str, Any] | None:
    """Returns the plan as its last version on a day holds it; None when there was none yet."""
    query = (
        PlanVersion.live(PlanVersion.content)
        .where((PlanVersion.patient == patient) & (PlanVersion.date <= day))
        .order_by(PlanVersion.number.desc(), PlanVersion.id.desc())
        .limit(1)
    )
    return next((content_of(content) for (content,) in rows(query)), None)


def copies_of(scope: Scope, patient: bytes) -> list[CopyLine]:
    """Returns the copies of a patient's plan that left the house, newest first."""
    query = (
        PlanCopy.live(*_columns(PlanCopy, CopyLine._fields[:-1]), Staff.name)
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == PlanCopy.given_by))
        .where(PlanCopy.patient == patient)
        .order_by(PlanCopy.date.desc(), PlanCopy.id.desc())
    )
    return [CopyLine(*row) for row in rows(query)]


def changes_since(whole: WholePlan, reference: Reference) -> list[str]:
    """Returns what has changed in a plan since its last version, in sentences."""
    return changes_between(whole.latest, as_content(whole), reference)


# Inside


def _version(row: Iterable[Any]) -> VersionLine:
    line = VersionLine(*row)
    return line._replace(changes=tuple(line.changes or ()))


def _problems(found: list[ConditionLine], goals: list[GoalLine]) -> list[ProblemLine]:
    """The problems: conditions with goals and chronic ones in the order of the list of conditions, then words."""
    of_condition: dict[bytes, list[GoalLine]] = {}
    of_words: dict[str, list[GoalLine]] = {}
    known = {one.id for one in found}
    for goal in goals:
        if goal.condition in known and goal.condition is not None:
            of_condition.setdefault(goal.condition, []).append(goal)
        else:
            of_words.setdefault(goal.problem or "", []).append(goal)
    lines = [
        ProblemLine(
            one.id.hex(), one.id, one.version, one.words, one.code, bool(one.chronic),
            tuple(of_condition.get(one.id, ())),
        )
        for one in found
        if one.id in of_condition or (one.chronic and one.status in CURRENT)
    ]  # fmt: skip
    words = sorted(of_words, key=lambda one: (not one, of_words[one][0].id))
    lines += [ProblemLine(f"words:{one}", None, 0, one, None, False, tuple(of_words[one])) for one in words]
    return lines


def _elements(scope: Scope, whole: WholePlan, found: list[ConditionLine]) -> tuple[Element, ...]:
    plan, goals = whole.plan, whole.goals
    steps = [one for goal in goals for one in goal.interventions] + list(whole.interventions)
    facts = Covered(
        conditions=sum(1 for one in found if one.status in CURRENT),
        outlook=bool(plan and plan.outlook),
        open_goals=len(goals),
        measured_goals=sum(1 for goal in goals if goal.target is not None and goal.due is not None),
        function=bool(plan and plan.function),
        instruments=frozenset(latest_of_each(scope, whole.patient)),
        signs=sum(map(len, plan.signs.values())) if plan else 0,
        open_steps=sum(1 for one in steps if one.status in OPEN_STEPS),
        medicines=len(medications(scope, whole.patient, current_only=True)),
        home=bool(plan and plan.home),
        caregivers=sum(1 for one in people(scope, whole.patient) if one.caregiver),
        caregiver=bool(plan and plan.caregiver),
        team=len(team(scope, whole.patient)),
        outside=bool(plan and plan.outside),
        versions=len(whole.versions),
        reviewed=whole.reviewed,
        review_due=whole.review_due,
        changed=len(whole.changes),
    )
    return tuple(Element(*one) for one in elements(facts, scope.today))


def _columns(model: Any, names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(getattr(model, name) for name in names)
