"""A patient's plan as it stood after a change, put together from the images that changes leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from cmp_tui.careplan.goal_queries import put_together
from cmp_tui.careplan.goal_rules import ENDED
from cmp_tui.careplan.lines import (
    BarrierLine,
    GoalLine,
    InterventionLine,
    PlanLine,
    ProblemLine,
    WholePlan,
)
from cmp_tui.careplan.model import Barrier, Goal, Intervention, Plan
from cmp_tui.careplan.version_rules import as_content
from cmp_tui.clinic.calendar import day_of
from cmp_tui.clinic.model import Audit, Image
from cmp_tui.clinic.records import Record, from_image, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.queries import conditions

Values = Mapping[str, Any]


def plan_after(scope: Scope, patient: bytes, seq: int) -> Mapping[str, Any] | None:
    """Returns the plan as it stood after a change (its number in the audit trail); None when there was none yet.

    It has the form of a version's content (careplan/version_rules.py). Goals have the values and the words up to the
    day of the change; problems have the names that they have today.
    """
    at: datetime | None = next((at for (at,) in rows(Audit.select(Audit.at).where(Audit.seq == seq))), None)
    if at is None:
        return None
    day = day_of(at, scope.zone)
    plans = _as_they_were(Plan, patient, seq)
    goals = _goals(scope, patient, seq, day)
    if not plans and not goals:
        return None
    newest = max(plans, key=lambda one: (one["made_on"] or date.min, one["id"]), default=None)
    keys = {goal.id for goal in goals}
    whole = WholePlan(
        patient=patient, day=day,
        plan=None if newest is None else _line(PlanLine, {**newest, "signs": newest["signs"] or {}}),
        problems=tuple(_problems(scope, patient, [goal for goal in goals if goal.lifecycle not in ENDED])),
        barriers=tuple(one for one in _barriers(patient, seq) if one.goal not in keys),
        interventions=tuple(one for one in _steps(patient, seq) if one.goal not in keys),
        ended=tuple(goal for goal in goals if goal.lifecycle in ENDED),
        versions=(), copies=(), elements=(), score=None, reviewed=None, review_due=None, latest=None,
    )  # fmt: skip
    return as_content(whole)


# Inside


def _goals(scope: Scope, patient: bytes, seq: int, day: date) -> list[GoalLine]:
    own = GoalLine._fields[: GoalLine._fields.index("kind")]
    found = [GoalLine(**{name: one[name] for name in own}) for one in _as_they_were(Goal, patient, seq)]
    return put_together(scope, patient, found, _barriers(patient, seq), _steps(patient, seq), until=day)


def _barriers(patient: bytes, seq: int) -> list[BarrierLine]:
    return [_line(BarrierLine, one) for one in _as_they_were(Barrier, patient, seq)]


def _steps(patient: bytes, seq: int) -> list[InterventionLine]:
    return [_line(InterventionLine, one) for one in _as_they_were(Intervention, patient, seq)]


def _line(kind: Any, values: Values) -> Any:
    return kind(**{name: values[name] for name in kind._fields})


def _problems(scope: Scope, patient: bytes, goals: Iterable[GoalLine]) -> list[ProblemLine]:
    known = {one.id: one for one in conditions(scope, patient)}
    found: dict[str, ProblemLine] = {}
    for goal in goals:
        about = known.get(goal.condition or b"")
        key = about.id.hex() if about is not None else f"words:{goal.problem or ''}"
        words = about.words if about is not None else goal.problem or ""
        code = about.code if about is not None else None
        line = found.get(key) or ProblemLine(key, goal.condition, 0, words, code, False, ())
        found[key] = line._replace(goals=(*line.goals, goal))
    return list(found.values())


def _as_they_were(model: type[Record], patient: bytes, seq: int) -> list[Values]:
    """The rows of a table that stood after a change, in the order of their keys; those struck out by then are not."""
    own: Any = model
    now: dict[bytes, Values | None] = {
        row.id: dict(row.__data__) for row in model.select().where(own.patient == patient).order_by(model.id)
    }
    later = (Image.seq > seq) & (Image.table == model._meta.table_name)
    keys = model.select(model.id).where(own.patient == patient)
    query = (
        Image.select(Image.row, Image.before)
        .where(later & Image.row.in_(keys))
        .order_by(Image.seq.desc(), Image.part.desc())
    )
    for key, text in rows(query):
        now[bytes(key)] = from_image(model, text) if text else None
    for (packed,) in rows(Image.select(Image.packed).where(later & Image.row.is_null())):
        now |= {key: None for key in now if key in packed}
    return [one for one in now.values() if one is not None and one["struck_at"] is None]
