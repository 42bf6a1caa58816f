"""Why a row is in Today and what clears it, in plain words: one function a source. Pure."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cmp_tui.billing.rules import still_needed, whole_minutes


class Settle(NamedTuple):
    """What `d` opens on a row, and what the key line calls it: a form (""; the chart), about the row's own record
    or about the patient. `about` names the argument that gets the row's `topic` (program, instrument …)."""

    form: str = "contact"
    word: str = "call"
    on_record: bool = False
    about: str = ""


class Details(NamedTuple):
    """What is known about a row beyond its equal columns; each source fills its own."""

    title: str = ""
    at_time: str | None = None
    by: str = ""
    """Whose task it is; for one that was handed over, who gave it, and "" when I did."""
    to: str = ""
    """Who has to accept a task that was handed over; "" when it is me."""
    outcome: str = ""
    last: date | None = None
    seconds: int = 0
    first: int = 0
    days_left: int = 0
    month_end: date | None = None
    left_at: str = ""
    """Of a timer that still runs: the clock when the last key was pressed (on the day `last`); "" for others."""
    topic: str = ""
    """The program or the instrument that the row is about."""
    settle: Settle | None = None
    """What settles this very row, where that differs from row to row."""


class Said(NamedTuple):
    """The words of a row."""

    reason: str
    clears: str


def near(day: date, today: date) -> str:
    """A day as it stands inside a sentence: 'Wed 25 Nov', with the year when it is another one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}"


def draft(due: date, today: date, details: Details) -> Said:
    """A form that was left open."""
    return Said(f"draft: {details.title}", "saved, or thrown away")


def timer(due: date, today: date, details: Details) -> Said:
    """A timer that was put aside, or left on."""
    if details.left_at:
        day = f"{near(details.last, today)} " if details.last and details.last != today else ""
        words = f"timer left running since {day}{details.left_at}: what counts?"
        return Said(words, "logged, answered or discarded")
    since = f" of {near(details.last, today)}" if details.last else ""
    return Said(f"timer{since} put aside, not logged", "logged, or discarded")


def handed(due: date, today: date, details: Details) -> Said:
    """A task that was handed over and not seen yet."""
    if not details.to:
        return Said(f"{details.by} hands over: {details.title}", "you accept it")
    if not details.by:
        return Said(f"handed to {details.to}, not seen yet: {details.title}", f"{details.to} accepts it")
    return Said(f"{details.by} hands over to {details.to}: {details.title}", f"{details.to} accepts it")


def task(due: date, today: date, details: Details) -> Said:
    """A task."""
    words = f"{details.title}, {details.at_time}" if details.at_time else details.title
    return Said(words, "done, or settled another way")


def attempt(due: date, today: date, details: Details) -> Said:
    """A try in vain."""
    words = f"{details.outcome} {near(details.last or due, today)}: try again"
    return Said(words, "reached, or a task to try again")


def not_reached(due: date, today: date, details: Details) -> Said:
    """Nobody reached them for a while."""
    if details.last is None:
        return Said("enrolled and never reached", "reached")
    days = (today - details.last).days
    return Said(f"not reached for {days} days, since {near(details.last, today)}", "reached")


def minutes(due: date, today: date, details: Details) -> Said:
    """Short of the month's threshold."""
    more = still_needed(details.seconds, details.first)
    have = whole_minutes(details.seconds)
    reason = f"{have} min, {more} more by {near(due, today)}"
    return Said(reason, f"{details.first} minutes of needed care are logged, or the month ends")
