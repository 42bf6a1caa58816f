"""What is known of rows of Today beyond their equal columns: read for the rows that are seen, a query a source."""

from __future__ import annotations

from peewee import JOIN

from cmp_tui.clinic.calendar import day_of, local
from cmp_tui.clinic.model import Staff, Working
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.attempts import last_reached
from cmp_tui.contacts.model import Contact, Timer
from cmp_tui.contacts.timer_queries import running_timer
from cmp_tui.queue.words import Details
from cmp_tui.tasks.model import Task


def of_tasks(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Tasks: their words, whose they are; of one that was handed over, who gave it to whom."""
    giver = Staff.alias()
    query = (
        Task.select(
            Task.id, Task.title, Task.due_time, Task.status, Staff.id, Staff.name, giver.id, giver.name
        )
        .join(Staff, on=(Staff.id == Task.assignee))
        .switch(Task)
        .join(giver, JOIN.LEFT_OUTER, on=(giver.id == Task.handed_by))
        .where(Task.id.in_(keys))
    )
    me = scope.who.id
    found = {}
    for key, title, at_time, status, to, name, by, by_name in rows(query):
        if status == "received":
            details = Details(
                title, at_time, "" if by == me else by_name or "a colleague", "" if to == me else name
            )
        else:
            details = Details(title, at_time, name)
        found[bytes(key)] = details
    return found


def of_drafts(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Drafts: the form's title."""
    query = Working.select(Working.id, Working.data).where(Working.id.in_(keys))
    return {bytes(key): Details(title=str(data.get("title", "form"))) for key, data in rows(query)}


def of_timers(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Timers: their day; of one that was left on, since when."""
    query = Timer.select(Timer.id, Timer.start).where(Timer.id.in_(keys))
    found = {bytes(key): Details(last=day_of(start, scope.zone)) for key, start in rows(query)}
    running = running_timer(scope)
    if running is not None and running.id in found and running.absence is not None:
        since = local(running.absence.since, scope.zone)
        found[running.id] = Details(last=since.date(), left_at=f"{since:%H:%M}")
    return found


def of_attempts(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Tries: when, and how they ended."""
    query = Contact.select(Contact.id, Contact.at, Contact.outcome).where(Contact.id.in_(keys))
    return {
        bytes(key): Details(last=day_of(at, scope.zone), outcome=scope.reference.label("outcome", outcome))
        for key, at, outcome in rows(query)
    }


def of_silent(scope: Scope, patients: set[bytes]) -> dict[bytes, Details]:
    """Patients: when they were last reached."""
    return {key: Details(last=day_of(at, scope.zone)) for key, at in last_reached(scope, patients).items()}
