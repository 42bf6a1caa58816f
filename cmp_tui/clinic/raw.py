"""Rows as they stand in the file, encoded, many at a time: read, added and changed with few statements.

Only an open change writes with these; it checks first, and keeps the images.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from cmp_tui.clinic.checking import explained
from cmp_tui.clinic.file import ClinicDatabase, DriverError
from cmp_tui.clinic.records import Record, columns_of

PIECE = 500
"""Keys in one query."""
LARGE_CACHE = 64 << 10
"""KiB of pages; usually it is 8 MiB."""


@contextmanager
def large_cache(database: ClinicDatabase) -> Iterator[None]:
    """Gives the connection room for the pages of indexes while very many rows are added.

    Each row goes to another place in each index: a million time entries take half as long this way.
    """
    before = database.pragma_number("cache_size")
    database.execute_sql(f"PRAGMA cache_size = {-LARGE_CACHE}")
    try:
        yield
    finally:
        database.execute_sql(f"PRAGMA cache_size = {before}")


def read_rows(
    database: ClinicDatabase, model: type[Record], keys: Sequence[bytes]
) -> Iterator[tuple[Any, ...]]:
    """Gives the rows with these keys, in no order, their values in the order of `columns_of`."""
    fields = model._meta.fields
    columns = ", ".join(f'"{fields[name].column_name}"' for name in columns_of(model))
    for at in range(0, len(keys), PIECE):
        piece = keys[at : at + PIECE]
        marks = ", ".join("?" * len(piece))
        sql = f'SELECT {columns} FROM "{model._meta.table_name}" WHERE id IN ({marks})'
        yield from database.connection().execute(sql, piece)


def insert_rows(database: ClinicDatabase, model: type[Record], columns: Mapping[str, Sequence[Any]]) -> None:
    """Adds rows, which come as columns. Raises Invalid for what must be unique and is not."""
    fields = model._meta.fields
    # Neither an empty column nor bytes as such: the driver asks its adapters about each, longer than it takes to
    # add the row (20 µs for a time entry, 5 this way).
    filled = {
        name: bindable(column) if fields[name].field_type == "BLOB" else column
        for name, column in columns.items()
        if column[0] is not None or column.count(None) < len(column)
    }
    names = ", ".join(f'"{fields[name].column_name}"' for name in filled)
    marks = ", ".join("?" * len(filled))
    sql = f'INSERT INTO "{model._meta.table_name}" ({names}) VALUES ({marks})'
    try:
        database.connection().executemany(sql, zip(*filled.values(), strict=True))
    except DriverError as error:
        raise explained(model, error) from error


def bindable(column: Sequence[Any]) -> Sequence[Any]:
    """Returns values in the form in which the driver takes them fastest."""
    return [bytearray(value) if type(value) is bytes else value for value in column]


def update_rows(
    database: ClinicDatabase, model: type[Record], names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> int:
    """Changes rows: each comes with the values of `names`, its key, and the version that it must still have.

    Returns how many had it. Raises Invalid as `insert_rows`.
    """
    fields = model._meta.fields
    sets = ", ".join(f'"{fields[name].column_name}" = ?' for name in names)
    sql = f'UPDATE "{model._meta.table_name}" SET {sets} WHERE id = ? AND version = ?'
    try:
        return int(database.connection().executemany(sql, map(bindable, rows)).rowcount)
    except DriverError as error:
        raise explained(model, error) from error
