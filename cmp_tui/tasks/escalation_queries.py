"""Reading about concerns: who can answer one, who usually does for a patient, which answers were not seen yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.settings import Settings
from cmp_tui.patients.model import Loan, Patient
from cmp_tui.tasks.escalation_rules import CLINICIAN, KIND, URGENCIES, Clinician, answer_by, usual_clinician
from cmp_tui.tasks.model import Task


class Way(NamedTuple):
    """How a concern about a patient goes: to whom it could, to whom it usually does, by when each urgency answers."""

    clinicians: tuple[Clinician, ...]
    usual: bytes | None
    practitioner: str
    """The patient's own practitioner where the concern goes to somebody else; "" where it goes to them."""
    answers: Mapping[str, datetime]


def hours_of(settings: Settings) -> dict[str, int]:
    """Returns the hours in which each urgency wants an answer (settings answer_hours_…)."""
    return {one: int(getattr(settings, f"answer_hours_{one}")) for one in URGENCIES}


def clinicians(scope: Scope) -> tuple[Clinician, ...]:
    """Returns the active staff who may answer a concern, by name."""
    query = Staff.live().where(Staff.active == True).order_by(Staff.name, Staff.id)  # noqa: E712
    return tuple(
        Clinician(one.id, str(one.username), str(one.name), bool(one.may_bill))
        for one in query
        if CLINICIAN in one.roles
    )


def way_of(scope: Scope, patient: bytes) -> Way:
    """Returns how a concern about a patient goes now. Whoever asks is not among those it can go to."""
    able = tuple(one for one in clinicians(scope) if one.id != scope.who.id)
    bills = Patient.live(Patient.billing_practitioner).where(Patient.id == patient).scalar()
    lent = (Loan.starts <= scope.today) & (Loan.ends >= scope.today) & Loan.ended_at.is_null()
    loans = Loan.live(Loan.owner, Loan.cover).where(lent).order_by(Loan.starts, Loan.id)
    usual = usual_clinician(able, scope.who.id, bills, dict(rows(loans)))
    names = {one.username: one.name for one in clinicians(scope)}
    chosen = next((one.username for one in able if one.id == usual), None)
    other = names.get(bills, bills) if bills and bills not in (chosen, scope.who.username) else ""
    hours = hours_of(scope.settings)
    return Way(able, usual, other, {one: answer_by(scope.now, one, hours) for one in URGENCIES})


def is_unseen_answer() -> Any:
    """The SQL condition for concerns that somebody else has settled and whose asker has not seen the answer."""
    return (
        Task.struck_at.is_null()
        & Task.settled_at.is_null(False)
        & (Task.kind == KIND)
        & Task.answer_seen_at.is_null()
        & Task.asked_by.is_null(False)
        & (Task.settled_by != Task.asked_by)
    )
