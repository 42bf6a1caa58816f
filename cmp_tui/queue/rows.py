"""What a row of Today is: the equal columns of every source, and the words for the rows that are seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from peewee import Value

from cmp_tui.clinic.calendar import day_start
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.steps import stepped

DAYS_AHEAD = 14
"""How far ahead Today looks."""
MONTHS_AHEAD = 60
"""How far ahead, in days, a list of everyone looks for what is due next."""
DAYS_BACK = 60
"""Something that has been due for longer is shown as due for this long; it stands first all the same."""


class Raw(NamedTuple):
    """One row as the union of the sources gives it; `ref` is the key of the task, timer or draft."""

    patient: bytes | None
    source: str
    due: date
    rank: int
    ref: bytes | None


class View(NamedTuple):
    """Whose work is asked for, on which day: "mine", "team" or "cover:USERNAME"."""

    whose: str
    day: date
    people: tuple[bytes, ...]
    """The staff whose tasks belong to the view; empty for the whole team."""
    panel: Any
    """A condition on Patient, or None for the whole clinic."""
    ahead: int = DAYS_AHEAD
    """How many days ahead it looks."""
    only: Any = None
    """Keys of patients, or a subquery of them: other patients' rows are left out. None for all of the view."""

    @property
    def narrow(self) -> bool:
        """Whether it is about some patients: then a source begins with them, not with what is due anywhere."""
        return bool(self.people) or self.only is not None

    @property
    def last(self) -> date:
        """The last day that it looks at."""
        return self.day + timedelta(days=self.ahead)


def day_of_instant(instant: Any, scope: Scope, view: View, due: Callable[[date], date], back: int = 0) -> Any:
    """An SQL expression: `due` of the clinic's day on which an instant lies, as ISO text.

    The days come from the clinic's time zone, so they are written into the query, one branch a day, from the
    view's last day `back` days earlier down to DAYS_BACK days before its day; older ones count as that last.
    """
    return _branches(instant, lambda at: int(day_start(at, scope.zone).timestamp()), view, due, back)


def day_of_day(text: Any, view: View, due: Callable[[date], date], back: int = 0) -> Any:
    """As `day_of_instant`, for a column that holds days."""
    return _branches(text, date.isoformat, view, due, back)


def _branches(
    column: Any, begins: Callable[[date], int | str], view: View, due: Callable[[date], date], back: int
) -> Any:
    newest = view.last - timedelta(days=back)
    steps: list[tuple[int | str, str]] = []
    for number in reversed(range(view.ahead + DAYS_BACK)):
        at = newest - timedelta(days=number)
        if not steps or steps[-1][1] != due(at).isoformat():
            steps.append((begins(at), due(at).isoformat()))
    return stepped(column, steps)


ALARM = 255
"""The rank of what stands before everything, whatever its day: somebody may be in danger."""


def columns(patient: Any, source: str, due: Any, rank: Any, ref: Any) -> tuple[Any, ...]:
    """The equal columns of a source."""
    return (
        patient.alias("patient") if hasattr(patient, "alias") else Value(patient).alias("patient"),
        Value(source).alias("source"),
        due.alias("due") if hasattr(due, "alias") else Value(due).alias("due"),
        rank.alias("rank") if hasattr(rank, "alias") else Value(rank).alias("rank"),
        ref.alias("ref") if hasattr(ref, "alias") else Value(ref).alias("ref"),
    )
