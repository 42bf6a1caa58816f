"""What is known of one patient around a discharge: plain values, filled by queries, judged by rules. Pure.

Moments are seconds since 1970; days are the clinic's. None means "not known", which is not "no".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

Day = date


class StayFact(NamedTuple):
    """A stay, or an emergency visit; without `discharged` it goes on."""

    key: bytes
    kind: str
    facility: str
    admitted: date
    discharged: date | None
    to: str | None = None
    discharged_at: int | None = None
    reason: str = ""
    reconciled_on: str | None = None
    came_from: str | None = None
    emergency: bool | None = None
    heard_on: date | None = None
    heard_from: str = ""
    summary_on: date | None = None
    complexity: str | None = None
    remarks: str = ""


class VisitFact(NamedTuple):
    """A visit to a practitioner after a discharge."""

    key: bytes
    day: Day
    kind: str
    mdm: str | None = None
    by: str = ""


class ContactFact(NamedTuple):
    """A contact or an attempt (reach_rules.Met)."""

    key: bytes
    at: int
    day: Day
    by: str
    clinical: bool
    mode: str
    outcome: str
    with_whom: str
    scheduling: bool
    precision: str | None = None


class BookedFact(NamedTuple):
    """A visit that is planned."""

    key: bytes
    day: Day
    time: str
    kind: str
    what: str


class PutOff(NamedTuple):
    """A clock that was put off in Today: which, until when, and why."""

    source: str
    until: Day
    why: str


class ConditionFact(NamedTuple):
    """A condition; `code` is an ICD-10-CM code without the dot, None for any other."""

    key: bytes
    words: str
    code: str | None
    group: str | None
    status: str
    onset: str | None = None


class Around(NamedTuple):
    """Everything around one patient's discharges. `stays` are all of the last thirteen months, oldest first."""

    stays: Sequence[StayFact] = ()
    visits: Sequence[VisitFact] = ()
    contacts: Sequence[ContactFact] = ()
    booked: Sequence[BookedFact] = ()
    put_off: Sequence[PutOff] = ()
    died: bool = False
    died_on: str | None = None
