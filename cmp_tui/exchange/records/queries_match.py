"""Finding the record that a row of the folder tells of: by its id, by where it came from, by what it says."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cmp_tui.clinic.history import UNDONE
from cmp_tui.clinic.records import columns_of, rows
from cmp_tui.exchange.records.layout import Layout
from cmp_tui.exchange.records.rows import Row
from cmp_tui.patients.model import Sourced

PIECE = 400  # keys in one query
Known = Mapping[str, Any]
"""A record of the clinic file, every field."""


class Placed(NamedTuple):
    """A row and the record that it tells of: none when it is new. `why` says why the row can't be taken; `struck`
    that its record was struck out here."""

    row: Row
    known: Known | None = None
    struck: bool = False
    why: str = ""


class Matcher:
    """Finds the records of one file's rows, batch by batch. A record is found once at the most.

    `present` are the fields that the file has columns for. `moved` takes the ids of records that an undo took out:
    their rows come in again with another id.
    """

    def __init__(
        self,
        layout: Layout,
        present: frozenset[str],
        moved: dict[bytes, bytes],
        new_id: Callable[[], bytes],
    ) -> None:
        self._layout, self._moved, self._new_id = layout, moved, new_id
        self._names = columns_of(layout.model)
        self._sourced = issubclass(layout.model, Sourced)
        field_of = {column.name: column.field for column in layout.columns}
        self._needs = tuple(field_of[name] for name in layout.needs if field_of[name])
        self._present = tuple(sorted((present | set(self._needs)) - {"id"}))
        self._taken: set[bytes] = set()
        self._seen: dict[bytes, int] = {}
        self._empty = next(rows(layout.model.select(layout.model.id).limit(1)), None) is None
        self._without_patient: list[Known] | None = None

    def place(self, batch: Sequence[Row]) -> Iterator[Placed]:
        """Yields every row of the batch with the record that it tells of, in the order of the batch."""
        found: dict[int, Placed] = {}
        open_rows: list[tuple[int, Row]] = []
        by_id = {} if self._empty else self._by_id([row.key for row in batch if row.key is not None])
        for number, row in enumerate(batch):
            placed = self._by_own_id(row, by_id)
            if placed is not None:
                found[number] = placed
            elif not self._empty:
                open_rows.append((number, row))
        if open_rows:
            self._by_content(open_rows, found)
        for number, row in enumerate(batch):
            placed = found.get(number, Placed(row))
            if placed.known is not None and row.key is not None:
                self._moved_to(row.key, placed.known["id"])
            elif row.key in by_id and not placed.struck and not placed.why:
                self._moved[row.key] = self._new_id()
            yield placed

    # -- by id -----------------------------------------------------------------------------------------------

    def _by_own_id(self, row: Row, by_id: Mapping[bytes, Known]) -> Placed | None:
        """Where a row goes by its own id; None when its content must tell."""
        if row.key is None:
            return None
        before = self._seen.setdefault(row.key, row.line)
        if before != row.line:
            return Placed(row, why=f"id: line {before} has the same one.")
        known = by_id.get(row.key)
        if known is None:
            return None if self._came_in(row) and not self._empty else Placed(row)
        if known["struck_at"] is not None:
            if known["struck_why"] != UNDONE:
                return Placed(row, struck=True)
            return None
        if known.get("patient") != row.given.get("patient"):
            return Placed(row, why="id: this record belongs to another patient here.")
        if known["id"] in self._taken:
            return Placed(row, why="id: another row tells of the same record.")
        self._taken.add(known["id"])
        return Placed(row, known)

    def _by_id(self, keys: Sequence[bytes]) -> dict[bytes, Known]:
        model = self._layout.model
        found: dict[bytes, Known] = {}
        for at in range(0, len(keys), PIECE):
            for known in self._read(model.select().where(model.id.in_(keys[at : at + PIECE]))):
                found[known["id"]] = known
        return found

    def _moved_to(self, said: bytes, key: bytes) -> None:
        if said != key:
            self._moved[said] = key

    # -- by content ------------------------------------------------------------------------------------------

    def _by_content(self, open_rows: list[tuple[int, Row]], found: dict[int, Placed]) -> None:
        """First who agrees in every column of the file, then who agrees in all that is given, then who came in from the
        same place, then who has the same key; so that several rows alike find several records alike."""
        here = [known for known in self._living(open_rows) if known["id"] not in self._taken]
        for fits in (self._equal, self._agree, self._sources, self._alike):
            if open_rows and here:
                fits(open_rows, here, found)
                open_rows = [(number, row) for number, row in open_rows if number not in found]
                here = [known for known in here if known["id"] not in self._taken]

    def _take(self, found: dict[int, Placed], number: int, row: Row, known: Known) -> None:
        self._taken.add(known["id"])
        found[number] = Placed(row, known)

    def _came_in(self, row: Row) -> bool:
        """Whether a row says where it came from."""
        return self._sourced and bool(row.given.get("source"))

    def _sources(self, open_rows: list[tuple[int, Row]], here: list[Known], found: dict[int, Placed]) -> None:
        if not self._sourced:
            return
        by = {(known.get("patient"), known["source"]): known for known in here if known.get("source")}
        for number, row in open_rows:
            known = by.pop((row.given.get("patient"), row.given.get("source")), None)
            if known is not None:
                self._take(found, number, row, known)

    def _equal(self, open_rows: list[tuple[int, Row]], here: list[Known], found: dict[int, Placed]) -> None:
        by = _grouped(here, self._present)
        for number, row in self._without_id(open_rows):
            equal = by.get(_signature(row.full, self._present))
            if equal:
                self._take(found, number, row, equal.pop())

    def _agree(self, open_rows: list[tuple[int, Row]], here: list[Known], found: dict[int, Placed]) -> None:
        by = _grouped(here, self._needs)
        for number, row in self._without_id(open_rows):
            near = by.get(_signature(row.full, self._needs), [])
            for place, known in enumerate(near):
                if all(known[name] == value for name, value in row.given.items()):
                    self._take(found, number, row, near.pop(place))
                    break

    def _alike(self, open_rows: list[tuple[int, Row]], here: list[Known], found: dict[int, Placed]) -> None:
        if not self._layout.same:
            return
        by: dict[tuple[Any, ...], list[Known]] = defaultdict(list)
        for known in here:
            by[self._key(known)].append(known)
            if self._layout.name == "conditions" and known["code"]:
                by[_by_words(known)].append(known)
        for number, row in self._without_id(open_rows):
            for known in by.get(self._key(row.full), ()):
                if known["id"] not in self._taken and self._fits(known, row):
                    self._take(found, number, row, known)
                    break

    def _fits(self, known: Known, row: Row) -> bool:
        """Whether a record with the same key may be the row's: a plan that was made on another day is another one."""
        days = {known["made_on"], row.full["made_on"]} - {None} if self._layout.name == "plans" else ()
        return len(days) < 2

    def _without_id(self, open_rows: list[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
        """The rows that only their content can tell of: without an id, or with that of an undone record."""
        for number, row in open_rows:
            if row.key is None or not self._came_in(row):
                yield number, row

    def _key(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        if self._layout.name == "conditions" and not values["code"]:
            return _by_words(values)
        return (values.get("patient"), *(values[name] for name in self._layout.same))

    # -- reading ---------------------------------------------------------------------------------------------

    def _living(self, open_rows: list[tuple[int, Row]]) -> list[Known]:
        """The living records of the batch's patients; of a table without patients, all."""
        model: Any = self._layout.model
        found: list[Known] = []
        if self._layout.of_patients:
            keys = list({row.given.get("patient") for _, row in open_rows} - {None})
            for at in range(0, len(keys), PIECE):
                found += self._read(model.live().where(model.patient.in_(keys[at : at + PIECE])))
            if all(row.given.get("patient") is not None for _, row in open_rows):
                return found
        if self._without_patient is None:
            query = model.live()
            if self._layout.of_patients:
                query = query.where(model.patient.is_null())
            self._without_patient = list(self._read(query))
        return found + self._without_patient

    def _read(self, query: Any) -> Iterator[Known]:
        for row in rows(query):
            yield dict(zip(self._names, row, strict=True))


def _signature(values: Mapping[str, Any], names: Sequence[str]) -> tuple[Any, ...]:
    # JSON values can be compared, but not looked up by.
    return tuple(
        json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value
        for value in (values[name] for name in names)
    )


def _grouped(here: Iterable[Known], names: Sequence[str]) -> dict[tuple[Any, ...], list[Known]]:
    found: dict[tuple[Any, ...], list[Known]] = defaultdict(list)
    for known in reversed(list(here)):  # so that pop() gives them in their own order
        found[_signature(known, names)].append(known)
    return found


def _by_words(condition: Mapping[str, Any]) -> tuple[Any, ...]:
    """By what a condition without a code is known."""
    return (condition["patient"], condition["display"].casefold())
