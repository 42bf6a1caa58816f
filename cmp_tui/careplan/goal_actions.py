"""How goals go: what is said of them, their values, and striking out what was a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from cmp_tui.careplan.goal_rules import BETTER, ENDED, SAME, WORSE
from cmp_tui.careplan.model import Barrier, Goal, GoalProgress, Intervention
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.records import Record, rows
from cmp_tui.measurements.kinds import measurement_tables, unit_of
from cmp_tui.measurements.model import Measurement
from cmp_tui.measurements.value_actions import add_value

STRIKABLE: Mapping[str, type[Record]] = MappingProxyType(
    {"goal": Goal, "barrier": Barrier, "intervention": Intervention, "progress": GoalProgress}
)
"""The records of this room that a person may strike out, by the name that they have there."""

STEPS = frozenset({BETTER, SAME, WORSE, "achieved", "not-achieved", "not-attainable", "in-progress", "sustaining",
                   "no-progress"})  # fmt: skip
LOWEST, HIGHEST = -2, 2
"""The steps of a goal's own scale."""


def record_progress(
    change: Change,
    goal: bytes,
    *,
    achievement: str | None = None,
    value: float | None = None,
    second: float | None = None,
    scale: float | None = None,
    note: str | None = None,
    day: date | None = None,
    contact: bytes | None = None,
    seen: int | None = None,
    id: bytes | None = None,
) -> GoalProgress:
    """Records how a goal goes: better, the same or worse (`achievement`), a value, or a step on its own scale.

    A value of a kind of measurement is kept among the patient's measurements, once; the progress names it. `seen` is
    the goal's version that the form showed, when the form showed how it goes. Raises Invalid, Conflict, Gone.
    """
    row, day = change.get(Goal, goal), day or change.today
    wrong: dict[str, str] = {}
    if achievement is None and value is None and scale is None and not (note or "").strip():
        wrong[""] = "Say better, the same or worse, or write a value or a note."
    if day > change.today:
        wrong["date"] = "This day is still to come."
    if achievement is not None and achievement not in STEPS:
        wrong["achievement"] = f"{achievement!r} is not a word for how a goal goes."
    if scale is not None and not LOWEST <= scale <= HIGHEST:
        wrong["scale"] = "The scale goes from -2 to 2; 0 is what was expected."
    if row.lifecycle in ENDED:
        wrong[""] = "This goal has ended. Take it up again (s), then record how it goes."
    if wrong:
        raise Invalid(wrong)
    measurement = None if value is None else _measured(change, row, value, second, day)
    made = change.add(
        GoalProgress,
        id=id,
        patient=row.patient,
        goal=goal,
        date=day,
        value=value if measurement is None else None,
        measurement=None if measurement is None else measurement.id,
        achievement=achievement,
        scale=scale,
        note=note,
        contact=contact,
        told_by=change.who.id,
    )
    if achievement is not None and (row.achievement_on is None or row.achievement_on <= day):
        change.edit(Goal, goal, seen, achievement=achievement, achievement_on=day)
    return made


def edit_progress(change: Change, key: bytes, seen: int | None, **values: Any) -> GoalProgress:
    """Changes the note of what was said about a goal. Raises Invalid, Conflict, Gone."""
    if set(values) - {"note"}:
        raise Invalid({"": "Only the note is changed; strike the progress out (x) and record it anew."})
    return change.edit(GoalProgress, key, seen, **values)


def strike_record(change: Change, what: str, key: bytes, why: str, seen: int | None = None) -> Record:
    """Strikes out a goal with what belongs to it, a barrier, an intervention, or progress with its value.

    Raises Invalid, Conflict, Gone.
    """
    model = STRIKABLE.get(what)
    if model is None:
        raise Invalid({"": f"There are no records called {what!r} here. Known: {', '.join(STRIKABLE)}."})
    struck = change.strike(model, key, why, seen)
    if isinstance(struck, Goal):
        for part in (Barrier, Intervention, GoalProgress):
            for (one,) in list(rows(part.live(part.id).where(part.goal == key))):
                change.strike(part, one, why)
    elif isinstance(struck, GoalProgress):
        _take_back(change, struck, why)
    return struck


def _measured(
    change: Change, goal: Goal, value: float, second: float | None, day: date
) -> Measurement | None:
    """The value among the measurements; None for a goal that counts something of its own."""
    measure = measurement_tables(change.reference).measures.get(goal.measure or "")
    if measure is None:
        if second is not None:
            raise Invalid({"value": "This goal has one number, not two."})
        return None
    unit = unit_of(measure, goal.unit)
    made = add_value(change, goal.patient, kind=measure.kind, value=value, second=second, unit=unit, day=day)
    if made.doubtful:
        raise Invalid({"value": f"{value:g} {unit} can't be right for {measure.name}. Look at it again."})
    return made


def _take_back(change: Change, struck: GoalProgress, why: str) -> None:
    """A value that was said with progress goes with it; and what was said before it holds again."""
    if (
        struck.measurement is not None
        and Measurement.live().where(Measurement.id == struck.measurement).exists()
    ):
        change.strike(Measurement, struck.measurement, why)
    goal = Goal.get_or_none((Goal.id == struck.goal) & Goal.struck_at.is_null())
    if goal is None or struck.achievement is None:
        return
    if (goal.achievement, goal.achievement_on) != (struck.achievement, struck.date):
        return
    g = GoalProgress
    before = (
        g.live()
        .where((g.goal == goal.id) & g.achievement.is_null(False))
        .order_by(g.date.desc(), g.id.desc())
        .first()
    )
    change.edit(
        Goal,
        goal.id,
        None,
        achievement="in-progress" if before is None else before.achievement,
        achievement_on=None if before is None else before.date,
    )
