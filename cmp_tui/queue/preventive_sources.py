"""What prevention brings to Today: one quiet row a patient, for those whom a program works with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from peewee import ModelSelect

from cmp_tui.careplan.preventive_gaps import has_gap
from cmp_tui.careplan.preventive_queries import gaps_of_many
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.scope import Scope
from cmp_tui.measurements.preventive_book import preventive_book
from cmp_tui.patients.model import Patient
from cmp_tui.queue import engagement_words as words
from cmp_tui.queue.parts import unsnoozed
from cmp_tui.queue.plan_parts import in_program
from cmp_tui.queue.rows import View, columns
from cmp_tui.queue.source import Source
from cmp_tui.queue.words import Details, Settle

LOWEST = 9
NAMED = 3
"""Gaps that a row names; of more it tells how many."""


def gaps(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Patients for whom pressing preventive care is due. It is due by the end of the month, after everything that has a
    day of its own: most people lack something, and no day's list is to be full of it. So on the last day itself, too,
    which belongs to the month's close: they come again in the second half of the next one."""
    last = Month.of(view.day + timedelta(days=1)).last
    if last > view.last:
        return None
    query = Patient.live(*columns(Patient.id, "preventive", last.isoformat(), LOWEST, None)).where(
        in_program(view) & has_gap(preventive_book(scope.reference), view.day)
    )
    return unsnoozed(query, Patient.id, "preventive", view)


def of_gaps(scope: Scope, patients: set[bytes]) -> dict[bytes, Details]:
    """Patients: how many measures are pressing, the names of the first (those of their conditions), and the first of
    all, about which `d` asks."""
    found = {}
    for patient, some in gaps_of_many(scope, patients).items():
        sure = sorted((one.measure for one in some if one.pressing), key=lambda one: not one.groups)
        if sure:
            named = ", ".join(one.title.en.split(" (")[0] for one in sure[:NAMED])
            more = f" and {len(sure) - NAMED} more" if len(sure) > NAMED else ""
            found[patient] = Details(title=named + more, topic=sure[0].name, by=str(len(sure)))
    return found


SOURCES = (
    Source(
        name="preventive", select=gaps, say=words.preventive, details=of_gaps, by_patient=True,
        settle=Settle("preventive", "answer", about="measure"),
    ),
)  # fmt: skip
"""The source of prevention."""
