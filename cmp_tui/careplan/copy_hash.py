"""The hash of what a patient's copy says: one SQL expression, for a chart and for the lists of a whole clinic alike.

Its first half is of the plan, its second of medicines and allergies. How the goals go is not part of it, nor the day
on which something that comes again is due: a copy is out of date when the plan is another, not whenever it is worked
on. Nothing in it names a record by its key or its place: after an undo, an import or a merge the same words have the
same hash.
"""

from __future__ import annotations

from typing import Any

from peewee import SQL, Case, Select, Value, fn

from cmp_tui.careplan.goal_rules import ENDED, OPEN, WORKED_ON
from cmp_tui.careplan.model import Goal, Intervention, Plan
from cmp_tui.clinic.gathered import gathered, hashed, listed
from cmp_tui.clinic.scope import Scope
from cmp_tui.medications.model import Medication
from cmp_tui.patients.model import Allergy

HALF = 32
PRINTED = ("active", "on-hold")
"""States of a medicine that stands in the copy."""
DROPPED = ("cancelled", "stopped")


def digest_of(scope: Scope, patient: bytes) -> str:
    """Returns the hash of what a patient's copy says now."""
    query = Select(columns=[copy_hash(Value(patient, converter=False))]).bind(Plan._meta.database)
    return str(next(iter(query.tuples()))[0])


def copy_hash(patient: Any) -> Any:
    """An SQL expression: the hash of what the copy of a patient (a column) says now."""
    return hashed(listed(_plan(patient), _goals(patient), _steps(patient))).concat(
        hashed(listed(_medicines(patient), _allergies(patient)))
    )


def _plan(patient: Any) -> Any:
    p = Plan
    signs = fn.NULLIF(p.signs, SQL("'{}'"), coerce=False)
    return (
        p.live(listed(p.matters, signs))
        .where(p.patient == patient)
        .order_by(p.made_on.desc(nulls="LAST"), p.id.desc())
        .limit(1)
    )


def _goals(patient: Any) -> Any:
    g = Goal
    side, unit = (Case(None, [(g.target.is_null(False), one)], None) for one in (g.direction, g.unit))
    state = Case(None, [(g.lifecycle.not_in(sorted(WORKED_ON)), g.lifecycle)], None)
    said = listed(g.title, g.own_words, side, g.target, g.target2, unit, g.due, state)
    return g.live(gathered(said)).where((g.patient == patient) & g.lifecycle.in_(OPEN))


def _steps(patient: Any) -> Any:
    """The steps, but for those of a goal that has ended. One that was done stays: ticking it off is work on the plan,
    not another plan."""
    i = Intervention
    day = Case(None, [(i.every.is_null() | (i.every == 0), i.due)], None)
    over = Goal.live(Value(1)).where((Goal.id == i.goal) & Goal.lifecycle.in_(ENDED))
    said = listed(i.title, i.responsible, i.who, i.every, day)
    return i.live(gathered(said)).where((i.patient == patient) & i.status.not_in(DROPPED) & ~fn.EXISTS(over))


def _medicines(patient: Any) -> Any:
    m = Medication
    said = listed(m.display, m.dosage, m.reason, m.status, m.grid, m.with_food, m.as_needed)
    return m.live(gathered(said)).where((m.patient == patient) & m.status.in_(PRINTED))


def _allergies(patient: Any) -> Any:
    a = Allergy
    return a.live(gathered(listed(a.substance))).where((a.patient == patient) & (a.status == "active"))
