"""The base of every table that has a history: a key, a version, and a strike-out instead of a deletion."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn, Self

from peewee import Model, ModelSelect
from playhouse.shortcuts import ThreadSafeDatabaseMetadata

from cmp_tui.clinic.fields import CountField, InstantField, UidField, WordsField


class Table(Model):
    """A table of the clinic file. The database is bound when a file is opened, per thread."""

    class Meta:
        model_metadata_class = ThreadSafeDatabaseMetadata
        legacy_table_names = False
        strict_tables = True


class Record(Table):
    """A table whose rows keep their history.

    Rows are written through an open change only; the ways around it are closed here, and the connection
    itself refuses writes outside a change.
    """

    id = UidField(primary_key=True)
    version = CountField()
    struck_at = InstantField(null=True)
    struck_by = UidField(null=True)
    struck_why = WordsField(null=True)

    @classmethod
    def live(cls, *columns: Any) -> ModelSelect[Self]:
        """Selects the rows that are not struck out."""
        return cls.select(*columns).where(cls.struck_at.is_null())

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is written through an open change, not by save().")

    def delete_instance(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is struck out with a reason, not deleted.")


def unique_while_live(*fields: Any, where: Any = None) -> None:
    """Declares that the fields together are unique among the rows that are not struck out."""
    model = fields[0].model
    alive = model.struck_at.is_null()
    model.add_index(model.index(*fields, unique=True, where=alive if where is None else alive & where))


def columns_of(model: type[Record]) -> tuple[str, ...]:
    """Returns the names of a table's fields, in order."""
    return tuple(model._meta.sorted_field_names)


def rows(query: Any) -> Iterator[Any]:
    """Runs a query and gives each row as a plain tuple."""
    yield from query.tuples()


def raw_rows(model: type[Table], *names: str, order: str = "") -> Iterator[tuple[Any, ...]]:
    """Gives rows as they stand in the file, past the fields' converters: a damaged value can't stop a check.

    `names` are field names; `order` is a field name or names with commas.
    """
    fields = model._meta.fields
    columns = ", ".join(f'"{fields[name].column_name}"' for name in names)
    sql = f'SELECT {columns} FROM "{model._meta.table_name}"'
    if order:
        sql += f" ORDER BY {order}"
    cursor = model._meta.database.execute_sql(sql)
    while some := cursor.fetchmany(1000):
        yield from some


def stored(model: type[Table], values: Mapping[str, Any]) -> dict[str, Any]:
    """Encodes values by field name through the fields' own converters, ready for SQL and for images."""
    fields = model._meta.fields
    return {name: fields[name].db_value(value) for name, value in values.items()}


def image(values: Mapping[str, Any]) -> str:
    """The canonical text of an encoded row: keys sorted, bytes as hexadecimal, empty columns left out.

    So a column that a later schema adds, and that is empty, changes no row's image.
    """
    full = {name: value for name, value in values.items() if value is not None}
    return json.dumps(full, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=bytes.hex)


def row_hash(values: Mapping[str, Any]) -> bytes:
    """Returns the hash that proves an encoded row. Its version is left out: a row that an undo took back has
    the same hash as before."""
    return hashlib.sha256(image({**values, "version": None}).encode("utf-8", "surrogatepass")).digest()


def from_image(model: type[Record], text: str) -> dict[str, Any]:
    """Reads an image back into values by field name, as the fields give them to Python.

    A column that the image does not hold was empty, or is newer than the image: then it has its default.
    """
    raw = json.loads(text)
    values = {}
    for name, field in model._meta.fields.items():
        value = raw.get(name)
        if value is None:
            default = None if field.null else field.default
            values[name] = default() if callable(default) else default
            continue
        values[name] = field.python_value(bytes.fromhex(value) if field.field_type == "BLOB" else value)
    return values
