"""Goals and steps as a nurse says them. Pure: no screen, no file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from cmp_tui.careplan.goal_rules import BETTER, MET, WORSE, number, value_words
from cmp_tui.careplan.lines import BarrierLine, GoalLine, InterventionLine
from cmp_tui.clinic.reference import Reference
from cmp_tui.measurements.kinds import measurement_tables

LONG_UNIT = 5
"""Letters of a unit that stands behind the numbers in a list."""
EVERY: Mapping[int, str] = MappingProxyType(
    {
        1: "daily",
        7: "weekly",
        14: "every 2 weeks",
        30: "monthly",
        90: "every 3 months",
        180: "every 6 months",
        365: "yearly",
    }
)


def every_words(days: int | None) -> str:
    """'weekly', 'every 10 days'; '' for what is done once."""
    return "" if not days else EVERY.get(days, f"every {days} days")


def measure_name(goal: GoalLine, reference: Reference) -> str:
    """What measures a goal: 'A1c', 'days a week', or ''."""
    measure = measurement_tables(reference).measures.get(goal.measure or "")
    return measure.name if measure is not None else (goal.unit or "")


def aim_words(goal: GoalLine, reference: Reference) -> str:
    """'A1c at or below 8 %'; '' for a goal without a target."""
    if goal.target is None:
        return ""
    name = measure_name(goal, reference) if goal.kind is not None else ""
    side = reference.label("goal_direction", goal.direction)
    return " ".join(
        part for part in (name, side, value_words(goal.target, goal.target2, goal.counted)) if part
    )


def numbers_words(goal: GoalLine, arrow: str) -> str:
    """The last value (at first the one it begins with) and the target in a list: '8.4 → 8 %', '3 → 5', '→ 8 %'; ''
    where there is no number."""
    last = goal.points[-1] if goal.points else None
    parts = []
    if last is not None:
        parts.append(value_words(last.value, last.second))
    elif goal.baseline is not None:
        parts.append(value_words(goal.baseline, None))
    if goal.target is not None:
        parts += [arrow, value_words(goal.target, goal.target2)]
    unit = goal.counted if parts and len(goal.counted) <= LONG_UNIT and goal.target2 is None else ""
    return " ".join([*parts, unit]).strip()


def way_sign(code: str, up: str, down: str, done: str, same: str) -> str:
    """The sign of how a goal goes: up is better, down is worse."""
    if code in MET:
        return done
    return {BETTER: up, WORSE: down, "no-change": same, "no-progress": same}.get(code, " ")


def way_style(code: str) -> str:
    """The colour of how a goal goes."""
    if code in MET or code == BETTER:
        return "$accent"
    if code in (WORSE, "not-achieved", "not-attainable"):
        return "$coral"
    return "$amber" if code in ("no-change", "no-progress") else "$dim"


def whose_words(step: InterventionLine, reference: Reference) -> str:
    """'patient', 'caregiver Lucía'"""
    label = reference.label("responsible", step.responsible)
    return f"{label} {step.who}" if step.who else label


def barrier_words(barrier: BarrierLine, reference: Reference) -> str:
    """'cost: strips are 40 a month', 'cost'"""
    label = reference.label("barrier", barrier.kind)
    if not barrier.words:
        return label
    return barrier.words if barrier.kind == "other" else f"{label}: {barrier.words}"


def days_to(due: date, today: date) -> str:
    """'in 97 days', 'today', '3 days ago'"""
    days = (due - today).days
    if not days:
        return "today"
    words = "1 day" if abs(days) == 1 else f"{number(abs(days))} days"
    return f"in {words}" if days > 0 else f"{words} ago"
