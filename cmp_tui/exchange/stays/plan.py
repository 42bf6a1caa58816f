"""What importing a list of stays would do, before it does it: plain data, shown, and applied by actions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from cmp_tui.exchange.plan import Edit, Values
from cmp_tui.files.sheet_in import Fault

MARK = "adt/"
"""How the source of what came from such a list begins."""
State = Literal["new", "changed", "same", "kept", "skipped"]
"""`kept`: it differs from what is here, and what is here stays."""


class Column(NamedTuple):
    """A column: its heading, what it means ("" nothing), how that is known, and its first values."""

    place: int
    heading: str
    meaning: str
    how: str
    samples: tuple[str, ...] = ()


@dataclass(slots=True)
class StayIn:
    """A stay as one row, or several events, tell it. `rows` are their numbers."""

    rows: list[int]
    mrn: str = ""
    family: str = ""
    given: str = ""
    birth_date: str = ""
    kind: str = ""
    facility: str = ""
    admitted: date | None = None
    discharged: date | None = None
    to: str = ""
    came_from: str = ""
    emergency: bool | None = None
    reason: str = ""
    visit: str = ""
    refused: str = ""
    warnings: list[str] = field(default_factory=list)

    @property
    def who(self) -> tuple[str, str, str, str]:
        """By what its person is known."""
        return self.mrn.casefold(), self.family.casefold(), self.given.casefold(), self.birth_date


@dataclass(slots=True)
class StayPlan:
    """What would happen with one stay. `wrong`: it is for a person to decide, or its row is at fault."""

    stay: StayIn
    name: str
    mrn: str = ""
    state: State = "skipped"
    why: str = ""
    wrong: bool = False
    patient: bytes | None = None
    values: Values = field(default_factory=dict)
    edit: Edit | None = None


@dataclass(slots=True)
class StaysPlan:
    """The whole import. `seq` is the number of the last entry of the audit chain when the file was compared."""

    seq: int
    file: str
    unit: str
    rows_in: int
    columns: tuple[Column, ...] = ()
    stays: list[StayPlan] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    read_over: Counter[str] = field(default_factory=Counter)

    def of(self, *states: State) -> list[StayPlan]:
        """The stays in one of the states."""
        return [one for one in self.stays if one.state in states]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self.of("new", "changed")

    @property
    def wrong(self) -> bool:
        """Whether a row could not be read, or waits for a decision."""
        return any(one.wrong for one in self.stays) or any(fault.lost for fault in self.faults)

    def counts(self) -> Mapping[str, int]:
        """How many stays would become what."""
        return Counter(one.state for one in self.stays)
