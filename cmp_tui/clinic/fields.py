"""The column types of the clinic file.

Each checks and tidies what is about to be stored (`check`), so that a wrong value is a sentence at the form
and not a surprise in a report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from math import isfinite
from types import NoneType
from typing import TYPE_CHECKING, Any

from peewee import Field, ForeignKeyField

from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.partial import parse_partial
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.settings import PLACE_OF_SERVICE, is_place_of_service
from cmp_tui.clinic.text import clean

if TYPE_CHECKING:  # Peewee's fields are generic in its type stubs only
    AnyField = Field[Any]
    AnyForeignKey = ForeignKeyField[Any]
else:
    AnyField, AnyForeignKey = Field, ForeignKeyField

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_FIRST, _LAST = -62_135_596_800, 253_402_300_799  # the seconds of the years 1 and 9999


class ClinicField(AnyField):
    """A column that knows how to check a value before it is stored."""

    def check(self, value: Any, reference: Reference) -> Any:
        """Returns the value as it will be stored and read back. Raises ValueError with a sentence."""
        return value

    def encoded(self, values: Sequence[Any], reference: Reference) -> list[Any]:
        """Returns many values of this column as they are stored: what `check` and `db_value` give one by one.

        The kinds of columns that imports fill do it faster here. Raises ValueError or TypeError when a value is
        wrong; which one and why tells `check`.
        """
        return _one_by_one(self, values, reference)


def is_empty(field: Any, value: Any) -> bool:
    """Tells whether a value that was given for a column means that it is empty."""
    return value is None or bool(value == "" and field.null)


def _one_by_one(field: Any, values: Sequence[Any], reference: Reference) -> list[Any]:
    return [
        None if is_empty(field, value) else field.db_value(field.check(value, reference)) for value in values
    ]


def _kinds(values: Sequence[Any]) -> set[type]:
    return set(map(type, values)) - {NoneType}


def _are_keys(values: Sequence[Any]) -> bool:
    return _kinds(values) <= {bytes} and {len(value) for value in values if value is not None} <= {16}


class UidField(ClinicField):
    """A key: 16 bytes."""

    field_type = "BLOB"

    def check(self, value: Any, reference: Reference) -> Any:
        if not isinstance(value, bytes) or len(value) != 16:
            raise ValueError("This is not a key.")
        return value

    def encoded(self, values: Sequence[Any], reference: Reference) -> list[Any]:
        return list(values) if _are_keys(values) else _one_by_one(self, values, reference)


class LinkField(AnyForeignKey):
    """A key of another record. Reading it gives the key, never a query."""

    def __init__(self, model: Any, **options: Any) -> None:
        options.setdefault("index", False)  # most links stand in an index of several columns
        super().__init__(model, backref="+", lazy_load=False, on_delete="RESTRICT", **options)

    def check(self, value: Any, reference: Reference) -> Any:
        """Returns the key. Raises ValueError when it is none."""
        if not isinstance(value, bytes) or len(value) != 16:
            raise ValueError("Choose one of the list.")
        return value

    def encoded(self, values: Sequence[Any], reference: Reference) -> list[Any]:
        """See ClinicField.encoded."""
        return list(values) if _are_keys(values) else _one_by_one(self, values, reference)


class InstantField(ClinicField):
    """A moment: an aware datetime in UTC, whole seconds; stored as seconds since 1970."""

    field_type = "INTEGER"

    def check(self, value: Any, reference: Reference) -> Any:
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise ValueError("This is not a moment with a time zone.")
        return value.astimezone(UTC).replace(microsecond=0)

    def encoded(self, values: Sequence[Any], reference: Reference) -> list[Any]:
        if not _kinds(values) <= {datetime}:
            return _one_by_one(self, values, reference)
        # Without a zone the difference can't be taken: TypeError.
        seconds = [None if value is None else (value - _EPOCH) // _SECOND for value in values]
        known = [value for value in seconds if value is not None]
        if known and (min(known) < _FIRST or max(known) > _LAST):
            raise ValueError("A moment lies before the first year or after the last.")
        return seconds

    def db_value(self, value: Any) -> Any:
        if not isinstance(value, datetime):
            return value
        if value.tzinfo is None:  # the machine's own zone would slip in
            raise ValueError("A moment needs its time zone.")
        return int(value.timestamp())

    def python_value(self, value: Any) -> Any:
        return None if value is None else datetime.fromtimestamp(value, UTC)


class DayField(ClinicField):
    """A calendar day of the clinic."""

    field_type = "TEXT"

    def check(self, value: Any, reference: Reference) -> Any:
        if isinstance(value, datetime) or not isinstance(value, date):
            raise ValueError("This is not a day.")
        return value

    def encoded(self, values: Sequence[Any], reference: Reference) -> list[Any]:
        if not _kinds(values) <= {date}:
            return _one_by_one(self, values, reference)
        days = {day: None if day is None else day.isoformat() for day in set(values)}
        return [days[day] for day in values]

    def db_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    def python_value(self, value: Any) -> Any:
        return None if value is None else date.fromisoformat(value)


class PartialDateField(ClinicField):
    """A day that may be known only to the month or the year: '1938', '1938-05', '1938-05-02'."""

    field_type = "TEXT"

    def check(self, value: Any, reference: Reference) -> Any:
        return parse_partial(value)

    def encoded(self, values: Sequence[Any], reference: Reference) -> list[Any]:
        if not _kinds(values) <= {str}:
            return _one_by_one(self, values, reference)
        dates = {text: None if is_empty(self, text) else parse_partial(text) for text in set(values)}
        return [dates[text] for text in values]


class MonthField(ClinicField):
    """A calendar month of the clinic, as '2026-10'."""

    field_type = "TEXT"

    def check(self, value: Any, reference: Reference) -> Any:
        if not isinstance(value, (str, Month)):
            raise ValueError("This is not a month. Write it like 2026-10.")
        return str(value if isinstance(value, Month) else Month.parse(value))


class WordsField(ClinicField):
    """Text from people, cleaned. Empty text is stored as nothing."""

    field_type = "TEXT"

    def __init__(self, *, limit: int = 200, lines: bool = False, **options: Any) -> None:
        self.limit, self.lines = limit, lines
        super().__init__(**options)

    def check(self, value: Any, reference: Reference) -> Any:
        if not isinstance(value, str):
            raise ValueError("This is not text.")
        return clean(value, lines=self.lines, limit=self.limit).text or None

    def encoded(self, values: Sequence[Any], reference: Reference) -> list[Any]:
        if not _kinds(values) <= {str}:
            return _one_by_one(self, values, reference)
        limit = self.limit
        return [
            None
            if value is None
            # Nearly all text; `clean` would do no more with it.
            else value.strip() or None
            if value.isascii() and value.isprintable() and len(value) <= limit
            else self.check(value, reference)
            for value in values
        ]


class PlaceField(WordsField):
    """A place of service, as it stands on a claim."""

    def __init__(self, **options: Any) -> None:
        super().__init__(limit=20, **options)

    def check(self, value: Any, reference: Reference) -> Any:
        place = super().check(value, reference)
        if place is not None and not is_place_of_service(place):
            raise ValueError(PLACE_OF_SERVICE)
        return place

    def encoded(self, values: Sequence[Any], reference: Reference) -> list[Any]:
        return _one_by_one(self, values, reference)


class CodeField(ClinicField):
    """One of the values that data/records.toml lists for `column`."""

    field_type = "TEXT"

    def __init__(self, column: str, **options: Any) -> None:
        self.column_of_codes = column
        super().__init__(**options)

    def check(self, value: Any, reference: Reference) -> Any:
        if not isinstance(value, str) or not reference.known(self.column_of_codes, value):
            allowed = ", ".join(code.code for code in reference.codes(self.column_of_codes))
            raise ValueError(f"{value!r} is not one of: {allowed}.")
        return value

    def encoded(self, values: Sequence[Any], reference: Reference) -> list[Any]:
        several = set(values) - {None}
        if all(isinstance(code, str) and reference.known(self.column_of_codes, code) for code in several):
            return list(values)
        return _one_by_one(self, values, reference)


class CodesField(ClinicField):
    """A set of values of a coded column, read as a frozenset, stored sorted with ';' between."""

    field_type = "TEXT"

    def __init__(self, column: str, **options: Any) -> None:
        self.column_of_codes = column
        super().__init__(**options)

    def check(self, value: Any, reference: Reference) -> Any:
        if not isinstance(value, (str, list, tuple, set, frozenset)):
            raise ValueError("Choose from the list.")
        codes: Iterable[str] = value.split(";") if isinstance(value, str) else value
        chosen = frozenset(code for code in codes if code)
        for code in sorted(chosen):
            if not reference.known(self.column_of_codes, code):
                raise ValueError(f"{code!r} is not known here.")
        return chosen

    def db_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else ";".join(sorted(value))

    def python_value(self, value: Any) -> Any:
        return None if value is None else frozenset(code for code in value.split(";") if code)


class YesNoField(ClinicField):
    """Yes, no, or (when nullable) not known."""

    field_type = "INTEGER"

    def check(self, value: Any, reference: Reference) -> Any:
        if not isinstance(value, int) or value not in (0, 1):
            raise ValueError("Answer yes or no.")
        return bool(value)

    def encoded(self, values: Sequence[Any], reference: Reference) -> list[Any]:
        if not _kinds(values) <= {bool}:
            return _one_by_one(self, values, reference)
        return [None if value is None else int(value) for value in values]

    def db_value(self, value: Any) -> Any:
        return None if value is None else int(value)

    def python_value(self, value: Any) -> Any:
        return None if value is None else bool(value)


class CountField(ClinicField):
    """A whole number that is not negative."""

    field_type = "INTEGER"

    def check(self, value: Any, reference: Reference) -> Any:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 53:
            raise ValueError("Write a whole number.")
        return value

    def encoded(self, values: Sequence[Any], reference: Reference) -> list[Any]:
        if _kinds(values) <= {int}:
            known = [value for value in values if value is not None]
            if not known or (min(known) >= 0 and max(known) < 1 << 53):
                return list(values)
        return _one_by_one(self, values, reference)


class NumberField(ClinicField):
    """A measured number."""

    field_type = "REAL"

    def check(self, value: Any, reference: Reference) -> Any:
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise ValueError("Write a number.") from None
        if number != number or number in (float("inf"), float("-inf")):
            raise ValueError("Write a number.")
        return number + 0.0  # SQLite keeps no -0.0: a row that held one would not be as its image says

    def encoded(self, values: Sequence[Any], reference: Reference) -> list[Any]:
        if _kinds(values) <= {float} and all(value is None or isfinite(value) for value in values):
            return [None if value is None else value + 0.0 for value in values]
        return _one_by_one(self, values, reference)


class FactsField(ClinicField):
    """A small JSON value of the program's own making (settings, facts of an audit entry, a draft).

    Keys of records (bytes) are kept as hexadecimal text and read back as that.
    """

    field_type = "TEXT"

    def check(self, value: Any, reference: Reference) -> Any:
        """Returns the value as it is read back (a tuple comes back as a list). Raises ValueError."""
        try:
            return json.loads(json.dumps(value, allow_nan=False))
        except TypeError:
            raise ValueError("This can't be kept.") from None

    def db_value(self, value: Any) -> Any:
        if value is None:
            return None
        return json.dumps(value, sort_keys=True, separators=(",", ":"), default=bytes.hex)

    def python_value(self, value: Any) -> Any:
        return None if value is None else json.loads(value)
