"""What is known of one patient's month: plain values, filled by queries, judged by the engine. Pure.

Moments are seconds since 1970; days are the clinic's. A practitioner is a username of the staff, or the name of
someone outside. None means "not known", which is not "no".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from cmp_tui.clinic.calendar import Month

Day = date  # a field of this name hides the type


class Entry(NamedTuple):
    """A time entry. `seconds` is this patient's share; `size` how many patients shared it."""

    key: bytes
    start: int
    end: int
    seconds: int
    size: int
    staff: str
    credential: str
    clinical: bool
    program: str | None
    practitioner: str | None
    activity: str
    in_billed_visit: bool
    precision: str | None
    outcome: str | None


class Consent(NamedTuple):
    """A decision about a program; the fields that `enrollment.rules` reads come first."""

    program: str
    decision: str
    date: Day
    effective_to: Day | None
    practitioner: str | None
    key: bytes
    points: frozenset[str] | None = None


class Enrollment(NamedTuple):
    """A time in a program; both days included."""

    program: str
    status: str
    start: date | None
    end: date | None
    practitioner: str | None
    key: bytes


class Condition(NamedTuple):
    """A health condition. `chronic` None: nobody has said."""

    system: str
    code: str | None
    display: str
    group: str | None
    chronic: bool | None
    onset: str | None
    resolved: str | None
    key: bytes


class Visit(NamedTuple):
    """A visit to a practitioner."""

    date: Day
    practitioner: str | None
    kind: str
    discussed: bool | None
    mdm: str | None
    key: bytes


class Plan(NamedTuple):
    """A care plan."""

    program: str | None
    made_on: date | None
    made_by: str | None
    given_on: date | None
    key: bytes
    given_to: str | None = None


class Complexity(NamedTuple):
    """The medical decision making of the month, as somebody judged it."""

    program: str | None
    practitioner: str | None
    mdm: str
    key: bytes


class Stay(NamedTuple):
    """A stay; without `discharged` it goes on."""

    kind: str
    admitted: date
    discharged: date | None
    discharged_to: str | None
    reconciled_on: str | None
    key: bytes
    discharged_at: int | None = None


class Contact(NamedTuple):
    """A contact or an attempt. `scheduling` says that it was only about appointments."""

    at: int
    day: Day
    staff: str
    clinical: bool
    mode: str
    outcome: str
    with_whom: str
    scheduling: bool
    key: bytes
    precision: str | None = None


class Service(NamedTuple):
    """A service that was billed, by us or by others; both days included."""

    code: str
    start: date
    end: date
    practitioner: str | None
    ours: bool
    key: bytes


class DeviceDays(NamedTuple):
    """On how many days of a period a device sent readings; both days included."""

    start: date
    end: date
    days: int
    key: bytes


class Person(NamedTuple):
    """One of the staff."""

    name: str
    credential: str
    may_bill: bool
    npi: str | None
    place_of_service: str | None = None


class Choices(NamedTuple):
    """The clinic's settings that decide between what could be billed."""

    programs: tuple[str, ...] = ("TCM", "APCM", "CCM", "PCM", "COCM", "BHI", "CHI", "PIN", "RPM")
    families: tuple[str, ...] = ("complex", "practitioner", "staff")
    service_date: str = "last-day"
    place_of_service: str = "11"
    rural_health: bool = False


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """Everything of one patient that a month's billing looks at.

    `day_starts` holds the first moment of each of the month's days, and that of the next month. Visits and stays
    reach back as far as any rule looks; services, contacts and device days as far as those of the month need it.
    Where the day of death is not known, `deceased_on` is the last on which it can have been (None: not even that is
    known) and `died_from` the first.
    """

    month: Month
    today: date
    day_starts: tuple[int, ...]
    mrn: str
    name: str
    birth_date: str | None
    payer: str | None
    mbi: str | None
    qmb: bool | None
    deceased_on: date | None
    practitioner: str | None
    staff: Mapping[str, Person]
    choices: Choices = field(default_factory=Choices)
    entries: Sequence[Entry] = ()
    consents: Sequence[Consent] = ()
    enrollments: Sequence[Enrollment] = ()
    conditions: Sequence[Condition] = ()
    visits: Sequence[Visit] = ()
    plans: Sequence[Plan] = ()
    complexity: Sequence[Complexity] = ()
    stays: Sequence[Stay] = ()
    contacts: Sequence[Contact] = ()
    services: Sequence[Service] = ()
    device_days: Sequence[DeviceDays] = ()
    key: bytes = b""
    died_from: date | None = None

    def day_number(self, moment: int) -> int:
        """Returns which day of the month a moment falls on, counted from 0."""
        return bisect_right(self.day_starts, moment) - 1
