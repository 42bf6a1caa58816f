"""Today as a file gets it: what stands under each of its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from cmp_tui.queue.queries import QueueRow
from cmp_tui.ui.listing import Cell, Naming, age_cells, day, patient_cells, text, whole


def queue_cells(naming: Naming, today: Callable[[], date]) -> Mapping[str, tuple[Cell, ...]]:
    """Returns the cells of each column of Today, by its title."""

    def minutes(row: QueueRow) -> int | None:
        return row.seconds // 60 if row.patient else None

    return {
        "due": day("due", lambda row: row.due),
        "who": patient_cells(naming),
        "age": age_cells(today),
        "why": text("why", lambda row: row.reason),
        "min": whole("minutes", minutes),
    }
