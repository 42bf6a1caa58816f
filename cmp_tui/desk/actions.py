"""What one person does across rooms in one go: log a contact with its time and its next step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from cmp_tui.clinic.calendar import day_of
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.contacts.actions import add_contact, log_time
from cmp_tui.contacts.attempts import attempts_since_reached
from cmp_tui.contacts.model import Contact, TimeEntry, Timer
from cmp_tui.contacts.overlap import Overlap, overlaps_of
from cmp_tui.contacts.retry_rules import comes_back, reaches
from cmp_tui.contacts.timer_actions import own_timer, timer_logged, timer_span
from cmp_tui.contacts.timer_rules import Answer
from cmp_tui.desk.rules import Spent, Usual, next_words, spent, usual_program
from cmp_tui.enrollment.queries import enrollments
from cmp_tui.patients.model import Patient
from cmp_tui.tasks.actions import add_task, settle_call_backs, settle_task
from cmp_tui.tasks.model import Task

Break = tuple[datetime, datetime]
MOST_IN_A_GROUP = 50
SIGNED = ("patient", "at", "mode", "outcome", "with_whom", "why", "changed", "did", "next")


class Logged(NamedTuple):
    """What was saved. `settled` are the tasks that this contact settled; `overlaps` the person's entries that share
    time with the new ones; `again` says that this very contact was saved before and nothing was written now."""

    contact: Contact
    entries: list[TimeEntry]
    task: Task | None
    settled: list[Task]
    overlaps: list[Overlap]
    again: bool = False


def log_contact(
    change: Change,
    patient: bytes,
    *,
    mode: str,
    outcome: str,
    with_whom: str = "patient",
    id: bytes | None = None,
    at: datetime | None = None,
    minutes: int | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    timer: bytes | None = None,
    timer_answer: Answer | None = None,
    breaks: Iterable[Break] = (),
    long_why: str | None = None,
    activity: str = "call",
    program: str | None = None,
    practitioner: str | None = None,
    face_to_face: bool | None = None,
    in_billed_visit: bool = False,
    why: str | None = None,
    changed: str | None = None,
    did: str | None = None,
    next: str | None = None,
    next_title: str | None = None,
    next_due: date | None = None,
    next_time: str | None = None,
    next_kind: str | None = None,
    next_assignee: bytes | None = None,
    settles: Sequence[bytes] = (),
) -> Logged:
    """Logs a contact: what was said, the time spent, the next step; settles the tasks it was for. One signature.

    `at` is when it took place (default: the start of its time, else now). Time comes from `minutes`, from `start`
    and `end`, or from a `timer` (which is then logged); see desk/rules.py, spent. None of them: no time was spent.
    `program` and `practitioner` default to those of the patient's one enrollment on that day; "" says none.
    `next_due` makes the next task, called `next_title` or after the first line of `next`. A contact that reached
    the patient settles the person's open call-backs; so does a try in vain, when its next try is set.
    `id` is made by the form when it opens: saving twice writes once.
    Raises Invalid, field by field ("timer" when someone was away and has not said what counts), Gone, Conflict.
    """
    saved = None if id is None else Contact.get_or_none(Contact.id == id)
    found, span = _own_span(change, patient, timer, timer_answer, minutes, start, end) if saved is None else (None, None)
    worked = _spent(change, at, minutes, start, end, span)
    at = at or (worked.span.start if worked else change.now)
    note = {"why": why, "changed": changed, "did": did, "next": next}
    if saved is not None:
        return _again(change, saved, {"patient": patient, "mode": mode, "outcome": outcome, "with_whom": with_whom, **note})
    contact = add_contact(
        change, patient, id=id, at=at, mode=mode, outcome=outcome, with_whom=with_whom, **note
    )
    entries = []
    if worked:
        usual = _usual(change, patient, worked, program, practitioner)
        entries = log_time(
            change,
            patient,
            start=worked.span.start,
            end=worked.span.end,
            typed=worked.typed,
            breaks=breaks,
            long_why=long_why,
            activity=activity,
            program=usual.program,
            practitioner=usual.practitioner,
            contact=contact.id,
            face_to_face=mode == "in-person" if face_to_face is None else face_to_face,
            in_billed_visit=in_billed_visit,
        )
    if found is not None:
        timer_logged(change, found, entries[0].id if entries else None)
    settled = _settle(change, contact, settles, next_due is not None)
    task = _next_task(change, contact, next_title, next_due, next_time, next_kind, next_assignee)
    return Logged(contact, entries, task, settled, overlaps_of(change.scope, entries))
