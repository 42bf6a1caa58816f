"""Reading the medication list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from peewee import Case

from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.medications.model import Medication
from cmp_tui.medications.rules import CURRENT as CURRENT
from cmp_tui.medications.rules import differs, is_current


class MedicationLine(NamedTuple):
    """A medicine as it was ordered, and as it is taken."""

    id: bytes
    version: int
    display: str
    system: str | None
    code: str | None
    dosage: str | None
    status: str
    started: str | None
    stopped: str | None
    last_ordered: str | None
    prescriber: str | None
    reason: str | None
    source: str | None
    told_by: str | None = None
    stopped_why: str | None = None
    taking: str | None = None
    taken_how: str | None = None
    taken_why: str | None = None
    taken_on: date | None = None
    taken_told: str | None = None
    grid: Mapping[str, Any] | None = None
    with_food: str | None = None
    as_needed: bool | None = None

    @property
    def words(self) -> str:
        """The medicine with its directions, on one line."""
        return f"{self.display}, {self.dosage}" if self.dosage else self.display

    @property
    def is_current(self) -> bool:
        """Whether it is on the present list."""
        return is_current(self.status)

    @property
    def differs(self) -> bool:
        """Whether what the patient does is something else than what was ordered."""
        return differs(self.status, self.taking)


def medications(
    scope: Scope, patient: bytes, *, current_only: bool = False, limit: int = 500
) -> list[MedicationLine]:
    """Returns a patient's medicines: those taken first, then planned ones and those on hold, then the past."""
    query = Medication.live(*_columns()).where(Medication.patient == patient)
    if current_only:
        query = query.where(Medication.status.in_(CURRENT))
    order: Any = Case(Medication.status, [("active", 0), ("intended", 1), ("on-hold", 2)], 3)
    past = Case(None, [(order == 3, Medication.stopped)], None)
    query = query.order_by(order, past.desc(), Medication.display, Medication.id).limit(limit)
    return [MedicationLine(*row) for row in rows(query)]


def medication(scope: Scope, key: bytes) -> tuple[bytes, MedicationLine]:
    """Returns one medicine, with whose it is. Raises Gone when there is none."""
    query = Medication.live(Medication.patient, *_columns()).where(Medication.id == key)
    for patient, *values in rows(query):
        return bytes(patient), MedicationLine(*values)
    raise Gone("This medicine is no longer there; it was struck out or undone. Its history still shows it.")


def _columns() -> list[Any]:
    return [getattr(Medication, name) for name in MedicationLine._fields]
