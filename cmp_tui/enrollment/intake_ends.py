"""How work with someone ends: their programs, and at a death, a move or a withdrawal everything that is due."""

from __future__ import annotations

from datetime import date
from typing import Any

from cmp_tui.assessments.model import Assessment
from cmp_tui.clinic.change import Change
from cmp_tui.encounters.appointment_actions import end_appointment
from cmp_tui.encounters.appointment_rules import OPEN as WAITING
from cmp_tui.encounters.model import Appointment
from cmp_tui.enrollment.model import Enrollment, Intake
from cmp_tui.enrollment.rules import ONGOING, OPEN
from cmp_tui.tasks.actions import settle_task
from cmp_tui.tasks.model import Snooze, Task


def end_all(change: Change, patient: bytes, day: date, reason: str, ended: str | None = None) -> int:
    """Ends all enrollments of a patient with a day; those not begun by then are cancelled. Returns how many."""
    query = Enrollment.live().where((Enrollment.patient == patient) & Enrollment.status.in_(sorted(OPEN)))
    count = 0
    for row in list(query):
        began = row.status in ONGOING and row.start is not None and row.start <= day
        ends: dict[str, Any] = {"status": "finished", "end": day} if began else {"status": "cancelled"}
        change.edit(Enrollment, row.id, None, reason=reason, ended=ended, hold_until=None, **ends)
        count += 1
    return count


def end_all_work(change: Change, patient: bytes, day: date, end: str, why: str | None = None) -> int:
    """Clears everything that is due for a patient who has died, moved away or withdrawn, in this same change.

    Programs end with `day`; open tasks are cancelled, snoozes struck out, half-done assessments broken off, the way
    into a program is ended; after a death the appointments that were to come are called off. `end` is the coded reason
    (`program_end`). Returns how many rows that were.
    """
    words = why or change.reference.label("program_end", end)
    count = end_all(change, patient, day, words, end)
    tasks = Task.live(Task.id).where((Task.patient == patient) & Task.settled_at.is_null())
    for task in list(tasks):
        settle_task(change, task.id, "cancelled", words)
        count += 1
    for snooze in list(
        Snooze.live(Snooze.id).where((Snooze.patient == patient) & (Snooze.until > change.today))
    ):
        change.strike(Snooze, snooze.id, words)
        count += 1
    if end == "deceased":
        # Of who moved away or withdrew from a program, the visits with their practitioners may still be kept.
        booked = (Appointment.patient == patient) & Appointment.status.in_(WAITING) & (Appointment.day >= day)
        for visit in list(Appointment.live(Appointment.id).where(booked)):
            end_appointment(change, visit.id, None, status="cancelled", ended_why=words)
            count += 1
    half = (Assessment.patient == patient) & (Assessment.status == "in-progress")
    for assessment in list(Assessment.live(Assessment.id).where(half)):
        change.edit(Assessment, assessment.id, None, status="stopped")
        count += 1
    return count + end_intakes(change, patient, min(day, change.today), end, words)


def end_intakes(change: Change, patient: bytes, day: date, end: str, why: str) -> int:
    """Ends whatever of a patient is on its way, and lets nothing that was ended earlier come back."""
    count = 0
    for intake in list(Intake.live().where(Intake.patient == patient)):
        if intake.stage not in ("enrolled", "ended"):
            first = max(day, intake.received)
            change.edit(
                Intake, intake.id, None, stage="ended", ended_on=first, end=end, end_why=why, back_on=None
            )
            count += 1
        elif intake.back_on is not None:
            change.edit(Intake, intake.id, None, back_on=None)
            count += 1
    return count
