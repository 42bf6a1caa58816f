"""A table as a list for a file: its columns' cells, its headings as a column, all of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cmp_tui.ui.listing import Batches, Cell, Listing
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_lines import Column, RowState, as_content
from cmp_tui.ui.table_source import Source
from cmp_tui.ui.words import one_line

AS_WIDE = 4_000
"""The cells that a column may fill when its words go to a file: nothing is cut off."""
PAGE = 200


async def listing_of(
    table: WindowTable,
    name: str,
    words: str = "",
    *,
    about: Sequence[Cell] = (),
    patient: bytes | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Listing | None:
    """Returns what a table shows as a list for a file, None when it shows nothing yet.

    `about` are columns that stand first and say of every row what the screen says above the list. Raises
    ClinicError when the rows can't be read.
    """
    source = table.source
    if source is None or not table.row_count:
        return None
    headings = [(place, one_line(as_content(heading).plain)) for place, heading in await source.sections()]
    return Listing(
        name=name,
        words=words,
        cells=(*about, *cells_of(table.columns)),
        batches=source.everything() or await _paged(source),
        count=table.row_count,
        sections=headings if len(headings) > 1 else (),
        patient=patient,
        facts=facts or {},
    )


def cells_of(columns: Sequence[Column]) -> tuple[Cell, ...]:
    """The columns of a file: what a column names itself, else its words under its title."""
    cells: list[Cell] = []
    for column in columns:
        if column.cells is not None:
            cells += column.cells
        elif column.title:
            cells.append(Cell(column.title, _words_of(column)))
    return tuple(cells)


def _words_of(column: Column) -> Any:
    def words(row: Any) -> str:
        return one_line(as_content(column.render(row, RowState(False, False, AS_WIDE))).plain)

    return words


async def _paged(source: Source[Any]) -> Batches:
    """Asks for every page of a source that can't be read at one moment."""
    pages: list[Sequence[Any]] = []
    while page := await source.fetch(sum(map(len, pages)), PAGE):
        pages.append(page)
    return lambda scope: pages
