"""Where a table's rows come from, and the window of them that it holds."""

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from cmp_tui.ui.listing import Batches
from cmp_tui.ui.table_lines import Drawn

Row = TypeVar("Row")

PAGE = 100
"""Rows asked for at a time; never more than 200."""

KEPT = 8
"""Pages held at a time. A table of any length holds at most PAGE x KEPT rows."""


class Source(ABC, Generic[Row]):
    """Rows in a fixed order, asked for in pages."""

    @abstractmethod
    async def count(self) -> int:
        """How many rows there are."""

    @abstractmethod
    async def fetch(self, offset: int, limit: int) -> Sequence[Row]:
        """The rows from `offset` on, at most `limit` (never above 200)."""

    async def find(self, key: Hashable) -> int | None:
        """The place of the row with this key, None when it has gone or can't be told."""
        del key
        return None

    async def sections(self) -> Sequence[tuple[int, Drawn]]:
        """Headings inside the list: (place of the row below it, Content or text). None by default."""
        return ()

    def everything(self) -> Batches | None:
        """What reads all rows at one moment, for a file; None where they are to be asked for in pages."""
        return None


class ListSource(Source[Row]):
    """Rows that are in memory already, for short lists."""

    def __init__(self, rows: Sequence[Row], sections: Sequence[tuple[int, Drawn]] = ()) -> None:
        self._rows = rows
        self._sections = sections

    async def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    async def fetch(self, offset: int, limit: int) -> Sequence[Row]:
        """The rows from `offset` on, at most `limit`."""
        return self._rows[offset : offset + limit]

    async def sections(self) -> Sequence[tuple[int, Drawn]]:
        """The headings given."""
        return self._sections

    def everything(self) -> Batches | None:
        """The rows given."""
        return lambda scope: (self._rows,)


@dataclass(frozen=True)
class Lines:
    """Which line of a list shows which row. Both are numbered from 0; a heading is a line that is no row."""

    count: int = 0
    places: tuple[int, ...] = ()
    """The row below each heading, in order."""
    headings: tuple[Drawn, ...] = ()

    @classmethod
    def of(cls, count: int, sections: Sequence[tuple[int, Drawn]]) -> "Lines":
        """The lines of `count` rows. A heading without a row below it is left out."""
        inside = sorted((place, order) for order, (place, _) in enumerate(sections) if 0 <= place < count)
        return cls(
            count, tuple(place for place, _ in inside), tuple(sections[order][1] for _, order in inside)
        )

    @property
    def total(self) -> int:
        """How many lines there are."""
        return self.count + len(self.places)

    def line_of(self, place: int) -> int:
        """The line of a row."""
        return place + bisect_right(self.places, place)

    def row_from(self, line: int) -> int | None:
        """The first row on this line or below it; None past the end."""
        if not 0 <= line < self.total:
            return None
        return bisect_left(range(self.count), line, key=self.line_of)

    def row_at(self, line: int) -> int | None:
        """The row on a line; None on a heading or past the end."""
        place = self.row_from(line)
        return place if place is not None and self.line_of(place) == line else None

    def heading_at(self, line: int) -> Drawn | None:
        """The heading on a line; None where there is a row or nothing."""
        place = self.row_from(line)
        if place is None or self.line_of(place) == line:
            return None
        return self.headings[bisect_right(self.places, place) - (self.line_of(place) - line)]


class Window(Generic[Row]):
    """The pages of a list that are held, least lately used dropped first."""

    def __init__(self) -> None:
        self.count = 0
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()

    def clear(self, count: int) -> None:
        """Forget every row; the list now has `count`."""
        self.count = count
        self._pages.clear()

    def hold(self, count: int, pages: Mapping[int, Sequence[Row]]) -> None:
        """Hold these pages and no other."""
        self.clear(count)
        for page, rows in pages.items():
            self.put(page, rows)

    def put(self, page: int, rows: Sequence[Row]) -> None:
        """Hold a page."""
        self._pages[page] = rows
        self._pages.move_to_end(page)
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)

    def row(self, place: int) -> Row | None:
        """The row at a place, None when it is not held (or the page came back short)."""
        page, within = divmod(place, PAGE)
        rows = self._pages.get(page)
        return rows[within] if rows is not None and within < len(rows) else None

    def missing(self, first: int, last: int) -> int | None:
        """The first page between two places that is not held, None when all are."""
        if self.count == 0:
            return None
        first, last = max(first, 0), min(last, self.count - 1)
        for page in range(first // PAGE, last // PAGE + 1):
            if page not in self._pages:
                return page
            self._pages.move_to_end(page)
        return None

    def held(self) -> list[tuple[int, Row]]:
        """Every row held with its place."""
        return [
            (page * PAGE + within, row)
            for page, rows in self._pages.items()
            for within, row in enumerate(rows)
        ]


class Reading(NamedTuple):
    """What one reading of a source gave."""

    lines: Lines
    pages: Mapping[int, Sequence[Any]]
    place: int
    """Where the row asked for is now; its old place (or the last row) when it has gone."""


async def read(
    source: Source[Any], place: int, key: Hashable | None, identity: Callable[[Any], Hashable]
) -> Reading:
    """Count the rows and fetch the page around a row: the one with `key`, or the one at `place`."""
    count = await source.count()
    lines = Lines.of(count, await source.sections())
    place = min(place, max(count - 1, 0))
    pages: dict[int, Sequence[Any]] = {}
    if count:
        pages[place // PAGE] = await source.fetch(place // PAGE * PAGE, PAGE)
    if key is None or not count:
        return Reading(lines, pages, place)
    for page, rows in pages.items():
        for within, row in enumerate(rows):
            if identity(row) == key:
                return Reading(lines, pages, page * PAGE + within)
    found = await source.find(key)
    if found is None or not 0 <= found < count:
        return Reading(lines, pages, place)
    if found // PAGE not in pages:
        pages[found // PAGE] = await source.fetch(found // PAGE * PAGE, PAGE)
    return Reading(lines, pages, found)
