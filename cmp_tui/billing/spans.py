"""The spans of the time log as they come out of the file, one after the other: a month of any size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN

from cmp_tui.billing.programs import counts_activity, counts_credential
from cmp_tui.billing.rules import EntryFacts, why_not
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import among, raw, rows
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.walls import Walls
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.contacts.month import in_month
from cmp_tui.enrollment.queries import Standing, standings
from cmp_tui.enrollment.rules import needs_consent
from cmp_tui.patients.model import Patient

AT_ONCE = 1_000
"""Patients whose month is read together: sorting a few thousand spans is quicker, and smaller, than a million."""


class Span(NamedTuple):
    """One span of the time log. `start` and `end` are clinic time; `seconds` is this patient's share.

    Time that was brought in with no more than its day or month has no `start` and no `end`.

    `staff` and `practitioner` are names as an auditor reads them.
    """

    mrn: str
    patient: str
    birth_date: str | None
    date: date
    start: datetime | None
    end: datetime | None
    seconds: int
    time_zone: str
    staff: str
    credential: str
    clinical: bool
    program: str | None
    practitioner: str | None
    activity: str
    mode: str
    with_whom: str | None
    outcome: str
    billable: bool
    why_not: str | None
    entered_at: datetime
    late: bool
    amended: datetime | None
    amended_why: str | None
    amended_by: str | None
    note: str | None


def month_spans(
    scope: Scope,
    month: Month,
    *,
    program: str | None = None,
    staff: str | None = None,
    practitioner: str | None = None,
    notes: bool = True,
) -> Iterator[Span]:
    """Gives the month's spans by MRN and start. The order is complete, so two runs give the same rows.

    `staff` is a username, `practitioner` a username or a name. An entry that was struck out is not in the log; its
    history keeps it. Without `notes` no note is read.
    """
    names: dict[str | bytes | None, str] = {}
    for key, username, name in rows(Staff.select(Staff.id, Staff.username, Staff.name)):
        names[username] = names[bytes(key)] = name
    wanted = names.get((practitioner or "").lower(), practitioner)
    walls = Walls(scope.zone)
    within = in_month(scope, month)
    if program:
        within &= TimeEntry.program == program
    if staff:
        within &= TimeEntry.staff.in_(Staff.select(Staff.id).where(Staff.username == staff))
    seen = TimeEntry.select(TimeEntry.patient).where(within)
    patients = [
        key for (key,) in raw(Patient.select(Patient.id).where(Patient.id.in_(seen)).order_by(*_ORDER))
    ]
    for at in range(0, len(patients), AT_ONCE):
        some = patients[at : at + AT_ONCE]
        standing = standings(scope, some)
        query = _query(notes).where(within & among(TimeEntry.patient, some))
        for span in _spans(scope, raw(query), walls, _Held(standing, month), names):
            if wanted is None or span.practitioner == wanted:
                yield span


_ORDER = (Patient.mrn, Patient.id)


def _query(notes: bool) -> Any:
    words = (TimeEntry.note, Contact.why, Contact.changed, Contact.did, Contact.next) if notes else ()
    return (
        TimeEntry.live(
            TimeEntry.patient, Patient.mrn, Patient.family, Patient.given, Patient.birth_date, TimeEntry.start,
            TimeEntry.end, TimeEntry.group_size, TimeEntry.group_place, Staff.name, TimeEntry.credential,
            TimeEntry.clinical, TimeEntry.program, TimeEntry.practitioner, Patient.billing_practitioner,
            TimeEntry.activity, Contact.mode, Contact.with_whom, Contact.outcome, TimeEntry.in_billed_visit,
            TimeEntry.entered_at, TimeEntry.amended_at, TimeEntry.amended_why, TimeEntry.amended_by,
            TimeEntry.precision, *words,
        )
        .join(Patient, on=(Patient.id == TimeEntry.patient))
        .switch(TimeEntry)
        .join(Staff, on=(Staff.id == TimeEntry.staff))
        .switch(TimeEntry)
        .join(Contact, JOIN.LEFT_OUTER, on=(Contact.id == TimeEntry.contact) & Contact.struck_at.is_null())
        .order_by(*_ORDER, TimeEntry.start, Staff.username, TimeEntry.id)
    )  # fmt: skip


def _spans(
    scope: Scope,
    found: Iterator[tuple[Any, ...]],
    walls: Walls,
    held: _Held,
    names: Mapping[str | bytes | None, str],
) -> Iterator[Span]:
    """Rows as the file holds them, as spans. Written for very many: one row costs a few microseconds."""
    zone, show = scope.settings.time_zone, walls.at
    reference = scope.reference
    last, name = b"", ""
    reasons: dict[Any, str | None] = {}
    for (
        patient, mrn, family, given, born, began, ended, size, place, staff, credential, clinical, program,
        practitioner, usual_practitioner, activity, mode, with_whom, outcome, in_visit, entered_at, amended_at,
        amended_why, amended_by, precision, *words,
    ) in found:  # fmt: skip
        if patient != last:
            last, name = patient, f"{family}, {given}" if given else family
        start, day = show(began)
        end, last_day = show(ended)
        entered, entered_day = show(entered_at)
        key = (
            *held.on(patient, program or "", day),
            program,
            clinical,
            credential,
            activity,
            in_visit,
            precision,
        )
        if key in reasons:
            reason = reasons[key]
        else:
            reason = reasons[key] = _why(reference, *key)
        doctor = practitioner or usual_practitioner
        whole = ended - began  # and its share as contacts.rules.seconds_of cuts it
        yield Span(
            mrn, name, born, day, None if precision else start, None if precision else end,
            whole if size == 1 else whole * (place + 1) // size - whole * place // size,
            zone, staff, credential, clinical == 1, program, names.get(doctor, doctor), activity, mode or "none",
            with_whom, outcome or "not-applicable", reason is None, reason, entered, entered_day > last_day,
            None if amended_at is None else show(amended_at)[0], amended_why,
            None if amended_by is None else names[amended_by], _note(words) if words else None,
        )  # fmt: skip


def _note(words: list[str | None]) -> str | None:
    labels = ("", "Why: ", "Changed: ", "Did: ", "Next: ")
    return "\n".join(label + text for label, text in zip(labels, words, strict=True) if text) or None


def why_entry_not(
    reference: Reference,
    stands: Standing | None,
    program: str | None,
    day: date,
    clinical: bool,
    credential: str,
    activity: str,
    in_billed_visit: bool,
    precision: str | None,
) -> str | None:
    """Returns why time on a day can't be billed, in words; None when it can. `stands` is the patient's standing."""
    consent, enrolled = _standing_on(stands, day)
    return _why(
        reference, consent, enrolled, program, clinical, credential, activity, in_billed_visit, precision
    )


def _standing_on(stands: Standing | None, day: date) -> tuple[str | None, bool]:
    return (None, False) if stands is None else (stands.consent_on(day), stands.enrolled_on(day))


def _why(
    reference: Reference,
    consent: str | None,
    enrolled: bool,
    program: str | None,
    clinical: bool,
    credential: str,
    activity: str,
    in_billed_visit: bool,
    precision: str | None,
) -> str | None:
    return why_not(
        EntryFacts(
            program=program,
            clinical=counts_credential(reference, program, bool(clinical), credential),
            in_billed_visit=bool(in_billed_visit),
            enrolled=enrolled,
            consent=consent if needs_consent(program or "") else "accepted",
            precision=precision,
            counts=counts_activity(reference, program, activity),
        )
    )


class _Held:
    """What patients agreed to and are enrolled in on the days of a month: for most it is the same on all of them."""

    def __init__(self, standing: Mapping[tuple[bytes, str], Standing], month: Month) -> None:
        self._standing = standing
        self._first, self._last = month.first, month.last
        self._all_month: dict[tuple[bytes, str], tuple[str | None, bool] | None] = {}

    def on(self, patient: bytes, program: str, day: date) -> tuple[str | None, bool]:
        """Returns the decision in force on a day of the month, and whether the patient is enrolled on it."""
        key = patient, program
        if key not in self._all_month:
            stands = self._standing.get(key)
            changes = stands is not None and any(map(self._within, _days_of(stands)))
            self._all_month[key] = None if changes else _standing_on(stands, day)
        return self._all_month[key] or _standing_on(self._standing[key], day)

    def _within(self, day: date | None) -> bool:
        return day is not None and self._first <= day <= self._last


def _days_of(stands: Standing) -> Iterator[date | None]:
    """The days on or after which a standing may be another. (Without `effective_to` a revocation holds from the month
    after it on.)"""
    for fact in stands.facts:
        yield from (fact.date, fact.effective_to)
    for time in stands.times:
        yield from (time.start, time.end)
