"""The history of the clinic file as two sheets: every image of the change log, and the audit chain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cmp_tui.clinic.change import PACKED
from cmp_tui.clinic.model import Audit, Image
from cmp_tui.clinic.records import Record, columns_of, image, raw_rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.exchange.records.rules_time import write_instant
from cmp_tui.files.sheet import Column, Sheet

Cells = tuple[str | None, ...]


def history_sheet(scope: Scope, tables: tuple[type[Record], ...]) -> Sheet:
    """Every image, in the order of the chain: what a change did to one row.

    `before` is the row's content before the change, `after` the hash of what the change left (of rows that were added
    together, its first half), `now` the content of a row that is struck out, beside the change that struck it.
    """
    names = ("seq", "part", "table", "row", "version", "before", "after", "now", "schema")
    return Sheet("history", [Column(name) for name in names], _history(tables))


def _history(tables: tuple[type[Record], ...]) -> Iterator[Cells]:
    struck = {table._meta.table_name: _struck(table) for table in tables}
    images = raw_rows(
        Image,
        "seq",
        "part",
        "table",
        "row",
        "version",
        "before",
        "after",
        "packed",
        "schema",
        order="seq, part",
    )
    for seq, part, table, row, version, before, after, packed, schema in images:
        start = (str(seq), str(part), table)
        if row is not None:
            last, content = struck.get(table, {}).get(row, (0, ""))
            now = content if last == version else None
            yield (*start, row.hex(), str(version), before, (after or b"").hex(), now, str(schema))
            continue
        for at in range(0, len(packed or b""), PACKED):
            key, half = packed[at : at + 16], packed[at + 16 : at + PACKED]
            yield (*start, key.hex(), str(version), None, half.hex(), None, str(schema))


def _struck(table: type[Record]) -> dict[bytes, tuple[int, str]]:
    """The rows of a table that are struck out: their version and content."""
    names = columns_of(table)
    found = {}
    for row in raw_rows(table, *names):
        values = dict(zip(names, row, strict=True))
        if values["struck_at"] is not None:
            found[values["id"]] = (values["version"], image(values))
    return found


def audit_sheet(scope: Scope, usernames: Mapping[bytes, str]) -> Sheet:
    """The audit chain, entry by entry, with its hashes. Looks have no content."""
    names = ("seq", "at", "who", "action", "patient", "facts", "content", "prev", "hash")
    return Sheet("audit", [Column(name) for name in names], _audit(scope, usernames))


def _audit(scope: Scope, usernames: Mapping[bytes, str]) -> Iterator[Cells]:
    for seq, at, who, action, patient, facts, content, prev, own in raw_rows(Audit, *_CHAIN, order="seq"):
        when = write_instant(Audit.at.python_value(at), scope.zone)
        name = usernames.get(who, "") if who else ""
        yield (str(seq), when, name, action, _hex(patient), facts, _hex(content), _hex(prev), _hex(own))


_CHAIN = ("seq", "at", "who", "action", "patient", "facts", "content", "prev", "hash")


def _hex(value: Any) -> str | None:
    return None if value is None else bytes(value).hex()
