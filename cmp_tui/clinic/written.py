"""Queries that are written once and asked often: to write a long one takes Peewee longer than the file takes to
answer it, and the driver keeps what it has made of a text that it knows already."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from peewee import SQL, ColumnBase, Context, Entity, NodeList

from cmp_tui.clinic.scope import Scope

T = TypeVar("T")
ROOM = 64
"""What a shelf holds: the lists of a few people and days."""
PIECE = 1000
SIZES = (1, 8, 32, 128, 256, 512, 1024)
"""How many keys a query can be written for: one text for each of these, not one for every number of keys."""


class _Late(NamedTuple):
    """Stands among the parameters of a written query for one that is worked out when it is asked."""

    value: Callable[[Scope], Any]


class _Place(NamedTuple):
    """Stands there for one of the keys that are asked about."""

    number: int


class later(ColumnBase):  # noqa: N801 - read as a function, as Peewee's own
    """An SQL value that is worked out each time a written query is asked: `value(scope)`, as the file stores it."""

    def __init__(self, value: Callable[[Scope], Any]) -> None:
        self._mark: _Late | _Place = _Late(value)
        super().__init__()

    def __sql__(self, ctx: Context) -> Context:
        written: Context = ctx.value(self._mark, False)
        return written


class _key(later):  # noqa: N801
    def __init__(self, number: int) -> None:
        super().__init__(lambda scope: None)
        self._mark = _Place(number)


def keys_later(size: int) -> Any:
    """Returns what a column is `in_` when the keys are named when the written query is asked: at most `size`."""
    return NodeList([_key(number) for number in range(size)], ", ", parens=True)


def room_for(number: int) -> int:
    """Returns the size of SIZES that holds so many keys, at most the largest (see `pieces`)."""
    return next((size for size in SIZES if size >= number), SIZES[-1])


def pieces(keys: Collection[bytes]) -> Iterator[list[bytes]]:
    """Gives keys as many at a time as one question takes."""
    listed = list(keys)
    for at in range(0, len(listed), SIZES[-1]):
        yield listed[at : at + SIZES[-1]]


class Written:
    """A query as the file gets it. Its model tells where that is: each thread has its own connection."""

    def __init__(self, query: Any) -> None:
        self.sql, values = query.sql()
        self._values: list[Any] = list(values)
        self._model = query.model
        self._late = [(at, value.value) for at, value in enumerate(values) if isinstance(value, _Late)]
        self._places = [(at, value.number) for at, value in enumerate(values) if isinstance(value, _Place)]

    @property
    def steady(self) -> list[Any]:
        """Its parameters but those that are worked out when it is asked."""
        return [None if isinstance(value, _Late) else value for value in self._values]

    def values(self, scope: Scope, keys: Sequence[bytes] = ()) -> list[Any]:
        """Returns the parameters as they are now. `keys` are those that `keys_later` left open, at least one."""
        values = self._values.copy()
        for at, value in self._late:
            values[at] = value(scope)
        if self._places:
            last = len(keys) - 1
            for at, number in self._places:
                values[at] = keys[min(number, last)]
        return values

    def raw(self, scope: Scope, keys: Sequence[bytes] = ()) -> Iterator[list[tuple[Any, ...]]]:
        """Asks it; gives the rows as they stand in the file, a thousand at a time."""
        cursor = self._model._meta.database.execute_sql(self.sql, self.values(scope, keys))
        while some := cursor.fetchmany(PIECE):
            yield some

    def rows(self, scope: Scope, keys: Sequence[bytes] = ()) -> Iterator[tuple[Any, ...]]:
        """Asks it; gives the rows as they stand in the file."""
        for some in self.raw(scope, keys):
            yield from some


class together(SQL):  # noqa: N801
    """The rows of several written queries with equal columns, as what another query selects from."""

    def __init__(self, scope: Scope, parts: Sequence[Written], name: str) -> None:
        text = " UNION ALL ".join(part.sql for part in parts)
        self._name = name
        super().__init__(f'({text}) AS "{name}"', [value for part in parts for value in part.values(scope)])

    def column(self, name: str) -> Any:
        """One of their columns."""
        return Entity(self._name, name)


class Shelf(Generic[T]):
    """Things that were made, each under what it depends on; those that nobody asked for longest go first."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._held: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Returns what lies under a key, made when nothing does."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            self._held[key] = made
            while len(self._held) > self._room:
                self._held.popitem(last=False)
        return made


def kept(scope: Scope, room: str, key: Hashable, make: Callable[[], T]) -> T:
    """Returns what was made in a room for a key, made when it is not kept (any more)."""
    shelf: Shelf[T] = scope.reference.made(room, Shelf)
    return shelf.get(key, make)
