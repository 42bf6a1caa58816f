"""Bringing a records folder in: the staff by themselves, then everything else in one change, so that one undo takes it
back as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.model import Image, Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.staff import edit_staff
from cmp_tui.contacts.model import ClosedSpan, closed_spans
from cmp_tui.exchange.records.layout import FILLED_LATER
from cmp_tui.exchange.records.plan import FilePlan, RecordsPlan

STALE = "Someone has changed records since the preview was made. Nothing was imported; run the import again."
AT_ONCE = 10_000  # rows in one image
WHY_CHANGED = "records imported"
WHY_ADDED = "imported after the month was closed"


class Imported(NamedTuple):
    """What an import has written."""

    rows: int
    changed: int


def import_staff(change: Change, plan: RecordsPlan) -> Imported:
    """Adds the people of staff.csv, without a way to sign in, and changes those who are here.

    It is not undone with the records: what somebody wrote stays theirs. Raises Invalid when someone has the username
    by now, or was changed since the plan; Conflict likewise.
    """
    for row in plan.staff.adds:
        values = dict(zip(plan.staff.layout.stored, row, strict=True))
        change.add(Staff, **values)
    for edit in plan.staff.edits:
        edit_staff(change, edit.key, edit.version, **edit.values)
    if plan.staff.adds or plan.staff.edits:
        change.note(staff=len(plan.staff.adds), changed=len(plan.staff.edits))
    return Imported(len(plan.staff.adds), len(plan.staff.edits))


def import_records(change: Change, plan: RecordsPlan) -> Imported:
    """Writes what a plan says of everything but the staff. A plan that has nothing to write leaves no trace.

    Raises Invalid when the file has moved on since the plan was made.
    """
    if not any(one.adds or one.edits for one in plan.records):
        return Imported(0, 0)
    _refuse_stale(plan)
    closed = closed_spans(change.zone)  # before the folder's own are added
    count = sum(_add(change, one, closed) for one in plan.records)
    changed = sum(_edit(change, one) for one in plan.records)
    files = {one.layout.name: len(one.adds) for one in plan.records if one.adds}
    change.note(rows=count, changed=changed, files=files)
    return Imported(count, changed)


def _add(change: Change, plan: FilePlan, closed: Sequence[ClosedSpan]) -> int:
    names, count = plan.layout.stored, 0
    fields = plan.layout.model._meta.fields
    later = [name for name in FILLED_LATER if name in names and not fields[name].null]
    for at in range(0, len(plan.adds), AT_ONCE):
        some: list[dict[str, Any]] = [
            dict(zip(names, row, strict=True)) for row in plan.adds[at : at + AT_ONCE]
        ]
        for values in some:
            for name in later:
                values[name] = values[name] or change.now
            if closed and "amended_at" in names:
                values.update(_late(change, values, closed))
        count += len(change.add_many(plan.layout.model, some))
    return count


def _late(change: Change, values: dict[str, Any], closed: Sequence[ClosedSpan]) -> dict[str, Any]:
    """The marks of an amendment, for what an import adds to a month that is closed."""
    at = (values["start"] if "start" in values else values["at"]).timestamp()
    if values["amended_at"] is not None or not any(one.first <= at < one.after for one in closed):
        return {}
    return {"amended_at": change.now, "amended_by": change.who.id, "amended_why": WHY_ADDED}


def _edit(change: Change, plan: FilePlan) -> int:
    amends = "amended_at" in plan.layout.stored
    edits = []
    for edit in plan.edits:
        values = edit.values
        if amends and "amended_at" not in values:  # who and why, as when somebody amends it by hand
            values = {
                **values,
                "amended_at": change.now,
                "amended_by": change.who.id,
                "amended_why": WHY_CHANGED,
            }
        edits.append((edit.key, values))
    return change.edit_many(plan.layout.model, edits)


def _refuse_stale(plan: RecordsPlan) -> None:
    """Raises Invalid when a record that the plan touches was written since, or another import came between."""
    touched = {edit.key for one in plan.records for edit in one.edits}
    for one in plan.records:
        if one.layout.of_patients:
            place = one.layout.stored.index("patient")
            touched.update(row[place] for row in one.adds if row[place] is not None)
    tables = [one.layout.model._meta.table_name for one in plan.records]
    query = Image.select(Image.row).where((Image.seq > plan.seq) & Image.table.in_(tables))
    for (row,) in rows(query):
        if row is None or row in touched:
            raise Invalid({"": STALE})
