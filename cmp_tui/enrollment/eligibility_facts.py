"""What is known of one patient for the eligibility checklist: plain values, filled by queries. Pure.

A practitioner is a username of the staff, or the name of someone outside. None means "not known", which is not "no".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

Day = date  # a field of this name hides the type


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
    key: bytes


class Stay(NamedTuple):
    """A stay, or an emergency visit; without `discharged` it goes on."""

    kind: str
    admitted: date
    discharged: date | None
    discharged_to: str | None
    key: bytes


class Service(NamedTuple):
    """A service that others billed; `end` is its last day."""

    code: str
    end: date
    practitioner: str | None
    key: bytes


class Time(NamedTuple):
    """A time in a program that goes on."""

    program: str
    practitioner: str | None
    start: date | None
    key: bytes


class Assessed(NamedTuple):
    """An instrument that was filled in: its flags, and its band among them. `done` False: it is half done."""

    instrument: str
    date: Day
    done: bool
    flags: tuple[str, ...]
    key: bytes


class Score(NamedTuple):
    """A risk score that came from a payer."""

    kind: str
    value: str
    date: Day
    key: bytes


class Sent(NamedTuple):
    """Days on which a monitoring device sent readings, until `end`."""

    end: date
    key: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """Everything of one patient that the checklist looks at.

    Visits are those that have been, oldest first; assessments and scores oldest first; enrollments those that go on.
    """

    payer: str | None = None
    deceased: bool = False
    practitioner: str | None = None
    conditions: Sequence[Condition] = ()
    visits: Sequence[Visit] = ()
    stays: Sequence[Stay] = ()
    services: Sequence[Service] = ()
    enrollments: Sequence[Time] = ()
    assessments: Sequence[Assessed] = ()
    scores: Sequence[Score] = ()
    devices: Sequence[Sent] = ()
