"""Bringing claims in: one change, so that one undo takes it back as a whole."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.model import Image
from cmp_tui.clinic.records import rows
from cmp_tui.enrollment.intake_actions import add_intake
from cmp_tui.exchange.claims.held import MODELS
from cmp_tui.exchange.claims.plan import ClaimsPlan, PersonPlan
from cmp_tui.exchange.plan import Edit, Values
from cmp_tui.patients.actions import OWN_NUMBER, next_number

STALE = "Someone has changed these patients' records since the preview was made. Nothing was imported; look again."


class Imported(NamedTuple):
    """What an import has written."""

    patients: int
    intakes: int
    rows: int
    changed: int


def import_claims(change: Change, plan: ClaimsPlan, care_manager: bytes | None = None) -> Imported:
    """Writes what a plan says. `care_manager` gets the new people and the intakes; without one they are nobody's yet.

    A plan that has nothing to write leaves no trace. Raises Invalid when the file has moved on since the plan.
    """
    if plan.empty:
        return Imported(0, 0, 0, 0)
    _refuse_stale(plan)
    written = [one for one in plan.people if one.written]
    adds, edits = _gathered(change, plan, written, care_manager)
    count = 0
    for kind, model in MODELS.items():
        count += len(change.add_many(model, adds[kind]))
    changed = 0
    for kind, model in MODELS.items():
        changed += change.edit_many(model, [(edit.key, edit.values) for edit in edits[kind]])
    for one in written:
        for strike in one.strikes:
            change.strike(MODELS[strike.kind], strike.key, strike.why, strike.version)
            changed += 1
    intakes = len(adds["intake"])
    for one in written:
        if one.intake and one.key is not None:
            # Someone who is here: what was done for them already counts for the stage.
            add_intake(change, one.key, **_intake(change, plan, one, care_manager))
            intakes += 1
            count += 1
    change.note(patients=len(adds["patient"]), intakes=intakes, rows=count, changed=changed)
    return Imported(len(adds["patient"]), intakes, count, changed)


def _gathered(
    change: Change, plan: ClaimsPlan, written: list[PersonPlan], care_manager: bytes | None
) -> tuple[dict[str, list[Values]], dict[str, list[Edit]]]:
    adds: dict[str, list[Values]] = defaultdict(list)
    edits: dict[str, list[Edit]] = defaultdict(list)
    number = int(next_number().removeprefix(OWN_NUMBER))
    for one in written:
        key = one.key
        if key is None:
            key = change.new_id()
            own = {"id": key, "mrn": f"{OWN_NUMBER}{number}", "care_manager": care_manager}
            number += 1
            adds["patient"].append({**one.values, **own})
            # Nothing was done for someone new, so their stage is the first.
            intake = _intake(change, plan, one, care_manager)
            adds["intake"].append({"patient": key, "stage": "intake", **intake})
        for kind, values in one.adds:
            adds[kind].append({**values, "patient": key})
        for edit in one.edits:
            edits[edit.kind].append(edit)
    return adds, edits


def _intake(change: Change, plan: ClaimsPlan, one: PersonPlan, owner: bytes | None) -> dict[str, Any]:
    return {
        "source": "claims",
        "received": change.today,
        "by": plan.by or None,
        "reason": one.reason or None,
        "owner": owner,
    }


def _refuse_stale(plan: ClaimsPlan) -> None:
    """Raises Invalid when a record that the plan touches was written since, or another import came between."""
    touched = {one.key for one in plan.people if one.written and one.key is not None}
    for one in plan.people:
        touched.update(edit.key for edit in one.edits)
        touched.update(strike.key for strike in one.strikes)
    tables = [model._meta.table_name for model in MODELS.values()]
    query = Image.select(Image.row).where((Image.seq > plan.seq) & Image.table.in_(tables))
    for (row,) in rows(query):
        if row is None or row in touched:
            raise Invalid({"": STALE})
