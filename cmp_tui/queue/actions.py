"""Putting off a row of Today that no task stands behind."""

from __future__ import annotations

from datetime import date

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.patients.model import Patient
from cmp_tui.queue.source import WAITS
from cmp_tui.queue.sources import SOURCES
from cmp_tui.tasks.model import Snooze


def snooze_row(change: Change, patient: bytes, source: str, until: date, why: str) -> Snooze:
    """Puts a patient's derived row off until a day, with a reason. Raises Invalid, Gone."""
    change.get(Patient, patient)
    known = SOURCES.get(source)
    if known is None or known.snooze != WAITS:
        raise Invalid({"": "This row can't be put off; open it to settle it."})
    if until <= change.today:
        raise Invalid({"until": "Choose a day after today."})
    if not why.strip():
        raise Invalid({"why": "Say why it can wait; the reason stays with it."})
    return change.add(Snooze, patient=patient, source=source, until=until, why=why)
