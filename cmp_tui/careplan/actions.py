"""What a person does with a care plan: goals, what stands in their way, who does what, how it goes, what is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from cmp_tui.careplan.goal_rules import BETTER, ENDED, OPEN, SAME, WORSE
from cmp_tui.careplan.model import Barrier, Goal, GoalProgress, Intervention, Plan
from cmp_tui.careplan.queries import plan_line
from cmp_tui.careplan.rules import MOST_SCALE, OVER, comes_again, signs_of
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.records import Record, rows
from cmp_tui.measurements.kinds import measurement_tables, unit_of
from cmp_tui.measurements.model import Measurement
from cmp_tui.measurements.value_actions import add_value
from cmp_tui.patients.model import Condition, Patient

TEXTS = frozenset({"matters", "outlook", "function", "home", "caregiver", "outside"})
STRIKABLE: Mapping[str, type[Record]] = MappingProxyType(
    {"goal": Goal, "barrier": Barrier, "intervention": Intervention, "progress": GoalProgress}
)
"""The records of this room that a person may strike out, by the name that they have there."""
STEPS = frozenset({BETTER, SAME, WORSE, "achieved", "not-achieved", "not-attainable", "in-progress", "sustaining",
                   "no-progress"})  # fmt: skip
LOWEST, HIGHEST = -2, 2
"""The steps of a goal's own scale."""


def open_plan(change: Change, patient: bytes) -> Plan:
    """Returns the patient's plan; a new one is begun when there is none. It is a draft until a review is finished."""
    line = plan_line(change.scope, patient)
    if line is not None:
        return change.get(Plan, line.id)
    change.get(Patient, patient)
    return change.add(Plan, patient=patient)


def edit_plan(change: Change, patient: bytes, seen: int | None = None, **values: Any) -> Plan:
    """Writes the plan's own texts (`TEXTS`) and its warning `signs` (a list for each thing to do then).

    Begins the plan when there is none. `seen` is the version that the form showed: 1 where it showed no plan, so that
    what somebody else wrote first is not lost. Raises Invalid, Conflict, Gone.
    """
    unknown = set(values) - TEXTS - {"signs"}
    if unknown:
        raise Invalid(dict.fromkeys(unknown, "This is not written here."))
    if "signs" in values:
        values["signs"] = signs_of(values["signs"] or {}) or None
    plan = open_plan(change, patient)
    return change.edit(Plan, plan.id, seen, **values)


# Goals


def add_goal(change: Change, patient: bytes, *, title: str, id: bytes | None = None, **values: Any) -> Goal:
    """Adds a goal and returns it; it begins today unless `start` says when. Begins the plan when there is none.

    Raises Invalid, field by field; Gone.
    """
    open_plan(change, patient)
    values.setdefault("start", change.today)
    _check_goal(change, patient, {**values, "title": title})
    return change.add(Goal, id=id, patient=patient, title=title, **values)


def edit_goal(change: Change, key: bytes, seen: int | None, **values: Any) -> Goal:
    """Changes a goal. A person's word about how it goes (`achievement`) holds from today on.

    Raises Invalid, Conflict, Gone.
    """
    goal = change.get(Goal, key)
    now = {name: getattr(goal, name) for name in Goal._meta.sorted_field_names}
    _check_goal(change, goal.patient, {**now, **values})
    if values.get("achievement") not in (None, goal.achievement) and "achievement_on" not in values:
        values["achievement_on"] = change.today
    return change.edit(Goal, key, seen, **values)


def set_state(
    change: Change, key: bytes, lifecycle: str, why: str | None = None, seen: int | None = None
) -> Goal:
    """Sets whether a goal is worked on: its lifecycle, and why it ended. Raises Invalid, Conflict, Gone."""
    if lifecycle not in (*OPEN, *ENDED):
        raise Invalid({"lifecycle": f"{lifecycle!r} is not a state of a goal."})
    if lifecycle in ("cancelled", "rejected") and not (why or "").strip():
        raise Invalid({"why": "Say why, in a few words; it stays with the goal."})
    return change.edit(Goal, key, seen, lifecycle=lifecycle, ended_why=why if lifecycle in ENDED else None)


# What stands in the way


def add_barrier(
    change: Change,
    patient: bytes,
    *,
    kind: str,
    goal: bytes | None = None,
    id: bytes | None = None,
    **values: Any,
) -> Barrier:
    """Adds a barrier to a goal, or to all of them. Raises Invalid, Gone."""
    open_plan(change, patient)
    _of_patient(change, patient, goal)
    return change.add(Barrier, id=id, patient=patient, goal=goal, kind=kind, **values)


def edit_barrier(change: Change, key: bytes, seen: int | None, **values: Any) -> Barrier:
    """Changes a barrier. Raises Invalid, Conflict, Gone."""
    row = change.get(Barrier, key)
    if "goal" in values:
        _of_patient(change, row.patient, values["goal"])
    return change.edit(Barrier, key, seen, **values)


def solve_barrier(change: Change, key: bytes, day: date | None = None, seen: int | None = None) -> Barrier:
    """Says that a barrier no longer stands in the way, from a day on (today); of a solved one, that it does again."""
    row = change.get(Barrier, key)
    solved = None if row.solved_on is not None and day is None else day or change.today
    return change.edit(Barrier, key, seen, solved_on=solved)


# Who does what


def add_intervention(
    change: Change,
    patient: bytes,
    *,
    title: str,
    goal: bytes | None = None,
    id: bytes | None = None,
    **values: Any,
) -> Intervention:
    """Adds what someone does for a goal, or for all of them. Raises Invalid, Gone."""
    open_plan(change, patient)
    _of_patient(change, patient, goal)
    _check_step(values)
    return change.add(Intervention, id=id, patient=patient, goal=goal, title=title, **values)


def edit_intervention(change: Change, key: bytes, seen: int | None, **values: Any) -> Intervention:
    """Changes an intervention. Raises Invalid, Conflict, Gone."""
    row = change.get(Intervention, key)
    if "goal" in values:
        _of_patient(change, row.patient, values["goal"])
    _check_step(values)
    if values.get("status") == "completed" and row.status != "completed":
        values.setdefault("done_on", change.today)
    return change.edit(Intervention, key, seen, **values)


def settle_intervention(
    change: Change,
    key: bytes,
    status: str = "completed",
    done_on: date | None = None,
    remarks: str | None = None,
    seen: int | None = None,
) -> Intervention:
    """Sets the state of an intervention. One that comes again is due again after it was done, and goes on.

    Raises Invalid, Conflict, Gone.
    """
    row = change.get(Intervention, key)
    values: dict[str, Any] = {"status": status}
    if remarks:
        values["remarks"] = remarks
    if status == "completed":
        done = done_on or change.today
        if done > change.today:
            raise Invalid({"done_on": "This day is still to come."})
        values["done_on"] = done
        again = comes_again(done, row.every)
        if again is not None:
            values |= {"status": "in-progress", "due": again}
    elif status in OVER and row.done_on is None:
        values["done_on"] = None
    return change.edit(Intervention, key, seen, **values)


# How it goes


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


# Inside


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


def _of_patient(change: Change, patient: bytes, goal: bytes | None) -> None:
    if goal is not None and change.get(Goal, goal).patient != patient:
        raise Invalid({"goal": "This goal is another patient's."})


def _check_goal(change: Change, patient: bytes, values: Mapping[str, Any]) -> None:
    wrong: dict[str, str] = {}
    condition = values.get("condition")
    if condition is not None and change.get(Condition, condition).patient != patient:
        wrong["condition"] = "This condition is another patient's."
    for name in ("importance", "confidence"):
        if values.get(name) is not None and not 0 <= int(values[name]) <= MOST_SCALE:
            wrong[name] = "0 to 10, as the patient says."
    measured = values.get("measure") or values.get("unit")
    if values.get("target") is not None and not measured:
        wrong["target"] = "Say what is counted: choose what measures it, or write a unit such as days a week."
    start, due = values.get("start"), values.get("due")
    if start is not None and due is not None and due < start:
        wrong["due"] = "The goal's day lies before its beginning."
    if wrong:
        raise Invalid(wrong)


def _check_step(values: Mapping[str, Any]) -> None:
    every = values.get("every")
    if every is not None and not 1 <= int(every) <= 730:
        raise Invalid({"every": "1 to 730 days; empty when it is done once."})


def begin_plan(
    change: Change,
    patient: bytes,
    *,
    goals: Sequence[Mapping[str, Any]] = (),
    interventions: Sequence[Mapping[str, Any]] = (),
    barriers: Sequence[Mapping[str, Any]] = (),
    texts: Mapping[str, Any] | None = None,
) -> Plan:
    """Adds what was chosen of templates, in one change. Each goal may hold its own `id`; others name it by `goal`.

    `texts` are the plan's own texts and signs, as in edit_plan. A goal whose `id` is there already was saved before:
    nothing is written then. Raises Invalid, Gone.
    """
    plan = open_plan(change, patient)
    if any(Goal.select(Goal.id).where(Goal.id == one["id"]).exists() for one in goals if one.get("id")):
        return plan
    for goal in goals:
        add_goal(change, patient, **goal)
    for barrier in barriers:
        add_barrier(change, patient, **barrier)
    for step in interventions:
        add_intervention(change, patient, **step)
    if texts:
        plan = edit_plan(change, patient, **texts)
    return plan
