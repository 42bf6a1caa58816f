"""What one entry of the contact form means: which span, which program, which next step. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from cmp_tui.contacts.rules import Span, typed_span
from cmp_tui.enrollment.rules import ONGOING

MOST_MINUTES = 24 * 60
COUNTING = ONGOING | {"finished"}
"""Enrollments that hold on the days between their start and their end."""


class Enrolled(Protocol):
    """What is looked at of an enrollment."""

    @property
    def program(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def start(self) -> date | None: ...
    @property
    def end(self) -> date | None: ...
    @property
    def practitioner(self) -> str | None: ...


class Usual(NamedTuple):
    """The program for which work on a day is meant, and the practitioner who bills it, when nothing is said."""

    program: str | None
    practitioner: str | None


class Spent(NamedTuple):
    """A span of work, and whether its minutes were typed."""

    span: Span
    typed: bool


def usual_program(enrollments: Iterable[Enrolled], day: date) -> Usual:
    """Returns the one program in which a patient is on a day; nothing when there are none or several.

    Which of several programs a minute belongs to is for a person to say: no minute counts twice.
    """
    on_day = [
        one
        for one in enrollments
        if one.status in COUNTING
        and one.start is not None
        and one.start <= day
        and (one.end is None or day <= one.end)
    ]
    if len({one.program for one in on_day}) != 1:
        return Usual(None, None)
    return Usual(on_day[0].program, next((one.practitioner for one in on_day if one.practitioner), None))


def spent(
    at: datetime | None,
    minutes: int | None,
    start: datetime | None,
    end: datetime | None,
    timer: Span | None,
    now: datetime,
) -> Spent | None:
    """Returns the span that a form means; None when no time was spent.

    What is typed goes before the timer. Minutes with a start run from there; with an end they run up to it; with
    neither they run from the timer's start or from the contact's moment, ending now at the latest. A start alone
    ("started 10 minutes ago") runs until now. Raises ValueError with a sentence.
    """
    if start is not None and end is not None and minutes is not None:
        raise ValueError("Give a start and an end, or minutes; not all three.")
    if minutes is not None:
        if not 0 <= minutes <= MOST_MINUTES:
            raise ValueError("Write whole minutes, from 0 to 1440.")
        if minutes == 0:
            return None
        length = timedelta(minutes=minutes)
        if start is not None:
            return Spent(Span(start, start + length), True)
        if end is not None:
            return Spent(Span(end - length, end), True)
        return Spent(typed_span(timer.start if timer else at or now, minutes, now), True)
    if start is not None or end is not None:
        if start is None:
            if timer is None:
                raise ValueError("Give the start too, or the minutes.")
            start = timer.start
        return Spent(Span(start, end or (timer.end if timer else now)), False)
    return Spent(timer, False) if timer else None


def next_words(title: str | None, note_next: str | None) -> str | None:
    """Returns the words of the next task: its title, else the first line of the note's "next"."""
    for text in (title, note_next):
        for line in (text or "").splitlines():
            if line.strip():
                return line.strip()[:200]
    return None
