"""Turns the plan's items into steps: the recent ones go through the contact form's action one by one, the older
ones are written day by day, as everybody's work of a day in one change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from cmp_tui.clinic.calendar import day_of
from cmp_tui.clinic.scope import Person
from cmp_tui.clinic.staff import me
from cmp_tui.contacts.actions import log_time
from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.desk.actions import log_contact
from cmp_tui.exchange.demo.actions import make_demo
from cmp_tui.exchange.demo.days import Days
from cmp_tui.exchange.demo.plan import Item, Next
from cmp_tui.exchange.demo.records import IN_PROGRAM, Batch, Row, add_to
from cmp_tui.exchange.demo.stage import Stage, Step
from cmp_tui.tasks.model import Task


def steps_of(items: Sequence[Item], days: Days, recent: date) -> Iterator[Step]:
    """Returns the steps; from the day `recent` on, every item is one of its own."""
    made = {item.next.label: item for item in items if item.next}
    older: dict[tuple[str, date], list[Item]] = {}
    settled: dict[str, date] = {}
    for item in items:
        day = day_of(item.start, days.zone)
        if item.settles:
            settled[item.settles] = day
        if day >= recent:
            yield Step(item.entered, _through_the_form(item))
        else:
            older.setdefault((item.who, day), []).append(item)
    left_open = {label for label in made if settled.get(label, recent) >= recent}
    for batch in older.values():
        yield Step(batch[-1].entered, _day_of_work(batch, made, left_open))


def _through_the_form(item: Item) -> Any:
    def do(stage: Stage) -> None:
        desk, patient, note = stage.desk(item.who), stage.key(item.persona), item.note
        task = stage.tasks.get(item.settles) if item.settles else None
        if note.note:
            span = {"start": item.start, "end": _end(item)}
            desk.run(
                log_time, patient, **span, activity=note.activity, note=note.note, typed=True, **IN_PROGRAM
            )
            return
        following: dict[str, Any] = {}
        if item.next:
            following = {
                "next_title": item.next.title,
                "next_due": item.next.due,
                "next_kind": item.next.kind,
            }
        logged = desk.run(
            log_contact, patient, at=item.start, minutes=item.minutes, mode=note.mode, outcome=note.outcome,
            with_whom=note.with_whom, activity=note.activity, settles=[task] if task else [],
            **IN_PROGRAM, **_lines(item), **following,
        )  # fmt: skip
        if item.next and logged.task:
            stage.tasks[item.next.label] = logged.task.id

    return do


def _day_of_work(items: Sequence[Item], made: Mapping[str, Item], left_open: set[str]) -> Any:
    def do(stage: Stage) -> None:
        desk = stage.desk(items[0].who)
        who = desk.read(me)
        batch: Batch = {Contact: [], TimeEntry: [], Task: []}
        for item in items:
            contact = None if item.note.note else desk.clinic.new_id()
            if contact is not None:
                add_to(batch, Contact, id=contact, **_contact_row(item, stage, who))
            add_to(batch, TimeEntry, contact=contact, **_entry_row(item, stage, who))
            if item.next and contact is not None and item.next.label in left_open:
                stage.tasks[item.next.label] = key = desk.clinic.new_id()
                add_to(batch, Task, id=key, contact=contact, **_task_row(item, item.next, stage))
            if item.settles and item.settles in made and item.settles not in left_open:
                origin = made[item.settles]
                assert origin.next is not None
                done: Row = {"status": "completed", "settled_at": item.entered, "settled_by": who.id}
                how = f"{item.note.outcome.replace('-', ' ')}, {item.note.mode}"
                add_to(batch, Task, **_task_row(origin, origin.next, stage), **done, settled_how=how)
        desk.run(make_demo, batch)

    return do


def _contact_row(item: Item, stage: Stage, who: Person) -> Row:
    note = item.note
    return {
        "patient": stage.key(item.persona),
        "staff": who.id,
        "at": item.start,
        "mode": note.mode,
        "outcome": note.outcome,
        "with_whom": note.with_whom,
        **_lines(item),
        "signed_as": who.signature,
        "signed_at": item.entered,
    }


def _entry_row(item: Item, stage: Stage, who: Person) -> Row:
    return {
        "patient": stage.key(item.persona),
        "staff": who.id,
        "start": item.start,
        "end": _end(item),
        "typed": True,
        "credential": who.credential,
        "clinical": who.clinical,
        **IN_PROGRAM,
        "activity": item.note.activity,
        "face_to_face": item.note.mode == "in-person",
        "note": item.note.note or None,
        "entered_at": item.entered,
    }


def _task_row(item: Item, following: Next, stage: Stage) -> Row:
    return {
        "patient": stage.key(item.persona),
        "kind": following.kind,
        "title": following.title,
        "due": following.due,
        "attempt": following.attempt,
        "assignee": stage.staff[item.who],
    }


def _lines(item: Item) -> dict[str, str | None]:
    note = item.note
    return {name: getattr(note, name) or None for name in ("why", "changed", "did", "next")}


def _end(item: Item) -> datetime:
    return item.start + timedelta(minutes=item.minutes)
