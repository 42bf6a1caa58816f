"""Working state: drafts, the timer's last key, window state. Kept at once, without history; it may go."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from cmp_tui.clinic.model import Working
from cmp_tui.clinic.records import rows


class Kept(NamedTuple):
    """One piece of working state."""

    id: bytes
    key: str
    patient: bytes | None
    at: datetime
    data: dict[str, Any]


def keep(
    owner: bytes,
    kind: str,
    key: str,
    at: datetime,
    data: dict[str, Any],
    *,
    new_id: bytes,
    patient: bytes | None = None,
) -> None:
    """Keeps `data` under a kind and a key, in place of what was there (`new_id` is used when nothing was)."""
    (
        Working.insert(id=new_id, kind=kind, owner=owner, key=key, at=at, data=data, patient=patient)
        .on_conflict(
            conflict_target=[Working.owner, Working.kind, Working.key],
            update={Working.at: at, Working.data: data, Working.patient: patient},
        )
        .execute()
    )


def forget(owner: bytes, kind: str, key: str) -> None:
    """Lets go of what is kept there, if anything."""
    Working.delete().where((Working.owner == owner) & (Working.kind == kind) & (Working.key == key)).execute()


def one(owner: bytes, kind: str, key: str) -> Kept | None:
    """Returns what is kept under a kind and a key, if anything."""
    query = Working.select(Working.id, Working.key, Working.patient, Working.at, Working.data).where(
        (Working.owner == owner) & (Working.kind == kind) & (Working.key == key)
    )
    return next((Kept(*row) for row in rows(query)), None)


def kept(owner: bytes, kind: str) -> list[Kept]:
    """Returns what is kept of one kind, oldest first."""
    query = (
        Working.select(Working.id, Working.key, Working.patient, Working.at, Working.data)
        .where((Working.owner == owner) & (Working.kind == kind))
        .order_by(Working.at, Working.key)
    )
    return [Kept(*row) for row in rows(query)]
