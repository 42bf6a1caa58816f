"""Working state: drafts, the timer's last key, window state. Kept at once, without history; it may go."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from cmp_tui.clinic.model import Working


class Kept(NamedTuple):
    """One piece of working state."""

    key: str
    at: datetime
    data: dict[str, Any]


def keep(owner: bytes, kind: str, key: str, at: datetime, data: dict[str, Any]) -> None:
    """Keeps `data` under a kind and a key, in place of what was there."""
    (
        Working.insert(kind=kind, owner=owner, key=key, at=at, data=data)
        .on_conflict(
            conflict_target=[Working.owner, Working.kind, Working.key],
            update={Working.at: at, Working.data: data},
        )
        .execute()
    )


def forget(owner: bytes, kind: str, key: str) -> None:
    """Lets go of what is kept there, if anything."""
    Working.delete().where((Working.owner == owner) & (Working.kind == kind) & (Working.key == key)).execute()


def kept(owner: bytes, kind: str) -> list[Kept]:
    """Returns what is kept of one kind, oldest first."""
    query = (
        Working.select(Working.key, Working.at, Working.data)
        .where((Working.owner == owner) & (Working.kind == kind))
        .order_by(Working.at, Working.key)
    )
    return [Kept(*row) for row in query.tuples()]
