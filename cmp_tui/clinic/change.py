"""One change: everything that one thing a person does writes, with its images and its audit entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from itertools import islice
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from cmp_tui.clinic.audit import entry_hash, entry_values
from cmp_tui.clinic.checking import (
    KEPT,
    checked_key,
    edited_values,
    new_columns,
    new_values,
    refuse_overlap,
)
from cmp_tui.clinic.errors import Gone, Invalid
from cmp_tui.clinic.file import ClinicDatabase
from cmp_tui.clinic.images import Images
from cmp_tui.clinic.model import Audit
from cmp_tui.clinic.raw import insert_rows, large_cache, read_rows, update_rows
from cmp_tui.clinic.records import (
    Record,
    as_columns,
    columns_of,
    image,
    images,
    row_hash,
    row_hashes,
    rows,
    stored,
    stored_in,
)
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Person, Scope
from cmp_tui.clinic.settings import Settings

R = TypeVar("R", bound=Record)
Columns = Mapping[str, Sequence[Any]]
PACKED = 32
"""Bytes for each of many added rows in their image: its key, and half the hash of its content."""
AT_ONCE = 2_000
"""Rows that are checked, encoded and written together."""
VERY_MANY = 10 * AT_ONCE
GONE = "This record is no longer there; it was struck out or undone. Its history still shows it."
MOVED = "This record changed at the same moment. Nothing was saved; try again."


class Step(NamedTuple):
    """What a change did to a row: its hash after, and its image before."""

    key: bytes
    after: bytes
    before: str


class Change:
    """An open change, handed to an action and on to the rooms that it touches.

    Made, committed and rolled back by `Clinic.run` only. Rows are checked as they are written; the audit entry is
    written once, at the end, with the hash over all images.
    """

    def __init__(
        self, database: ClinicDatabase, scope: Scope, action: str, new_ids: Callable[[int], list[bytes]]
    ) -> None:
        self.scope = scope
        self.action = action
        self._database = database
        self._new_ids = new_ids
        self._began: dict[bytes, int] = {}  # the version of each row that is written, before this change
        self._patients: dict[bytes, None] = {}  # in the order in which they were touched
        self._facts: dict[str, Any] = {}
        self._silent = True
        newest = Audit.select(Audit.seq, Audit.hash, Audit.at).order_by(Audit.seq.desc()).limit(1)
        last = next(rows(newest), (0, b"", scope.now))
        self.seq: int = last[0] + 1
        self._prev = bytes(last[1])
        self._behind = int((last[2] - scope.now).total_seconds())
        self._images = Images(database, self.seq)

    # -- who, when, where ------------------------------------------------------------------------------------

    @property
    def who(self) -> Person:
        """The person who does this."""
        return self.scope.who

    @property
    def now(self) -> datetime:
        """The moment of the change, the same for all its rows."""
        return self.scope.now

    @property
    def today(self) -> date:
        """The clinic's day."""
        return self.scope.today

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return self.scope.zone

    @property
    def settings(self) -> Settings:
        """The clinic's settings."""
        return self.scope.settings

    @property
    def reference(self) -> Reference:
        """The reference data."""
        return self.scope.reference

    def new_id(self) -> bytes:
        """Returns a new key."""
        return self._new_ids(1)[0]

    # -- for the audit entry ---------------------------------------------------------------------------------

    def about(self, *patients: bytes | None) -> None:
        """Says whose records this change is about. One of them stands in the audit entry itself; of several the
        keys stand in its facts, as `about`."""
        self._patients.update(dict.fromkeys(key for key in patients if key is not None))

    def note(self, **facts: Any) -> None:
        """Adds facts to the audit entry: codes, counts and keys, never a patient's data. An entry is written."""
        self._facts.update(facts)
        self._silent = False

    # -- rows ------------------------------------------------------------------------------------------------

    def get(self, model: type[R], key: bytes) -> R:
        """Returns a row that is not struck out. Raises Gone when there is none."""
        row = model.get_or_none(model.id == key)
        if row is None or row.struck_at is not None:
            raise Gone(GONE)
        return row

    def add(self, model: type[R], id: bytes | None = None, **values: Any) -> R:
        """Adds a row and returns it. Raises Invalid, field by field."""
        full = new_values(model, values, self.reference)
        full["id"] = checked_key(model, id, self.reference) or self.new_id()
        encoded = stored(model, full)
        insert_rows(self._database, model, {name: [value] for name, value in encoded.items()})
        self._images.add(model._meta.table_name, full["id"], 1, None, row_hash(encoded))
        self.about(_patient_of(model, full))
        return model(**full)

    def add_many(self, model: type[Record], rows: Iterable[Mapping[str, Any]]) -> list[bytes]:
        """Adds many rows with one image for all; returns their keys. They are taken a few thousand at a time.

        A row may hold its own "id". Raises Invalid; its sentences name the first wrong row, counted from 1.
        """
        keys: list[bytes] = []
        about: dict[bytes, None] = {}
        packed = bytearray()
        given = iter(rows)
        with self._database.savepoint(), ExitStack() as stack:
            while some := list(islice(given, AT_ONCE)):
                if len(keys) == VERY_MANY:
                    stack.enter_context(large_cache(self._database))
                columns = new_columns(model, some, self.reference, len(keys) + 1)
                if None in columns["id"]:
                    fresh = iter(self._new_ids(columns["id"].count(None)))
                    columns["id"] = [next(fresh) if key is None else key for key in columns["id"]]
                insert_rows(self._database, model, columns)
                keys += columns["id"]
                for key, proof in zip(columns["id"], row_hashes(columns), strict=True):
                    packed += key
                    packed += proof[:16]
                about |= dict.fromkeys(_patient_of(model, columns) or ())
        if keys:
            self._images.add(model._meta.table_name, None, 1, None, None, bytes(packed))
            self.about(*about)
        return keys

    def edit(self, model: type[R], key: bytes, seen: int | None, **values: Any) -> R:
        """Changes a row and returns it; what does not differ is not written.

        `seen` is the version that the person saw (None: as it is now). When someone else has changed the same
        fields since, nothing is written and Conflict is raised with their values. Raises Invalid, Gone.
        """
        row = self.get(model, key)
        checked = edited_values(model, values, self.reference)
        if seen is not None and seen not in (row.version, self._began.get(key)):
            refuse_overlap(row, seen, checked, checked)
        now = {name: row.__data__.get(name) for name in model._meta.sorted_field_names}
        changed = {name: value for name, value in checked.items() if now[name] != value}
        if not changed:
            return row
        self._write(model, stored(model, now), stored(model, changed))
        return model(**{**now, **changed, "version": now["version"] + 1})

    def edit_many(self, model: type[Record], edits: Iterable[tuple[bytes, Mapping[str, Any]]]) -> int:
        """Changes many rows as they are now; returns how many really changed. Raises Invalid, Gone."""
        count = 0
        fields = model._meta.fields
        for key, values in edits:
            now = self._as_stored(model, key)
            if now is None or now["struck_at"] is not None:
                raise Gone(GONE)
            checked = edited_values(model, values, self.reference)
            changed = {
                name: value
                for name, value in checked.items()
                if fields[name].python_value(now[name]) != value
            }
            if changed:
                self._write(model, now, stored(model, changed))
                count += 1
        return count

    def strike(self, model: type[R], key: bytes, why: str, seen: int | None = None) -> R:
        """Strikes a row out, with a reason; it stays readable in the history.

        Raises Invalid, Gone, and Conflict when anything in the row was changed since `seen`.
        """
        row = self.get(model, key)
        try:
            reason = model.struck_why.check(why, self.reference)
        except ValueError as error:
            raise Invalid({"why": str(error)}) from None
        if reason is None:
            raise Invalid({"why": "Say why it is struck out; the reason stays with the record."})
        now = {name: row.__data__.get(name) for name in model._meta.sorted_field_names}
        if seen is not None and seen not in (row.version, self._began.get(key)):
            refuse_overlap(row, seen, set(now) - KEPT, {})
        changed = {"struck_at": self.now, "struck_by": self.who.id, "struck_why": reason}
        self._write(model, stored(model, now), stored(model, changed))
        return model(**{**now, **changed, "version": now["version"] + 1})

    def restore(self, model: type[Record], steps: Sequence[Step]) -> int:
        """Takes rows back to their images, each row once. Returns how many can't be: they have moved on, or what must
        be unique is taken by a newer row."""
        try:
            with self._database.savepoint():
                return self._restore_some(model, steps)
        except Invalid:
            return 1 if len(steps) == 1 else sum(self.restore(model, [step]) for step in steps)

    def unmake(self, model: type[Record], made: Mapping[bytes, bytes], why: str) -> int:
        """Takes rows back to not being there: they are struck out. Returns how many can't be, as they have moved on.

        `made` holds each one's hash (or its first half) as the change that added it left it.
        """
        keys = list(made)
        pieces = (keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE))
        return sum(self._unmake_some(model, {key: made[key] for key in piece}, why) for piece in pieces)

    def commit_entry(self) -> int | None:
        """Writes the images and the audit entry; returns the entry's number, None when nothing was done."""
        if not self._images and self._silent:
            return None
        if self._images and self._behind > 0 and self.scope.mark is not None:
            self._facts["clock_back"] = self._behind  # its number tells the order, whatever the clock says
        content = self._images.finished()
        patient = next(iter(self._patients)) if len(self._patients) == 1 else None
        several = {"about": [key.hex() for key in self._patients]} if len(self._patients) > 1 else {}
        facts = {**self._facts, **several} or None
        encoded = Audit.facts.db_value(facts)
        values = entry_values(int(self.now.timestamp()), self.who.id, self.action, patient, encoded, content)
        Audit.insert(
            seq=self.seq,
            at=self.now,
            who=self.who.id,
            action=self.action,
            patient=patient,
            facts=facts,
            content=content,
            prev=self._prev,
            hash=entry_hash(self._prev, self.seq, values),
        ).execute()
        return self.seq

    # -- inside ----------------------------------------------------------------------------------------------

    def _as_stored(self, model: type[Record], key: bytes) -> dict[str, Any] | None:
        for row in read_rows(self._database, model, [key]):
            return dict(zip(columns_of(model), row, strict=True))
        return None

    def _write(self, model: type[Record], now: dict[str, Any], changed: dict[str, Any]) -> None:
        """Writes the next version of a row. All values are encoded."""
        key, version = now["id"], now["version"]
        self._began.setdefault(key, version)
        sets = {**changed, "version": version + 1}
        if update_rows(self._database, model, list(sets), [(*sets.values(), key, version)]) != 1:
            raise Gone(MOVED)
        self.about(_patient_of(model, now))
        table = model._meta.table_name
        self._images.add(table, key, version + 1, image(now), row_hash({**now, **sets}))

    def _restore_some(self, model: type[Record], steps: Sequence[Step]) -> int:
        stand = self._standing(model, {step.key: step.after for step in steps})
        if stand:
            now = as_columns(model, stand)
            before = {step.key: stored_in(model, step.before) for step in steps}
            then = {name: [before[key][name] for key in now["id"]] for name in now}
            self._rewrite(model, now, {**then, "version": now["version"]})
        return len(steps) - len(stand)

    def _unmake_some(self, model: type[Record], made: Mapping[bytes, bytes], why: str) -> int:
        stand = self._standing(model, made)
        if stand:
            now = as_columns(model, stand)
            strike = stored(model, {"struck_at": self.now, "struck_by": self.who.id, "struck_why": why})
            self._rewrite(
                model, now, {**now, **{name: [value] * len(stand) for name, value in strike.items()}}
            )
        return len(made) - len(stand)

    def _standing(self, model: type[Record], left: Mapping[bytes, bytes]) -> list[tuple[Any, ...]]:
        """The rows that are still as a change left them, by their hashes (or the first halves)."""
        found = list(read_rows(self._database, model, list(left)))
        proofs = row_hashes(as_columns(model, found))
        place = columns_of(model).index("id")
        return [row for row, proof in zip(found, proofs, strict=True) if proof.startswith(left[row[place]])]

    def _rewrite(self, model: type[Record], now: Columns, then: Columns) -> None:
        """Writes the next version of many rows for an undo: from `now` to `then`, with the marks of the undo."""
        versions = [version + 1 for version in now["version"]]
        after = {**then, **model.marks_of_undo(self, now, then)}
        changed = [
            name for name in now if name not in ("id", "version") and list(now[name]) != list(after[name])
        ]
        places = (versions, now["id"], now["version"])
        sets = list(zip(*(after[name] for name in changed), *places, strict=True))
        if update_rows(self._database, model, [*changed, "version"], sets) != len(versions):
            raise Gone(MOVED)
        self.about(*dict.fromkeys(_patient_of(model, now) or ()))
        for image_ in zip(now["id"], versions, images(now), row_hashes(after), strict=True):
            self._images.add(model._meta.table_name, *image_)


def _patient_of(model: type[Record], values: Mapping[str, Any]) -> Any:
    """Whose record a row belongs to, for the audit entry; of rows that come as columns, whose records."""
    return values.get("id" if model._meta.table_name == "patient" else "patient")
