"""Words about reconciliations: the other list, how a line differs, what was decided. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Protocol

LISTS: Mapping[str, str] = MappingProxyType(
    {
        "clinic": "list of our orders", "patient": "patient's list", "caregiver": "caregiver's list",
        "pharmacy": "pharmacy's list", "hospital": "hospital list", "facility": "facility's list", "ehr": "EHR list",
        "specialist": "specialist's list",
    }
)  # fmt: skip
"""What the other list is called, by where it came from."""


class HasList(Protocol):
    """What knows where another list came from, and its day."""

    @property
    def list_from(self) -> str | None: ...
    @property
    def list_on(self) -> date | None: ...


def list_words(of: HasList) -> str:
    """'hospital list of 20 Nov 2026'"""
    name = short_list(of.list_from)
    return f"{name} of {of.list_on.day} {of.list_on:%b %Y}" if of.list_on is not None else name


def short_list(list_from: str | None) -> str:
    """'hospital list'"""
    return LISTS.get(list_from or "", "other list")
