"""What the chart asks: its head, its summary, its calls and time, who looked at it."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from peewee import JOIN

from cmp_tui.assessments.payer_queries import PayerScoreLine, payer_scores
from cmp_tui.assessments.risk_queries import TierLine, tier_line
from cmp_tui.billing.minutes import MonthMinutes, month_minutes
from cmp_tui.billing.programs import threshold
from cmp_tui.billing.queries import why_entry_not
from cmp_tui.careplan.engagement_queries import engagement_of
from cmp_tui.careplan.engagement_rules import Engagement
from cmp_tui.clinic.calendar import Month, day_of
from cmp_tui.clinic.model import Audit, Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.lines import ContactLine, EntryLine, contact_lines, entry_lines
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.desk.queries import programs
from cmp_tui.encounters.appointment_queries import AppointmentLine, appointments_of
from cmp_tui.encounters.queries import ServiceLine, StayLine, VisitLine, services, stays, visits
from cmp_tui.enrollment.eligibility_queries import DecisionLine, decisions, eligible
from cmp_tui.enrollment.eligibility_rules import Judged
from cmp_tui.enrollment.queries import (
    ConsentLine,
    EnrollmentLine,
    Standing,
    consent_shown,
    consents,
    enrollments,
    standings,
)
from cmp_tui.enrollment.rules import Shown
from cmp_tui.measurements.queries import Latest, VaccineLine, latest_values, vaccinations
from cmp_tui.medications.queries import MedicationLine, medications
from cmp_tui.patients.merged import merged_from
from cmp_tui.patients.queries import (
    AllergyLine,
    Card,
    ConditionLine,
    SheetNoteLine,
    TeamLine,
    allergies,
    conditions,
    patient_card,
    sheet_notes,
    team,
)

LOOKS = ("look.chart", "look.preview", "look.export")
MOST_LOOKS = 300
MOST_VISITS = 40


class Head(NamedTuple):
    """What always stands above a chart."""

    card: Card
    enrollment: EnrollmentLine | None
    program: str
    consent: Shown | None
    minutes: MonthMinutes
    today: date


class Summary(NamedTuple):
    """Everything that the summary lists."""

    card: Card
    enrollments: list[EnrollmentLine]
    consents: list[ConsentLine]
    conditions: list[ConditionLine]
    allergies: list[AllergyLine]
    team: list[TeamLine]
    medications: list[MedicationLine]
    values: list[Latest]
    vaccines: list[VaccineLine]
    stays: list[StayLine]
    visits: list[VisitLine]
    notes: list[SheetNoteLine]
    eligible: Judged
    decisions: list[DecisionLine]
    services: list[ServiceLine]
    scores: list[PayerScoreLine]
    tier: TierLine | None
    engagement: Engagement
    appointments: list[AppointmentLine]


class Call(NamedTuple):
    """One line of Calls & time: a contact with its (first) time entry, or one of the two.

    `why_not` says why the entry can't be billed; None when it can, or when there is no entry.
    """

    at: datetime
    month: Month
    contact: ContactLine | None
    entry: EntryLine | None
    why_not: str | None

    @property
    def key(self) -> tuple[str, bytes]:
        """The key of the line's leading record."""
        if self.contact is not None:
            return "contact", self.contact.id
        assert self.entry is not None
        return "entry", self.entry.id


class MonthSum(NamedTuple):
    """A month of a patient: seconds, how many of them can't be billed, entries, and the minutes of the first unit."""

    month: Month
    seconds: int
    not_billable: int
    entries: int
    first: int


class Calls(NamedTuple):
    """A patient's contacts and time, newest first, and the months that they belong to."""

    lines: list[Call]
    months: dict[Month, MonthSum]


class Look(NamedTuple):
    """Someone opened or read the chart."""

    seq: int
    at: datetime
    who: str
    action: str


def head(scope: Scope, patient: bytes) -> Head:
    """Returns what stands above a patient's chart. Raises Gone when there is no such patient."""
    held, program = programs(scope, patient)
    return Head(
        patient_card(scope, patient),
        held[0] if held else None,
        program,
        consent_shown(scope, patient, program),
        month_minutes(scope, Month.of(scope.today), [patient])[patient],
        scope.today,
    )


def summary(scope: Scope, patient: bytes) -> Summary:
    """Returns everything that the summary lists, one query a part. Raises Gone when there is no such patient."""
    return Summary(
        patient_card(scope, patient),
        enrollments(scope, patient),
        consents(scope, patient),
        conditions(scope, patient),
        allergies(scope, patient),
        team(scope, patient),
        medications(scope, patient),
        latest_values(scope, patient),
        vaccinations(scope, patient, MOST_VISITS),
        stays(scope, patient, MOST_VISITS),
        visits(scope, patient, MOST_VISITS),
        sheet_notes(scope, patient),
        eligible(scope, patient),
        decisions(scope, patient),
        [one for one in services(scope, patient) if not one.ours],
        payer_scores(scope, patient),
        tier_line(scope, patient),
        engagement_of(scope, patient),
        appointments_of(scope, patient, limit=MOST_VISITS),
    )


def calls(scope: Scope, patient: bytes) -> Calls:
    """Returns a patient's contacts and time entries as one list, newest first.

    A contact and its first entry of the same month are one line; its other entries (after a break) stand for
    themselves.
    """
    entries = entry_lines(scope, TimeEntry.patient == patient)
    said = [ContactLine(*row) for row in rows(contact_lines(Contact.patient == patient))]
    standing = {program: stands for (_, program), stands in standings(scope, [patient]).items()}
    reasons = {entry.id: _why_not(scope, standing, entry) for entry in entries}
    first: dict[bytes, EntryLine] = {}
    for entry in entries:
        if entry.contact is not None:
            first.setdefault(entry.contact, entry)
    lines: list[Call] = []
    merged: set[bytes] = set()
    for contact in said:
        month = Month.of(day_of(contact.at, scope.zone))
        own = first.get(contact.id)
        if own is not None and Month.of(day_of(own.start, scope.zone)) != month:
            own = None
        if own is not None:
            merged.add(own.id)
        lines.append(Call(contact.at, month, contact, own, reasons[own.id] if own else None))
    for entry in entries:
        if entry.id not in merged:
            month = Month.of(day_of(entry.start, scope.zone))
            lines.append(Call(entry.start, month, None, entry, reasons[entry.id]))
    lines.sort(key=lambda line: (line.at, line.key), reverse=True)
    return Calls(lines, _months(scope, lines, entries, reasons, standing))


def looks(scope: Scope, patient: bytes, limit: int = MOST_LOOKS) -> list[Look]:
    """Returns who opened or read the chart, the latest first; that of a record that was merged into it too."""
    query = (
        Audit.select(Audit.seq, Audit.at, Staff.name, Audit.action)
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Audit.who))
        .where(Audit.patient.in_([patient, *merged_from(scope, patient)]) & Audit.action.in_(LOOKS))
        .order_by(Audit.seq.desc())
        .limit(limit)
    )
    return [Look(seq, at, who or "", action) for seq, at, who, action in rows(query)]


def _why_not(scope: Scope, standing: dict[str, Standing], entry: EntryLine) -> str | None:
    day = day_of(entry.start, scope.zone)
    stands = standing.get(entry.program or "")
    return why_entry_not(
        scope.reference, stands, entry.program, day, entry.clinical, entry.credential, entry.activity,
        entry.in_billed_visit, entry.precision,
    )  # fmt: skip


def _months(
    scope: Scope,
    lines: list[Call],
    entries: list[EntryLine],
    reasons: dict[bytes, str | None],
    standing: dict[str, Standing],
) -> dict[Month, MonthSum]:
    """The sums of the months: of the same seconds as everywhere, which are floored once where they are shown."""
    found = {line.month: MonthSum(line.month, 0, 0, 0, 0) for line in lines}
    for entry in entries:
        month = Month.of(day_of(entry.start, scope.zone))
        before = found[month]
        lost = entry.seconds if reasons[entry.id] else 0
        found[month] = before._replace(
            seconds=before.seconds + entry.seconds,
            not_billable=before.not_billable + lost,
            entries=before.entries + 1,
        )
    for month, total in found.items():
        held = [
            one for one in standing.values() if one.times and one.enrolled_on(min(month.last, scope.today))
        ]
        rule = threshold(scope.reference, held[0].program, month.last) if len(held) == 1 else None
        found[month] = total._replace(first=rule.first if rule else 0)
    return found
