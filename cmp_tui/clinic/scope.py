"""Who asks, when, and in which clinic: handed to every query; there is no read without one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cmp_tui.clinic.clock import Mark
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.rights import Rights
from cmp_tui.clinic.settings import Settings


class Person(NamedTuple):
    """A member of the staff."""

    id: bytes
    username: str
    name: str
    credential: str
    clinical: bool
    roles: frozenset[str]

    @property
    def signature(self) -> str:
        """Name and credential as they stand under a note."""
        return self.name if self.credential == "none" else f"{self.name}, {self.credential}"


@dataclass(frozen=True, slots=True)
class Scope:
    """The person who asks and the moment of asking; `mark` is that moment on a clock that nobody can set."""

    who: Person
    now: datetime
    today: date
    settings: Settings
    reference: Reference
    rights: Rights = field(default_factory=Rights)
    mark: Mark | None = None

    @property
    def roles(self) -> frozenset[str]:
        """The person's roles."""
        return self.who.roles

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return self.settings.zone
