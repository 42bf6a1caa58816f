"""What is about to be stored is checked here: field by field, and against what others stored meanwhile."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from peewee import JOIN

from cmp_tui.clinic.errors import ClinicError, Conflict, Invalid
from cmp_tui.clinic.fields import ClinicField, LinkField, is_empty
from cmp_tui.clinic.model import Audit, Image, Staff
from cmp_tui.clinic.records import Record, columns_of, from_image, rows, stored
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


def new_columns(
    model: type[Record], given: Sequence[Mapping[str, Any]], reference: Reference, number: int = 1
) -> dict[str, list[Any]]:
    """Returns many new rows as columns, checked, with defaults, encoded; a key that no row brings is empty.

    Raises Invalid for the first wrong row; `number` is that of the first row here.
    """
    try:
        return _checked_columns(model, given, reference)
    except (ValueError, TypeError, LookupError, ArithmeticError, ClinicError):
        # Something is wrong, or merely rare: row by row shows which it is.
        return _checked_rows(model, given, reference, number)


def _checked_rows(
    model: type[Record], given: Sequence[Mapping[str, Any]], reference: Reference, number: int
) -> dict[str, list[Any]]:
    encoded = []
    for place, values in enumerate(given, number):
        try:
            full = new_values(model, {n: v for n, v in values.items() if n != "id"}, reference)
            full["id"] = checked_key(model, values.get("id"), reference)
        except Invalid as wrong:
            raise Invalid({name: f"Row {place}: {says}" for name, says in wrong.fields.items()}) from None
        encoded.append(stored(model, full))
    return {name: [row[name] for row in encoded] for name in columns_of(model)}


def checked_key(model: type[Record], given: Any, reference: Reference) -> bytes | None:
    """Returns the key that a new row brings, if any. Raises Invalid."""
    try:
        return None if given is None else bytes(model.id.check(given, reference))
    except ValueError as error:
        raise Invalid({"id": str(error)}) from None


def _checked_columns(
    model: type[Record], given: Sequence[Mapping[str, Any]], reference: Reference
) -> dict[str, list[Any]]:
    """As `_checked_rows`, all values of a column together. Raises one thing or another when something is wrong."""
    fields: Mapping[str, Any] = model._meta.fields
    columns = _transposed(fields, given)
    full = {}
    for name, field in fields.items():
        if name in columns:
            full[name] = field.encoded(columns[name], reference)
        else:
            full[name] = [1 if name == "version" else field.db_value(field.default)] * len(given)
        if not field.null and name != "id" and None in full[name]:
            raise ValueError(NEEDED)
    return full


def _transposed(fields: Mapping[str, Any], given: Sequence[Mapping[str, Any]]) -> dict[str, Sequence[Any]]:
    """Rows as columns: those that at least one row holds. Raises TypeError, LookupError as `_checked_columns`."""
    names = dict.fromkeys(chain.from_iterable(given))
    if not names or not names.keys() <= (fields.keys() - KEPT) | {"id"}:
        raise TypeError("a column is not written by hand")
    if any(callable(field.default) for field in fields.values()):
        raise LookupError("each row has a default of its own")
    if len(names) > 1 and set(map(type, given)) == {dict} and set(map(len, given)) == {len(names)}:
        return dict(zip(names, zip(*map(itemgetter(*names), given), strict=True), strict=True))
    return {name: [row.get(name, fields[name].default) for row in given] for name in names}


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
        if not is_empty(field, value):
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
