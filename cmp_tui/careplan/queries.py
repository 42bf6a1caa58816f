"""Reading a patient's care plan: everything of it at once, in a handful of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from peewee import JOIN, fn

from cmp_tui.assessments.queries import latest_of_each
from cmp_tui.careplan.goal_rules import ENDED, OPEN, WORKED_ON, Point, standing, t_score
from cmp_tui.careplan.lines import (
    BarrierLine,
    CopyLine,
    Element,
    GoalLine,
    InterventionLine,
    PlanLine,
    ProblemLine,
    ProgressLine,
    VersionLine,
    WholePlan,
)
from cmp_tui.careplan.model import Barrier, Goal, GoalProgress, Intervention, Plan, PlanCopy, PlanVersion
from cmp_tui.careplan.rules import OPEN_STEPS, Covered, elements, review_due
from cmp_tui.careplan.version_rules import as_content as as_content
from cmp_tui.careplan.version_rules import changes_between as changes_between
from cmp_tui.careplan.version_rules import content_of
from cmp_tui.careplan.version_rules import digest as digest
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Scope
from cmp_tui.measurements.kinds import in_unit, measurement_tables, unit_of
from cmp_tui.measurements.model import Measurement
from cmp_tui.medications.queries import medications
from cmp_tui.patients.queries import ConditionLine, conditions, people, team

CURRENT = frozenset({"active", "recurrence", "relapse"})
"""States of a condition that the patient lives with now (FHIR Condition.clinicalStatus)."""
MOST_POINTS = 60
"""Values of a kind that are read, the newest ones."""
_GOAL = GoalLine._fields[: GoalLine._fields.index("kind")]


class _Value(NamedTuple):
    id: bytes
    kind: str
    date: date
    value: float | None
    value2: float | None


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
    goals = _goals(scope, patient, barriers, steps)
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
    )
    if versions:
        whole = whole._replace(changes=tuple(changes_since(whole, scope.reference)))
    return whole._replace(elements=_elements(scope, whole, found))


def goals_of(scope: Scope, patient: bytes) -> list[GoalLine]:
    """Returns a patient's goals with their values, barriers, steps and progress: those that go on first."""
    return _goals(scope, patient, barriers_of(scope, patient), interventions_of(scope, patient))


def bare_goals(scope: Scope, patient: bytes) -> list[GoalLine]:
    """Returns a patient's goals as `goals_of`, without barriers and steps."""
    return _goals(scope, patient, (), ())


def _goals(
    scope: Scope, patient: bytes, barriers: Iterable[BarrierLine], steps: Iterable[InterventionLine]
) -> list[GoalLine]:
    query = Goal.live(*_columns(Goal, _GOAL)).where(Goal.patient == patient)
    goals = [GoalLine(*row) for row in rows(query)]
    if not goals:
        return []
    said = _progress(patient)
    in_way, done = _by_goal(barriers), _by_goal(steps)
    kinds = measurement_tables(scope.reference).measures
    values = _values(
        patient, {goal.measure for goal in goals if goal.measure is not None and goal.measure in kinds}
    )
    told = {one.measurement for one in said if one.measurement is not None}
    progress = _by_goal(_with_values(said, values))
    made = (
        _moved(goal, scope.reference, values, told, progress.get(goal.id, []))._replace(
            barriers=tuple(in_way.get(goal.id, ())),
            interventions=tuple(done.get(goal.id, ())),
        )
        for goal in goals
    )
    return sorted(made, key=_place)


def goal_line(scope: Scope, key: bytes) -> GoalLine:
    """Returns one goal with everything on it. Raises Gone when it is no longer there."""
    for (patient,) in rows(Goal.live(Goal.patient).where(Goal.id == key)):
        return next(goal for goal in goals_of(scope, patient) if goal.id == key)
    raise Gone("This goal is no longer there; it was struck out or undone.")


def barriers_of(scope: Scope, patient: bytes) -> list[BarrierLine]:
    """Returns what stands in the way of a patient's goals; what is solved comes last."""
    query = Barrier.live(*_columns(Barrier, BarrierLine._fields)).where(Barrier.patient == patient)
    found = (BarrierLine(*row) for row in rows(query))
    return sorted(found, key=lambda one: (one.solved_on is not None, one.id))


def barrier_line(scope: Scope, key: bytes) -> BarrierLine:
    """Returns one barrier. Raises Gone when it is no longer there."""
    query = Barrier.live(*_columns(Barrier, BarrierLine._fields)).where(Barrier.id == key)
    for row in rows(query):
        return BarrierLine(*row)
    raise Gone("This barrier is no longer there; it was struck out or undone.")


def interventions_of(scope: Scope, patient: bytes) -> list[InterventionLine]:
    """Returns a patient's interventions: those that go on first, by their day; what is over comes last."""
    query = Intervention.live(*_columns(Intervention, InterventionLine._fields)).where(
        Intervention.patient == patient
    )
    found = (InterventionLine(*row) for row in rows(query))
    return sorted(found, key=lambda one: (one.status not in OPEN_STEPS, one.due or date.max, one.id))


def intervention_line(scope: Scope, key: bytes) -> InterventionLine:
    """Returns one intervention. Raises Gone when it is no longer there."""
    query = Intervention.live(*_columns(Intervention, InterventionLine._fields)).where(Intervention.id == key)
    for row in rows(query):
        return InterventionLine(*row)
    raise Gone("This intervention is no longer there; it was struck out or undone.")


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


def _progress(patient: bytes) -> list[ProgressLine]:
    own = [name for name in ProgressLine._fields[:-1] if name != "second"]
    query = (
        GoalProgress.live(*_columns(GoalProgress, own), Staff.name)
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == GoalProgress.told_by))
        .where(GoalProgress.patient == patient)
        .order_by(GoalProgress.date.desc(), GoalProgress.id.desc())
    )
    return [
        ProgressLine(**dict(zip((*own, "told_name"), row, strict=True)), second=None) for row in rows(query)
    ]


def _values(patient: bytes, kinds: Collection[str]) -> dict[bytes, _Value]:
    """The values of some kinds by their keys, oldest first. Doubtful ones are not used."""
    if not kinds:
        return {}
    rank = fn.ROW_NUMBER().over(
        partition_by=[Measurement.kind], order_by=[Measurement.date.desc(), Measurement.id.desc()]
    )
    ranked = (
        Measurement.live(Measurement.id, rank.alias("place"))
        .where(
            (Measurement.patient == patient)
            & Measurement.kind.in_(sorted(kinds))
            & (Measurement.doubtful == False)  # noqa: E712
            & Measurement.value.is_null(False)
        )
        .alias("ranked")
    )
    query = (
        Measurement.select(*_columns(Measurement, _Value._fields))
        .join(ranked, on=(ranked.c.id == Measurement.id))
        .where(ranked.c.place <= MOST_POINTS)
        .order_by(Measurement.date, Measurement.id)
    )
    return {row[0]: _Value(*row) for row in rows(query)}


def _with_values(said: list[ProgressLine], values: Mapping[bytes, _Value]) -> list[ProgressLine]:
    """Progress with the numbers of the measurements that it names."""
    found = []
    for one in said:
        value = values.get(one.measurement) if one.measurement is not None else None
        found.append(one if value is None else one._replace(value=value.value, second=value.value2))
    return found


def _moved(
    goal: GoalLine,
    reference: Reference,
    values: Mapping[bytes, _Value],
    told: Collection[bytes | None],
    progress: list[ProgressLine],
) -> GoalLine:
    """A goal with its values in the unit in which they are shown, and how it goes."""
    measure = measurement_tables(reference).measures.get(goal.measure or "")
    if measure is None:
        points = [
            Point(one.date, one.value, None, True)
            for one in sorted(progress, key=lambda one: (one.date, one.id))
            if one.value is not None
        ]
        counted = goal.unit or ""
    else:
        counted = unit_of(measure, goal.unit)
        points = [
            Point(
                one.date,
                in_unit(measure, one.value, counted),
                None if one.value2 is None else in_unit(measure, one.value2, counted),
                one.id in told,
            )
            for one in values.values()
            if one.kind == measure.kind and one.value is not None
        ]
        progress = [
            one._replace(value=None if one.value is None else in_unit(measure, one.value, counted))
            if one.measurement is not None
            else one
            for one in progress
        ]
    return goal._replace(
        kind=None if measure is None else measure.kind,
        counted=counted,
        points=tuple(points),
        standing=standing(goal, points),
        progress=tuple(progress),
    )


def _by_goal(lines: Iterable[Any]) -> dict[bytes | None, list[Any]]:
    found: dict[bytes | None, list[Any]] = {}
    for one in lines:
        found.setdefault(one.goal, []).append(one)
    return found


def _place(goal: GoalLine) -> tuple[Any, ...]:
    order = (*OPEN, *ENDED)
    worked = goal.lifecycle in WORKED_ON
    return (
        goal.lifecycle in ENDED,
        not worked,
        0 if worked else order.index(goal.lifecycle) if goal.lifecycle in order else len(order),
        goal.due or date.max,
        goal.id,
    )


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
