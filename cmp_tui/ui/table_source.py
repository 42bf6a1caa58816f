"""Where a table's rows come from, and the window of them that it holds."""

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

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
        """The place of the row with this key, None when it is not known. Kept simple where lists are short."""
        del key
        return None

    async def sections(self) -> Sequence[tuple[int, Drawn]]:
        """Headings inside the list: (place of the row below it, Content or text). None by default."""
        return ()


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


class Window(Generic[Row]):
    """The pages of a list that are held, least lately used dropped first."""

    def __init__(self) -> None:
        self.count = 0
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()

    def clear(self, count: int) -> None:
        """Forget every row; the list now has `count`."""
        self.count = count
        self._pages.clear()

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
            (page * PAGE + within, row) for page, rows in self._pages.items() for within, row in enumerate(rows)
        ]
