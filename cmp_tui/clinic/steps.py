"""SQL for days: the day on which an instant lies, the step on which a value stands, so many days later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import ColumnBase, Context, fn

Steps = Sequence[tuple[int | str, int | str]]


class stepped(ColumnBase):  # noqa: N801 - read as a function, as Peewee's own
    """An SQL expression: the text (or number) of the last step that begins at or before a column's value.

    `steps` are (begins, text), ascending; the first one's text also holds before it. They are numbers and texts of
    the program's own making and stand in the query as they are. It is written as halves of halves: a value is
    compared seven times where one branch a step would compare it a hundred times.
    """

    def __init__(self, column: Any, steps: Steps) -> None:
        self._column, self._steps = column, steps
        super().__init__()

    def __sql__(self, ctx: Context) -> Context:
        # The column's name is worked out once: with a hundred steps that is most of the work of writing the query.
        apart = ctx.as_new()
        apart.alias_manager, apart.state = ctx.alias_manager, ctx.state
        name, values = apart.parse(self._column)  # type: ignore[no-untyped-call]
        if values:
            raise TypeError("Steps are of a column, not of an expression with values in it.")
        return ctx.literal(_halves(name, self._steps))


def days_later(column: Any, days: int) -> Any:
    """An SQL expression: the day that comes so many days after the one in a column (before it when negative), as ISO
    text."""
    return fn.DATE(column, f"{days:+} days", coerce=False)


def _halves(name: str, steps: Steps) -> str:
    if len(steps) == 1:
        return _literal(steps[0][1])
    middle = len(steps) // 2
    upper, lower = _halves(name, steps[middle:]), _halves(name, steps[:middle])
    return f"CASE WHEN {name} >= {_literal(steps[middle][0])} THEN {upper} ELSE {lower} END"


def _literal(value: int | str) -> str:
    if isinstance(value, int):
        return str(value)
    if not value.replace("-", "").isalnum():
        raise ValueError("A step is a number, a day or a plain word.")
    return f"'{value}'"
