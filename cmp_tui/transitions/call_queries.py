"""Reading calls after discharges."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from peewee import JOIN

from cmp_tui.careplan.queries import plan_line
from cmp_tui.careplan.template_book import ACTS
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.encounters.model import Stay
from cmp_tui.transitions.model import DischargeCall

WINDOW = timedelta(days=30)
MOST_SIGNS = 10
"""Own warning signs that are asked about: more can't be gone through on the telephone."""


class CallLine(NamedTuple):
    """A call after a discharge in which somebody was reached."""

    id: bytes
    version: int
    stay: bytes
    date: date
    taken_by: str | None
    contact: bytes | None
    answers: Mapping[str, Any]
    complete: bool
    remarks: str | None


class HomeFrom(NamedTuple):
    """The stay that a call is about."""

    id: bytes
    kind: str
    facility: str | None
    discharged: date


def calls_of(scope: Scope, patient: bytes, stay: bytes | None = None) -> list[CallLine]:
    """Returns a patient's calls after discharges (after one of them), the latest first."""
    d = DischargeCall
    query = (
        d.live(d.id, d.version, d.stay, d.date, Staff.name, d.contact, d.answers, d.complete, d.remarks)
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == d.taken_by))
        .where(d.patient == patient)
        .order_by(d.date.desc(), d.id.desc())
    )
    if stay is not None:
        query = query.where(d.stay == stay)
    return [CallLine(*row)._replace(answers=row[6] or {}) for row in rows(query)]


def home_from(scope: Scope, patient: bytes, stay: bytes | None = None) -> HomeFrom:
    """Returns the stay that a call is about: the one asked for, else the latest discharge of the last 30 days.

    Raises Gone when there is none.
    """
    query = Stay.live(Stay.id, Stay.kind, Stay.facility, Stay.discharged).where(
        (Stay.patient == patient) & Stay.discharged.is_null(False)
    )
    if stay is not None:
        query = query.where(Stay.id == stay)
    else:
        query = query.where((Stay.discharged > scope.today - WINDOW) & (Stay.discharged <= scope.today))
    for row in rows(query.order_by((Stay.kind == "ed"), Stay.discharged.desc(), Stay.id.desc()).limit(1)):
        return HomeFrom(*row)
    raise Gone("There is no discharge in the last 30 days. Record the stay first (Transitions, n).")


def own_signs(scope: Scope, patient: bytes) -> list[str]:
    """Returns the warning signs of the patient's plan, the most urgent first."""
    plan = plan_line(scope, patient)
    signs = {} if plan is None else plan.signs
    return [words for act in reversed(ACTS) for words in signs.get(act, ())][:MOST_SIGNS]
