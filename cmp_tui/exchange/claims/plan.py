"""What importing claims would do, before it does it: plain data, made by queries, shown, and applied by actions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

from cmp_tui.exchange.fhir.records import Problem
from cmp_tui.exchange.plan import Count, Edit, Row, Values

State = Literal["new", "changed", "same", "aside", "skipped"]
"""`aside`: they are not here, and no candidate; nothing of them is kept."""
KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "patient": ("patient", "patients"),
        "intake": ("candidate", "candidates"),
        "condition": ("condition", "conditions"),
        "stay": ("stay or ED visit", "stays and ED visits"),
        "visit": ("visit", "visits"),
        "service": ("billed service", "billed services"),
    }
)
"""The kinds of records that claims bring, with the words for one and for several; in the order of lists."""
MARK = "claim/"
"""How the source of what came from claims begins: the claim's number follows, then the line."""


class Strike(NamedTuple):
    """A record to strike out, from the version that the plan saw."""

    kind: str
    key: bytes
    version: int
    why: str


@dataclass(slots=True)
class PersonPlan:
    """What would happen to one person. Without `key` they are not here; `values` are theirs if they come in.

    `reason` is what the claims show of a candidate, `why` says why someone is none or is skipped, `wrong` that it is
    for a person to decide. `intake` tells that they are taken in.
    """

    source: str
    name: str
    birth_date: str
    mrn: str = ""
    state: State = "same"
    why: str = ""
    wrong: bool = False
    reason: str = ""
    intake: bool = False
    key: bytes | None = None
    values: Values = field(default_factory=dict)
    adds: list[Row] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    strikes: list[Strike] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def counts(self) -> Counter[str]:
        """How many records of which kind are added."""
        return Counter(row.kind for row in self.adds)

    @property
    def written(self) -> bool:
        """Whether anything of them is written."""
        return bool(self.intake or self.adds or self.edits or self.strikes)


@dataclass(slots=True)
class ClaimsPlan:
    """The whole import. `seq` is the number of the last entry of the audit chain when the file was compared.

    `first` and `last` are the first and the last day of the claims.
    """

    seq: int
    by: str = ""
    people: list[PersonPlan] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in KINDS})
    struck: int = 0
    claims: int = 0
    lines: int = 0
    first: date | None = None
    last: date | None = None
    files: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    not_taken: Counter[str] = field(default_factory=Counter)
    diagnoses: Counter[str] = field(default_factory=Counter)
    aside: Counter[str] = field(default_factory=Counter)
    orphans: int = 0
    problems: list[Problem] = field(default_factory=list)

    def of(self, *states: State) -> list[PersonPlan]:
        """The people in one of the states."""
        return [one for one in self.people if one.state in states]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not any(one.written for one in self.people)

    @property
    def wrong(self) -> bool:
        """Whether something could not be read or taken because of a fault in the input, or waits for a decision."""
        return (
            not self.files
            or any(problem.lost for problem in self.problems)
            or any(one.wrong for one in self.people)
        )
