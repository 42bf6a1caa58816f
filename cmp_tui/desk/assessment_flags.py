"""An assessment and what it leads to, in one save: help that is wanted becomes a proposed goal, nothing else does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cmp_tui.assessments import actions as assessments
from cmp_tui.assessments.actions import Recorded
from cmp_tui.assessments.library import library
from cmp_tui.assessments.model import Assessment
from cmp_tui.careplan.model import Goal
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Gone

OPEN = ("proposed", "planned", "accepted", "active", "on-hold")
"""States of a goal that is still worked on or waits: a second one of the same topic is not made."""


class Taken(NamedTuple):
    """What was saved: each instrument's record, and the goals that were proposed."""

    records: tuple[Recorded, ...]
    goals: tuple[Goal, ...]
    again: bool = False
    """Saved before by the same form: nothing was written now."""


def take_assessment(
    change: Change, patient: bytes, *, parts: Sequence[Mapping[str, Any]], id: bytes | None = None
) -> Taken:
    """Records one instrument, or a short one with the longer one that it opened; proposes goals where help is wanted.

    Each part holds what `record_assessment` takes. `id` is the key of the first; saved with it again, nothing is
    written. Raises Invalid, Gone.
    """
    saved = None if id is None else Assessment.get_or_none(Assessment.id == id)
    if saved is not None:
        return Taken((), (), again=True)
    records: list[Recorded] = []
    for place, part in enumerate(parts):
        records.append(assessments.record_assessment(change, patient, id=None if place else id, **part))
    return Taken(tuple(records), tuple(goal for one in records for goal in _goals(change, one.row, {})))


def retake_assessment(
    change: Change,
    key: bytes,
    seen: int | None,
    *,
    parts: Sequence[Mapping[str, Any]] = (),
    **values: Any,
) -> Taken:
    """Goes on with an assessment or amends it (see `edit_assessment`); `parts` are instruments that it opened now.

    Raises Invalid, Gone, Conflict.
    """
    before = dict(change.get(Assessment, key).flags or {})
    first = assessments.edit_assessment(change, key, seen, **values)
    records = [first]
    records += [assessments.record_assessment(change, first.row.patient, **part) for part in parts]
    goals = _goals(change, first.row, before)
    for one in records[1:]:
        goals += _goals(change, one.row, {})
    return Taken(tuple(records), tuple(goals))


def answer_help(change: Change, key: bytes, seen: int | None, *, flag: str, wants: str | None) -> Taken:
    """Says whether the patient wants help with a flag, and proposes a goal when so. Raises Invalid, Gone, Conflict."""
    before = dict(change.get(Assessment, key).flags or {})
    row = assessments.say_help(change, key, seen, flag=flag, wants=wants)
    return Taken((), tuple(_goals(change, row, before)))


def _goals(change: Change, row: Assessment, before: Mapping[str, str | None]) -> list[Goal]:
    """Proposes a goal for each flag with which help is wanted now and was not before, once for each topic."""
    try:
        instrument = library(change.reference).need(str(row.instrument))
    except Gone:
        return []
    found = []
    for name, wants in (row.flags or {}).items():
        flag = instrument.flag(name)
        if flag is None or not flag.help or wants != "yes" or before.get(name) == "yes":
            continue
        same = (Goal.patient == row.patient) & (Goal.title == flag.goal) & Goal.lifecycle.in_(OPEN)
        if not Goal.live().where(same).exists():
            goal = change.add(
                Goal,
                patient=row.patient,
                topic=flag.topic,
                title=flag.goal,
                lifecycle="proposed",
                start=change.today,
            )
            found.append(goal)
    return found
