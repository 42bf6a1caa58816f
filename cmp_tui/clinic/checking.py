"""What is about to be stored is checked here: field by field, and against what others stored meanwhile."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from peewee import JOIN

from cmp_tui.clinic.errors import ClinicError, Conflict, Invalid
from cmp_tui.clinic.fields import ClinicField, LinkField
from cmp_tui.clinic.model import Audit, Image, Staff
from cmp_tui.clinic.records import Record, from_image, rows
from cmp_tui.clinic.reference import Reference

KEPT = frozenset({"id", "version", "struck_at", "struck_by", "struck_why"})
"""The columns that the ground writes itself."""
NEEDED = "This is needed."
UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")


def new_values(model: type[Record], values: Mapping[str, Any], reference: Reference) -> dict[str, Any]:
    """Returns all of a new row's values but its key, checked, with defaults. Raises Invalid, field by field."""
    full: dict[str, Any] = dict.fromkeys(model._meta.sorted_field_names)
    for field, default in model._meta.defaults.items():
        full[field.name] = default() if callable(default) else default
    checked, wrong = _sorted_out(model, values, reference)
    full.update(checked)
    for name, field in model._meta.fields.items():
        if not field.null and full[name] is None and name not in KEPT:
            wrong.setdefault(name, NEEDED)
    if wrong:
        raise Invalid(wrong)
    full["version"] = 1
    return full


def edited_values(model: type[Record], values: Mapping[str, Any], reference: Reference) -> dict[str, Any]:
    """Returns the values of an edit, checked. Raises Invalid, field by field."""
    checked, wrong = _sorted_out(model, values, reference)
    if wrong:
        raise Invalid(wrong)
    return checked


def _sorted_out(
    model: type[Record], values: Mapping[str, Any], reference: Reference
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values as they will be read back, and a sentence for each that is wrong."""
    checked: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in values.items():
        field = model._meta.fields.get(name)
        if name in KEPT or not isinstance(field, (ClinicField, LinkField)):
            raise TypeError(f"{name} of {model.__name__} is not written by hand")
        checked[name] = None
        if value is not None and not (value == "" and field.null):
            try:
                checked[name] = field.check(value, reference)
            except (ValueError, ClinicError) as error:
                wrong[name] = str(error)
                continue
        if checked[name] is None and not field.null:
            wrong[name] = NEEDED
    return checked, wrong


def explained(model: type[Record], error: Exception) -> Exception:
    """An Invalid that names the fields which must be unique, or a lost link; any other error as it is."""
    if "FOREIGN KEY constraint failed" in str(error):
        return Invalid({"": "This points to a record that is not there."})
    found = UNIQUE.search(str(error))
    if not found:
        return error
    columns = (column.partition(".")[2] for column in found[1].split(", "))
    return Invalid({model._meta.columns[name].name: "Another record has this already." for name in columns})


def refuse_overlap(row: Record, seen: int, names: Collection[str], mine: Mapping[str, Any]) -> None:
    """Raises Conflict when someone has changed one of the fields since version `seen`, to something else than what
    is wanted here (`mine`); it names the last one who did."""
    model = type(row)
    query = (
        Image.select(Image.before, Audit.at, Staff.name)
        .join(Audit, on=(Audit.seq == Image.seq))
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Audit.who))
        .where((Image.row == row.id) & (Image.version > seen))
        .order_by(Image.version.desc())
    )
    steps = [(from_image(model, text) if text else {}, at, who) for text, at, who in rows(query)]
    if not steps:
        raise ValueError(f"version {seen} of this row is not known")
    now, shown = row.__data__, steps[-1][0]
    theirs = {
        name: now[name]
        for name in names
        if now[name] != shown.get(name) and (name not in mine or now[name] != mine[name])
    }
    if theirs:
        # Newest first: the first step that changed one of these fields.
        at, who = next((at, who) for before, at, who in steps if any(before.get(n) != now[n] for n in theirs))
        raise Conflict(who or "Someone", at, row.version, theirs)
