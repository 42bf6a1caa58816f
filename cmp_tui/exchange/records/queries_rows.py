"""The rows of the records folder, out of the clinic file: one sheet a file, in an order that never changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from peewee import JOIN

from cmp_tui.clinic.model import Image, Staff
from cmp_tui.clinic.records import Record, from_image, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.exchange.records.cells import Write, writer
from cmp_tui.exchange.records.layout import LAYOUTS, Layout
from cmp_tui.exchange.records.queries_history import audit_sheet, history_sheet
from cmp_tui.exchange.records.rules_time import write_moment
from cmp_tui.files.sheet import Column as SheetColumn
from cmp_tui.files.sheet import Sheet
from cmp_tui.patients.model import Patient

Take = Callable[[str, Sheet], None]
Pick = Callable[[tuple[Any, ...]], str | float | None]
OF_CONTACT = ("mode", "with_whom", "outcome")
OF_THE_PLACE = frozenset({"version", "patient"})


def records_rows(
    scope: Scope, take: Take, *, tables: tuple[type[Record], ...] = (), history: bool = False
) -> None:
    """Hands every file of the folder to `take`, by its name, one after the other; all are of one moment.

    Only living records are in them, and of patients who were struck out nothing. With `history` two more: every
    image of the change log of `tables`, and the audit chain; only who may read the audit trail may ask for those,
    else Refused is raised. The rows of a sheet can be read once, before `take` returns.
    """
    if history:
        scope.rights.require_ask(scope.roles, "clinic.audit_page")
    usernames = {
        bytes(key): name
        for key, name in rows(Staff.select(Staff.id, Staff.username).order_by(Staff.struck_at.desc()))
    }
    for layout in LAYOUTS:
        columns = [
            SheetColumn(column.name, "number" if column.kind == "number" else "text")
            for column in layout.columns
        ]
        take(layout.file, Sheet(layout.name, columns, _rows(scope, layout, usernames)))
    if history:
        take("history.csv", history_sheet(scope, tables))
        take("audit.csv", audit_sheet(scope, usernames))


def _rows(scope: Scope, layout: Layout, usernames: Mapping[bytes, str]) -> Iterator[list[str | float | None]]:
    query, place = _select(layout)
    picks = [_pick(scope, layout, column.name, place, usernames) for column in layout.columns]
    for row in query.tuples().iterator():
        yield [pick(row) for pick in picks]


def _select(layout: Layout) -> tuple[Any, dict[str, int]]:
    """The query of a file's rows, and where each field stands in them; "mrn" is the patient's record number."""
    model: Any = layout.model
    names = ["id", "version", *layout.stored[1:]]
    chosen = [getattr(model, name) for name in names]
    order = [getattr(model, name) for name in layout.order]
    if layout.of_patients:
        names.append("patient number")
        chosen.append(Patient.mrn)
        order.insert(0, Patient.mrn)
    if model is TimeEntry:
        names += ["contact living", *(f"contact {name}" for name in OF_CONTACT)]
        chosen += [Contact.id, *(getattr(Contact, name) for name in OF_CONTACT)]
    query = model.live(*chosen)
    if layout.of_patients:
        optional = model.patient.null
        query = query.join(
            Patient, JOIN.LEFT_OUTER if optional else JOIN.INNER, on=(Patient.id == model.patient)
        ).where(Patient.struck_at.is_null())
    if model is TimeEntry:
        query = query.switch(model).join(
            Contact,
            JOIN.LEFT_OUTER,
            on=((Contact.id == model.contact) & Contact.struck_at.is_null()),
        )
    return query.order_by(*order, model.id), {name: number for number, name in enumerate(names)}


def _pick(
    scope: Scope, layout: Layout, name: str, place: Mapping[str, int], usernames: Mapping[bytes, str]
) -> Pick:
    """What takes a cell out of a row of the query."""
    special = _special(scope, layout, name, place)
    if special is not None:
        return special
    column = next(column for column in layout.columns if column.name == name)
    if column.kind == "patient":
        number = place["patient number"]
        return lambda row: row[number]
    at, write = place[column.field], writer(column, scope.zone, usernames)
    return lambda row: _written(write, row[at])


def _written(write: Write, value: Any) -> str | float | None:
    return None if value is None else write(value)


def _is_edited(model: type[Record], place: Mapping[str, int], row: tuple[Any, ...]) -> bool:
    """Whether someone here has changed a row since it came in. That it went to another patient's record (a merge) is no
    change, and neither is what an undo took back."""
    imported = row[place["source_version"]] or 0
    if row[place["version"]] <= imported:
        return False
    step = (Image.row == row[place["id"]]) & (Image.version == imported + 1)
    query = Image.select(Image.before).where(step & (Image.table == model._meta.table_name))
    text = next((text for (text,) in rows(query)), None)
    if not imported or text is None:
        return True
    before = from_image(model, text)
    return any(
        before[name] != row[at] for name, at in place.items() if name in before and name not in OF_THE_PLACE
    )


def _special(scope: Scope, layout: Layout, name: str, place: Mapping[str, int]) -> Pick | None:
    """The cells that are worked out."""
    zone = scope.zone
    if name == "source_edited":
        source = place["source"]
        return lambda row: None if row[source] is None else str(int(_is_edited(layout.model, place, row)))
    if (layout.name, name) in (("contacts", "at"), ("time_entries", "start")):
        at, precision = place[name], place["precision"]
        return lambda row: write_moment(row[at], row[precision], zone)
    if layout.name != "time_entries":
        return None
    start, end, known = place["start"], place["end"], place["precision"]
    if name == "minutes":
        return lambda row: str(int((row[end] - row[start]).total_seconds()) // 60)
    if name == "end":
        # Of a day alone the minutes tell the end, unless there are seconds too.
        def write_end(row: tuple[Any, ...]) -> str | None:
            whole = (row[end] - row[start]).total_seconds() % 60 == 0
            day_alone = len(write_moment(row[start], row[known], zone)) == 10
            return None if whole and day_alone else write_moment(row[end], None, zone)

        return write_end
    if name == "contact":
        living = place["contact living"]
        return lambda row: None if row[living] is None else bytes(row[living]).hex()
    if name in OF_CONTACT:
        at = place[f"contact {name}"]
        return lambda row: row[at]
    return None
