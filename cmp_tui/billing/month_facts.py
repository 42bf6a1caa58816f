"""Reading a month's facts: a few statements for some hundred patients at a time, one plain record a patient.

Values are read as they stand in the file, past the fields' converters, which would cost more than all the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from peewee import JOIN, fn

from cmp_tui.billing.engine import facts as known
from cmp_tui.billing.engine.facts import Choices, MonthFacts
from cmp_tui.billing.model import Complexity
from cmp_tui.careplan.model import Plan
from cmp_tui.clinic.calendar import Month, day_of, day_start
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import raw, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.contacts.rules import share_of
from cmp_tui.encounters.model import Service, Stay, Visit
from cmp_tui.enrollment.model import Consent, Enrollment
from cmp_tui.measurements.model import DeviceDays
from cmp_tui.patients.model import Condition, Patient

STAY_REACH = timedelta(days=60)
"""How long before a month a discharge may lie whose transition touches it (a visit by day 14, a window of 30)."""
DEVICE_REACH = timedelta(days=92)
"""How long before a month the monitoring periods end that may overlap one of the month, one after the other."""
WINDOW = timedelta(days=30)
PIECE = 400
"""Patients read at a time: as many as one statement names with ease, and few enough to be held in little memory."""


def month_facts(scope: Scope, month: Month, patients: Collection[bytes] | None = None) -> list[MonthFacts]:
    """Returns the facts of everybody with any time, stay, enrollment or service in a month, by MRN.

    `patients` narrows it to these keys, whether they have anything or not.
    """
    return list(each_month_facts(scope, month, in_month_order(scope, month, patients)))


def in_month_order(scope: Scope, month: Month, patients: Collection[bytes] | None = None) -> list[bytes]:
    """Returns the keys of some patients, or of everybody with anything in the month, by MRN."""
    there = there_in_month(scope, month) if patients is None else set(patients)
    query = Patient.live(Patient.id).order_by(Patient.mrn, Patient.id)
    if len(there) <= PIECE:
        query = query.where(Patient.id.in_(list(there)))
    return [key for (key,) in raw(query) if key in there]


def there_in_month(scope: Scope, month: Month, among: Any = None) -> set[bytes]:
    """Returns the keys of everybody with any time, stay, enrollment, service or device days in a month.

    A stay counts for 30 days after its discharge: a transition's visit may lie in the month. `among` narrows it to
    the patients of a subquery.
    """
    e, n, s, v, d = TimeEntry, Enrollment, Stay, Service, DeviceDays
    month_first, month_last = month.first, month.last
    first, after = month.span(scope.zone)
    queries = (
        e.live(e.patient).where((e.start >= first) & (e.start < after)).distinct(),
        n.live(n.patient).where(
            (n.start <= month_last) & (n.end.is_null() | (n.end >= month_first)) & (n.status != "cancelled")
        ),
        s.live(s.patient).where(
            (s.admitted <= month_last) & (s.discharged.is_null() | (s.discharged >= month_first - WINDOW))
        ),
        v.live(v.patient).where((v.start <= month_last) & (fn.COALESCE(v.end, v.start) >= month_first)),
        d.live(d.patient).where((d.end >= month_first) & (d.end <= month_last)),
    )
    found: set[bytes] = set()
    for query in queries:
        patient = query.model.patient
        found.update(key for (key,) in raw(query if among is None else query.where(patient.in_(among))))
    return found


def each_month_facts(scope: Scope, month: Month, keys: Sequence[bytes]) -> Iterator[MonthFacts]:
    """Gives the facts of some patients, in the order of the keys; who was struck out is missing."""
    reading = _Reading(scope, month)
    for at in range(0, len(keys), PIECE):
        yield from reading.of(keys[at : at + PIECE])


class _Reading:
    """One reading of a month."""

    def __init__(self, scope: Scope, month: Month) -> None:
        self._scope, self._month = scope, month
        self._staff: dict[bytes, tuple[str, known.Person]] = {}
        self._usernames: dict[str, str] = {}
        self._read_staff()
        days = (month.last - month.first).days + 1
        self._starts = tuple(
            int(day_start(month.first + timedelta(days=number), scope.zone).timestamp())
            for number in range(days + 1)
        )
        settings = scope.settings
        self._choices = Choices(
            tuple(settings.prefer_program.split()),
            tuple(settings.prefer_family.split()),
            settings.date_of_service,
            settings.place_of_service,
            settings.rural_health,
        )

    def of(self, keys: Sequence[bytes]) -> Iterator[MonthFacts]:
        """Reads everything about some patients."""
        month, today = self._month, self._scope.today
        staff = dict(self._staff.values())
        stays, services, device_days = self._stays(keys), self._services(keys), self._device_days(keys)
        entries, contacts, complexity = self._entries(keys), self._contacts(stays), self._complexity(keys)
        consents, enrollments = self._consents(keys), self._enrollments(keys)
        conditions, visits, plans = self._conditions(keys), self._visits(keys), self._plans(keys)
        for key, mrn, family, given, born, payer, mbi, qmb, died, died_on, doctor in self._people(keys):
            yield MonthFacts(
                month, today, self._starts, mrn, f"{family}, {given}" if given else family, born, payer, mbi,
                _yes(qmb), _died(bool(died), died_on), self._name(doctor), staff, self._choices,
                entries.get(key, ()), consents.get(key, ()), enrollments.get(key, ()), conditions.get(key, ()),
                visits.get(key, ()), plans.get(key, ()), complexity.get(key, ()), stays.get(key, ()),
                contacts.get(key, ()), services.get(key, ()), device_days.get(key, ()), key=key,
                died_from=_died_from(bool(died), died_on),
            )  # fmt: skip

    # -- people ----------------------------------------------------------------------------------------------

    def _read_staff(self) -> None:
        query = Staff.select(
            Staff.id,
            Staff.username,
            Staff.name,
            Staff.credential,
            Staff.may_bill,
            Staff.npi,
            Staff.place_of_service,
        )
        for key, username, name, *person in rows(query):
            self._staff[bytes(key)] = (username, known.Person(name, *person))
            self._usernames[name.casefold()] = username
        for username, _ in list(self._staff.values()):
            self._usernames[username.casefold()] = username

    def _name(self, text: str | None) -> str | None:
        """A practitioner as the rules know them: the username of one of the staff, else the text itself."""
        return None if text is None else self._usernames.get(text.casefold(), text)

    def _people(self, keys: Sequence[bytes]) -> Iterable[Any]:
        p = Patient
        query = p.live(
            p.id, p.mrn, p.family, p.given, p.birth_date, p.payer, p.mbi, p.qmb, p.deceased, p.deceased_on,
            p.billing_practitioner,
        ).where(p.id.in_(keys))  # fmt: skip
        found = {row[0]: row for row in raw(query)}
        return (found[key] for key in keys if key in found)

    @staticmethod
    def _grouped(query: Any, make: Callable[..., Any]) -> dict[bytes, list[Any]]:
        """Rows by patient, whose key comes first."""
        found: dict[bytes, list[Any]] = {}
        for key, *values in raw(query):
            found.setdefault(key, []).append(make(*values))
        return found

    # -- the month's own -------------------------------------------------------------------------------------

    def _entries(self, keys: Sequence[bytes]) -> dict[bytes, list[known.Entry]]:
        e = TimeEntry
        first, after = self._month.span(self._scope.zone)
        query = (
            e.live(
                e.patient, e.id, e.start, e.end, e.group_size, e.group_place, e.staff, e.credential, e.clinical,
                e.program, e.practitioner, e.activity, e.in_billed_visit, e.precision, Contact.outcome,
            )
            .join(Contact, JOIN.LEFT_OUTER, on=(Contact.id == e.contact) & Contact.struck_at.is_null())
            .where((e.start >= first) & (e.start < after) & e.patient.in_(keys))
            .order_by(e.start, e.id)
        )  # fmt: skip
        found: dict[bytes, list[known.Entry]] = {}
        staff = {key: username for key, (username, _) in self._staff.items()}
        make, name = known.Entry._make, self._name
        for row in raw(query):
            (
                patient, key, start, end, size, place, who, credential, clinical, program, doctor, activity, in_visit,
                precision, outcome,
            ) = row  # fmt: skip
            whole = end - start
            seconds = whole if size == 1 else share_of(whole, size, place)
            entry = make(
                (
                    key, start, end, seconds, size, staff[who], credential, clinical == 1, program,
                    doctor and name(doctor), activity, in_visit == 1, precision, outcome,
                )
            )  # fmt: skip
            if patient in found:
                found[patient].append(entry)
            else:
                found[patient] = [entry]
        return found

    def _enrollments(self, keys: Sequence[bytes]) -> dict[bytes, list[known.Enrollment]]:
        e = Enrollment
        query = e.live(e.patient, e.program, e.status, e.start, e.end, e.practitioner, e.id)

        def make(*values: Any) -> known.Enrollment:
            program, status, start, end, doctor, key = values
            return known.Enrollment(program, status, _day(start), _day(end), self._name(doctor), key)

        return self._grouped(query.where(e.patient.in_(keys)).order_by(e.start, e.id), make)

    def _stays(self, keys: Sequence[bytes]) -> dict[bytes, list[known.Stay]]:
        s = Stay
        reach = self._month.first - STAY_REACH
        query = s.live(
            s.patient,
            s.kind,
            s.admitted,
            s.discharged,
            s.discharged_to,
            s.medications_reconciled_on,
            s.id,
            s.discharged_at,
        ).where((s.admitted <= self._month.last) & (s.discharged.is_null() | (s.discharged >= reach)))

        def make(*values: Any) -> known.Stay:
            kind, admitted, discharged, to, reconciled, key, left_at = values
            return known.Stay(
                kind, date.fromisoformat(admitted), _day(discharged), to, reconciled, key, left_at
            )

        return self._grouped(query.where(s.patient.in_(keys)).order_by(s.admitted, s.id), make)

    def _services(self, keys: Sequence[bytes]) -> dict[bytes, list[known.Service]]:
        s = Service
        reach = self._month.first - STAY_REACH
        query = s.live(s.patient, s.code, s.start, s.end, s.practitioner, s.ours, s.id).where(
            (s.start <= self._month.last + WINDOW)
            & ((s.end >= reach) | (s.start >= reach) | fn.UPPER(s.code).in_(["G0506", "99453"]))
        )

        def make(*values: Any) -> known.Service:
            code, start, end, doctor, ours, key = values
            first = date.fromisoformat(start)
            return known.Service(code.upper(), first, _day(end) or first, self._name(doctor), ours == 1, key)

        return self._grouped(query.where(s.patient.in_(keys)).order_by(s.start, s.id), make)

    def _device_days(self, keys: Sequence[bytes]) -> dict[bytes, list[known.DeviceDays]]:
        d = DeviceDays
        query = d.live(d.patient, d.start, d.end, d.days, d.id).where(
            (d.end >= self._month.first - DEVICE_REACH) & (d.end <= self._month.last) & d.patient.in_(keys)
        )

        def make(*values: Any) -> known.DeviceDays:
            start, end, days, key = values
            return known.DeviceDays(date.fromisoformat(start), date.fromisoformat(end), days, key)

        return self._grouped(query, make)

    def _complexity(self, keys: Sequence[bytes]) -> dict[bytes, list[known.Complexity]]:
        c = Complexity
        query = c.live(c.patient, c.program, c.practitioner, c.mdm, c.id).where(c.month == str(self._month))

        def make(*values: Any) -> known.Complexity:
            program, doctor, mdm, key = values
            return known.Complexity(program, self._name(doctor), mdm, key)

        return self._grouped(query.where(c.patient.in_(keys)).order_by(c.id), make)

    # -- what reaches back -----------------------------------------------------------------------------------

    def _consents(self, keys: Sequence[bytes]) -> dict[bytes, list[known.Consent]]:
        c = Consent
        query = c.live(
            c.patient, c.program, c.decision, c.date, c.effective_to, c.practitioner, c.id, c.points
        )

        def make(*values: Any) -> known.Consent:
            program, decision, day, effective_to, doctor, key, points = values
            told = None if points is None else frozenset(points.split(";")) - {""}
            return known.Consent(
                program, decision, date.fromisoformat(day), _day(effective_to), self._name(doctor), key, told
            )

        decided = c.patient.in_(keys) & (c.decision != "asked")  # to have been asked is no decision
        return self._grouped(query.where(decided).order_by(c.date, c.id), make)

    def _visits(self, keys: Sequence[bytes]) -> dict[bytes, list[known.Visit]]:
        v = Visit
        query = v.live(
            v.patient, v.date, v.practitioner, v.kind, v.care_management_discussed, v.mdm, v.id
        ).where(v.patient.in_(keys))

        def make(*values: Any) -> known.Visit:
            day, doctor, kind, discussed, mdm, key = values
            return known.Visit(date.fromisoformat(day), self._name(doctor), kind, _yes(discussed), mdm, key)

        return self._grouped(query.order_by(v.date, v.id), make)

    def _conditions(self, keys: Sequence[bytes]) -> dict[bytes, list[known.Condition]]:
        c = Condition
        query = c.live(
            c.patient, c.system, c.code, c.display, c.group, c.chronic, c.onset, c.resolved, c.id
        ).where((c.status.not_in(["resolved"]) | c.resolved.is_null(False)) & c.patient.in_(keys))

        def make(*values: Any) -> known.Condition:
            system, code, display, group, chronic, onset, resolved, key = values
            return known.Condition(system, code, display, group, _yes(chronic), onset, resolved, key)

        return self._grouped(query.order_by(c.id), make)

    def _plans(self, keys: Sequence[bytes]) -> dict[bytes, list[known.Plan]]:
        p = Plan
        query = p.live(p.patient, p.program, p.made_on, p.made_by, p.given_on, p.id, p.given_to)
        # A plan that is being written still, whose first review nobody has finished, has no day at all: it is none yet.
        finished = fn.COALESCE(p.made_on, p.reviewed_on, p.given_on).is_null(False)

        def make(*values: Any) -> known.Plan:
            program, made_on, made_by, given_on, key, to = values
            return known.Plan(program, _day(made_on), self._name(made_by), _day(given_on), key, to)

        return self._grouped(query.where(p.patient.in_(keys) & finished).order_by(p.made_on, p.id), make)

    def _contacts(self, stays: dict[bytes, list[known.Stay]]) -> dict[bytes, list[known.Contact]]:
        """The contacts after discharges that may concern the month."""
        if not stays:
            return {}
        zone, patients = self._scope.zone, list(stays)
        first = day_start(self._month.first - STAY_REACH, zone)
        after = day_start(self._month.last + WINDOW, zone)
        c = Contact
        only_dates = TimeEntry.live(TimeEntry.contact).where(
            (TimeEntry.activity == "scheduling")
            & TimeEntry.contact.is_null(False)
            & TimeEntry.patient.in_(patients)
        )
        scheduling = {key for (key,) in raw(only_dates)}
        query = (
            c.live(
                c.patient, c.id, c.at, c.staff, Staff.clinical, c.mode, c.outcome, c.with_whom, c.precision
            )
            .join(Staff, on=(Staff.id == c.staff))
            .where((c.at >= first) & (c.at < after) & c.patient.in_(patients))
            .order_by(c.at, c.id)
        )
        found: dict[bytes, list[known.Contact]] = {}
        for patient, key, at, who, clinical, mode, outcome, with_whom, precision in rows(query):
            found.setdefault(patient, []).append(
                known.Contact(
                    int(at.timestamp()), day_of(at, zone), self._staff[who][0], clinical, mode, outcome, with_whom,
                    key in scheduling, key, precision,
                )
            )  # fmt: skip
        return found


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _yes(number: int | None) -> bool | None:
    return None if number is None else number == 1


def _died(died: bool, on: str | None) -> date | None:
    """The day of death where it is known to the day; a month or year counts by its last day."""
    if not died or on is None:
        return None
    if len(on) == 10:
        return date.fromisoformat(on)
    return Month.parse(on).last if len(on) == 7 else date(int(on), 12, 31)


def _died_from(died: bool, on: str | None) -> date | None:
    """The first day on which a death can have been of which the day is not known; None when it is, or nobody died."""
    if not died or (on is not None and len(on) == 10):
        return None
    if on is None:
        return date.min
    return Month.parse(on).first if len(on) == 7 else date(int(on), 1, 1)
