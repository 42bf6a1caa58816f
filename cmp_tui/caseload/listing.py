"""The caseload as a file gets it: what stands under each of its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from cmp_tui.ui.listing import Cell, Naming, age_cells, day, patient_cells, text, whole


def case_cells(
    naming: Naming, short: Callable[[str], str], today: Callable[[], date]
) -> Mapping[str, tuple[Cell, ...]]:
    """Returns the cells of each column of the caseload, by its title; `short` names condition groups."""
    return {
        "patient": patient_cells(naming),
        "age": age_cells(today),
        "program": text("program", lambda row: row.programs or None),
        "conditions": text("conditions", lambda row: short(row.groups) or None),
        "risk": whole("risk tier", lambda row: row.tier),
        "next due": day("next due", lambda row: row.due),
        "reached": day("reached", lambda row: row.reached),
        "care manager": text("care manager", lambda row: row.manager or None),
        "min": whole("minutes", lambda row: row.seconds // 60),
    }
