"""What is written to a file: named columns of one kind each, and rows that come one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from math import isfinite
from types import MappingProxyType, NoneType
from typing import Literal, NamedTuple, NoReturn, cast

Kind = Literal["text", "integer", "number", "yes-no", "date", "time", "local", "instant", "duration"]
"""What a column holds; a cell may be None in every kind.

text: str (a partial date is text) · integer: int · number: int, float or Decimal · yes-no: bool ·
date: date · time: naive time of day · local: naive datetime on the clinic's clock ·
instant: aware datetime, written in UTC · duration: timedelta or whole seconds as int, written h:mm:ss.
"""

_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (int, float, Decimal),
    "yes-no": (bool,),
    "date": (date,),
    "time": (time,),
    "local": (datetime,),
    "instant": (datetime,),
    "duration": (timedelta, int),
}

_PLAINLY: Mapping[str, set[type]] = MappingProxyType(
    {"text": {str}, "integer": {int}, "yes-no": {bool}, "date": {date}, "duration": {int, timedelta}}
)
"""The types whose values are all of a kind; others need a look at each value."""
MOST_TOGETHER = 512
"""Rows that are handed on together at most."""


class Column(NamedTuple):
    """A column: its heading, what it holds, its width in a spreadsheet in characters (else by its kind)."""

    name: str
    kind: Kind = "text"
    width: int | None = None


@dataclass(frozen=True)
class Sheet:
    """Rows under headings. `rows` may be an iterator: it is read once, a few hundred rows are held at a time."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"The columns of {self.name} need names that differ.")

    def checked(self) -> Iterator[Sequence[object]]:
        """Yields the rows. Raises ValueError or TypeError, a program's mistake, at a row that is wrong."""
        for some, _ in self.batches():
            yield from some

    def batches(self) -> Iterator[tuple[list[Sequence[object]], list[Sequence[object]]]]:
        """Yields the rows of `checked`, one at first, then more and more together; and the same as columns."""
        rows, before, size = iter(self.rows), 0, 1
        while some := list(islice(rows, size)):
            columns: list[Sequence[object]] = list(zip(*some, strict=False))
            uneven = set(map(len, some)) != {len(self.columns)}
            if uneven or not all(map(_all_fit, columns, self.columns)):
                self._refuse(some, before)
            yield some, columns
            before, size = before + len(some), min(2 * size, MOST_TOGETHER)

    def _refuse(self, some: Sequence[Sequence[object]], before: int) -> NoReturn:
        """Raises the error that names the first wrong row."""
        kinds = [column.kind for column in self.columns]
        for number, row in enumerate(some, start=before + 1):
            if len(row) != len(kinds):
                raise ValueError(f"{self.name}, row {number}: {len(row)} cells for {len(kinds)} columns.")
            for value, kind, column in zip(row, kinds, self.columns, strict=True):
                if value is not None and not fits(value, kind):
                    raise TypeError(f"{self.name}, row {number}: {column.name} ({kind}) can't be this value.")
        raise AssertionError("no row is wrong")


def _all_fit(values: Sequence[object], column: Column) -> bool:
    """Tells whether all values of a column are of its kind, or None."""
    kinds = set(map(type, values))
    kinds.discard(NoneType)
    if not kinds or kinds <= _PLAINLY.get(column.kind, set()):
        return True
    if column.kind == "local" and kinds == {datetime}:
        return {value.tzinfo for value in cast(Sequence[datetime | None], values) if value is not None} == {
            None
        }
    return all(value is None or fits(value, column.kind) for value in values)


def fits(value: object, kind: Kind) -> bool:
    """Tells whether a value is of a column's kind."""
    if not isinstance(value, _TYPES[kind]):
        return False
    if isinstance(value, bool):
        return kind == "yes-no"
    if isinstance(value, datetime):
        return kind != "date" and (value.tzinfo is not None) == (kind == "instant")
    if isinstance(value, time):
        return value.tzinfo is None
    return not isinstance(value, float | Decimal) or isfinite(value)


def plain(value: object, kind: Kind) -> str:
    """Returns a cell as text: ISO dates and times, `Z` for UTC, h:mm:ss, yes or no, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "duration":
        return clock_text(seconds_of(value))
    if isinstance(value, datetime):
        if kind == "instant":
            return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return repr(value)


def seconds_of(value: object) -> int:
    """Returns a duration in whole seconds; a part of a second is cut off towards zero."""
    if isinstance(value, timedelta):
        return int(value / timedelta(seconds=1))
    assert isinstance(value, int)
    return value


def clock_text(seconds: int) -> str:
    """Returns seconds as h:mm:ss; hours go on past 24."""
    minutes, rest = divmod(abs(seconds), 60)
    sign = "-" if seconds < 0 else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02d}:{rest:02d}"
