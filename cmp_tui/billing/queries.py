"""The time log: every span of a month with what an auditor asks, by span and by patient."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from peewee import JOIN

from cmp_tui.billing.programs import threshold
from cmp_tui.billing.rules import EntryFacts, whole_minutes, why_not
from cmp_tui.clinic.calendar import Month, day_of, local
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.contacts.rules import is_late, seconds_of
from cmp_tui.enrollment.queries import Standing, standings
from cmp_tui.enrollment.rules import needs_consent
from cmp_tui.patients.model import Patient


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
    note: str | None


class PatientMonth(NamedTuple):
    """One patient's month: seconds summed, floored once to minutes."""

    mrn: str
    patient: str
    birth_date: str | None
    program: str | None
    entries: int
    seconds: int
    minutes: int
    billable_seconds: int
    billable_minutes: int
    first_unit: int | None
    reached: bool | None
    first_date: date
    last_date: date
    staff: str


def time_log(
    scope: Scope,
    month: Month,
    *,
    program: str | None = None,
    staff: str | None = None,
    practitioner: str | None = None,
) -> list[Span]:
    """Returns the month's spans by MRN and start. The order is complete, so two runs give the same rows.

    `staff` is a username, `practitioner` a username or a name. An entry that was struck out is not in the log; its
    history keeps it.
    """
    first, after = month.span(scope.zone)
    query = (
        TimeEntry.live(
            TimeEntry.patient, Patient.mrn, Patient.family, Patient.given, Patient.birth_date, TimeEntry.start,
            TimeEntry.end, TimeEntry.group_size, TimeEntry.group_place, Staff.name, TimeEntry.credential,
            TimeEntry.clinical, TimeEntry.program, TimeEntry.practitioner, Patient.billing_practitioner,
            TimeEntry.activity, Contact.mode, Contact.with_whom, Contact.outcome,
            TimeEntry.in_billed_visit, TimeEntry.entered_at, TimeEntry.amended_at, TimeEntry.amended_why,
            TimeEntry.precision,
            TimeEntry.note, Contact.why, Contact.changed, Contact.did, Contact.next,
        )
        .join(Patient, on=(Patient.id == TimeEntry.patient))
        .switch(TimeEntry)
        .join(Staff, on=(Staff.id == TimeEntry.staff))
        .switch(TimeEntry)
        .join(Contact, JOIN.LEFT_OUTER, on=(Contact.id == TimeEntry.contact) & Contact.struck_at.is_null())
        .where((TimeEntry.start >= first) & (TimeEntry.start < after))
        .order_by(Patient.mrn, Patient.id, TimeEntry.start, Staff.username, TimeEntry.id)
    )  # fmt: skip
    if program:
        query = query.where(TimeEntry.program == program)
    if staff:
        query = query.where(Staff.username == staff)
    standing = standings(scope)
    names = dict(rows(Staff.select(Staff.username, Staff.name)))
    spans = [_span(scope, row, standing, names) for row in rows(query)]
    wanted = names.get((practitioner or "").lower(), practitioner)
    return [span for span in spans if wanted is None or span.practitioner == wanted]


def time_log_by_patient(scope: Scope, month: Month, **narrow: Any) -> list[PatientMonth]:
    """Returns each patient's month, one row a program, from the same spans as `time_log`."""
    return by_patient(scope.reference, month, time_log(scope, month, **narrow))


def by_patient(reference: Reference, month: Month, spans: Iterable[Span]) -> list[PatientMonth]:
    """Sums spans in the order of `time_log` by patient and program."""
    months = []
    for (mrn, patient, born), theirs in groupby(
        spans, key=lambda span: (span.mrn, span.patient, span.birth_date)
    ):
        by_program: dict[str, list[Span]] = {}
        for span in theirs:
            by_program.setdefault(span.program or "", []).append(span)
        for program in sorted(by_program):
            months.append(
                _month_of(reference, month, mrn, patient, born, program or None, by_program[program])
            )
    return months


def _month_of(
    reference: Reference,
    month: Month,
    mrn: str,
    patient: str,
    born: str | None,
    program: str | None,
    spans: list[Span],
) -> PatientMonth:
    seconds = sum(span.seconds for span in spans)
    billable = sum(span.seconds for span in spans if span.billable)
    rule = threshold(reference, program, month.last) if program else None
    first = rule.first if rule else None
    return PatientMonth(
        mrn, patient, born, program, len(spans), seconds, whole_minutes(seconds), billable, whole_minutes(billable),
        first, None if first is None else whole_minutes(billable) >= first,
        spans[0].date, spans[-1].date, ";".join(sorted({span.staff for span in spans})),
    )  # fmt: skip


def _span(
    scope: Scope,
    row: tuple[Any, ...],
    standing: dict[tuple[bytes, str], Standing],
    names: dict[str | None, str],
) -> Span:
    (
        patient, mrn, family, given, born, start, end, size, place, staff, credential, clinical, program,
        practitioner, usual_practitioner, activity, mode, with_whom, outcome, in_visit, entered_at, amended_at,
        amended_why, precision, note, why, changed, did, following,
    ) = row  # fmt: skip
    zone = scope.zone
    day = day_of(start, zone)
    doctor = practitioner or usual_practitioner
    reason = why_entry_not(standing.get((bytes(patient), program or "")), program, day, clinical, in_visit, precision)
    lines = [
        note,
        _labelled("Why", why),
        _labelled("Changed", changed),
        _labelled("Did", did),
        _labelled("Next", following),
    ]
    return Span(
        mrn, f"{family}, {given}" if given else family, born, day,
        None if precision else _wall(start, zone), None if precision else _wall(end, zone),
        seconds_of(start, end, size, place), scope.settings.time_zone, staff, credential, clinical, program,
        names.get(doctor, doctor), activity, mode or "none", with_whom, outcome or "not-applicable",
        reason is None, reason, _wall(entered_at, zone), is_late(end, entered_at, zone),
        _wall(amended_at, zone) if amended_at else None, amended_why, "\n".join(line for line in lines if line) or None,
    )  # fmt: skip


def why_entry_not(
    stands: Standing | None,
    program: str | None,
    day: date,
    clinical: bool,
    in_billed_visit: bool,
    precision: str | None = None,
) -> str | None:
    """Returns why time on a day can't be billed, in words; None when it can. `stands` is the patient's standing."""
    consent = stands.consent_on(day) if stands else None
    return why_not(
        EntryFacts(
            program=program,
            clinical=clinical,
            in_billed_visit=in_billed_visit,
            enrolled=stands is not None and stands.enrolled_on(day),
            consent=consent if needs_consent(program or "") else "accepted",
            precision=precision,
        )
    )


def _wall(instant: datetime, zone: Any) -> datetime:
    return local(instant, zone).replace(tzinfo=None)


def _labelled(label: str, text: str | None) -> str | None:
    return f"{label}: {text}" if text else None
