"""SQL for "on which step does a value stand": the day on which an instant lies, the day on which it is due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import SQL, NodeList


def stepped(column: Any, steps: Sequence[tuple[int | str, str]]) -> Any:
    """Returns an SQL expression: the text of the last step that begins at or before a column's value.

    `steps` are (begins, text), ascending; the first one's text also holds before it. They are numbers and texts of
    the program's own making and stand in the query as they are. It is written as halves of halves: a value is
    compared seven times where one branch a step would compare it a hundred times.
    """
    parts: list[Any] = []
    _halve(column, steps, parts)
    return NodeList(tuple(parts))


def _halve(column: Any, steps: Sequence[tuple[int | str, str]], parts: list[Any]) -> None:
    if len(steps) == 1:
        parts.append(SQL(_literal(steps[0][1])))
        return
    middle = len(steps) // 2
    parts += [SQL("CASE WHEN"), column, SQL(f">= {_literal(steps[middle][0])} THEN")]
    _halve(column, steps[middle:], parts)
    parts.append(SQL("ELSE"))
    _halve(column, steps[:middle], parts)
    parts.append(SQL("END"))


def _literal(value: int | str) -> str:
    if isinstance(value, int):
        return str(value)
    if not value.replace("-", "").isalnum():
        raise ValueError("A step is a number, a day or a plain word.")
    return f"'{value}'"
