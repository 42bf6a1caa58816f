"""The day review: what someone logged, and what a day of theirs still lacks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from peewee import fn

from cmp_tui.clinic.calendar import day_start
from cmp_tui.clinic.model import Audit
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.lines import ContactLine, EntryLine, contact_lines, entry_lines, patient_name
from cmp_tui.contacts.model import Contact, Gap, TimeEntry
from cmp_tui.contacts.rules import Span, Work, gap_name, gaps, is_dismissed, look_name, overlaps, seconds_of
from cmp_tui.contacts.timer_queries import TimerLine, parked_timers, running_timer
from cmp_tui.patients.model import Patient


class GapLine(NamedTuple):
    """A stretch of over 15 minutes without time, between the first and the last thing of the day."""

    what: str
    start: datetime
    end: datetime


class LookLine(NamedTuple):
    """A chart that was opened on a day on which no time was logged for its patient."""

    what: str
    patient: bytes
    name: str
    first: datetime
    last: datetime
    times: int


class Clash(NamedTuple):
    """Two entries of the day that share time."""

    earlier: EntryLine
    later: EntryLine
    seconds: int


class DayReview(NamedTuple):
    """A person's day. `what` of a gap or a look is the name that `dismiss_gap` takes.

    `seconds` sums the day's entries of all patients.
    """

    day: date
    entries: list[EntryLine]
    contacts: list[ContactLine]
    gaps: list[GapLine]
    looks: list[LookLine]
    overlaps: list[Clash]
    timers: list[TimerLine]
    seconds: int


def my_day(scope: Scope, day: date | None = None) -> DayReview:
    """Returns the person's own day (default today)."""
    day = day or scope.today
    first, after = day_start(day, scope.zone), day_start(day + timedelta(days=1), scope.zone)
    mine = (TimeEntry.staff == scope.who.id) & (TimeEntry.start >= first) & (TimeEntry.start < after)
    known = TimeEntry.precision.is_null() | (TimeEntry.precision != "month")
    entries = entry_lines(scope, mine & known)
    said = (Contact.staff == scope.who.id) & (Contact.at >= first) & (Contact.at < after)
    contacts = [ContactLine(*row) for row in rows(contact_lines(said).order_by(Contact.at, Contact.id))]
    running = running_timer(scope)
    timers = ([running] if running else []) + parked_timers(scope)
    looked = _looks(scope, first, after)
    gone = Gap.live(Gap.what).where((Gap.staff == scope.who.id) & (Gap.day == day))
    names = [name for (name,) in rows(gone)]
    without_time = {entry.patient for entry in entries}
    return DayReview(
        day,
        entries,
        contacts,
        _gaps(scope, (first, after), entries, contacts, looked, timers, names),
        [look for look in looked if look.patient not in without_time and look.what not in names],
        _clashes(entries),
        timers,
        sum(entry.seconds for entry in entries),
    )


def _gaps(
    scope: Scope,
    day: tuple[datetime, datetime],
    entries: Iterable[EntryLine],
    contacts: Iterable[ContactLine],
    looks: Iterable[LookLine],
    timers: Iterable[TimerLine],
    dismissed: list[str],
) -> list[GapLine]:
    """The gaps between the day's first and last sign of work. A timer's time is not a gap: it has its own line."""
    first, after = day
    worked = [Span(entry.start, entry.end) for entry in entries if entry.precision is None]
    for timer in timers:
        start, end = max(timer.start, first), min(timer.stopped_at or scope.now, after)
        if start < end:
            worked.append(Span(start, end))
    signs = [at for span in worked for at in span]
    signs += [contact.at for contact in contacts if contact.precision is None]
    signs += [at for look in looks for at in (look.first, look.last)]
    if not signs:
        return []
    found = gaps(worked, min(signs), max(signs))
    return [GapLine(gap_name(gap), gap.start, gap.end) for gap in found if not is_dismissed(gap, dismissed)]


def _looks(scope: Scope, first: datetime, after: datetime) -> list[LookLine]:
    """The charts that the person opened on the day, in the order in which they were first opened."""
    low, high = fn.MIN(Audit.at).coerce(False), fn.MAX(Audit.at).coerce(False)
    query = (
        Audit.select(Audit.patient, patient_name(), low, high, fn.COUNT(Audit.seq))
        .join(Patient, on=(Patient.id == Audit.patient))
        .where(
            (Audit.who == scope.who.id)
            & (Audit.action == "look.chart")
            & Audit.facts.is_null()  # a form about a patient was opened, which is not reading the chart
            & (Audit.at >= first)
            & (Audit.at < after)
        )
        .group_by(Audit.patient)
        .order_by(fn.MIN(Audit.seq))
    )
    return [
        LookLine(look_name(patient), patient, name, _instant(began), _instant(ended), times)
        for patient, name, began, ended, times in rows(query)
    ]


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _clashes(entries: list[EntryLine]) -> list[Clash]:
    by_key = {entry.id: entry for entry in entries}
    work = [
        Work(entry.id, entry.start, entry.end, entry.group) for entry in entries if entry.precision is None
    ]
    return [
        Clash(by_key[one.key], by_key[other.key], seconds_of(other.start, min(one.end, other.end)))
        for one, other in overlaps(work)
    ]
