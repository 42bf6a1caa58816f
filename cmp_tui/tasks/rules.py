"""The states of a task, by FHIR's Task codes. Pure."""

from __future__ import annotations

from datetime import date

WAITING = "received"
"""Handed over, and not seen yet by the one who has it now."""
SETTLED = ("completed", "cancelled", "failed")
"""How a task can be settled; the last two need words."""


def settle_problem(status: str, how: str, kind: str = "") -> dict[str, str]:
    """Returns what is wrong with how a task is to be settled, by field; nothing when all is well.

    A concern (kind escalation) is settled by its answer.
    """
    if status not in SETTLED:
        return {"status": "Settle it as completed, cancelled (not needed) or failed (could not be done)."}
    if status != "completed" and not how.strip():
        return {"how": "Say in a few words why; they stay with the task."}
    if kind == "escalation" and not how.strip():
        return {"how": "Write the answer: the one who asked reads it."}
    return {}


def snooze_problem(until: date, why: str, today: date) -> dict[str, str]:
    """Returns what is wrong with a snooze, by field; nothing when all is well."""
    if until <= today:
        return {"until": "Choose a day after today; it comes back on that day."}
    if not why.strip():
        return {"why": "Say why; the words stand there when it comes back."}
    return {}
