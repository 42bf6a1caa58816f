"""Why a row is in Today and what clears it, in plain words. Pure."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cmp_tui.billing.rules import still_needed, whole_minutes


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


class Said(NamedTuple):
    """The words of a row."""

    reason: str
    clears: str


def near(day: date, today: date) -> str:
    """A day as it stands inside a sentence: 'Wed 25 Nov', with the year when it is another one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}"


def say(source: str, due: date, today: date, details: Details) -> Said:
    """Returns why the row is here and what clears it."""
    if source == "draft":
        return Said(f"draft: {details.title}", "saved, or thrown away")
    if source == "timer":
        if details.left_at:
            day = f"{near(details.last, today)} " if details.last and details.last != today else ""
            words = f"timer left running since {day}{details.left_at}: what counts?"
            return Said(words, "logged, answered or discarded")
        since = f" of {near(details.last, today)}" if details.last else ""
        return Said(f"timer{since} put aside, not logged", "logged, or discarded")
    if source == "handed":
        return _handed(details)
    if source == "task":
        return Said(_task(details), "done, or settled another way")
    if source == "attempt":
        return Said(
            f"{details.outcome} {near(details.last or due, today)}: try again",
            "reached, or a task to try again",
        )
    if source == "not-reached":
        if details.last is None:
            return Said("enrolled and never reached", "reached")
        days = (today - details.last).days
        return Said(f"not reached for {days} days, since {near(details.last, today)}", "reached")
    if source == "minutes":
        return _minutes(details, due, today)
    if source in _TRANSITION:
        return _transition(source, due, today, details)
    return Said(source, "")


def _task(details: Details) -> str:
    return f"{details.title}, {details.at_time}" if details.at_time else details.title


def _handed(details: Details) -> Said:
    if not details.to:
        return Said(f"{details.by} hands over: {details.title}", "you accept it")
    if not details.by:
        return Said(f"handed to {details.to}, not seen yet: {details.title}", f"{details.to} accepts it")
    return Said(f"{details.by} hands over to {details.to}: {details.title}", f"{details.to} accepts it")


def _minutes(details: Details, due: date, today: date) -> Said:
    more = still_needed(details.seconds, details.first)
    have = whole_minutes(details.seconds)
    by = near(due, today)
    reason = f"{have} min, {more} more by {by}"
    return Said(reason, f"{details.first} minutes of needed care are logged, or the month ends")


_TRANSITION = {
    "tcm-contact": ("call by", "reached, or two attempts in time"),
    "tcm-visit-7": ("visit by", "a transition visit (by day 7 at high complexity), or day 7 passes"),
    "tcm-visit-14": ("visit by", "a transition visit by day 14"),
    "tcm-window-end": ("30 days end", "the 30 days after the discharge are over"),
}


def _transition(source: str, due: date, today: date, details: Details) -> Said:
    words, clears = _TRANSITION[source]
    left = f"left {details.title} " if details.title else "discharged "
    note = {"tcm-contact": " (2 business days)", "tcm-visit-7": " (day 7)", "tcm-visit-14": " (day 14)"}.get(
        source, ""
    )
    return Said(f"{left}{near(details.last or due, today)}: {words} {near(due, today)}{note}", clears)
