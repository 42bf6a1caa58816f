"""What holds of teaching: when a topic is taught again, and how each topic stands. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar

UNDERSTOOD, PARTLY, REPEAT = "understood", "partly", "repeat"
INVITED, CAME, MISSED, EXCUSED = "invited", "came", "missed", "excused"
IN_CLASS = "class"
"""The method of a teaching that was in a class."""


Day = date  # a property of this name hides the type


class Taught(Protocol):
    """What is looked at of a teaching."""

    @property
    def id(self) -> bytes: ...
    @property
    def topic(self) -> str: ...
    @property
    def date(self) -> Day: ...
    @property
    def repeat_on(self) -> Day | None: ...


T = TypeVar("T", bound=Taught)


def again_on(day: date, teach_back: str | None, partly: int, repeat: int) -> date | None:
    """Returns when a topic is to be taught again: so many days after it was understood in part, or not; else None."""
    days = {PARTLY: partly, REPEAT: repeat}.get(teach_back or "")
    return None if days is None else day + timedelta(days=days)


def latest_of_each(taught: Iterable[T]) -> dict[str, T]:
    """Returns the last teaching of each topic; of two on one day the later one by its key."""
    found: dict[str, T] = {}
    for one in sorted(taught, key=lambda one: (one.date, one.id)):
        found[one.topic] = one
    return found


def is_due(one: Taught, today: date) -> bool:
    """Tells whether a topic is to be taught again now."""
    return one.repeat_on is not None and one.repeat_on <= today
