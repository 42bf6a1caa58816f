"""The stage of the demo: one clinic file, its people at their desks, and a clock that goes through the days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.clinic.records import Table
from cmp_tui.clinic.staff import staff_list
from cmp_tui.exchange.demo.people import Persona


class Desk:
    """The clinic as one person has it open: what they do goes through the same doors, with their rights.

    Actions take what they take; the types of their arguments are not repeated here.
    """

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic

    def run(self, action: Callable[..., Any], *args: Any, **values: Any) -> Any:
        """Does an action in one change."""
        return self.clinic.run(action, *args, **values)

    def read(self, query: Callable[..., Any], *args: Any, **values: Any) -> Any:
        """Asks a query."""
        return self.clinic.read(query, *args, **values)


class Stage:
    """Whom the steps act through. `tasks` holds the keys of tasks by the label that the plan gave them."""

    def __init__(self, path: Path, tables: Sequence[type[Table]], clock: FrozenClock, first: Clinic) -> None:
        self.clock = clock
        self.patients: list[bytes] = []
        self.tasks: dict[str, bytes] = {}
        self.staff: dict[str, bytes] = {}
        self._path, self._tables = path, tables
        self._first = first
        self._desks: dict[str, Desk] = {}

    def desk(self, username: str) -> Desk:
        """The clinic as someone has it open; their rights hold."""
        if username not in self._desks:
            clinic = open_clinic(
                self._path, self._tables, os_name=username, clock=self.clock, reference=self._first.reference
            )
            self._desks[username] = Desk(clinic)
        return self._desks[username]

    def learn_staff(self) -> None:
        """Reads the keys of the staff."""
        self.staff = {row.username: row.id for row in self._first.read(staff_list)}

    def key(self, persona: Persona) -> bytes:
        """The key of a patient."""
        return self.patients[persona.number]

    def close(self) -> None:
        """Closes every connection."""
        for desk in self._desks.values():
            desk.clinic.close_here()
        self._first.close_here()


class Step(NamedTuple):
    """Something that happens at a moment."""

    at: datetime
    do: Callable[[Stage], object]


def play(stage: Stage, steps: Iterable[Step], until: datetime) -> int:
    """Does the steps that lie before `until`, each at its moment; returns how many."""
    count = 0
    for step in sorted(steps, key=lambda one: one.at):
        if step.at > until:
            break
        stage.clock.at = step.at
        step.do(stage)
        count += 1
    return count
