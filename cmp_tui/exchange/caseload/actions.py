"""Bringing a spreadsheet in: one change, so that one undo takes it back as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.model import Image
from cmp_tui.clinic.records import rows
from cmp_tui.exchange.caseload.comparing import STRUCK
from cmp_tui.exchange.caseload.held import MODELS, PROGRAM
from cmp_tui.exchange.caseload.plan import CaseloadPlan, RowPlan, as_facts
from cmp_tui.exchange.plan import Edit, Values
from cmp_tui.patients.actions import OWN_NUMBER, next_number
from cmp_tui.patients.model import Patient

STALE = "Someone has changed these patients' records since the preview was made. Nothing was imported; look again."


class Imported(NamedTuple):
    """What an import has written."""

    patients: int
    rows: int
    changed: int


def import_caseload(change: Change, plan: CaseloadPlan, care_manager: bytes | None = None) -> Imported:
    """Writes what a plan says. `care_manager` becomes the care manager of new patients whose row names none; without
    one the person who imports does, if they are a care manager.

    Time, contacts and consents say that they come from a spreadsheet, and who brought them in. A plan that has
    nothing to write leaves no trace. Raises Invalid when the file has moved on since the plan.
    """
    if plan.empty:
        return Imported(0, 0, 0)
    _refuse_stale(plan)
    if care_manager is None and "care-manager" in change.who.roles:
        care_manager = change.who.id
    adds, edits = _gathered(change, plan, care_manager)
    patients, count = len(adds["patient"]), 0
    for kind, model in MODELS.items():
        count += len(change.add_many(model, adds[kind]))
    changed = 0
    for kind, model in MODELS.items():
        changed += change.edit_many(model, [(edit.key, edit.values) for edit in edits[kind]])
    for row in plan.of("changed"):
        for kind, key, version in row.strikes:
            change.strike(MODELS[kind], key, STRUCK, version)
            changed += 1
    change.note(**as_facts(plan), patients=patients, added=count, changed=changed)
    return Imported(patients, count, changed)


def _gathered(
    change: Change, plan: CaseloadPlan, care_manager: bytes | None
) -> tuple[dict[str, list[Values]], dict[str, list[Edit]]]:
    """The rows to add and to change by kind, each with its patient and with what every row of its kind has."""
    adds: dict[str, list[Values]] = defaultdict(list)
    edits: dict[str, list[Edit]] = defaultdict(list)
    taken = plan.of("new", "changed")
    managers = _managers_here(taken)
    numbers = _numbers(taken)
    common = _common(change)
    for row in taken:
        key = row.key
        if key is None:
            key = change.new_id()
            own = row.values.get("care_manager") or care_manager
            mrn = row.values.get("mrn") or next(numbers)
            adds["patient"].append({**row.values, "id": key, "mrn": mrn, "care_manager": own})
        else:
            own = managers.get(key) or care_manager
        for kind, values in row.adds:
            full = {**common.get(kind, {}), **values, "patient": key}
            if kind == "task":
                full["assignee"] = own or change.who.id
            adds[kind].append(full)
        for edit in row.edits:
            amended = _amended(change) if edit.kind in ("time", "contact") else {}
            edits[edit.kind].append(edit._replace(values={**edit.values, **amended}))
    return adds, edits


def _common(change: Change) -> dict[str, Values]:
    """What all rows of a kind have."""
    brought = f"From a spreadsheet, brought in by {change.who.signature}"[:200]
    return {
        "contact": {"staff": change.who.id, "signed_as": brought, "signed_at": change.now},
        "task": {"kind": "follow-up"},
        "time": {
            "staff": change.who.id, "typed": True, "precision": "month", "credential": "none", "clinical": False,
            "activity": "other", "program": PROGRAM, "entered_at": change.now,
        },
    }  # fmt: skip


def _amended(change: Change) -> Values:
    why = "A later spreadsheet says otherwise."
    return {"amended_at": change.now, "amended_by": change.who.id, "amended_why": why}


def _managers_here(taken: list[RowPlan]) -> dict[bytes, bytes]:
    """Who cares for the patients that are here already and get a task."""
    keys = [row.key for row in taken if row.key and any(one.kind == "task" for one in row.adds)]
    found: dict[bytes, bytes] = {}
    for at in range(0, len(keys), 400):
        some = Patient.live(Patient.id, Patient.care_manager).where(Patient.id.in_(keys[at : at + 400]))
        found |= {key: manager for key, manager in rows(some) if manager}
    return found


def _numbers(taken: list[RowPlan]) -> Iterator[str]:
    """Record numbers of our own making, beyond those that are here and those of the sheet."""
    theirs = {row.values.get("mrn") for row in taken}
    number = int(next_number().removeprefix(OWN_NUMBER))
    while True:
        mrn = f"{OWN_NUMBER}{number}"
        if mrn not in theirs:
            yield mrn
        number += 1


def _refuse_stale(plan: CaseloadPlan) -> None:
    """Raises Invalid when a record that the plan touches was written since, or another import came between."""
    touched = {row.key for row in plan.of("new", "changed") if row.key}
    for row in plan.of("changed"):
        touched.update(edit.key for edit in row.edits)
        touched.update(key for _, key, _ in row.strikes)
    tables = [model._meta.table_name for model in MODELS.values()]
    query = Image.select(Image.row, Image.version).where((Image.seq > plan.seq) & Image.table.in_(tables))
    for row_key, _ in rows(query):
        if row_key is None or row_key in touched:
            raise Invalid({"": STALE})
