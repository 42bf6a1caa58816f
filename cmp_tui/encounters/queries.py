"""Reading visits and stays."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.encounters.model import Service, Stay, Visit


class VisitLine(NamedTuple):
    """A visit to a practitioner."""

    id: bytes
    version: int
    date: date
    kind: str
    practitioner: str | None
    what: str | None
    reason: str | None
    care_management_discussed: bool | None
    mdm: str | None
    source: str | None


class StayLine(NamedTuple):
    """A stay in a hospital or facility, or an emergency visit; without `discharged` it goes on."""

    id: bytes
    version: int
    kind: str
    facility: str | None
    admitted: date
    admitted_at: datetime | None
    discharged: date | None
    discharged_at: datetime | None
    discharged_to: str | None
    reason: str | None
    medications_reconciled_on: str | None
    source: str | None
    admitted_from: str | None
    emergency: bool | None
    heard_on: date | None
    heard_from: str | None
    summary_on: date | None
    complexity: str | None
    remarks: str | None


class ServiceLine(NamedTuple):
    """A service that was billed; without `end` it is the one day."""

    id: bytes
    version: int
    code: str
    start: date
    end: date | None
    practitioner: str | None
    ours: bool
    source: str | None


def visits(scope: Scope, patient: bytes, limit: int = 200, before: date | None = None) -> list[VisitLine]:
    """Returns a patient's visits, the latest first; with `before` those of earlier days."""
    query = Visit.live(*_columns(Visit, VisitLine)).where(Visit.patient == patient)
    if before is not None:
        query = query.where(Visit.date < before)
    return [VisitLine(*row) for row in rows(query.order_by(Visit.date.desc(), Visit.id.desc()).limit(limit))]


def stays(scope: Scope, patient: bytes, limit: int = 200) -> list[StayLine]:
    """Returns a patient's stays and emergency visits: who is still in first, then the latest discharge."""
    query = (
        Stay.live(*_columns(Stay, StayLine))
        .where(Stay.patient == patient)
        .order_by(Stay.discharged.is_null().desc(), Stay.admitted.desc(), Stay.id.desc())
        .limit(limit)
    )
    return [StayLine(*row) for row in rows(query)]


def services(scope: Scope, patient: bytes, limit: int = 200) -> list[ServiceLine]:
    """Returns the services that were billed for a patient, the latest first."""
    query = (
        Service.live(*_columns(Service, ServiceLine))
        .where(Service.patient == patient)
        .order_by(Service.start.desc(), Service.id.desc())
        .limit(limit)
    )
    return [ServiceLine(*row) for row in rows(query)]


def last_visit(scope: Scope, patient: bytes) -> VisitLine | None:
    """Returns the latest visit that is not still to come, or None."""
    query = Visit.live(*_columns(Visit, VisitLine)).where(
        (Visit.patient == patient) & (Visit.date <= scope.today)
    )
    for row in rows(query.order_by(Visit.date.desc(), Visit.id.desc()).limit(1)):
        return VisitLine(*row)
    return None


def _columns(model: Any, line: Any) -> tuple[Any, ...]:
    return tuple(getattr(model, name) for name in line._fields)
