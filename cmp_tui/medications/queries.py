"""Reading the medication list."""

from __future__ import annotations

from typing import Any, NamedTuple

from peewee import Case

from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.medications.model import Medication

CURRENT = ("active", "intended", "on-hold")
"""States of a medicine that belongs to the present list."""


class MedicationLine(NamedTuple):
    """A medicine as it was ordered."""

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


def medications(
    scope: Scope, patient: bytes, *, current_only: bool = False, limit: int = 500
) -> list[MedicationLine]:
    """Returns a patient's medicines: those taken first, then planned ones and those on hold, then the past."""
    query = Medication.live(*(getattr(Medication, name) for name in MedicationLine._fields)).where(
        Medication.patient == patient
    )
    if current_only:
        query = query.where(Medication.status.in_(CURRENT))
    order: Any = Case(Medication.status, [("active", 0), ("intended", 1), ("on-hold", 2)], 3)
    past = Case(None, [(order == 3, Medication.stopped)], None)
    query = query.order_by(order, past.desc(), Medication.display, Medication.id).limit(limit)
    return [MedicationLine(*row) for row in rows(query)]
