"""Everyone in the shape of a clinic's own tracker, for a file: a few statements for all patients together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from peewee import fn

from cmp_tui.careplan.model import Plan
from cmp_tui.caseload.queries import keys_of
from cmp_tui.clinic.calendar import Month, day_of
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Contact
from cmp_tui.contacts.month import month_seconds
from cmp_tui.enrollment.model import Consent, Enrollment
from cmp_tui.exchange.caseload.held import PROGRAM
from cmp_tui.patients.model import Condition, Patient, Phone, SheetNote, TeamMember
from cmp_tui.tasks.model import Task

EVERYONE = "alive:any"
AT_ONCE = 5_000
CURRENT = ("active", "recurrence", "relapse")
OWN = (
    "id", "mrn", "family", "given", "preferred", "birth_date", "sex", "deceased", "deceased_on", "best_time", "payer",
    "mbi", "email", "language", "street", "city", "state", "postal_code", "billing_practitioner", "care_manager",
)  # fmt: skip


@dataclass(slots=True)
class Tracked:
    """One patient as a tracker has them. The dates and words are those of our records."""

    own: dict[str, Any]
    phones: list[tuple[str, str, str | None]] = field(default_factory=list)
    pcp: str | None = None
    conditions: list[str] = field(default_factory=list)
    consent: tuple[date, str, str | None] | None = None
    enrollment: tuple[str, date | None, date | None, str | None] | None = None
    plan: tuple[date | None, date | None, date | None, str | None, str | None] | None = None
    contact: tuple[date, str, str | None, str | None] | None = None
    due: date | None = None
    seconds: dict[int, int] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


def caseload_table(scope: Scope, year: int, filter_text: str = "") -> list[Tracked]:
    """Returns the patients that a filter of the caseload leaves (all, the dead too, without one), by name.

    The minutes are all seconds of each month of the year, totals that were brought in included. Raises NotUnderstood.
    """
    keys = keys_of(scope, "team", filter_text or EVERYONE)
    found: dict[bytes, Tracked] = {}
    for some in _pieces(keys, whole=not filter_text):
        _people(found, some)
        _around(scope, found, some)
        _program(found, some)
        _work(scope, found, some, year)
    return [found[key] for key in keys if key in found]


def staff_names(scope: Scope) -> dict[bytes, str]:
    """Returns the usernames of the staff by key."""
    return dict(rows(Staff.select(Staff.id, Staff.username)))


def _pieces(keys: list[bytes], whole: bool) -> Iterator[list[bytes] | None]:
    """None for everyone: then no statement names the patients."""
    if whole:
        yield None
        return
    for at in range(0, len(keys), AT_ONCE):
        yield keys[at : at + AT_ONCE]


def _of(model: Any, some: list[bytes] | None, *columns: Any) -> Any:
    query = model.live(model.patient, *columns)
    return query if some is None else query.where(model.patient.in_(some))


def _people(found: dict[bytes, Tracked], some: list[bytes] | None) -> None:
    query = Patient.live(*(getattr(Patient, name) for name in OWN))
    if some is not None:
        query = query.where(Patient.id.in_(some))
    for row in rows(query):
        found[row[0]] = Tracked(dict(zip(OWN, row, strict=True)))


def _around(scope: Scope, found: dict[bytes, Tracked], some: list[bytes] | None) -> None:
    query = _of(Phone, some, Phone.number, Phone.use, Phone.remarks).order_by(Phone.rank, Phone.id)
    for key, *phone in _known(found, query):
        found[key].phones.append(tuple(phone))
    query = _of(TeamMember, some, TeamMember.name).where(
        (TeamMember.role == "primary-care") & (TeamMember.until.is_null() | (TeamMember.until >= scope.today))
    )
    for key, name in _known(found, query.order_by(TeamMember.name.desc())):
        found[key].pcp = name
    query = _of(Condition, some, Condition.system, Condition.code, Condition.display).where(
        Condition.status.in_(CURRENT)
    )
    for key, system, code, display in _known(found, query.order_by(Condition.id)):
        coded = f"{code} " if code and system == "icd-10-cm" and code != display else ""
        found[key].conditions.append(f"{coded}{display}".replace(";", ","))
    query = _of(SheetNote, some, SheetNote.label, SheetNote.text).order_by(SheetNote.id)
    for key, label, text in _known(found, query):
        found[key].notes[label] = text


def _program(found: dict[bytes, Tracked], some: list[bytes] | None) -> None:
    query = _of(Consent, some, Consent.date, Consent.decision, Consent.mode).where(
        (Consent.program == PROGRAM) & (Consent.decision != "asked")
    )
    for key, *consent in _known(found, query.order_by(Consent.date, Consent.id)):
        found[key].consent = tuple(consent)
    ongoing = Enrollment.status.in_(("active", "onhold"))
    query = _of(
        Enrollment, some, Enrollment.status, Enrollment.start, Enrollment.end, Enrollment.reason
    ).where(Enrollment.program == PROGRAM)
    for key, *enrollment in _known(found, query.order_by(ongoing, Enrollment.start, Enrollment.id)):
        found[key].enrollment = tuple(enrollment)
    query = _of(Plan, some, Plan.made_on, Plan.reviewed_on, Plan.given_on, Plan.given_how, Plan.given_to)
    for key, *plan in _known(found, query.order_by(Plan.made_on, Plan.id)):
        found[key].plan = tuple(plan)


def _work(scope: Scope, found: dict[bytes, Tracked], some: list[bytes] | None, year: int) -> None:
    last = _of(Contact, some, fn.MAX(Contact.at).alias("at")).group_by(Contact.patient).alias("last")
    query = (
        Contact.live(Contact.patient, Contact.at, Contact.outcome, Contact.precision, Contact.did)
        .join(last, on=(last.c.patient_id == Contact.patient) & (last.c.at == Contact.at))
        .order_by(Contact.id)
    )
    for key, at, *contact in _known(found, query):
        found[key].contact = (day_of(at, scope.zone), *contact)
    query = _of(Task, some, fn.MIN(Task.due)).where(Task.settled_at.is_null() & Task.patient.is_null(False))
    for key, due in _known(found, query.group_by(Task.patient)):
        found[key].due = due if isinstance(due, date) else date.fromisoformat(due)
    for number in range(1, 13):
        for key, seconds in _known(found, month_seconds(scope, Month(year, number), patients=some)):
            found[key].seconds[number] = seconds


def _known(found: dict[bytes, Tracked], query: Any) -> Iterable[Any]:
    return (row for row in rows(query) if row[0] in found)
