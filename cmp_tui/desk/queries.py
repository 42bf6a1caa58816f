"""What one look at a patient shows: the person, the program, the month, the last contact, what is open."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cmp_tui.assessments.risk_queries import TierLine, tier_line
from cmp_tui.billing.minutes import USUAL, MonthMinutes, month_minutes
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.lines import ContactLine
from cmp_tui.contacts.queries import contacts_of
from cmp_tui.enrollment.queries import EnrollmentLine, consent_shown, enrollments
from cmp_tui.enrollment.rules import ONGOING, Shown
from cmp_tui.patients.queries import Card, ConditionLine, allergies, conditions, patient_card
from cmp_tui.tasks.queries import tasks_of


class Overview(NamedTuple):
    """What the preview and the head of a chart show."""

    card: Card
    program: str
    """The program that the patient is in; the usual one for who is in none."""
    consent: Shown | None
    enrollments: list[EnrollmentLine]
    """Those that go on, also when on hold."""
    conditions: list[ConditionLine]
    allergies: list[str]
    """What the patient does not tolerate, as far as it still holds."""
    last: ContactLine | None
    minutes: MonthMinutes
    open_tasks: int
    today: date
    tier: TierLine | None
    """The risk tier that is kept; None where none was computed yet."""


def programs(scope: Scope, patient: bytes) -> tuple[list[EnrollmentLine], str]:
    """Returns a patient's enrollments that go on, and the program to speak of; the usual one for who is in none."""
    held = [one for one in enrollments(scope, patient) if one.status in ONGOING]
    return held, held[0].program if held else USUAL


def overview(scope: Scope, patient: bytes) -> Overview:
    """Returns what one look at a patient shows. Raises Gone when there is no such patient."""
    held, program = programs(scope, patient)
    return Overview(
        patient_card(scope, patient),
        program,
        consent_shown(scope, patient, program),
        held,
        conditions(scope, patient, current_only=True),
        [one.substance for one in allergies(scope, patient) if one.status == "active"],
        next(iter(contacts_of(scope, patient, 1)), None),
        month_minutes(scope, Month.of(scope.today), [patient])[patient],
        len(tasks_of(scope, patient)),
        scope.today,
        tier_line(scope, patient),
    )
