"""What the import of a spreadsheet would do, before it does it: plain data, shown row by row, applied by actions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from cmp_tui.clinic.calendar import Month
from cmp_tui.exchange.caseload.cells import ConsentIn, GivenIn, OutcomeIn, StatusIn
from cmp_tui.exchange.caseload.conditions import ConditionIn
from cmp_tui.exchange.caseload.minutes import MinutesIn
from cmp_tui.exchange.caseload.phones import PhoneIn
from cmp_tui.exchange.plan import Count, Edit, Row, State, Values
from cmp_tui.files.sheet_in import Fault

KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "patient": ("patient", "patients"),
        "phone": ("phone", "phones"),
        "team-member": ("primary care name", "primary care names"),
        "condition": ("condition", "conditions"),
        "consent": ("consent", "consents"),
        "enrollment": ("enrollment", "enrollments"),
        "plan": ("care plan", "care plans"),
        "contact": ("last contact", "last contacts"),
        "task": ("task", "tasks"),
        "time": ("month of minutes", "months of minutes"),
        "note": ("column of words", "columns of words"),
    }
)
"""The kinds of records that the import writes, with the words for one and for several; in the order of lists."""


class Choices(NamedTuple):
    """What a person decides about an import.

    `same`: the number of a row, and the MRN of the patient it is ("row 12" is the person of that row). `same_mrns`:
    who looks like these patients is them. `new`: rows that are people of their own, whoever they look like. `out`:
    rows that stay out.
    `day_first` is the order of dates where a column does not tell it.
    """

    overwrite: bool = False
    same: Mapping[int, str] = MappingProxyType({})
    same_mrns: frozenset[str] = frozenset()
    new: frozenset[int] = frozenset()
    out: frozenset[int] = frozenset()
    all_new: bool = False
    all_same: bool = False
    day_first: bool | None = None


class Alike(NamedTuple):
    """Someone whom a row looks like: a patient here, or the person of another row (`row`, 0 for a patient)."""

    mrn: str
    name: str
    birth_date: str
    row: int
    why: str


class Differs(NamedTuple):
    """What the sheet says other than what stands here; `taken` when it goes before it (--overwrite)."""

    what: str
    sheet: str
    here: str
    taken: bool = False


class LeftOut(NamedTuple):
    """A row that is no patient: a line of totals, headings said again, a title."""

    number: int
    why: str
    words: str = ""


@dataclass(slots=True)
class PersonIn:
    """What one row says, read. `values` are those of the patient's own record that are not empty."""

    number: int
    mrn: str = ""
    family: str = ""
    given: str = ""
    birth_date: str = ""
    values: Values = field(default_factory=dict)
    phones: list[PhoneIn] = field(default_factory=list)
    conditions: list[ConditionIn] = field(default_factory=list)
    pcp: str = ""
    status: StatusIn | None = None
    enrolled_on: date | None = None
    ended_on: date | None = None
    consent: ConsentIn | None = None
    made_on: date | None = None
    reviewed_on: date | None = None
    given_copy: GivenIn | None = None
    last_contact: date | None = None
    outcome: OutcomeIn | None = None
    next_due: date | None = None
    due_words: str = ""
    minutes: dict[Month, MinutesIn] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    refused: str = ""


@dataclass(slots=True)
class RowPlan:
    """What would happen with one row. Without `key` its person is new, and `values` are theirs.

    `more` are the numbers of other rows of the same person, merged into it. `why` says why a row is skipped; `wrong`
    that this is a fault of the sheet, or something to decide.
    """

    number: int
    name: str
    birth_date: str
    mrn: str
    person: PersonIn
    state: State = "new"
    why: str = ""
    wrong: bool = False
    more: list[int] = field(default_factory=list)
    alike: list[Alike] = field(default_factory=list)
    differs: list[Differs] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    key: bytes | None = None
    values: Values = field(default_factory=dict)
    adds: list[Row] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    strikes: list[tuple[str, bytes, int]] = field(default_factory=list)

    def counts(self) -> Counter[str]:
        """How many records of which kind are added."""
        return Counter(row.kind for row in self.adds)

    def summary(self) -> str:
        """What is written, in words: "2 phones, 9 months of minutes, 1 patient changed"."""
        added, changed = self.counts(), Counter(edit.kind for edit in self.edits)
        changed.update(kind for kind, _, _ in self.strikes)
        words = [f"{number} {KINDS[kind][number > 1]}" for kind in KINDS if (number := added[kind])]
        words += [
            f"{number} {KINDS[kind][number > 1]} changed" for kind in KINDS if (number := changed[kind])
        ]
        return ", ".join(words)


@dataclass(slots=True)
class CaseloadPlan:
    """The whole import. `seq` is the number of the last entry of the audit chain when the file was compared.

    Every row that is not empty is in `rows`, merged into one of them, in `left_out`, or refused by a fault.
    """

    seq: int
    file: str = ""
    sheet: str = ""
    unit: str = "row"
    rows: list[RowPlan] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in KINDS})
    rows_in: int = 0
    needs_year: bool = False
    overwrite: bool = False
    care_managers: int = 0

    def of(self, *states: State) -> list[RowPlan]:
        """The rows in one of the states."""
        return [one for one in self.rows if one.state in states]

    @property
    def rows_taken(self) -> int:
        """How many rows are taken or say nothing new, those merged included."""
        return sum(1 + len(one.more) for one in self.rows if one.state != "skipped")

    @property
    def rows_refused(self) -> int:
        """How many rows are not taken."""
        skipped = sum(1 + len(one.more) for one in self.rows if one.state == "skipped")
        return skipped + sum(fault.lost for fault in self.faults)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self.of("new", "changed")

    @property
    def wrong(self) -> bool:
        """Whether a row was refused."""
        return any(one.wrong for one in self.rows) or any(fault.lost for fault in self.faults)


def as_facts(plan: CaseloadPlan) -> dict[str, Any]:
    """Returns the counts of a plan for the audit entry: numbers, no patient's data."""
    return {
        "rows": plan.rows_in,
        "taken": plan.rows_taken,
        "refused": plan.rows_refused,
        "left_out": len(plan.left_out),
    }
