"""What stands in the file about people on their way into a program: the facts that their stage follows from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from cmp_tui.assessments.model import Assessment
from cmp_tui.clinic.calendar import day_of, day_start
from cmp_tui.clinic.records import among, rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import Contact
from cmp_tui.contacts.retry_rules import PEOPLE, UNREACHED, reaches
from cmp_tui.enrollment.model import Consent, Eligibility, Enrollment
from cmp_tui.tasks.model import Task

WHOLE = "comprehensive"
"""The name of the comprehensive assessment among the instruments."""
BEGUN = frozenset({"active", "onhold", "finished"})
"""States of an enrollment that has begun; one that ended since was one all the same."""
ANSWERS = ("accepted", "asked", "revoked", "declined")
"""Which answer is spoken of, where several programs were asked about."""


class Since(NamedTuple):
    """From when on things count for an intake: the day of its receipt, that day's beginning, and for one that was
    brought back its key, which is older than the keys of what was done after it on the same day."""

    day: date
    start: datetime
    after: bytes | None = None

    def takes(self, day: date, key: bytes) -> bool:
        """Whether something of a day counts."""
        return day > self.day or (day == self.day and (self.after is None or key > self.after))


class Touch(NamedTuple):
    """A contact with someone, or an attempt."""

    id: bytes
    at: datetime
    mode: str
    outcome: str
    with_whom: str

    @property
    def reached(self) -> bool:
        """Whether it reached the patient or the one who cares for them."""
        return reaches(self.outcome, self.with_whom)

    @property
    def vain(self) -> bool:
        """Whether it was a try in vain."""
        return self.outcome in UNREACHED


class Said(NamedTuple):
    """Something that was decided about a program on a day: eligible or not, the answer to a consent."""

    id: bytes
    program: str
    what: str | bool
    day: date


class Time(NamedTuple):
    """A time in a program."""

    id: bytes
    program: str
    status: str
    start: date | None


class Held(NamedTuple):
    """Everything of one patient, oldest first: contacts with them, decisions, agreements, times in programs.

    `assessed` are the days of complete comprehensive assessments; `call_due` is the day of the next open call-back.
    """

    touches: tuple[Touch, ...] = ()
    decisions: tuple[Said, ...] = ()
    consents: tuple[Said, ...] = ()
    times: tuple[Time, ...] = ()
    assessed: tuple[date, ...] = ()
    call_due: date | None = None

    def touched(self, since: Since, zone: ZoneInfo) -> list[Touch]:
        """The contacts since then."""
        return [
            one for one in self.touches if one.at >= since.start and since.takes(day_of(one.at, zone), one.id)
        ]

    def eligible(self, program: str | None, since: Since, days: int) -> Said | None:
        """What was decided last about a program (None: about any; then one yes is enough), with its day, at the
        earliest that of the receipt.

        A yes from before holds for so many days; a no from before is no reason not to look again.
        """
        latest: dict[str, Said] = {}
        for one in self.decisions:
            fresh = since.takes(one.day, one.id)
            held = one.what is True and one.day >= since.day - timedelta(days=days)
            if program in (None, one.program) and (fresh or held):
                latest[one.program] = one._replace(day=max(one.day, since.day))
            elif program in (None, one.program):
                latest.pop(one.program, None)
        return max(latest.values(), key=lambda one: (one.what, -one.day.toordinal()), default=None)

    def consent(self, program: str | None, since: Since) -> Said | None:
        """The last decision about a program since then; for no program in particular an agreement first."""
        latest = {
            one.program: one
            for one in self.consents
            if program in (None, one.program) and since.takes(one.day, one.id)
        }
        return min(latest.values(), key=lambda one: ANSWERS.index(str(one.what)), default=None)

    def enrolled_on(self, program: str | None, since: Since) -> date | None:
        """The first day of a program that was begun since then."""
        begun = [
            one.start
            for one in self.times
            if one.status in BEGUN
            and one.start is not None
            and program in (None, one.program)
            and since.takes(one.start, one.id)
        ]
        return min(begun, default=None)

    def planned_on(self, program: str | None) -> date | None:
        """The day on which an enrollment is to begin."""
        planned = (
            one.start
            for one in self.times
            if one.status in ("planned", "waitlist") and program in (None, one.program)
        )
        return next((start for start in planned if start is not None), None)


def held_of(scope: Scope, patients: Collection[bytes], since: datetime | None = None) -> Mapping[bytes, Held]:
    """Returns what stands in the file about some patients: six queries, however many they are.

    `since` leaves contacts before it out.
    """
    keys = list(dict.fromkeys(patients))
    if not keys:
        return {}
    people = Contact.with_whom.in_(sorted(PEOPLE))
    touched = Contact.live(
        Contact.patient, Contact.id, Contact.at, Contact.mode, Contact.outcome, Contact.with_whom
    ).where(among(Contact.patient, keys) & people)
    if since is not None:
        touched = touched.where(Contact.at >= since)
    touches = _by_patient(touched.order_by(Contact.at, Contact.id), Touch)
    decided = Eligibility.live(
        Eligibility.patient, Eligibility.id, Eligibility.program, Eligibility.eligible, Eligibility.date
    ).where(among(Eligibility.patient, keys))
    decisions = _by_patient(decided.order_by(Eligibility.date, Eligibility.id), Said)
    agreed = Consent.live(Consent.patient, Consent.id, Consent.program, Consent.decision, Consent.date).where(
        among(Consent.patient, keys)
    )
    consents = _by_patient(agreed.order_by(Consent.date, Consent.id), Said)
    joined = Enrollment.live(
        Enrollment.patient, Enrollment.id, Enrollment.program, Enrollment.status, Enrollment.start
    ).where(among(Enrollment.patient, keys))
    times = _by_patient(joined.order_by(Enrollment.start, Enrollment.id), Time)
    whole = (Assessment.instrument == WHOLE) & Assessment.status.in_(("completed", "amended"))
    looked = Assessment.live(Assessment.patient, Assessment.date).where(
        among(Assessment.patient, keys) & whole
    )
    assessed = _by_patient(looked.order_by(Assessment.date), lambda day: day)
    waiting = Task.settled_at.is_null() & (Task.kind == "call-back")
    calls = Task.live(Task.patient, Task.due).where(among(Task.patient, keys) & waiting)
    due = _by_patient(calls.order_by(Task.due), lambda day: day)
    return {
        key: Held(
            touches.get(key, ()),
            decisions.get(key, ()),
            consents.get(key, ()),
            times.get(key, ()),
            assessed.get(key, ()),
            next(iter(due.get(key, ())), None),
        )
        for key in keys
    }


def since_of(scope: Scope, intake: Any) -> Since:
    """Returns from when on things count for an intake (a row with `id`, `received`, `earlier`)."""
    start = day_start(intake.received, scope.zone)
    return Since(intake.received, start, intake.id if intake.earlier else None)


def first_day(touches: Iterable[Touch], scope: Scope) -> date | None:
    """Returns the day of the first of some contacts."""
    return next((day_of(one.at, scope.zone) for one in touches), None)


def _by_patient(query: Any, make: Callable[..., Any]) -> dict[bytes, tuple[Any, ...]]:
    found: dict[bytes, list[Any]] = {}
    for patient, *values in rows(query):
        found.setdefault(patient, []).append(make(*values))
    return {patient: tuple(theirs) for patient, theirs in found.items()}
