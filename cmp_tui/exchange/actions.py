"""Bringing an import in: one change, so that one undo takes it back as a whole."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.model import Image
from cmp_tui.clinic.records import rows
from cmp_tui.exchange.plan import KINDS, Edit, Plan, Values
from cmp_tui.exchange.queries_known import MODELS

STALE = "Someone has changed patients' records since the preview was made. Nothing was imported; run the import again."


class Imported(NamedTuple):
    """What an import has written."""

    patients: int
    rows: int
    changed: int


def import_fhir(change: Change, plan: Plan, care_manager: bytes | None = None) -> Imported:
    """Writes what a plan says. `care_manager` becomes the care manager of the new patients; without one the person
    who imports does, if they are a care manager.

    A plan that has nothing to write leaves no trace. Raises Invalid when the file has moved on since the plan.
    """
    if plan.empty:
        return Imported(0, 0, 0)
    _refuse_stale(plan)
    if care_manager is None and "care-manager" in change.who.roles:
        care_manager = change.who.id
    adds, edits, added = _gathered(change, plan, care_manager)
    count = 0
    for kind in KINDS:
        count += len(change.add_many(MODELS[kind], ({**values, **more} for values, more in adds[kind])))
    changed = 0
    for kind in KINDS:
        changed += change.edit_many(MODELS[kind], [(edit.key, edit.values) for edit in edits[kind]])
    change.note(patients=added, rows=count, changed=changed)
    return Imported(added, count, changed)


def _gathered(
    change: Change, plan: Plan, care_manager: bytes | None
) -> tuple[dict[str, list[tuple[Values, Values]]], dict[str, list[Edit]], int]:
    """The rows to add, each with what is known of it only now (its patient), and to change, by kind; and how many
    patients are new."""
    adds: dict[str, list[tuple[Values, Values]]] = defaultdict(list)
    edits: dict[str, list[Edit]] = defaultdict(list)
    for one in plan.of("new", "changed"):
        key = one.key
        if key is None:
            key = change.new_id()
            adds["patient"].append((one.values, {"id": key, "care_manager": care_manager}))
        whose = {"patient": key}
        for kind, values in one.adds:
            adds[kind].append((values, whose))
        for edit in one.edits:
            edits[edit.kind].append(edit)
    adds["provider"] = [(values, {}) for values in plan.providers]
    edits["provider"] = plan.provider_edits
    return adds, edits, len(adds["patient"])


def _refuse_stale(plan: Plan) -> None:
    """Raises Invalid when a record that the plan touches was written since, or another import came between."""
    touched = {edit.key for edit in plan.provider_edits}
    for one in plan.of("new", "changed"):
        touched.update(edit.key for edit in one.edits)
        if one.key is not None:
            touched.add(one.key)
    tables = [model._meta.table_name for model in MODELS.values()]
    query = Image.select(Image.row).where((Image.seq > plan.seq) & Image.table.in_(tables))
    for (row,) in rows(query):
        if row is None or row in touched:
            raise Invalid({"": STALE})
