"""Reading what the eligibility checklist asks: one statement a table for some hundred patients at a time.

Values are read as they stand in the file, past the fields' converters, which would cost more than all the rest.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from cmp_tui.assessments.model import Assessment, PayerScore
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import among, raw
from cmp_tui.clinic.scope import Scope
from cmp_tui.encounters.model import Service, Stay, Visit
from cmp_tui.enrollment import eligibility_facts as known
from cmp_tui.enrollment.eligibility_facts import Known
from cmp_tui.enrollment.eligibility_rules import Book
from cmp_tui.enrollment.model import Enrollment
from cmp_tui.enrollment.rules import ONGOING
from cmp_tui.measurements.model import DeviceDays
from cmp_tui.patients.model import Condition, Patient

PIECE = 1_000
"""Patients read at a time."""
DONE = frozenset({"completed", "amended"})
"""States of an assessment that says something."""

Grouped = dict[bytes, list[Any]]


def each_known(
    scope: Scope, book: Book, patients: Collection[bytes] | None = None
) -> Iterator[tuple[bytes, Known]]:
    """Gives what is known of each patient (None: of everybody), by their keys. Who was struck out is missing."""
    p = Patient
    query = p.live(p.id, p.payer, p.deceased, p.billing_practitioner).order_by(p.id)
    if patients is not None:
        query = query.where(among(p.id, patients))
    people = list(raw(query))
    reading = _Reading(book)
    for at in range(0, len(people), PIECE):
        yield from reading.of(people[at : at + PIECE], whole=patients is None)


class _Days(dict[str, date]):
    """Days by their text: the same few hundred come again and again."""

    def __missing__(self, text: str) -> date:
        self[text] = day = date.fromisoformat(text)
        return day


class Practitioners(dict[str, str]):
    """A practitioner as the rules know them: the username of one of the staff, else the text itself."""

    def __init__(self) -> None:
        super().__init__()
        self._usernames: dict[str, str] = {}
        staff = list(raw(Staff.select(Staff.username, Staff.name)))
        for username, name in staff:
            self._usernames[name.casefold()] = username
        for username, _ in staff:
            self._usernames[username.casefold()] = username

    def __missing__(self, text: str) -> str:
        self[text] = found = self._usernames.get(text.casefold(), text)
        return found

    def of(self, text: str | None) -> str | None:
        """The same for who may not be known."""
        return self[text] if text else None


class _Reading:
    """Reads piece after piece for one day's book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._days, self._names = _Days(), Practitioners()

    def of(self, people: Sequence[tuple[Any, ...]], *, whole: bool) -> Iterator[tuple[bytes, Known]]:
        """What is known of some people: all between the first and the last key when they are everybody."""
        keys = [row[0] for row in people]
        if whole:
            low, high = keys[0], keys[-1]

            def within(model: Any) -> Any:
                return (model.patient >= low) & (model.patient <= high)
        else:

            def within(model: Any) -> Any:
                return among(model.patient, keys)

        conditions, visits = self._conditions(within), self._visits(within)
        stays, services, times = self._stays(within), self._services(within), self._times(within)
        asked, scores, sent = self._asked(within), self._scores(within), self._sent(within)
        names = self._names
        for key, payer, deceased, doctor in people:
            yield key, Known(
                payer, deceased == 1, doctor and names[doctor], conditions.get(key, ()), visits.get(key, ()),
                stays.get(key, ()), services.get(key, ()), times.get(key, ()), asked.get(key, ()),
                scores.get(key, ()), sent.get(key, ()),
            )  # fmt: skip

    def _conditions(self, within: Any) -> Grouped:
        c = Condition
        query = c.live(
            c.patient, c.system, c.code, c.display, c.group, c.chronic, c.onset, c.resolved, c.id
        ).where((c.status.not_in(["resolved"]) | c.resolved.is_null(False)) & within(c))
        found: Grouped = {}
        make = known.Condition._make
        for patient, system, code, display, group, chronic, onset, resolved, key in raw(
            query.order_by(c.patient)
        ):
            said = None if chronic is None else chronic == 1
            one = make((system, code, display, group, said, onset, resolved, key))
            if patient in found:
                found[patient].append(one)
            else:
                found[patient] = [one]
        return found

    def _visits(self, within: Any) -> Grouped:
        v = Visit
        query = v.live(v.patient, v.date, v.practitioner, v.kind, v.care_management_discussed, v.id)
        query = query.where((v.date <= self._book.today) & within(v)).order_by(v.patient, v.date)
        found: Grouped = {}
        make, days, names = known.Visit._make, self._days, self._names
        for patient, day, doctor, kind, discussed, key in raw(query):
            said = None if discussed is None else discussed == 1
            one = make((days[day], doctor and names[doctor], kind, said, key))
            if patient in found:
                found[patient].append(one)
            else:
                found[patient] = [one]
        return found

    def _stays(self, within: Any) -> Grouped:
        s, days, book = Stay, self._days, self._book
        recent = (s.admitted >= book.use_since) | (s.discharged >= book.transition_since)
        query = s.live(s.patient, s.kind, s.admitted, s.discharged, s.discharged_to, s.id)
        found: Grouped = {}
        for patient, kind, admitted, out, to, key in raw(query.where(recent & within(s)).order_by(s.patient)):
            one = known.Stay(kind, days[admitted], out and days[out], to, key)
            found.setdefault(patient, []).append(one)
        return found

    def _services(self, within: Any) -> Grouped:
        s, days, names = Service, self._days, self._names
        since = min(self._book.services_since, self._book.transition_since)
        recent = (s.start >= since) | (s.end >= since)
        query = s.live(s.patient, s.code, s.start, s.end, s.practitioner, s.id).where(
            (s.ours == False) & recent & (s.start <= self._book.today)  # noqa: E712
        )
        found: Grouped = {}
        for patient, code, start, end, doctor, key in raw(query.where(within(s)).order_by(s.start, s.id)):
            one = known.Service(code.upper(), days[end or start], doctor and names[doctor], key)
            found.setdefault(patient, []).append(one)
        return found

    def _times(self, within: Any) -> Grouped:
        e, days, names = Enrollment, self._days, self._names
        query = e.live(e.patient, e.program, e.practitioner, e.start, e.id).where(
            e.status.in_(sorted(ONGOING)) & within(e)
        )
        found: Grouped = {}
        for patient, program, doctor, start, key in raw(query.order_by(e.patient)):
            one = known.Time(program, doctor and names[doctor], start and days[start], key)
            found.setdefault(patient, []).append(one)
        return found

    def _asked(self, within: Any) -> Grouped:
        a, days = Assessment, self._days
        query = a.live(a.patient, a.instrument, a.date, a.status, a.flags, a.band, a.id).where(
            (a.date >= self._book.reads_since) & (a.date <= self._book.today) & within(a)
        )
        found: Grouped = {}
        for patient, instrument, day, status, flags, band, key in raw(query.order_by(a.date, a.id)):
            if status != "stopped":
                raised = sorted(json.loads(flags)) if flags else []
                named = tuple([*raised, band] if band else raised)
                one = known.Assessed(instrument, days[day], status in DONE, named, key)
                found.setdefault(patient, []).append(one)
        return found

    def _scores(self, within: Any) -> Grouped:
        s, days = PayerScore, self._days
        query = s.live(s.patient, s.kind, s.value, s.date, s.id).where(within(s))
        found: Grouped = {}
        for patient, kind, value, day, key in raw(query.order_by(s.date, s.id)):
            found.setdefault(patient, []).append(known.Score(kind, value, days[day], key))
        return found

    def _sent(self, within: Any) -> Grouped:
        d, days = DeviceDays, self._days
        query = d.live(d.patient, d.end, d.id).where(
            (d.end >= self._book.reads_since) & (d.days > 0) & within(d)
        )
        found: Grouped = {}
        for patient, end, key in raw(query.order_by(d.end)):
            found.setdefault(patient, []).append(known.Sent(days[end], key))
        return found
