"""The demo clinic's own writes: many rows at once, and handing the finished file to its person.

Both are for practice files only: fictional people never get into a real clinic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Refused
from cmp_tui.clinic.records import Record
from cmp_tui.clinic.staff import change_setting


def make_demo(change: Change, batch: Mapping[type[Record], Sequence[Mapping[str, Any]]]) -> int:
    """Adds many rows, table by table in the order given, and returns how many. Raises Refused, Invalid."""
    _require_practice(change)
    counts = {
        model.__name__.lower(): len(change.add_many(model, rows)) for model, rows in batch.items() if rows
    }
    change.note(rows=sum(counts.values()))
    return sum(counts.values())


def open_demo(change: Change, username: str, seed: int) -> None:
    """Ends the making: from now on the file opens as `username`. Notes the seed. Raises Refused."""
    _require_practice(change)
    change_setting(change, "practice_person", username)
    change.note(seed=seed)


def _require_practice(change: Change) -> None:
    if not change.settings.practice:
        raise Refused("Fictional people only go into a practice file. Make one with: cmp-tui demo")
