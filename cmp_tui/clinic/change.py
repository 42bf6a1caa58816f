"""One change: everything that one thing a person does writes, with its images and its audit entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from cmp_tui.clinic.audit import content_hash, entry_hash, entry_values, image_part
from cmp_tui.clinic.checking import KEPT, edited_values, explained, new_values, refuse_overlap
from cmp_tui.clinic.errors import Gone, Invalid
from cmp_tui.clinic.file import SCHEMA, ClinicDatabase, DriverError
from cmp_tui.clinic.model import Audit
from cmp_tui.clinic.records import Record, columns_of, from_image, image, row_hash, rows, stored
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Person, Scope
from cmp_tui.clinic.settings import Settings

R = TypeVar("R", bound=Record)
PACKED = 32
"""Bytes for each of many added rows in their image: its key, and half the hash of its content."""


class Change:
    """An open change, handed to an action and on to the rooms that it touches.

    Made, committed and rolled back by `Clinic.run` only. Rows are checked as they are written; the images and
    the audit entry are written once, at the end.
    """

    def __init__(
        self, database: ClinicDatabase, scope: Scope, action: str, new_id: Callable[[datetime], bytes]
    ) -> None:
        self.scope = scope
        self.action = action
        self._database = database
        self._new_id = new_id
        self._images: list[tuple[Any, ...]] = []
        self._began: dict[bytes, int] = {}  # the version of each row that is written, before this change
        self._patients: dict[bytes, None] = {}  # in the order in which they were touched
        self._facts: dict[str, Any] = {}
        self._silent = True
        last = next(rows(Audit.select(Audit.seq, Audit.hash).order_by(Audit.seq.desc()).limit(1)), (0, b""))
        self.seq: int = last[0] + 1
        self._prev = bytes(last[1])

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
        return self._new_id(self.now)

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
            raise Gone(
                "This record is no longer there; it was struck out or undone. Its history still shows it."
            )
        return row

    def add(self, model: type[R], id: bytes | None = None, **values: Any) -> R:
        """Adds a row and returns it. Raises Invalid, field by field."""
        full = new_values(model, values, self.reference)
        full["id"] = self._key(model, id)
        encoded = stored(model, full)
        self._insert(model, [encoded])
        self._keep(model, full["id"], 1, None, encoded)
        self.about(_patient_of(model, full))
        return model(**full)

    def add_many(self, model: type[Record], rows: Sequence[Mapping[str, Any]]) -> list[bytes]:
        """Adds many rows with one image for all; returns their keys.

        A row may hold its own "id". Raises Invalid; its sentences name the first wrong row, counted from 1.
        """
        encoded, packed = [], bytearray()
        keys = []
        for number, values in enumerate(rows, 1):
            try:
                full = new_values(model, {n: v for n, v in values.items() if n != "id"}, self.reference)
                full["id"] = self._key(model, values.get("id"))
            except Invalid as wrong:
                raise Invalid(
                    {name: f"Row {number}: {says}" for name, says in wrong.fields.items()}
                ) from None
            one = stored(model, full)
            encoded.append(one)
            keys.append(full["id"])
            packed += full["id"] + row_hash(one)[:16]
        if encoded:
            self._insert(model, encoded)
            self._add_image(model._meta.table_name, None, 1, None, None, bytes(packed))
            self.about(*(_patient_of(model, one) for one in encoded))
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
        self.about(_patient_of(model, now))
        return self._write(model, now, changed)

    def edit_many(self, model: type[R], edits: Iterable[tuple[bytes, Mapping[str, Any]]]) -> int:
        """Changes many rows as they are now; returns how many really changed."""
        count = 0
        for key, values in edits:
            before = self.get(model, key).version
            count += self.edit(model, key, None, **values).version != before
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
        self.about(_patient_of(model, now))
        return self._write(
            model, now, {"struck_at": self.now, "struck_by": self.who.id, "struck_why": reason}
        )

    def restore(self, model: type[R], key: bytes, after: bytes, before: str | None, why: str) -> bool:
        """Takes a row back to an image (None: to not being there).

        `after` is the row's hash (or its first half) as the change left it; False when the row has moved on.
        """
        kept = self._as_stored(model, key)
        if kept is None or not row_hash(kept).startswith(after):
            return False
        fields = model._meta.fields
        now = {name: fields[name].python_value(value) for name, value in kept.items()}
        if before is None:
            changed: dict[str, Any] = {"struck_at": self.now, "struck_by": self.who.id, "struck_why": why}
        else:
            old = from_image(model, before)
            changed = {
                name: old[name] for name in now if name not in ("id", "version") and old[name] != now[name]
            }
        self.about(_patient_of(model, now))
        self._write(model, now, changed)
        return True

    def commit_entry(self) -> int | None:
        """Writes the images and the audit entry; returns the entry's number, None when nothing was done."""
        if not self._images and self._silent:
            return None
        content = content_hash([image_part(*part) for part in self._images]) if self._images else None
        patient = next(iter(self._patients)) if len(self._patients) == 1 else None
        several = {"about": [key.hex() for key in self._patients]} if len(self._patients) > 1 else {}
        facts = {**self._facts, **several} or None
        encoded = Audit.facts.db_value(facts)
        values = entry_values(int(self.now.timestamp()), self.who.id, self.action, patient, encoded, content)
        if self._images:
            sql = (
                "INSERT INTO image (seq, part, table_name, row, version, before, after, packed, schema_version)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            )
            images = [(self.seq, number, *part, SCHEMA) for number, part in enumerate(self._images)]
            self._database.connection().executemany(sql, images)
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

    def _key(self, model: type[Record], given: bytes | None) -> bytes:
        try:
            return self.new_id() if given is None else bytes(model.id.check(given, self.reference))
        except ValueError as error:
            raise Invalid({"id": str(error)}) from None

    def _as_stored(self, model: type[Record], key: bytes) -> dict[str, Any] | None:
        """A row as it stands in the file. An import that is taken back has thousands: building a query for each
        would take most of the time."""
        names = columns_of(model)
        columns = ", ".join(f'"{model._meta.fields[name].column_name}"' for name in names)
        sql = f'SELECT {columns} FROM "{model._meta.table_name}" WHERE id = ?'
        row = self._database.connection().execute(sql, (key,)).fetchone()
        return None if row is None else dict(zip(names, row, strict=True))

    def _insert(self, model: type[Record], rows: list[dict[str, Any]]) -> None:
        meta = model._meta
        names = list(rows[0])
        columns = ", ".join(f'"{meta.fields[name].column_name}"' for name in names)
        marks = ", ".join("?" for _ in names)
        sql = f'INSERT INTO "{meta.table_name}" ({columns}) VALUES ({marks})'
        try:
            self._database.connection().executemany(sql, [tuple(row[name] for name in names) for row in rows])
        except DriverError as error:
            raise explained(model, error) from error

    def _write(self, model: type[R], now: dict[str, Any], changed: dict[str, Any]) -> R:
        self._began.setdefault(now["id"], now["version"])
        before = image(stored(model, now))
        after = {**now, **changed, "version": now["version"] + 1}
        encoded = stored(model, after)
        sets = stored(model, {**changed, "version": after["version"]})
        fields = model._meta.fields
        names = ", ".join(f'"{fields[name].column_name}" = ?' for name in sets)
        sql = f'UPDATE "{model._meta.table_name}" SET {names} WHERE id = ? AND version = ?'
        try:
            count = (
                self._database.connection().execute(sql, (*sets.values(), now["id"], now["version"])).rowcount
            )
        except DriverError as error:
            raise explained(model, error) from error
        if count != 1:
            raise Gone("This record changed at the same moment. Nothing was saved; try again.")
        self._keep(model, now["id"], after["version"], before, encoded)
        return model(**after)

    def _keep(
        self, model: type[Record], key: bytes, version: int, before: str | None, encoded: dict[str, Any]
    ) -> None:
        self._add_image(model._meta.table_name, key, version, before, row_hash(encoded), None)

    def _add_image(self, *part: Any) -> None:
        self._images.append(part)


def _patient_of(model: type[Record], values: Mapping[str, Any]) -> bytes | None:
    """Whose record a row belongs to, for the audit entry."""
    key: bytes | None = values.get("id" if model._meta.table_name == "patient" else "patient")
    return key
