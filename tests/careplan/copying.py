"""Plans to be printed, and the pages of a PDF as text."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from cmp_tui.careplan.actions import add_barrier, add_goal, add_intervention, edit_plan, record_progress
from cmp_tui.careplan.template_book import template_book
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.rights import ACTIONS, CARE, Right, Rights
from cmp_tui.medications.model import Medication

OWN = "I want to walk to church with Rosa."
TODAY = date(2026, 11, 23)


def fill(clinic: Clinic, patient: bytes) -> dict[str, bytes]:
    """Writes a plan for diabetes out of its template, with people's words; returns its goals by their names."""
    template = template_book(clinic.reference).templates["diabetes"]
    goals: dict[str, bytes] = {}
    for one in template.goals:
        goals[one.name] = clinic.run(
            add_goal, patient, title=one.title.en, topic="diabetes", own_words=OWN, measure=one.measure or None,
            unit=one.unit.en or None, direction=one.direction or None, target=one.target,
            due=TODAY + timedelta(weeks=one.weeks), problem="Diabetes",
        ).id  # fmt: skip
    for step in template.interventions:
        clinic.run(
            add_intervention, patient, title=step.title.en, goal=goals.get(step.goal),
            responsible=step.responsible, due=TODAY + timedelta(days=step.within), every=step.every or None,
        )  # fmt: skip
    clinic.run(add_barrier, patient, kind="cost", goal=goals["walk"])
    clinic.run(record_progress, goals["walk"], value=3, achievement="improving")
    clinic.run(edit_plan, patient, None, matters="To see my grandson finish school.")
    return goals


def medicate(clinic: Clinic, patient: bytes, *medicines: dict[str, Any]) -> None:
    """Puts medicines on the list."""
    clinic.rights = Rights({**ACTIONS, "copying.order": Right(CARE)})
    clinic.run(order, patient, medicines)


def order(change: Change, patient: bytes, medicines: tuple[dict[str, Any], ...]) -> None:
    """Adds medicines as an import does."""
    for one in medicines:
        change.add(Medication, patient=patient, **one)


def pages(data: bytes) -> list[str]:
    """The text of each page."""
    import pypdfium2

    return [
        page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in pypdfium2.PdfDocument(data)
    ]
