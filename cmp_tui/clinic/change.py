"""One change: everything that one thing a person does writes, with its images and its audit entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from peewee import JOIN, IntegrityError

from cmp_tui.clinic.audit import content_hash, entry_hash, entry_values, image_part
from cmp_tui.clinic.errors import ClinicError, Conflict, Gone, Invalid
from cmp_tui.clinic.fields import ClinicField, LinkField
from cmp_tui.clinic.file import SCHEMA, ClinicDatabase, DriverError
from cmp_tui.clinic.model import Audit, Image, Staff
from cmp_tui.clinic.records import Record, from_image, image, row_hash, rows, stored
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Person, Scope
from cmp_tui.clinic.settings import Settings

R = TypeVar("R", bound=Record)
KEPT = ("id", "version", "struck_at", "struck_by", "struck_why")
KEPT_NAMES = frozenset(KEPT)
PACKED = 32
"""Bytes for each of many added rows in their image: its key, and half the hash of its content."""
UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")


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
        self._patient: bytes | None = None
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

    def about(self, patient: bytes | None) -> None:
        """Says whose record this change is about; the first one named stays."""
        self._patient = self._patient or patient

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
        full = self._whole(model, values, id)
        encoded = stored(model, full)
        self._insert(model, [encoded])
        self._keep(model, full["id"], 1, None, encoded)
        if "patient" in full:
            self.about(full["patient"])
        return model(**full)

    def add_many(self, model: type[Record], rows: Sequence[Mapping[str, Any]]) -> list[bytes]:
        """Adds many rows with one image for all; returns their keys.

        A row may hold its own "id". Raises Invalid; its sentences name the first wrong row, counted from 1.
        """
        encoded, packed = [], bytearray()
        keys = []
        for number, values in enumerate(rows, 1):
            try:
                full = self._whole(
                    model, {name: value for name, value in values.items() if name != "id"}, values.get("id")
                )
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
        return keys

    def edit(self, model: type[R], key: bytes, seen: int | None, **values: Any) -> R:
        """Changes a row and returns it; what does not differ is not written.

        `seen` is the version that the person saw (None: as it is now). When someone else has changed the same
        fields since, nothing is written and Conflict is raised with their values. Raises Invalid, Gone.
        """
        if not KEPT_NAMES.isdisjoint(values):
            raise TypeError("A row's key, version and strike-out are not edited; see strike().")
        row = self.get(model, key)
        checked = self._checked(model, values)
        if seen is not None and seen not in (row.version, self._began.get(key)):
            self._refuse_overlap(model, row, seen, set(checked), checked)
        now = {name: row.__data__.get(name) for name in model._meta.sorted_field_names}
        changed = {name: value for name, value in checked.items() if now[name] != value}
        if "patient" in now:
            self.about(now["patient"])
        if not changed:
            return row
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
        reason = model.struck_why.check(why, self.reference)
        if reason is None:
            raise Invalid({"why": "Say why it is struck out; the reason stays with the record."})
        now = {name: row.__data__.get(name) for name in model._meta.sorted_field_names}
        if seen is not None and seen not in (row.version, self._began.get(key)):
            self._refuse_overlap(model, row, seen, set(now) - KEPT_NAMES, {})
        if "patient" in now:
            self.about(now["patient"])
        return self._write(
            model, now, {"struck_at": self.now, "struck_by": self.who.id, "struck_why": reason}
        )

    def restore(self, model: type[R], key: bytes, after: bytes, before: str | None, why: str) -> bool:
        """Takes a row back to an image (None: to not being there).

        `after` is the row's hash (or its first half) as the change left it; False when the row has moved on.
        """
        row = model.get_or_none(model.id == key)
        if row is None:
            return False
        now = {name: row.__data__.get(name) for name in model._meta.sorted_field_names}
        if not row_hash(stored(model, now)).startswith(after):
            return False
        if before is None:
            changed: dict[str, Any] = {"struck_at": self.now, "struck_by": self.who.id, "struck_why": why}
        else:
            old = from_image(model, before)
            changed = {
                name: old[name] for name in now if name not in ("id", "version") and old[name] != now[name]
            }
        if "patient" in now:
            self.about(now["patient"])
        self._write(model, now, changed)
        return True

    def commit_entry(self) -> int | None:
        """Writes the images and the audit entry; returns the entry's number, None when nothing was done."""
        if not self._images and self._silent:
            return None
        content = content_hash([image_part(*part) for part in self._images]) if self._images else None
        facts = self._facts or None
        encoded = Audit.facts.db_value(facts)
        values = entry_values(
            int(self.now.timestamp()), self.who.id, self.action, self._patient, encoded, content
        )
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
            patient=self._patient,
            facts=facts,
            content=content,
            prev=self._prev,
            hash=entry_hash(self._prev, self.seq, values),
        ).execute()
        return self.seq

    # -- inside ----------------------------------------------------------------------------------------------

    def _whole(self, model: type[Record], values: Mapping[str, Any], key: bytes | None) -> dict[str, Any]:
        """All of a new row's values, checked, with defaults."""
        if not KEPT_NAMES.isdisjoint(values):
            raise TypeError("A new row is not struck out, and its version is 1.")
        full: dict[str, Any] = dict.fromkeys(model._meta.sorted_field_names)
        for field, default in model._meta.defaults.items():
            full[field.name] = default() if callable(default) else default
        full.update(self._checked(model, values))
        missing = {
            name: "This is needed."
            for name, field in model._meta.fields.items()
            if not field.null and full[name] is None and name not in KEPT
        }
        if missing:
            raise Invalid(missing)
        full["version"] = 1
        try:
            full["id"] = self.new_id() if key is None else model.id.check(key, self.reference)
        except ValueError as error:
            raise Invalid({"id": str(error)}) from None
        return full

    def _checked(self, model: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
        fields = model._meta.fields
        checked: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for name, value in values.items():
            field = fields[name]
            if value is None or (value == "" and field.null):
                if not field.null:
                    wrong[name] = "This is needed."
                checked[name] = None
                continue
            if not isinstance(field, (ClinicField, LinkField)):
                raise TypeError(f"{name} of {model.__name__} is not a clinic field")
            try:
                checked[name] = field.check(value, self.reference)
            except (ValueError, ClinicError) as error:
                wrong[name] = str(error)
                continue
            if checked[name] is None and not field.null:
                wrong[name] = "This is needed."
        if wrong:
            raise Invalid(wrong)
        return checked

    def _insert(self, model: type[Record], rows: list[dict[str, Any]]) -> None:
        meta = model._meta
        names = list(rows[0])
        columns = ", ".join(f'"{meta.fields[name].column_name}"' for name in names)
        marks = ", ".join("?" for _ in names)
        sql = f'INSERT INTO "{meta.table_name}" ({columns}) VALUES ({marks})'
        try:
            self._database.connection().executemany(sql, [tuple(row[name] for name in names) for row in rows])
        except DriverError as error:
            raise self._explained(model, error) from error

    def _write(self, model: type[R], now: dict[str, Any], changed: dict[str, Any]) -> R:
        self._began.setdefault(now["id"], now["version"])
        before = image(stored(model, now))
        after = {**now, **changed, "version": now["version"] + 1}
        encoded = stored(model, after)
        sets = stored(model, {**changed, "version": after["version"]})
        fields = model._meta.fields
        try:
            count = (
                model.update({fields[name]: value for name, value in sets.items()})
                .where((model.id == now["id"]) & (model.version == now["version"]))
                .execute()
            )
        except IntegrityError as error:
            raise self._explained(model, error) from error
        if count != 1:
            raise Gone("This record changed at the same moment. Nothing was saved; try again.")
        self._keep(model, now["id"], after["version"], before, encoded)
        return model(**after)

    def _explained(self, model: type[Record], error: Exception) -> Exception:
        """An Invalid that names the fields which must be unique, or a lost link; any other error as it is."""
        if "FOREIGN KEY constraint failed" in str(error):
            return Invalid({"": "This points to a record that is not there."})
        found = UNIQUE.search(str(error))
        if not found:
            return error
        columns = (column.partition(".")[2] for column in found[1].split(", "))
        return Invalid(
            {model._meta.columns[name].name: "Another record has this already." for name in columns}
        )

    def _keep(
        self, model: type[Record], key: bytes, version: int, before: str | None, encoded: dict[str, Any]
    ) -> None:
        self._add_image(model._meta.table_name, key, version, before, row_hash(encoded), None)

    def _add_image(self, *part: Any) -> None:
        self._images.append(part)

    def _refuse_overlap(
        self, model: type[R], row: R, seen: int, names: set[str], mine: Mapping[str, Any]
    ) -> None:
        """Raises Conflict when one of the fields was changed by someone else since `seen`, to something else than
        what is wanted here; it names the last one who did."""
        query = (
            Image.select(Image.before, Audit.at, Staff.name)
            .join(Audit, on=(Audit.seq == Image.seq))
            .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Audit.who))
            .where((Image.row == row.id) & (Image.version > seen))
            .order_by(Image.version.desc())
        )
        steps = [(from_image(model, text) if text else {}, at, who) for text, at, who in rows(query)]
        now = row.__data__
        shown = steps[-1][0] if steps else {}
        theirs = {
            name: now[name]
            for name in names
            if now[name] != shown.get(name) and (name not in mine or now[name] != mine[name])
        }
        if not theirs:
            return
        for before, at, who in steps:  # newest first: the first that changed one of these fields
            if any(before.get(name) != now[name] for name in theirs):
                raise Conflict(who or "Someone", at, row.version, theirs)
        raise Conflict("Someone", self.now, row.version, theirs)
