"""The history of records, and undo: a new change that takes a change's rows back to their images."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from peewee import JOIN, ForeignKeyField, fn

from cmp_tui.clinic.change import AT_ONCE, PACKED, Change, Step
from cmp_tui.clinic.errors import Gone, Refused
from cmp_tui.clinic.model import Audit, Image, Staff
from cmp_tui.clinic.records import Record, from_image, rows
from cmp_tui.clinic.rights import Rights
from cmp_tui.clinic.scope import Scope

UNDO, REDO = "clinic.undo", "clinic.redo"
UNDONE = "undone"


class Done(NamedTuple):
    """A change that a person made, for the question before an undo."""

    seq: int
    at: datetime
    action: str
    patient: bytes | None
    rows: int
    undoable: bool
    undid: str = ""
    """What an undo took back: the action of the change that it was about."""


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
    """Returns the last thing this person did that still stands, also from an earlier session.

    Its `undoable` says whether it can be undone at all.
    """
    undone: set[int] = set()
    for done, undoes in _mine(scope):
        if done.seq in undone:
            continue
        if undoes is None:
            return done._replace(rows=_count_rows(done.seq))
        undone.add(undoes)
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
            undid = _first_action(Audit.get(Audit.seq == done.seq))
            return done._replace(rows=_count_rows(done.seq), undid=undid)
        undone.add(undoes)
    return None


def _mine(scope: Scope) -> Iterator[tuple[Done, int | None]]:
    """What the person changed, newest first, with the number of the change that it took back."""
    query = (
        Audit.select(Audit.seq, Audit.at, Audit.action, Audit.patient, Audit.facts)
        .where((Audit.who == scope.who.id) & Audit.content.is_null(False))
        .order_by(Audit.seq.desc())
    )
    for seq, at, action, patient, facts in rows(query):
        undoes = facts.get("undoes") if facts and action in (UNDO, REDO) else None
        yield Done(seq, at, action, patient, 0, undoes is not None or scope.rights.undoable(action)), undoes


def _count_rows(seq: int) -> int:
    """How many rows a change wrote."""
    single: set[bytes] = set()
    many = 0
    for row, length in rows(Image.select(Image.row, fn.length(Image.packed)).where(Image.seq == seq)):
        if row is None:
            many += length // PACKED
        else:
            single.add(row)
    return many + len(single)


def undo(change: Change, seq: int, tables: tuple[type[Record], ...], rights: Rights) -> Done:
    """Takes back everything that change `seq` wrote, or nothing.

    Raises Refused when it has left the house, when a row has moved on since, or when something newer needs a row
    (they are named), Gone when there is no such change.
    """
    return _take_back(change, seq, tables, rights, redoing=False)


def redo(change: Change, seq: int, tables: tuple[type[Record], ...], rights: Rights) -> Done:
    """Takes back the undo `seq`. Raises as `undo`."""
    return _take_back(change, seq, tables, rights, redoing=True)


def _take_back(
    change: Change, seq: int, tables: tuple[type[Record], ...], rights: Rights, *, redoing: bool
) -> Done:
    entry = Audit.get_or_none(Audit.seq == seq)
    if entry is None or entry.content is None or (entry.action == UNDO) is not redoing:
        raise Gone(f"There is nothing to {'redo' if redoing else 'undo'}.")
    if entry.who != change.who.id:
        raise Refused("Only your own changes can be undone this way. Edit the record, or strike it out.")
    if not _stands(change.scope, seq):
        raise Refused("This has been taken back already.")
    action = _first_action(entry)
    rights.require(change.who.roles, action)
    if not rights.undoable(action):
        raise Refused(
            "This can't be undone: it concerns staff, settings or something that has left the clinic."
        )
    by_name = {table._meta.table_name: table for table in tables}
    moved: list[str] = []
    made: set[type[Record]] = set()
    for table, several in _pictures(seq):
        model = by_name[table]
        if isinstance(several, dict):
            made.add(model)
            gone = change.unmake(model, several, UNDONE)
        else:
            gone = change.restore(model, several)
        moved += [in_words(model)] * gone
    if moved:
        raise Refused(
            f"This can't be undone as a whole: {len(moved)} of its records changed since "
            f"({_listed(moved)}). Edit or strike them out one by one; their history shows each version."
        )
    needed = _still_needed(made, change, tables)
    if needed:
        raise Refused(
            f"This can't be undone: something newer belongs to it ({_listed(needed)}). Undo or strike that out first."
        )
    change.note(undoes=seq)
    change.about(entry.patient)
    return Done(seq, entry.at, entry.action, entry.patient, _count_rows(seq), True)


def _stands(scope: Scope, seq: int) -> bool:
    """Whether no later undo or redo, that itself stands, has taken the person's change `seq` back."""
    taken_back: set[int] = set()
    for done, undoes in _mine(scope):
        if done.seq <= seq:
            break
        if undoes is not None and done.seq not in taken_back:
            taken_back.add(undoes)
    return seq not in taken_back


def _first_action(entry: Audit) -> str:
    """The action that was taken back, by way of undos and redos of it: its right decides."""
    while entry.action in (UNDO, REDO):
        before = Audit.get_or_none(Audit.seq == (entry.facts or {}).get("undoes"))
        if before is None or before.seq >= entry.seq:
            break
        entry = before
    return str(entry.action)


def _pictures(seq: int) -> Iterator[tuple[str, dict[bytes, bytes] | list[Step]]]:
    """What a change did, the last step first, by table: rows that were added one after the other together, each with
    its hash; and so rows that were there, as steps in which no row comes twice."""
    query = (
        Image.select(Image.table, Image.row, Image.before, Image.after, Image.packed)
        .where(Image.seq == seq)
        .order_by(Image.part.desc())
    )
    for (table, made), some in groupby(rows(query), lambda row: (row[0], row[2] is None)):
        if made:
            together: dict[bytes, bytes] = {}
            for _, row, _, after, packed in some:
                together |= _unpacked(packed) if row is None else {row: after}
            yield table, together
            continue
        steps: dict[bytes, Step] = {}
        for _, row, before, after, _ in some:
            if row in steps or len(steps) == AT_ONCE:
                yield table, list(steps.values())
                steps = {}
            steps[row] = Step(row, after, before)
        yield table, list(steps.values())


def _unpacked(packed: bytes) -> dict[bytes, bytes]:
    """The keys of many added rows, each with half its hash."""
    return {packed[at : at + 16]: packed[at + 16 : at + PACKED] for at in range(0, len(packed), PACKED)}


def _still_needed(struck: set[type[Record]], change: Change, tables: tuple[type[Record], ...]) -> list[str]:
    """The kinds of living rows that point to a row which this change has just struck out."""
    needed = []
    for table in tables:
        for link in table._meta.refs:
            target = link.rel_model
            if target not in struck or not isinstance(link, ForeignKeyField):
                continue
            gone = target.select(target.id).where(
                (target.struck_at == change.now)
                & (target.struck_by == change.who.id)
                & (target.struck_why == UNDONE)
            )
            if table.live(table.id).where(link.in_(gone)).limit(1).exists():
                needed.append(in_words(table))
    return needed


def in_words(model: type[Record]) -> str:
    """Returns a table's name in words: "time entry"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).lower()


def _listed(names: list[str]) -> str:
    return ", ".join(sorted(set(names)))


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
    )
    versions = []
    for version, text, seq, at, action, who in rows(query):
        before = from_image(model, text) if text else {}
        versions.append(
            Version(
                version,
                at,
                who or "",
                action,
                seq,
                _differences(before, after),
                after["struck_at"] is not None,
            )
        )
        after = before or after
    if not versions or versions[-1].version != 1:
        made = _made_among_many(model, key)
        if made:
            seq, at, action, who = made
            versions.append(Version(1, at, who or "", action, seq, _differences({}, after), False))
    return versions


def _differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {
        name: (before.get(name), value)
        for name, value in after.items()
        if name not in ("id", "version") and before.get(name) != value
    }


def as_it_was(scope: Scope, model: type[Record], key: bytes, at: datetime) -> dict[str, Any] | None:
    """Returns a record's values as they stood at a moment; None when it did not exist yet.

    A record that was struck out by then has `struck_at`.
    """
    row = model.get_or_none(model.id == key)
    if row is None:
        return None
    values: dict[str, Any] | None = dict(row.__data__)
    query = (
        Image.select(Image.before)
        .join(Audit, on=(Audit.seq == Image.seq))
        .where((Image.row == key) & (Image.table == model._meta.table_name) & (Audit.at > at))
        .order_by(Image.version.desc())
    )
    for (text,) in rows(query):
        values = from_image(model, text) if text else None
    if values is not None and values["version"] == 1:
        made = _made_among_many(model, key)
        if made and made[1] > at:
            return None
    return values


def _made_among_many(model: type[Record], key: bytes) -> tuple[int, datetime, str, str | None] | None:
    """The change that made a row together with many others."""
    query = (
        Image.select(Image.seq, Audit.at, Audit.action, Staff.name)
        .join(Audit, on=(Audit.seq == Image.seq))
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Audit.who))
        .where(
            (Image.table == model._meta.table_name) & Image.row.is_null() & (fn.instr(Image.packed, key) > 0)
        )
    )
    return next(rows(query), None)
