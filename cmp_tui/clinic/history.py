"""The history of records, and undo: a new change that takes a change's rows back to their images."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN, fn

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Gone, Refused
from cmp_tui.clinic.model import Audit, Image, Staff
from cmp_tui.clinic.records import Record, from_image
from cmp_tui.clinic.rights import Rights
from cmp_tui.clinic.scope import Scope

UNDO, REDO = "clinic.undo", "clinic.redo"
LOOK_BACK = 400


class Done(NamedTuple):
    """A change that a person made, for the question before an undo."""

    seq: int
    at: datetime
    action: str
    patient: bytes | None
    rows: int
    undoable: bool


class Version(NamedTuple):
    """One version of a record: who made it, when, by which action, and what it changed."""

    version: int
    at: datetime
    who: str
    action: str
    seq: int
    changed: dict[str, tuple[Any, Any]]
    struck: bool


def last_undoable(scope: Scope) -> Done | None:
    """Returns the last thing this person did that still stands, also from an earlier session."""
    undone: set[int] = set()
    for done, undoes in _mine(scope):
        if done.seq in undone:
            continue
        if undoes is not None:
            undone.add(undoes)
        else:
            return done
    return None


def last_redoable(scope: Scope) -> Done | None:
    """Returns the undo that a redo would take back; none once something else was done after it."""
    undone: set[int] = set()
    for done, undoes in _mine(scope):
        if done.seq in undone:
            continue
        if undoes is None:
            return None
        if done.action == UNDO:
            return done
        undone.add(undoes)
    return None


def _mine(scope: Scope) -> list[tuple[Done, int | None]]:
    rights = Rights()
    query = (
        Audit.select(Audit.seq, Audit.at, Audit.action, Audit.patient, Audit.facts)
        .where((Audit.who == scope.who.id) & Audit.content.is_null(False))
        .order_by(Audit.seq.desc())
        .limit(LOOK_BACK)
    )
    found = []
    for seq, at, action, patient, facts in query.tuples():
        undoes = (facts or {}).get("undoes")
        rows = (facts or {}).get("rows", 0)
        done = Done(seq, at, action, None if patient is None else bytes(patient), rows, rights.undoable(action))
        found.append((done, undoes))
    return found


def undo(change: Change, seq: int, tables: tuple[type[Record], ...], rights: Rights) -> Done:
    """Takes back everything that change `seq` wrote, or nothing.

    Raises Refused when it has left the house or when a row has moved on since (they are named), Gone when
    there is no such change.
    """
    return _take_back(change, seq, tables, rights)


def redo(change: Change, seq: int, tables: tuple[type[Record], ...], rights: Rights) -> Done:
    """Takes back the undo `seq`. Raises as `undo`."""
    return _take_back(change, seq, tables, rights)


def _take_back(change: Change, seq: int, tables: tuple[type[Record], ...], rights: Rights) -> Done:
    entry = Audit.get_or_none(Audit.seq == seq)
    if entry is None or entry.content is None:
        raise Gone("There is nothing to undo.")
    if entry.who != change.who.id:
        raise Refused("Only your own changes can be undone this way. Edit the record, or strike it out.")
    if entry.action not in (UNDO, REDO):
        rights.require(change.who.roles, entry.action)
        if not rights.undoable(entry.action):
            raise Refused("This can't be undone: it concerns staff, settings or something that has left the clinic.")
    by_name = {table._meta.table_name: table for table in tables}
    images = Image.select().where(Image.seq == seq).order_by(Image.part.desc())
    moved: list[str] = []
    count = 0
    for picture in list(images):
        model = by_name[picture.table]
        for key, after in _rows(picture):
            count += 1
            if not change.restore(model, key, after, picture.before, "undone"):
                moved.append(model.__name__.lower())
    if moved:
        names = ", ".join(sorted(set(moved)))
        raise Refused(
            f"This can't be undone as a whole: {len(moved)} of its records changed since ({names}). "
            "Edit or strike them out one by one; their history shows each version."
        )
    change.note(undoes=seq, rows=count)
    patient = None if entry.patient is None else bytes(entry.patient)
    change.about(patient)
    return Done(seq, entry.at, entry.action, patient, count, True)


def _rows(picture: Image) -> list[tuple[bytes, bytes]]:
    """The rows that an image speaks of: key, and hash after the change."""
    if picture.row is not None:
        return [(bytes(picture.row), bytes(picture.after))]
    packed = bytes(picture.packed)
    return [(packed[at : at + 16], packed[at + 16 : at + 32]) for at in range(0, len(packed), 32)]


def versions_of(scope: Scope, model: type[Record], key: bytes) -> list[Version]:
    """Returns every version of a record, newest first, with what each changed (old value, new value)."""
    row = model.get_or_none(model.id == key)
    if row is None:
        return []
    after = dict(row.__data__)
    query = (
        Image.select(Image.version, Image.before, Image.seq, Audit.at, Audit.action, Staff.name)
        .join(Audit, on=(Audit.seq == Image.seq))
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Audit.who))
        .where((Image.row == key) & (Image.table == model._meta.table_name))
        .order_by(Image.version.desc())
        .tuples()
    )
    versions = []
    for version, text, seq, at, action, who in query:
        before = from_image(model, text) if text else {}
        changed = {
            name: (before.get(name), value)
            for name, value in after.items()
            if name not in ("id", "version") and before.get(name) != value
        }
        versions.append(Version(version, at, who or "", action, seq, changed, after.get("struck_at") is not None))
        after = before or after
    if not versions or versions[-1].version != 1:
        made = _made_among_many(model, key)
        if made:
            seq, at, action, who = made
            changed = {name: (None, value) for name, value in after.items() if name not in ("id", "version") and value is not None}
            versions.append(Version(1, at, who or "", action, seq, changed, False))
    return versions


def as_it_was(scope: Scope, model: type[Record], key: bytes, at: datetime) -> dict[str, Any] | None:
    """Returns a record's values as they stood at a moment; None when it did not exist yet."""
    row = model.get_or_none(model.id == key)
    if row is None:
        return None
    values: dict[str, Any] | None = dict(row.__data__)
    query = (
        Image.select(Image.before)
        .join(Audit, on=(Audit.seq == Image.seq))
        .where((Image.row == key) & (Image.table == model._meta.table_name) & (Audit.at > at))
        .order_by(Image.version.desc())
        .tuples()
    )
    for (text,) in query:
        values = from_image(model, text) if text else None
    if values is not None and values["version"] == 1:
        made = _made_among_many(model, key)
        if made and made[1] > at:
            return None
    return values


def _made_among_many(model: type[Record], key: bytes) -> tuple[int, datetime, str, str] | None:
    """The change that made a row together with many others."""
    query = (
        Image.select(Image.seq, Audit.at, Audit.action, Staff.name)
        .join(Audit, on=(Audit.seq == Image.seq))
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Audit.who))
        .where((Image.table == model._meta.table_name) & Image.row.is_null() & (fn.instr(Image.packed, key) > 0))
        .tuples()
    )
    for seq, at, action, who in query:
        return seq, at, action, who
    return None
