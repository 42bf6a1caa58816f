"""What the engine says of one patient's month. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from cmp_tui.billing.engine.facts import MonthFacts
from cmp_tui.clinic.rule_rows import Sourced


class Line(NamedTuple):
    """One billable line. `minutes` are those that reach it; None where minutes do not count."""

    code: str
    units: int
    program: str
    practitioner: str | None
    date_of_service: date
    place_of_service: str
    diagnoses: tuple[str, ...]
    minutes: int | None
    label: str = ""
    rows: tuple[bytes, ...] = ()


class Note(NamedTuple):
    """What blocks or warns: which rule, in plain words, its source, and the rows behind it."""

    rule: str
    program: str | None
    says: str
    source: str
    rows: tuple[bytes, ...] = ()


class Alternative(NamedTuple):
    """What could be billed instead, and why it is not what is billed."""

    lines: tuple[Line, ...]
    says: str


class Minutes(NamedTuple):
    """A program's whole minutes: of staff, and of the billing practitioner in person. No minute stands in both."""

    staff: int
    practitioner: int


@dataclass(slots=True)
class MonthResult:
    """One patient's month."""

    facts: MonthFacts
    minutes: dict[str, Minutes] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    blocked: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)

    def block(
        self, rule: str, program: str | None, says: str, row: Sourced, rows: tuple[bytes, ...] = ()
    ) -> bool:
        """Notes what stands in the way: it blocks when its row's source decides, else it warns. Tells which."""
        note = Note(rule, program, says, row.source, rows)
        if row.decides:
            _once(self.blocked, note)
            return True
        _once(self.warnings, note._replace(says=f"{says} The rule is not confirmed: check it."))
        return False

    def take(self, other: MonthResult) -> None:
        """Takes over the minutes and notes of a judgement that was made apart."""
        self.minutes.update(other.minutes)
        for note in other.blocked:
            _once(self.blocked, note)
        for note in other.warnings:
            _once(self.warnings, note)

    def withdraw(self, rule: str, program: str) -> None:
        """Takes a note back that no longer stands in the way: something else is billed for the program."""
        self.blocked[:] = [note for note in self.blocked if (note.rule, note.program) != (rule, program)]

    def refuse(self, rule: str, program: str | None, says: str, row: Sourced) -> None:
        """Notes what stands in the way whatever its source is worth: there is nothing to bill."""
        _once(self.blocked, Note(rule, program, says, row.source))

    def warn(
        self, rule: str, program: str | None, says: str, row: Sourced, rows: tuple[bytes, ...] = ()
    ) -> None:
        """Notes what somebody should look at."""
        _once(self.warnings, Note(rule, program, says, row.source, rows))


def _once(notes: list[Note], note: Note) -> None:
    if not any(one[:3] == note[:3] for one in notes):
        notes.append(note)
