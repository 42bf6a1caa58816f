"""What an import would do, before it does it: plain data, made by queries, shown by the command line and applied
by actions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from cmp_tui.exchange.fhir.records import Problem

State = Literal["new", "changed", "same", "skipped"]
Values = dict[str, Any]

KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "patient": ("patient", "patients"),
        "phone": ("phone", "phones"),
        "person": ("person around them", "people around them"),
        "condition": ("condition", "conditions"),
        "allergy": ("allergy", "allergies"),
        "medication": ("medicine", "medicines"),
        "visit": ("visit", "visits"),
        "stay": ("stay", "stays"),
        "measurement": ("measurement", "measurements"),
        "vaccination": ("vaccine", "vaccines"),
        "team-member": ("care team member", "care team members"),
        "provider": ("practitioner", "practitioners"),
    }
)
"""The kinds of records that an import writes, with the words for one and for several; in the order of lists."""


@dataclass(slots=True)
class Count:
    """How many records of a kind are new, changed at the source, or the same as here.

    `kept`: changed at the source and here, so ours stays. `struck`: struck out here, so it stays out.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    kept: int = 0
    struck: int = 0


class Row(NamedTuple):
    """A record to add. Its patient is filled in when it is written."""

    kind: str
    values: Values


class Edit(NamedTuple):
    """A record to change, from the version that the plan saw."""

    kind: str
    key: bytes
    version: int
    values: Values


@dataclass(slots=True)
class PatientPlan:
    """What would happen to one patient. Without `key` they are new, and `values` are theirs.

    `why` says why they are skipped; `wrong` that this is a fault in the input and not a decision made here.
    """

    source: str
    mrn: str
    name: str
    birth_date: str
    state: State = "new"
    why: str = ""
    wrong: bool = False
    key: bytes | None = None
    values: Values = field(default_factory=dict)
    adds: list[Row] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)  # sources of theirs that this import has met already

    def counts(self) -> Counter[str]:
        """How many records of which kind are added."""
        return Counter(row.kind for row in self.adds)


@dataclass(slots=True)
class Plan:
    """The whole import. `seq` is the number of the last entry of the audit chain when the file was compared."""

    seq: int
    patients: list[PatientPlan] = field(default_factory=list)
    providers: list[Values] = field(default_factory=list)
    provider_edits: list[Edit] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in KINDS})
    not_taken: Counter[str] = field(default_factory=Counter)
    not_problems: Counter[str] = field(default_factory=Counter)
    social: Counter[str] = field(default_factory=Counter)
    shortened: Counter[str] = field(default_factory=Counter)
    orphans: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    not_fhir: list[Problem] = field(default_factory=list)
    files: int = 0

    def of(self, *states: State) -> list[PatientPlan]:
        """The patients in one of the states."""
        return [one for one in self.patients if one.state in states]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.of("new", "changed") or self.providers or self.provider_edits)

    @property
    def wrong(self) -> bool:
        """Whether something could not be read or taken because of a fault in the input."""
        return (
            not self.files
            or any(problem.lost for problem in self.problems)
            or any(one.wrong for one in self.patients)
        )
