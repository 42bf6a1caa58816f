"""What medicines bring to Today: a reconciliation that was begun and not signed, and one that is due once a year.

The one after a discharge stands with the other clocks of the discharge (transition_sources.py).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from peewee import Case, ModelSelect, Value, fn

from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.steps import days_later
from cmp_tui.enrollment.model import Enrollment
from cmp_tui.medications.model import Medication, Reconciliation, ReconciliationLine
from cmp_tui.medications.reconcile_words import short_list
from cmp_tui.medications.rules import CURRENT
from cmp_tui.patients.model import Patient
from cmp_tui.queue.parts import EVERYBODY, ongoing, unsnoozed
from cmp_tui.queue.plan_parts import in_program
from cmp_tui.queue.rows import View, columns
from cmp_tui.queue.source import Source
from cmp_tui.queue.words import Details, Said, Settle, near

YEAR = 365
"""Days after which the medicines are gone through again. Our choice: Medicare's care plan asks for it, not when."""
OPEN, YEARLY = "medicines-open", "medicines-yearly"


def open_ones(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Reconciliations that were begun and are not signed: due since the day on which they were begun."""
    r = Reconciliation
    query = (
        r.live(*columns(r.patient, OPEN, r.begun_on, 5, r.id))
        .join(Patient, on=(Patient.id == r.patient))
        .where(r.signed_at.is_null() & (r.begun_on <= view.last) & ongoing(view))
    )
    return unsnoozed(query, r.patient, OPEN, view)


def yearly_medicines(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Patients in a program with medicines, a year after they were last reconciled, or after the enrollment."""
    r, e, m = Reconciliation, Enrollment, Medication
    last = r.live(fn.MAX(r.done_on)).where((r.patient == Patient.id) & r.signed_at.is_null(False))
    since = e.live(fn.MIN(e.start)).where(e.patient == Patient.id)
    some = m.live(Value(1)).where((m.patient == Patient.id) & m.status.in_(CURRENT))
    waits = r.live(Value(1)).where((r.patient == Patient.id) & r.signed_at.is_null())
    each = (
        Patient.select(Patient.id.alias("patient"), fn.COALESCE(last, since, coerce=False).alias("last"))
        .where(in_program(view) & fn.EXISTS(some) & ~fn.EXISTS(waits))
        .limit(EVERYBODY)
        .alias("each")
    )
    query = (
        Patient.select(*columns(each.c.patient, YEARLY, days_later(each.c.last, YEAR), 7, None))
        .from_(each)
        .where(each.c.last <= (view.last - timedelta(days=YEAR)).isoformat())
    )
    return unsnoozed(query, each.c.patient, YEARLY, view)


def of_open(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Open reconciliations: with which list, and how many of their lines are decided."""
    r, line = Reconciliation, ReconciliationLine
    total = line.live(fn.COUNT(line.id)).where(line.reconciliation == r.id)
    decided = line.live(fn.COUNT(Case(None, [(line.decision.is_null(False), 1)], None))).where(
        line.reconciliation == r.id
    )
    query = r.select(r.id, r.list_from, r.list_on, total, decided).where(r.id.in_(keys))
    return {
        bytes(key): Details(title=short_list(source), by=f"{done} of {all_}", last=day)
        for key, source, day, all_, done in rows(query)
    }


def of_last(scope: Scope, patients: set[bytes]) -> dict[bytes, Details]:
    """Patients: the day on which their medicines were last reconciled."""
    r = Reconciliation
    query = (
        r.live(r.patient, fn.MAX(r.done_on))
        .where(r.patient.in_(patients) & r.signed_at.is_null(False))
        .group_by(r.patient)
    )
    return {bytes(patient): Details(last=day) for patient, day in rows(query)}


def say_open(due: date, today: date, details: Details) -> Said:
    """One that is half done."""
    words = f"reconciliation not signed: {details.title or 'other list'}, {details.by or '0'} decided"
    return Said(words, "it is signed, or struck out")


def say_yearly(due: date, today: date, details: Details) -> Said:
    """One that is due again."""
    last = f"last {near(details.last, today)}" if details.last else "never done here"
    return Said(f"yearly look at the medicines, {last}", "a reconciliation is signed")


SOURCES = (
    Source(
        name=OPEN, select=open_ones, say=say_open, details=of_open, settle=Settle("reconcile", "go on"),
    ),
    Source(
        name=YEARLY, select=yearly_medicines, say=say_yearly, details=of_last, by_patient=True,
        settle=Settle("reconcile", "reconcile"),
    ),
)  # fmt: skip
"""The sources about medicines."""
