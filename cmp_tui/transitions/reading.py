"""Reading what stands around the discharges of some patients: a few statements for all of them together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from cmp_tui.clinic.calendar import day_of, day_start
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import among, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.encounters.model import Appointment, Stay, Visit
from cmp_tui.patients.model import Condition, Patient
from cmp_tui.tasks.model import Snooze
from cmp_tui.transitions.facts import (
    Around,
    BookedFact,
    ConditionFact,
    ContactFact,
    PutOff,
    StayFact,
    VisitFact,
)
from cmp_tui.transitions.rules import SOURCES

LOOK_BACK = timedelta(days=400)
"""How far before the first day asked for stays are read: readmissions and counts of a year need no more."""
COLUMNS = (
    Stay.id, Stay.kind, Stay.facility, Stay.admitted, Stay.discharged, Stay.discharged_to, Stay.discharged_at,
    Stay.reason, Stay.medications_reconciled_on, Stay.admitted_from, Stay.emergency, Stay.heard_on, Stay.heard_from,
    Stay.summary_on, Stay.complexity, Stay.remarks,
)  # fmt: skip
"""What makes a StayFact, in its order."""
Grouped = dict[bytes, list[Any]]


def stay_fact(values: Any) -> StayFact:
    """A stay from its COLUMNS."""
    key, kind, facility, admitted, out, to, out_at, reason, *rest = values
    reconciled, came_from, emergency, heard_on, heard_from, summary, complexity, remarks = rest
    left_at = int(out_at.timestamp()) if out_at is not None else None
    return StayFact(
        bytes(key), kind, facility or "", admitted, out, to, left_at, reason or "", reconciled, came_from, emergency,
        heard_on, heard_from or "", summary, complexity, remarks or "",
    )  # fmt: skip


def around(scope: Scope, patients: Collection[bytes], since: date) -> dict[bytes, Around]:
    """Returns what stands around the discharges of some patients since a day."""
    if not patients:
        return {}
    keys = list(patients)
    stays, visits = _stays(keys, since), _visits(keys, since)
    contacts, booked, put_off = _contacts(scope, keys, since), _booked(keys, since), _put_off(scope, keys)
    p = Patient
    found: dict[bytes, Around] = {}
    for key, died, died_on in rows(p.live(p.id, p.deceased, p.deceased_on).where(among(p.id, keys))):
        found[key] = Around(
            stays.get(key, ()), visits.get(key, ()), contacts.get(key, ()), booked.get(key, ()), put_off.get(key, ()),
            bool(died), died_on,
        )  # fmt: skip
    return found


def conditions_of(patients: Collection[bytes]) -> Mapping[bytes, list[ConditionFact]]:
    """Returns the conditions of some patients, as LACE reads them."""
    c = Condition
    found: dict[bytes, list[ConditionFact]] = {}
    query = c.live(c.patient, c.id, c.display, c.system, c.code, c.group, c.status, c.onset).where(
        among(c.patient, list(patients))
    )
    for patient, key, display, system, code, group, status, onset in rows(query.order_by(c.patient, c.id)):
        icd = code.replace(".", "").upper() if code and system == "icd-10-cm" else None
        found.setdefault(patient, []).append(ConditionFact(key, display, icd, group, status, onset))
    return found


def _stays(keys: list[bytes], since: date) -> Grouped:
    s = Stay
    query = s.live(s.patient, *COLUMNS).where(among(s.patient, keys) & (s.admitted >= since - LOOK_BACK))
    found: Grouped = {}
    for patient, *values in rows(query.order_by(s.patient, s.admitted, s.id)):
        found.setdefault(patient, []).append(stay_fact(values))
    return found


def _visits(keys: list[bytes], since: date) -> Grouped:
    v = Visit
    names = dict(rows(Staff.live(Staff.username, Staff.name)))
    found: Grouped = {}
    query = v.live(v.patient, v.id, v.date, v.kind, v.mdm, v.practitioner).where(
        among(v.patient, keys) & (v.date >= since)
    )
    for patient, key, day, kind, mdm, who in rows(query.order_by(v.patient, v.date, v.id)):
        one = VisitFact(key, day, kind, mdm, names.get(who, who) or "")
        found.setdefault(patient, []).append(one)
    return found


def _contacts(scope: Scope, keys: list[bytes], since: date) -> Grouped:
    c, t, zone = Contact, TimeEntry, scope.zone
    query = (
        c.live(c.patient, c.id, c.at, Staff.name, Staff.clinical, c.mode, c.outcome, c.with_whom, c.precision)
        .join(Staff, on=(Staff.id == c.staff))
        .where(among(c.patient, keys) & (c.at >= day_start(since, zone)))
        .order_by(c.patient, c.at, c.id)
    )
    dates_only = t.live(t.contact).where(
        among(t.patient, keys) & (t.activity == "scheduling") & t.contact.is_null(False)
    )
    scheduling = {bytes(key) for (key,) in rows(dates_only)}
    found: Grouped = {}
    for patient, key, at, who, clinical, mode, outcome, with_whom, precision in rows(query):
        one = ContactFact(
            key, int(at.timestamp()), day_of(at, zone), who, clinical, mode, outcome, with_whom, key in scheduling,
            precision,
        )  # fmt: skip
        found.setdefault(patient, []).append(one)
    return found


def _booked(keys: list[bytes], since: date) -> Grouped:
    a = Appointment
    found: Grouped = {}
    query = a.live(a.patient, a.id, a.day, a.time, a.kind, a.what).where(
        among(a.patient, keys) & (a.status == "booked") & (a.day >= since)
    )
    for patient, key, day, time, kind, what in rows(query.order_by(a.patient, a.day, a.id)):
        found.setdefault(patient, []).append(BookedFact(key, day, time or "", kind, what or ""))
    return found


def _put_off(scope: Scope, keys: list[bytes]) -> Grouped:
    s = Snooze
    names = [name for sources in SOURCES.values() for name in sources]
    found: Grouped = {}
    query = s.live(s.patient, s.source, s.until, s.why).where(
        among(s.patient, keys) & s.source.in_(names) & (s.until > scope.today)
    )
    for patient, source, until, why in rows(query.order_by(s.until, s.id)):
        found.setdefault(patient, []).append(PutOff(source, until, why))
    return found
