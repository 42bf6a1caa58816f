"""The base of every table that has a history: a key, a version, and a strike-out instead of a deletion."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from types import MappingProxyType, NoneType
from typing import Any, NoReturn, Self

from peewee import SQL, Model, ModelSelect, NodeList
from playhouse.shortcuts import ThreadSafeDatabaseMetadata

from cmp_tui.clinic.fields import CountField, InstantField, UidField, WordsField

_CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=bytes.hex
).encode
_WRITERS: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {
        str: encode_basestring,
        int: int.__repr__,
        float: lambda number: float.__repr__(number) if math.isfinite(number) else _CANONICAL(number),
        bytes: lambda key: f'"{key.hex()}"',
    }
)
"""How `_CANONICAL` writes a value of each type that the file holds; tests hold the two against each other."""


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

    @classmethod
    def marks_of_undo(
        cls, change: Any, now: Mapping[str, Sequence[Any]], then: Mapping[str, Sequence[Any]]
    ) -> dict[str, list[Any]]:
        """What an undo must note in rows that it takes from `now` back to `then` (columns as they are stored).

        Most tables need nothing: what was undone is as it was.
        """
        return {}

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is written through an open change, not by save().")

    def delete_instance(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is struck out with a reason, not deleted.")


def unique_while_live(*fields: Any, where: Any = None) -> None:
    """Declares that the fields together are unique among the rows that are not struck out."""
    model = fields[0].model
    alive = model.struck_at.is_null()
    model.add_index(model.index(*fields, unique=True, where=alive if where is None else alive & where))


def quick_while_live(*fields: Any, where: Any = None) -> None:
    """Declares an index over the rows that are not struck out: for the questions that lists ask of the whole file."""
    model = fields[0].model
    alive = model.struck_at.is_null()
    model.add_index(model.index(*fields, where=alive if where is None else alive & where))


def columns_of(model: type[Record]) -> tuple[str, ...]:
    """Returns the names of a table's fields, in order."""
    return tuple(model._meta.sorted_field_names)


def as_columns(model: type[Record], found: Sequence[tuple[Any, ...]]) -> dict[str, Sequence[Any]]:
    """Returns rows, whose values come in the order of `columns_of`, as columns by name."""
    names = columns_of(model)
    return dict(zip(names, zip(*found, strict=True), strict=True)) if found else dict.fromkeys(names, ())


def rows(query: Any) -> Iterator[Any]:
    """Runs a query and gives each row as a plain tuple."""
    yield from query.tuples().iterator()  # which keeps none of them


def among(field: Any, keys: Collection[bytes]) -> Any:
    """Returns the SQL condition that a column holds one of many keys: what `in_` says, with less work for each."""
    marks = ", ".join("?" * len(keys))
    return NodeList((field, SQL(f"IN ({marks})", [bytearray(key) for key in keys])))


def raw(query: Any) -> Iterator[tuple[Any, ...]]:
    """Runs a query and gives each row as a tuple of what the file holds, past the fields' converters."""
    cursor = query.model._meta.database.execute(query)
    while some := cursor.fetchmany(1000):
        yield from some


def raw_rows(model: type[Table], *names: str, order: str = "") -> Iterator[tuple[Any, ...]]:
    """Gives rows as they stand in the file, past the fields' converters: a damaged value can't stop a check.

    `names` are field names; `order` is a field name or names with commas.
    """
    for some in raw_batches(model, *names, order=order):
        yield from some


def raw_batches(model: type[Table], *names: str, order: str = "") -> Iterator[list[tuple[Any, ...]]]:
    """Gives the rows of `raw_rows` a thousand at a time."""
    fields = model._meta.fields
    columns = ", ".join(f'"{fields[name].column_name}"' for name in names)
    sql = f'SELECT {columns} FROM "{model._meta.table_name}"'
    if order:
        sql += f" ORDER BY {order}"
    cursor = model._meta.database.execute_sql(sql)
    while some := cursor.fetchmany(1000):
        yield some


def stored(model: type[Table], values: Mapping[str, Any]) -> dict[str, Any]:
    """Encodes values by field name through the fields' own converters, ready for SQL and for images."""
    fields = model._meta.fields
    return {name: fields[name].db_value(value) for name, value in values.items()}


def image(values: Mapping[str, Any]) -> str:
    """The canonical text of an encoded row: keys sorted, bytes as hexadecimal, empty columns left out.

    So a column that a later schema adds, and that is empty, changes no row's image.
    """
    parts = [f'"{name}":{_written(value)}' for name, value in sorted(values.items()) if value is not None]
    return f"{{{','.join(parts)}}}"


def row_hash(values: Mapping[str, Any]) -> bytes:
    """Returns the hash that proves an encoded row. Its version is left out: a row that an undo took back has
    the same hash as before."""
    return _proof(image({**values, "version": None}))


def images(columns: Mapping[str, Sequence[Any]]) -> list[str]:
    """Returns the `image` of each of many encoded rows, which come as columns. One column has no empty value."""
    pieces = (_pieces(name, columns[name]) for name in sorted(columns))
    # Each piece begins with the comma that stands before it.
    return [f"{{{''.join(parts)[1:]}}}" for parts in zip(*filter(None, pieces), strict=True)]


def row_hashes(columns: Mapping[str, Sequence[Any]]) -> list[bytes]:
    """Returns the `row_hash` of each of many encoded rows, which come as columns."""
    return list(map(_proof, images({name: columns[name] for name in columns if name != "version"})))


def _proof(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _written(value: Any) -> str:
    return _WRITERS.get(type(value), _CANONICAL)(value)


def _pieces(name: str, column: Sequence[Any]) -> list[str] | None:
    """What a column gives to the images of its rows; None when it is empty."""
    kinds = set(map(type, column)) - {NoneType}
    if not kinds:
        return None
    kind = kinds.pop() if len(kinds) == 1 else NoneType
    write = _WRITERS.get(kind, _written)
    head = f',"{name}":'
    if kind in (str, int, bytes) and column.count(column[0]) == len(column):
        return [head + write(column[0])] * len(column)
    return ["" if value is None else head + write(value) for value in column]


def from_image(model: type[Record], text: str) -> dict[str, Any]:
    """Reads an image back into values by field name, as the fields give them to Python.

    A column that the image does not hold was empty, or is newer than the image: then it has its default.
    """
    fields = model._meta.fields
    return {name: fields[name].python_value(value) for name, value in stored_in(model, text).items()}


def stored_in(model: type[Record], text: str) -> dict[str, Any]:
    """Reads an image back as `from_image` does, into the values as they were stored."""
    raw = json.loads(text)
    values = {}
    for name, field in model._meta.fields.items():
        value = raw.get(name)
        if value is None:
            default = None if field.null else field.default
            value = field.db_value(default() if callable(default) else default)
        elif field.field_type == "BLOB":
            value = bytes.fromhex(value)
        values[name] = value
    return values
