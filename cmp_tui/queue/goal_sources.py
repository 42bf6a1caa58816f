"""What stands still in a care plan: goals of patients whom a program works with that do not get better."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from peewee import Case, ModelSelect, fn

from cmp_tui.careplan.goal_rules import MET, SAME, WORKED_ON, WORSE
from cmp_tui.careplan.model import Goal, GoalProgress
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.steps import days_later
from cmp_tui.measurements.kinds import measurement_tables
from cmp_tui.measurements.model import Measurement
from cmp_tui.patients.model import Patient
from cmp_tui.queue import plan_details as details
from cmp_tui.queue import plan_words as words
from cmp_tui.queue.parts import EVERYBODY, unsnoozed
from cmp_tui.queue.plan_parts import in_program
from cmp_tui.queue.rows import View, columns
from cmp_tui.queue.source import Source
from cmp_tui.queue.words import Settle


def quiet(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Goals that did not get better for so many days (setting `goal_quiet_days`): nothing was said but "the same" or
    "worse", and no value came, typed or brought in, that is better than the baseline. Met goals have no row: neither
    those that somebody called met, nor those whose last value meets the target."""
    days, g, p, m = scope.settings.goal_quiet_days, Goal, GoalProgress, Measurement
    newest = view.last - timedelta(days=days)
    told = p.achievement.not_in((SAME, WORSE)) | (p.scale > 0)
    told |= p.value.is_null(False) & _better(p.value, g.baseline)
    said = p.live(fn.MAX(p.date)).where((p.patient == g.patient) & (p.goal == g.id) & told)
    measured = m.live(fn.MAX(m.date)).where(
        (m.patient == g.patient) & (m.kind == g.measure) & (m.doubtful == False)  # noqa: E712
        & m.value.is_null(False) & _better(m.value, _own(scope.reference, g.baseline))
    )  # fmt: skip
    valued = Case(None, [(g.measure.is_null(False), measured)], None)
    marked = Case(None, [(g.achievement == "improving", g.achievement_on)], None)
    last = fn.MAX(g.start, *(fn.COALESCE(one, g.start) for one in (said, valued, marked)))
    each = (
        g.live(g.patient.alias("patient"), g.id.alias("id"), last.alias("last"))
        .join(Patient, on=(Patient.id == g.patient))
        .where(
            g.lifecycle.in_(sorted(WORKED_ON)) & g.achievement.not_in(sorted(MET)) & (g.start <= newest)
            & in_program(view)
        )
        .limit(EVERYBODY)
        .alias("each")
    )  # fmt: skip
    met = Case(None, [(g.measure.is_null(), _met_by_progress())], _met_by_measurement(scope.reference))
    due = days_later(fn.MIN(each.c.last), days)
    query = (
        g.select(*columns(each.c.patient, "goal-quiet", due, 7, each.c.id))
        .from_(each)
        .join(g, on=(g.id == each.c.id))
        .where((each.c.last <= newest.isoformat()) & (g.target.is_null() | ~fn.COALESCE(met, 0)))
        .group_by(each.c.patient)
    )
    return unsnoozed(query, each.c.patient, "goal-quiet", view)


SOURCES = (
    Source(
        name="goal-quiet", select=quiet, say=words.quiet, details=details.of_goals,
        settle=Settle("goal-progress", "progress", on_record=True),
    ),
)  # fmt: skip
"""The source of goals that stand still."""


def _better(value: Any, baseline: Any) -> Any:
    """A value on the goal's side of its baseline; any value where the goal has none, or no side."""
    return fn.COALESCE(((value - baseline) * _way()) > 0, 1)


def _met_by_measurement(reference: Reference) -> Any:
    """Whether the last value of the goal's kind since it began meets the target, and nobody said otherwise since."""
    g, m = Goal, Measurement
    met = _meets(m.value, _own(reference, g.target)) & (
        g.target2.is_null() | m.value2.is_null() | _meets(m.value2, g.target2)
    )
    return (
        m.live(Case(None, [(met & _is_news(m.date), 1)], 0))
        .where(
            (m.patient == g.patient) & (m.kind == g.measure) & (m.doubtful == False)  # noqa: E712
            & m.value.is_null(False) & (m.date > g.start)
        )
        .order_by(m.date.desc(), m.id.desc())
        .limit(1)
    )  # fmt: skip


def _met_by_progress() -> Any:
    """As `_met_by_measurement`, of a goal whose values are said as progress."""
    g, p = Goal, GoalProgress
    return (
        p.live(Case(None, [(_meets(p.value, g.target) & _is_news(p.date), 1)], 0))
        .where(
            (p.patient == g.patient) & (p.goal == g.id) & p.value.is_null(False) & (p.date >= g.start)
        )
        .order_by(p.date.desc(), p.id.desc())
        .limit(1)
    )  # fmt: skip


def _meets(value: Any, target: Any) -> Any:
    return ((value - target) * _way()) >= 0


def _is_news(day: Any) -> Any:
    """The person's own word stands until a newer value says something (careplan/goal_rules.standing)."""
    return Goal.achievement_on.is_null() | (day > Goal.achievement_on)


def _way() -> Any:
    """-1 where a goal is met below its target, 1 above (careplan/goal_rules.way)."""
    g = Goal
    guessed = [(g.direction.is_null() & (g.target < g.baseline), -1)]
    guessed.append((g.direction.is_null() & (g.target > g.baseline), 1))
    return Case(None, [(g.direction == "below", -1), (g.direction == "above", 1), *guessed], None)


def _own(reference: Reference, number: Any) -> Any:
    """A goal's number in its kind's own unit, in which the measurements are kept."""
    g = Goal
    scales = {
        f"{kind} {unit}": scale
        for kind, measure in measurement_tables(reference).measures.items()
        for unit, scale in measure.units.items()
        if (scale.factor, scale.offset) != (1, 0)
    }
    written = g.measure.concat(" ").concat(fn.LOWER(fn.REPLACE(g.unit, " ", "")))
    factor = Case(written, [(key, scale.factor) for key, scale in scales.items()], 1)
    offset = Case(written, [(key, scale.offset) for key, scale in scales.items() if scale.offset], 0)
    return Case(None, [(g.unit.is_null(), number)], number * factor + offset)
