"""Reading a month's facts: a few statements for the whole clinic, then one plain record a patient."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from typing import Any

from peewee import JOIN

from cmp_tui.billing.engine import facts as known
from cmp_tui.billing.engine.facts import Choices, MonthFacts
from cmp_tui.billing.model import Complexity
from cmp_tui.careplan.model import Plan
from cmp_tui.clinic.calendar import Month, day_of, day_start
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.contacts.rules import seconds_of
from cmp_tui.encounters.model import Service, Stay, Visit
from cmp_tui.enrollment.model import Consent, Enrollment
from cmp_tui.measurements.model import DeviceDays
from cmp_tui.patients.model import Condition, Patient

STAY_REACH = timedelta(days=60)
"""How long before a month a discharge may lie whose transition touches it (a visit by day 14, a window of 30)."""


def month_facts(scope: Scope, month: Month, patients: Collection[bytes] | None = None) -> list[MonthFacts]:
    """Returns the facts of everybody with any time, stay, enrollment or service in a month, by MRN.

    `patients` narrows it to these keys, whether they have anything or not.
    """
    return _Reading(scope, month, patients).facts()


class _Reading:
    """One reading of a month."""

    def __init__(self, scope: Scope, month: Month, patients: Collection[bytes] | None) -> None:
        self._scope, self._month = scope, month
        self._patients = None if patients is None else list(patients)
        self._staff: dict[bytes, tuple[str, known.Person]] = {}
        self._usernames: dict[str, str] = {}

    def facts(self) -> list[MonthFacts]:
        """Reads everything."""
        scope, month = self._scope, self._month
        self._read_staff()
        days = (month.last - month.first).days + 1
        starts = tuple(
            int(day_start(month.first + timedelta(days=number), scope.zone).timestamp())
            for number in range(days + 1)
        )
        settings = scope.settings
        choices = Choices(
            tuple(settings.prefer_program.split()),
            tuple(settings.prefer_family.split()),
            settings.date_of_service,
            settings.place_of_service,
            settings.rural_health,
        )
        staff = dict(self._staff.values())
        entries = self._entries(starts)
        enrollments = self._enrollments()
        stays = self._stays()
        services = self._services()
        device_days = self._device_days()
        there = {*entries, *services, *self._enrolled(enrollments), *self._staying(stays), *device_days}
        if self._patients is not None:
            there = set(self._patients)
        consents, visits = self._consents(there), self._visits(there)
        conditions, plans = self._conditions(there), self._plans(there)
        complexity, contacts = self._complexity(), self._contacts(stays)
        found = []
        for key, mrn, family, given, born, payer, mbi, qmb, died, died_on, doctor in self._people(there):
            found.append(
                MonthFacts(
                    month, scope.today, starts, mrn, f"{family}, {given}" if given else family, born, payer, mbi, qmb,
                    _died(died, died_on), self._name(doctor), staff, choices,
                    entries.get(key, ()), consents.get(key, ()), enrollments.get(key, ()), conditions.get(key, ()),
                    visits.get(key, ()), plans.get(key, ()), complexity.get(key, ()), stays.get(key, ()),
                    contacts.get(key, ()), services.get(key, ()), device_days.get(key, ()), key=key,
                )
            )  # fmt: skip
        return found

    # -- people ----------------------------------------------------------------------------------------------

    def _read_staff(self) -> None:
        query = Staff.select(
            Staff.id, Staff.username, Staff.name, Staff.credential, Staff.may_bill, Staff.npi
        )
        for key, username, name, credential, may_bill, npi in rows(query):
            self._staff[bytes(key)] = (username, known.Person(name, credential, may_bill, npi))
            self._usernames[name.casefold()] = username
        for username, _ in list(self._staff.values()):
            self._usernames[username.casefold()] = username

    def _name(self, text: str | None) -> str | None:
        """A practitioner as the rules know them: the username of one of the staff, else the text itself."""
        return None if text is None else self._usernames.get(text.casefold(), text)

    def _people(self, there: Collection[bytes]) -> Iterator[Any]:
        p = Patient
        query = p.live(
            p.id, p.mrn, p.family, p.given, p.birth_date, p.payer, p.mbi, p.qmb, p.deceased, p.deceased_on,
            p.billing_practitioner,
        ).order_by(p.mrn, p.id)  # fmt: skip
        return (row for row in rows(self._narrow(query, p.id)) if row[0] in there)

    def _narrow(self, query: Any, column: Any) -> Any:
        """Only the patients asked for; a month of the whole clinic reads whole tables."""
        return query if self._patients is None else query.where(column.in_(self._patients))

    def _grouped(self, query: Any, make: Callable[..., Any]) -> dict[bytes, list[Any]]:
        """Rows by patient, whose key comes first."""
        found: dict[bytes, list[Any]] = {}
        for key, *values in rows(query):
            found.setdefault(key, []).append(make(*values))
        return found

    # -- the month's own -------------------------------------------------------------------------------------

    def _entries(self, starts: tuple[int, ...]) -> dict[bytes, list[known.Entry]]:
        e = TimeEntry
        first, after = self._month.span(self._scope.zone)
        query = (
            e.live(
                e.patient, e.id, e.start, e.end, e.group_size, e.group_place, e.staff, e.credential, e.clinical,
                e.program, e.practitioner, e.activity, e.in_billed_visit, e.precision, Contact.outcome,
            )
            .join(Contact, JOIN.LEFT_OUTER, on=(Contact.id == e.contact) & Contact.struck_at.is_null())
            .where((e.start >= first) & (e.start < after))
            .order_by(e.start, e.id)
        )  # fmt: skip
        found: dict[bytes, list[known.Entry]] = {}
        staff = {key: username for key, (username, _) in self._staff.items()}
        for row in rows(self._narrow(query, e.patient)):
            (
                patient, key, start, end, size, place, who, credential, clinical, program, doctor, activity, in_visit,
                precision, outcome,
            ) = row  # fmt: skip
            found.setdefault(patient, []).append(
                known.Entry(
                    key, int(start.timestamp()), int(end.timestamp()), seconds_of(start, end, size, place), size,
                    staff[who], credential, clinical, program, self._name(doctor), activity, in_visit, precision,
                    outcome,
                )
            )  # fmt: skip
        return found

    def _enrollments(self) -> dict[bytes, list[known.Enrollment]]:
        e = Enrollment
        query = e.live(e.patient, e.program, e.status, e.start, e.end, e.practitioner, e.id).order_by(
            e.start, e.id
        )

        def make(*values: Any) -> known.Enrollment:
            program, status, start, end, doctor, key = values
            return known.Enrollment(program, status, start, end, self._name(doctor), key)

        return self._grouped(self._narrow(query, e.patient), make)

    def _enrolled(self, enrollments: dict[bytes, list[known.Enrollment]]) -> Iterator[bytes]:
        first, last = self._month.first, self._month.last
        for key, theirs in enrollments.items():
            if any(
                one.start and one.start <= last and (one.end is None or one.end >= first)
                for one in theirs
                if one.status != "cancelled"
            ):
                yield key

    def _stays(self) -> dict[bytes, list[known.Stay]]:
        s = Stay
        reach = self._month.first - STAY_REACH
        query = s.live(
            s.patient, s.kind, s.admitted, s.discharged, s.discharged_to, s.medications_reconciled_on, s.id
        ).where((s.admitted <= self._month.last) & (s.discharged.is_null() | (s.discharged >= reach)))
        return self._grouped(self._narrow(query.order_by(s.admitted, s.id), s.patient), known.Stay)

    def _staying(self, stays: dict[bytes, list[known.Stay]]) -> Iterator[bytes]:
        """Who was in a stay in the month, or may have a transition's visit in it."""
        reach = self._month.first - timedelta(days=30)
        for key, theirs in stays.items():
            if any(one.discharged is None or one.discharged >= reach for one in theirs):
                yield key

    def _services(self) -> dict[bytes, list[known.Service]]:
        s = Service
        reach = self._month.first - STAY_REACH
        query = s.live(s.patient, s.code, s.start, s.end, s.practitioner, s.ours, s.id).where(
            (s.start <= self._month.last + timedelta(days=30))
            & ((s.end >= reach) | (s.start >= reach) | (s.code.in_(["G0506", "99453"])))
        )

        def make(*values: Any) -> known.Service:
            code, start, end, doctor, ours, key = values
            return known.Service(code, start, end or start, self._name(doctor), ours, key)

        return self._grouped(self._narrow(query.order_by(s.start, s.id), s.patient), make)

    def _device_days(self) -> dict[bytes, list[known.DeviceDays]]:
        d = DeviceDays
        query = d.live(d.patient, d.start, d.end, d.days, d.id).where(
            (d.end >= self._month.first) & (d.end <= self._month.last)
        )
        return self._grouped(self._narrow(query, d.patient), known.DeviceDays)

    def _complexity(self) -> dict[bytes, list[known.Complexity]]:
        c = Complexity
        query = c.live(c.patient, c.program, c.practitioner, c.mdm, c.id).where(c.month == str(self._month))

        def make(*values: Any) -> known.Complexity:
            program, doctor, mdm, key = values
            return known.Complexity(program, self._name(doctor), mdm, key)

        return self._grouped(self._narrow(query.order_by(c.id), c.patient), make)

    # -- what reaches back -----------------------------------------------------------------------------------

    def _of(
        self, there: Collection[bytes], query: Any, column: Any, make: Callable[..., Any]
    ) -> dict[bytes, list[Any]]:
        found = self._grouped(self._narrow(query, column), make)
        return {key: found[key] for key in there if key in found}

    def _consents(self, there: Collection[bytes]) -> dict[bytes, list[known.Consent]]:
        c = Consent
        query = c.live(c.patient, c.program, c.decision, c.date, c.effective_to, c.practitioner, c.id)

        def make(*values: Any) -> known.Consent:
            program, decision, day, effective_to, doctor, key = values
            return known.Consent(program, decision, day, effective_to, self._name(doctor), key)

        return self._of(there, query.order_by(c.date, c.id), c.patient, make)

    def _visits(self, there: Collection[bytes]) -> dict[bytes, list[known.Visit]]:
        v = Visit
        query = v.live(
            v.patient, v.date, v.practitioner, v.kind, v.care_management_discussed, v.mdm, v.id
        ).where(v.date <= self._month.last + timedelta(days=30))

        def make(*values: Any) -> known.Visit:
            day, doctor, kind, discussed, mdm, key = values
            return known.Visit(day, self._name(doctor), kind, discussed, mdm, key)

        return self._of(there, query.order_by(v.date, v.id), v.patient, make)

    def _conditions(self, there: Collection[bytes]) -> dict[bytes, list[known.Condition]]:
        c = Condition
        query = c.live(
            c.patient, c.system, c.code, c.display, c.group, c.chronic, c.onset, c.resolved, c.id
        ).where(c.status.not_in(["resolved"]) | c.resolved.is_null(False))
        return self._of(there, query.order_by(c.id), c.patient, known.Condition)

    def _plans(self, there: Collection[bytes]) -> dict[bytes, list[known.Plan]]:
        p = Plan
        query = p.live(p.patient, p.program, p.made_on, p.made_by, p.given_on, p.id)

        def make(*values: Any) -> known.Plan:
            program, made_on, made_by, given_on, key = values
            return known.Plan(program, made_on, self._name(made_by), given_on, key)

        return self._of(there, query.order_by(p.made_on, p.id), p.patient, make)

    def _contacts(self, stays: dict[bytes, list[known.Stay]]) -> dict[bytes, list[known.Contact]]:
        """The contacts after discharges."""
        out = [one.discharged for theirs in stays.values() for one in theirs if one.discharged]
        if not out:
            return {}
        zone = self._scope.zone
        c = Contact
        only_dates = TimeEntry.live(TimeEntry.contact).where(TimeEntry.activity == "scheduling")
        only_dates = only_dates.where(TimeEntry.contact.is_null(False) & TimeEntry.patient.in_(list(stays)))
        scheduling = {key for (key,) in rows(only_dates)}
        query = c.live(c.patient, c.id, c.at, c.staff, Staff.clinical, c.mode, c.outcome, c.with_whom).join(
            Staff, on=(Staff.id == c.staff)
        ).where(
            (c.at >= day_start(min(out), zone))
            & (c.at < day_start(max(out) + timedelta(days=15), zone))
            & c.patient.in_(list(stays))
        )  # fmt: skip

        def make(*values: Any) -> known.Contact:
            key, at, who, clinical, mode, outcome, with_whom = values
            return known.Contact(
                int(at.timestamp()), day_of(at, zone), self._staff[who][0], clinical, mode, outcome, with_whom,
                key in scheduling, key,
            )  # fmt: skip

        return self._grouped(self._narrow(query.order_by(c.at, c.id), c.patient), make)


def _died(died: bool, on: str | None) -> date | None:
    """The day of death where it is known to the day; a month or year counts by its last day."""
    if not died or on is None:
        return None
    if len(on) == 10:
        return date.fromisoformat(on)
    return Month.parse(on).last if len(on) == 7 else date(int(on), 12, 31)
