"""Reading goals with their values, what stands in their way, what is done for them, and what was said of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from peewee import JOIN, fn

from cmp_tui.careplan.goal_rules import ENDED, OPEN, WORKED_ON, Point, standing
from cmp_tui.careplan.lines import BarrierLine, GoalLine, InterventionLine, ProgressLine
from cmp_tui.careplan.model import Barrier, Goal, GoalProgress, Intervention
from cmp_tui.careplan.rules import OPEN_STEPS
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Scope
from cmp_tui.measurements.kinds import in_unit, measurement_tables, unit_of
from cmp_tui.measurements.model import Measurement

MOST_POINTS = 60
"""Values of a kind that are read, the newest ones."""

_GOAL = GoalLine._fields[: GoalLine._fields.index("kind")]


class _Value(NamedTuple):
    id: bytes
    kind: str
    date: date
    value: float | None
    value2: float | None


def goals_of(scope: Scope, patient: bytes) -> list[GoalLine]:
    """Returns a patient's goals with their values, barriers, steps and progress: those that go on first."""
    return goals_with(scope, patient, barriers_of(scope, patient), interventions_of(scope, patient))


def bare_goals(scope: Scope, patient: bytes) -> list[GoalLine]:
    """Returns a patient's goals as `goals_of`, without barriers and steps."""
    return goals_with(scope, patient, (), ())


def goals_with(
    scope: Scope, patient: bytes, barriers: Iterable[BarrierLine], steps: Iterable[InterventionLine]
) -> list[GoalLine]:
    """Returns a patient's goals as `goals_of`, with barriers and steps that were read already."""
    query = Goal.live(*_columns(Goal, _GOAL)).where(Goal.patient == patient)
    return put_together(scope, patient, [GoalLine(*row) for row in rows(query)], barriers, steps)


def put_together(
    scope: Scope,
    patient: bytes,
    goals: list[GoalLine],
    barriers: Iterable[BarrierLine],
    steps: Iterable[InterventionLine],
    until: date | None = None,
) -> list[GoalLine]:
    """Returns bare goals with everything on them; with `until` their values and words up to that day."""
    if not goals:
        return []
    said = [one for one in _progress(patient) if until is None or one.date <= until]
    in_way, done = _by_goal(barriers), _by_goal(steps)
    kinds = measurement_tables(scope.reference).measures
    values = _values(
        patient, {goal.measure for goal in goals if goal.measure is not None and goal.measure in kinds}
    )
    if until is not None:
        values = {key: one for key, one in values.items() if one.date <= until}
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


def _columns(model: Any, names: Iterable[str]) -> tuple[Any, ...]:
    return tuple(getattr(model, name) for name in names)
