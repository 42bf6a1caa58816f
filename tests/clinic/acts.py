"""Small actions for the tests of the ground: what a room's actions do, without the room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from peewee import fn

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.model import Audit
from cmp_tui.clinic.records import Record, rows
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.clinic.scope import Scope
from cmp_tui.patients.model import Patient

R = TypeVar("R", bound=Record)


def add(change: Change, model: type[R], key: bytes | None = None, **values: Any) -> R:
    return change.add(model, key, **values)


def add_many(change: Change, model: type[Record], lines: Sequence[dict[str, Any]]) -> list[bytes]:
    return change.add_many(model, lines)


def edit(change: Change, model: type[R], key: bytes, seen: int | None = None, **values: Any) -> R:
    return change.edit(model, key, seen, **values)


def edit_many(change: Change, model: type[Record], edits: Sequence[tuple[bytes, dict[str, Any]]]) -> int:
    return change.edit_many(model, edits)


def strike(
    change: Change, model: type[R], key: bytes, why: str = "entered twice", seen: int | None = None
) -> R:
    return change.strike(model, key, why, seen)


def several(change: Change, *steps: Any) -> list[Any]:
    """Does several of the above as one change: (function, argument, …), …"""
    return [step[0](change, *step[1:-1], **step[-1]) for step in steps]


def hand_out(change: Change, model: type[R], **values: Any) -> R:
    """Like `add`, but it can't be undone."""
    return change.add(model, **values)


def fail_after(change: Change, model: type[Record], error: BaseException, **values: Any) -> None:
    change.add(model, **values)
    raise error


def note_only(change: Change, **facts: Any) -> None:
    change.note(**facts)


def nothing(change: Change) -> str:
    return "done"


def get(scope: Scope, model: type[R], key: bytes) -> R:
    return model.get(model.id == key)


def count(scope: Scope, model: type[Record]) -> int:
    return int(model.live().count())


def last_seq() -> int:
    return int(Audit.select(fn.max(Audit.seq)).scalar())


def states(scope: Scope) -> dict[bytes, tuple[str | None, str | None, str | None]]:
    """Of every patient: given name, city, why struck out."""
    query = Patient.select(Patient.id, Patient.given, Patient.city, Patient.struck_why)
    return {key: (given, city, why) for key, given, city, why in rows(query)}


OWN = ("add", "add_many", "edit", "edit_many", "strike", "several", "fail_after", "note_only", "nothing")
RIGHTS = Rights(
    {
        **ACTIONS,
        **{f"acts.{name}": Right(CARE) for name in OWN},
        "acts.hand_out": Right(CARE, undoable=False),
    }
)
