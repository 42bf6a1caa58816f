"""What a source of Today is: its SELECT, its words, what is known of its rows, and what settles them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import ModelSelect

from cmp_tui.clinic.scope import Scope
from cmp_tui.queue.rows import View
from cmp_tui.queue.words import Details, Said, Settle

Select = Callable[[Scope, View], "ModelSelect[Any] | None"]
Reader = Callable[[Scope, set[bytes]], dict[bytes, Details]]
Say = Callable[[date, date, Details], Said]

CALL = Settle()
"""What settles most rows: a contact."""
WAITS = "snooze-row"
"""The form that puts off a row that no task stands behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source: everything that Today has to know of its rows.

    `select` gives its rows with the equal columns of `rows.columns`, or None when nothing can be due; `say` makes the
    words of a row that is seen, of its due day, today and its details; `details` reads those of some rows by their
    reference (`by_patient`: by the patient). `settle` is what `d` opens, `snooze` the form that `z` opens ("": the row
    can't wait, and `no_snooze` says what to do instead). With `shows_owner` the preview says whose the row is.
    """

    name: str
    select: Select
    say: Say
    settle: Settle = CALL
    details: Reader | None = None
    by_patient: bool = False
    snooze: str = WAITS
    no_snooze: str = ""
    shows_owner: bool = False
    counts: bool = False
    """Whether its day is a deadline: the form that puts it off past that day says so."""
