"""Bringing a list of stays in: one change, so that one undo takes it back as a whole."""

from __future__ import annotations

from typing import NamedTuple

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.model import Image
from cmp_tui.clinic.records import rows
from cmp_tui.encounters.model import Stay
from cmp_tui.exchange.stays.plan import StaysPlan

STALE = (
    "Someone has changed these patients' stays since the preview was made. Nothing was imported; look again."
)


class Imported(NamedTuple):
    """What an import has written."""

    added: int
    changed: int


def import_stays(change: Change, plan: StaysPlan) -> Imported:
    """Writes what a plan says. A plan that has nothing to write leaves no trace. Raises Invalid when the file has
    moved on since the plan."""
    if plan.empty:
        return Imported(0, 0)
    edits = [one.edit for one in plan.of("changed") if one.edit is not None]
    _refuse_stale(plan, {edit.key for edit in edits})
    added = [{**one.values, "patient": one.patient} for one in plan.of("new")]
    if added:
        change.add_many(Stay, added)
    changed = change.edit_many(Stay, [(edit.key, edit.values) for edit in edits]) if edits else 0
    change.note(rows=len(added), changed=changed)
    return Imported(len(added), changed)


def _refuse_stale(plan: StaysPlan, touched: set[bytes]) -> None:
    """Raises Invalid when a stay was written since the plan was made."""
    query = Image.select(Image.row).where((Image.seq > plan.seq) & (Image.table == Stay._meta.table_name))
    for (row,) in rows(query):
        if row is None or row in touched:
            raise Invalid({"": STALE})
