"""What the clinic file holds of the patients of a sheet: a few queries for every few hundred of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from cmp_tui.careplan.model import Plan
from cmp_tui.clinic.calendar import Month, day_of
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import Record, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.text import fold
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.contacts.month import month_seconds
from cmp_tui.enrollment.model import Consent, Enrollment
from cmp_tui.enrollment.rules import ONGOING
from cmp_tui.exchange.caseload.matching import Someone
from cmp_tui.patients.alike import nicknames
from cmp_tui.patients.alike_rules import describe, with_nicknames
from cmp_tui.patients.model import Condition, Patient, Phone, SheetNote, TeamMember
from cmp_tui.tasks.model import Task

MODELS: Mapping[str, type[Record]] = MappingProxyType(
    {
        "patient": Patient,
        "phone": Phone,
        "team-member": TeamMember,
        "condition": Condition,
        "consent": Consent,
        "enrollment": Enrollment,
        "plan": Plan,
        "contact": Contact,
        "task": Task,
        "time": TimeEntry,
        "note": SheetNote,
    }
)
"""The table of each kind of record (plan.KINDS)."""
PROGRAM = "CCM"
"""The program of a tracker's columns."""
PIECE = 400

PATIENT_COLUMNS = (
    "id", "version", "mrn", "family", "given", "preferred", "other_names", "birth_date", "sex", "deceased",
    "deceased_on", "language", "best_time", "street", "city", "state", "postal_code", "email", "payer", "mbi",
    "care_manager", "billing_practitioner",
)  # fmt: skip


class Enrolled(NamedTuple):
    """An enrollment here."""

    id: bytes
    version: int
    status: str
    start: date | None
    end: date | None


class Agreed(NamedTuple):
    """A decision about consent here."""

    id: bytes
    version: int
    decision: str
    date: date
    mode: str | None


class Planned(NamedTuple):
    """A care plan here."""

    id: bytes
    version: int
    made_on: date | None
    reviewed_on: date | None
    given_on: date | None
    given_how: str | None
    given_to: str | None


class Kept(NamedTuple):
    """Words of a column here."""

    id: bytes
    version: int
    text: str


class Total(NamedTuple):
    """A month's total that was brought in before."""

    id: bytes
    version: int
    seconds: int


@dataclass(slots=True)
class Held:
    """What is known of one patient."""

    values: dict[str, Any] = field(default_factory=dict)
    digits: set[str] = field(default_factory=set)
    last_rank: int = 0
    conditions: set[str] = field(default_factory=set)
    pcps: list[str] = field(default_factory=list)
    enrollments: list[Enrolled] = field(default_factory=list)
    consents: list[Agreed] = field(default_factory=list)
    plans: list[Planned] = field(default_factory=list)
    contacts: dict[date, tuple[bytes, int, str, str | None]] = field(default_factory=dict)
    dues: set[date] = field(default_factory=set)
    own_task: tuple[bytes, int, date] | None = None
    totals: dict[Month, Total] = field(default_factory=dict)
    logged: dict[Month, int] = field(default_factory=dict)
    notes: dict[str, Kept] = field(default_factory=dict)


def everyone_here(scope: Scope) -> Iterator[Someone]:
    """Every living record of a patient, as matching sees them, with their telephones."""
    phones: dict[bytes, list[str]] = defaultdict(list)
    for key, digits in rows(Phone.live(Phone.patient, Phone.digits).where(Phone.digits.is_null(False))):
        phones[key].append(digits)
    query = Patient.live(
        Patient.id,
        Patient.mrn,
        Patient.family,
        Patient.given,
        Patient.preferred,
        Patient.other_names,
        Patient.birth_date,
        Patient.mbi,
    )
    forms = nicknames(scope.reference)
    for key, mrn, family, given, preferred, others, born, mbi in rows(query):
        said = describe(
            family, given, f"{preferred or ''} {others or ''}", born, frozenset(phones.get(key, ())), mbi
        )
        yield Someone(key, 0, mrn, family, given or "", born or "", with_nicknames(said, forms))


def care_managers(scope: Scope) -> dict[str, bytes]:
    """The keys of care managers by folded name and username; a name that two have is nobody's."""
    found: dict[str, bytes | None] = {}
    for key, username, name, roles in rows(Staff.live(Staff.id, Staff.username, Staff.name, Staff.roles)):
        if "care-manager" in roles:
            for word in {fold(username), fold(name)}:
                found[word] = None if word in found and found[word] != key else key
    return {word: key for word, key in found.items() if key is not None}


def held_of(
    scope: Scope, patients: Sequence[bytes], months: Collection[Month], title: str
) -> dict[bytes, Held]:
    """What is known of some patients. `months` are those of the sheet, `title` is that of tasks that it made."""
    found = {key: Held() for key in patients}
    for at in range(0, len(patients), PIECE):
        _some(scope, found, list(patients[at : at + PIECE]), months, title)
    return found


def _some(
    scope: Scope, found: dict[bytes, Held], keys: list[bytes], months: Collection[Month], title: str
) -> None:
    own = tuple(getattr(Patient, name) for name in PATIENT_COLUMNS)
    for row in rows(Patient.live(*own).where(Patient.id.in_(keys))):
        found[row[0]].values = dict(zip(PATIENT_COLUMNS, row, strict=True))
    for key, digits, rank in rows(_of(Phone, keys, Phone.digits, Phone.rank)):
        found[key].digits.add(digits or "")
        found[key].last_rank = max(found[key].last_rank, rank)
    for key, *said in rows(_of(Condition, keys, Condition.code, Condition.display, Condition.own_words)):
        found[key].conditions.update(fold(text) for text in said if text)
    query = _of(TeamMember, keys, TeamMember.name).where(
        (TeamMember.role == "primary-care") & (TeamMember.until.is_null() | (TeamMember.until >= scope.today))
    )
    for key, name in rows(query):
        found[key].pcps.append(name)
    _program(found, keys)
    for key, *plan in rows(
        _of(Plan, keys, *(getattr(Plan, name) for name in Planned._fields)).order_by(Plan.made_on, Plan.id)
    ):
        found[key].plans.append(Planned(*plan))
    for key, text, identity, version, label in rows(
        _of(SheetNote, keys, SheetNote.text, SheetNote.id, SheetNote.version, SheetNote.label)
    ):
        found[key].notes[label] = Kept(identity, version, text)
    for key, at, *contact in rows(
        _of(Contact, keys, Contact.at, Contact.id, Contact.version, Contact.outcome, Contact.precision)
    ):
        found[key].contacts[day_of(at, scope.zone)] = tuple(contact)
    for key, due, identity, version, its_title, settled in rows(
        _of(Task, keys, Task.due, Task.id, Task.version, Task.title, Task.settled_at)
    ):
        found[key].dues.add(due)
        if its_title == title and settled is None:
            found[key].own_task = (identity, version, due)
    query = _of(TimeEntry, keys, TimeEntry.id, TimeEntry.version, TimeEntry.start, TimeEntry.end)
    for key, identity, version, start, end in rows(query.where(TimeEntry.precision == "month")):
        month = Month.of(day_of(start, scope.zone))
        found[key].totals[month] = Total(identity, version, round((end - start).total_seconds()))
    for month in months:
        for key, seconds in rows(month_seconds(scope, month, patients=keys)):
            found[key].logged[month] = seconds


def _program(found: dict[bytes, Held], keys: list[bytes]) -> None:
    query = _of(Enrollment, keys, *(getattr(Enrollment, name) for name in Enrolled._fields))
    for key, *one in rows(
        query.where(Enrollment.program == PROGRAM).order_by(Enrollment.start, Enrollment.id)
    ):
        found[key].enrollments.append(Enrolled(*one))
    query = _of(Consent, keys, *(getattr(Consent, name) for name in Agreed._fields))
    for key, *one in rows(
        query.where((Consent.program == PROGRAM) & (Consent.decision != "asked")).order_by(
            Consent.date, Consent.id
        )
    ):
        found[key].consents.append(Agreed(*one))
    for key in keys:
        # The one that goes on first, else the latest.
        found[key].enrollments.sort(
            key=lambda one: (one.status in ONGOING, one.start or date.min), reverse=True
        )


def _of(model: Any, keys: list[bytes], *columns: Any) -> Any:
    return model.live(model.patient, *columns).where(model.patient.in_(keys))
