"""What a person does with a care plan: goals, what stands in their way, who does what, how it goes, what is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cmp_tui.careplan.goal_actions import edit_progress as edit_progress
from cmp_tui.careplan.goal_actions import record_progress as record_progress
from cmp_tui.careplan.goal_actions import strike_record as strike_record
from cmp_tui.careplan.goal_rules import ENDED, OPEN
from cmp_tui.careplan.model import Barrier, Goal, Intervention, Plan
from cmp_tui.careplan.queries import plan_line
from cmp_tui.careplan.rules import MOST_SCALE, OVER, comes_again, signs_of
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.patients.model import Condition, Patient

TEXTS = frozenset({"matters", "outlook", "function", "home", "caregiver", "outside"})


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


# Inside


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
