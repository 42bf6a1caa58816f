"""Writing the directory: practitioners and organizations outside the clinic, to whom people are sent."""

from __future__ import annotations

from typing import Any

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.patients.model import Provider
from cmp_tui.patients.rules import fold_names

_SEARCHED = ("name", "organization")


def add_provider(change: Change, *, id: bytes | None = None, **values: Any) -> Provider:
    """Adds a practitioner or an organization to the directory. Raises Invalid."""
    if not str(values.get("name") or "").strip():
        raise Invalid({"name": "Write the name of the practitioner or the organization."})
    return change.add(Provider, id=id, folded=_folded(values), **values)


def edit_provider(change: Change, key: bytes, seen: int | None, **values: Any) -> Provider:
    """Changes an entry of the directory. Raises Invalid, Conflict, Gone."""
    now = change.get(Provider, key)
    if any(name in values for name in _SEARCHED):
        whole = {name: values.get(name, getattr(now, name)) for name in _SEARCHED}
        if not str(whole["name"] or "").strip():
            raise Invalid({"name": "Write the name of the practitioner or the organization."})
        values["folded"] = _folded(whole)
    return change.edit(Provider, key, seen, **values)


def strike_provider(change: Change, key: bytes, why: str, seen: int | None = None) -> Provider:
    """Strikes out an entry that was made by mistake. One that is no longer used gets a last day instead."""
    return change.strike(Provider, key, why, seen)


def _folded(values: dict[str, Any]) -> str:
    """The names as the search compares them, as every importer writes them."""
    return fold_names(values.get("name"), values.get("organization")) or str(values["name"])
