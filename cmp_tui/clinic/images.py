"""The images of one change: they go to the file as they come, so that an import of any size needs no memory."""

from __future__ import annotations

import hashlib
from typing import Any

from cmp_tui.clinic.audit import image_bytes, image_part
from cmp_tui.clinic.file import SCHEMA, ClinicDatabase
from cmp_tui.clinic.raw import bindable

PENDING = 5_000
"""Images that wait until they are written together."""


class Images:
    """Keeps the images of the change `seq`, in the order in which they come."""

    def __init__(self, database: ClinicDatabase, seq: int) -> None:
        self._database, self._seq = database, seq
        self._pending: list[tuple[Any, ...]] = []
        self._hash = hashlib.sha256()
        self._next = 0

    def __bool__(self) -> bool:
        return self._next > 0

    def add(
        self,
        table: str,
        row: bytes | None,
        version: int,
        before: str | None,
        after: bytes | None,
        packed: bytes | None = None,
    ) -> None:
        """Keeps one image."""
        part = (table, row, version, before, after, packed)
        self._hash.update(image_bytes(image_part(*part)))
        self._pending.append((self._seq, self._next, *part, SCHEMA))
        self._next += 1
        if len(self._pending) >= PENDING:
            self._write()

    def finished(self) -> bytes | None:
        """Writes what is left; returns the hash over all images, None when there are none."""
        self._write()
        return self._hash.digest() if self else None

    def _write(self) -> None:
        names = "seq, part, table_name, row, version, before, after, packed, schema_version"
        sql = f"INSERT INTO image ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        if self._pending:
            self._database.connection().executemany(sql, map(bindable, self._pending))
            self._pending.clear()
