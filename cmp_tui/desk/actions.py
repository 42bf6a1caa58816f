"""What one person does across rooms in one go: log a contact with its time and its next step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Unpack

from cmp_tui.careplan.actions import record_progress
from cmp_tui.clinic.calendar import day_of
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.contacts.actions import add_contact, log_time
from cmp_tui.contacts.attempts import attempts_since_reached
from cmp_tui.contacts.model import Contact, TimeEntry, Timer
from cmp_tui.contacts.overlap import Overlap, overlaps_of
from cmp_tui.contacts.retry_rules import comes_back, reaches, try_title
from cmp_tui.contacts.rules import Span
from cmp_tui.contacts.timer_actions import own_timer, timer_logged, timer_span
from cmp_tui.contacts.timer_rules import Answer
from cmp_tui.contacts.timer_state import started
from cmp_tui.desk.fields import ContactForm, check_names
from cmp_tui.desk.rules import Spent, Usual, next_words, spent, usual_program
from cmp_tui.enrollment.intake_actions import settle_stage
from cmp_tui.enrollment.queries import enrollments
from cmp_tui.patients.model import Patient
from cmp_tui.tasks.actions import add_task, settle_call_backs, settle_task
from cmp_tui.tasks.model import Task

MOST_IN_A_GROUP = 50
NEXT = {
    "title": "next_title",
    "due": "next_due",
    "due_time": "next_time",
    "kind": "next_kind",
    "to": "next_assignee",
}
"""A task's fields, as the contact form calls them."""


class Logged(NamedTuple):
    """What was saved. `settled` are the tasks that it settled; `overlaps` the person's other entries that share
    time with the new ones. `goals`: of how many it said something. `again`: this very contact had been saved before,
    and nothing was written now."""

    contact: Contact
    entries: list[TimeEntry]
    task: Task | None
    settled: list[Task]
    overlaps: list[Overlap]
    again: bool = False
    goals: int = 0


def log_contact(change: Change, patient: bytes, **form: Unpack[ContactForm]) -> Logged:
    """Logs a contact: what was said, the time spent, the next step; settles the tasks it was for. One signature.

    The fields are those of ContactForm. Reaching the patient settles the person's open call-backs for them; a try
    in vain settles them too when its next try is set. Overlaps are told, never refused.
    Raises Invalid, field by field ("timer" when someone was away and has not said what counts), Gone, Conflict.
    """
    return _log(change, [patient], form, None)[0]


def log_group(change: Change, patients: Sequence[bytes], **form: Unpack[ContactForm]) -> list[Logged]:
    """Logs one activity for several patients: each gets the contact, and an equal part of the time.

    Everything else is as in log_contact; a next step is made for each. `id` is that of the activity.
    """
    if not 2 <= len(patients) <= MOST_IN_A_GROUP:
        raise Invalid({"patients": f"Choose 2 to {MOST_IN_A_GROUP} patients."})
    if len(set(patients)) != len(patients):
        raise Invalid({"patients": "A patient is named twice."})
    return _log(change, patients, form, form.get("id") or change.new_id())


def _log(change: Change, patients: Sequence[bytes], form: ContactForm, group: bytes | None) -> list[Logged]:
    check_names(form)
    saved = _saved(form, group)
    if saved:
        return [_again(change, one, patients, form) for one in saved]
    timer = _timer(change, patients, form)
    worked = _spent(change, form, timer)
    settled = _settle_named(change, form)
    logged = []
    for place, patient in enumerate(patients):
        contact = _contact(change, patient, form, worked, group)
        entries = _entries(change, contact, form, worked, len(patients), place)
        done = settled + _settle_call_backs(change, contact, form)
        goals = _goals(change, contact, form)
        logged.append(Logged(contact, entries, _next_task(change, contact, form), done, [], goals=goals))
        settle_stage(change, patient)
        settled = []
    if timer is not None:
        first = [entry.id for one in logged for entry in one.entries]
        timer_logged(change, timer, first[0] if first else None)
    return [one._replace(overlaps=overlaps_of(change.scope, one.entries)) for one in logged]


def log_timer(
    change: Change,
    key: bytes,
    *,
    activity: str,
    note: str | None = None,
    answer: Answer | None = None,
    long_why: str | None = None,
    amend_why: str | None = None,
) -> list[TimeEntry]:
    """Logs a timer's time without a contact, for the patient's usual program, and returns its entries.

    `answer` says what counts after an absence (contacts/timer_rules.py), `amend_why` why time is added to a closed
    month. No entries when nothing is left of the
    time: then the timer is discarded. Raises Invalid ("timer" when an answer is missing), Gone.
    """
    timer = own_timer(change, key)
    span = timer_span(change, timer, answer)
    entries: list[TimeEntry] = []
    if span is not None:
        usual = _usual(change, timer.patient, Spent(span, False))
        entries = log_time(
            change,
            timer.patient,
            start=span.start,
            end=span.end,
            activity=activity,
            note=note,
            long_why=long_why,
            amend_why=amend_why,
            program=usual.program,
            practitioner=usual.practitioner,
        )
    timer_logged(change, timer, entries[0].id if entries else None)
    return entries


# What was said


def _contact(
    change: Change, patient: bytes, form: ContactForm, worked: Spent | None, group: bytes | None
) -> Contact:
    return add_contact(
        change,
        patient,
        id=None if group else form.get("id"),
        at=form.get("at") or (worked.span.start if worked else change.now),
        mode=form["mode"],
        outcome=form["outcome"],
        with_whom=form.get("with_whom", "patient"),
        why=form.get("why"),
        changed=form.get("changed"),
        did=form.get("did"),
        next=form.get("next"),
        group=group,
        amend_why=form.get("amend_why"),
    )


def _saved(form: ContactForm, group: bytes | None) -> list[Contact]:
    """The contacts that this form has written before, in the order of its patients."""
    key = form.get("id")
    if key is None:
        return []
    return list(Contact.select().where((Contact.group if group else Contact.id) == key).order_by(Contact.id))


def _again(change: Change, saved: Contact, patients: Sequence[bytes], form: ContactForm) -> Logged:
    """What stands in the file when a form is saved a second time, or Invalid when its content is another now."""
    names = ("mode", "outcome", "with_whom", "why", "changed", "did", "next")
    given = {"with_whom": "patient", **form}
    fields = Contact._meta.fields
    same = all(
        getattr(saved, name)
        == (None if given.get(name) in (None, "") else fields[name].check(given[name], change.reference))
        for name in names
    )
    if not same or saved.patient not in patients or saved.struck_at is not None:
        raise Invalid(
            {"": "This contact is saved already. Open it under Calls & time to change it; close this form."}
        )
    entries = list(TimeEntry.live().where(TimeEntry.contact == saved.id).order_by(TimeEntry.start))
    task = Task.get_or_none((Task.contact == saved.id) & Task.struck_at.is_null())
    return Logged(saved, entries, task, [], [], again=True)


# The time


def _timer(change: Change, patients: Sequence[bytes], form: ContactForm) -> Timer | None:
    key = form.get("timer")
    if key is None:
        return None
    timer = own_timer(change, key)
    if timer.patient not in patients:
        raise Invalid({"timer": "This timer runs for another patient. Log it there, or discard it."})
    return timer


def _spent(change: Change, form: ContactForm, timer: Timer | None) -> Spent | None:
    minutes, start, end = form.get("minutes"), form.get("start"), form.get("end")
    counts: Span | None = None
    if timer is not None:
        if minutes is None and start is None and end is None:
            counts = timer_span(change, timer, form.get("timer_answer"))
        else:  # what was typed is the answer
            counts = Span(started(change.scope, timer), timer.stopped_at or change.now)
    try:
        return spent(form.get("at"), minutes, start, end, counts, change.now)
    except ValueError as error:
        raise Invalid({"minutes": str(error)}) from None


def _entries(
    change: Change, contact: Contact, form: ContactForm, worked: Spent | None, size: int, place: int
) -> list[TimeEntry]:
    if worked is None:
        return []
    usual = _usual(change, contact.patient, worked)
    program, practitioner = form.get("program"), form.get("practitioner")
    face_to_face = form.get("face_to_face")
    return log_time(
        change,
        contact.patient,
        start=worked.span.start,
        end=worked.span.end,
        typed=worked.typed,
        breaks=form.get("breaks", ()),
        long_why=form.get("long_why"),
        activity=form.get("activity", "call"),
        program=usual.program if program is None else program,
        practitioner=usual.practitioner if practitioner is None else practitioner,
        contact=contact.id,
        face_to_face=contact.mode == "in-person" if face_to_face is None else face_to_face,
        in_billed_visit=form.get("in_billed_visit", False),
        group=contact.group,
        group_size=size,
        group_place=place,
        amend_why=form.get("amend_why"),
    )


def _usual(change: Change, patient: bytes, worked: Spent) -> Usual:
    usual = usual_program(enrollments(change.scope, patient), day_of(worked.span.start, change.zone))
    if usual.practitioner is None:
        usual = usual._replace(practitioner=change.get(Patient, patient).billing_practitioner)
    return usual


# The goals


def _goals(change: Change, contact: Contact, form: ContactForm) -> int:
    """Records what was said of goals, on the contact's day."""
    said = form.get("goals", ())
    for one in said:
        try:
            record_progress(change, day=day_of(contact.at, change.zone), contact=contact.id, **one)
        except Invalid as error:
            raise Invalid({"goals": " ".join(error.fields.values())}) from None
    return len(said)


# The tasks


def _settle_named(change: Change, form: ContactForm) -> list[Task]:
    """Settles the tasks that the form names; one that someone else has settled meanwhile is done all the same."""
    how = _how(change, form)
    keys = list(form.get("settles", ()))
    waiting = Task.live().where(Task.id.in_(keys) & Task.settled_at.is_null()).order_by(Task.due, Task.id)
    return [settle_task(change, task.id, "completed", how) for task in list(waiting)] if keys else []


def _settle_call_backs(change: Change, contact: Contact, form: ContactForm) -> list[Task]:
    tried_again = comes_back(contact.outcome, contact.with_whom) and form.get("next_due") is not None
    if not (tried_again or reaches(contact.outcome, contact.with_whom)):
        return []
    return settle_call_backs(change, contact.patient, _how(change, form))


def _how(change: Change, form: ContactForm) -> str:
    """'reached, phone'"""
    label = change.reference.label
    return f"{label('outcome', form['outcome'])}, {label('mode', form['mode'])}"


def _next_task(change: Change, contact: Contact, form: ContactForm) -> Task | None:
    due = form.get("next_due")
    title = next_words(form.get("next_title"), None)
    if due is None:
        if title:
            raise Invalid({"next_due": "Say by when, or leave out what is to be done."})
        return None
    again = comes_back(contact.outcome, contact.with_whom)
    attempt = len(attempts_since_reached(change.scope, contact.patient)) + 1 if again else None
    title = title or (try_title(attempt) if attempt else next_words(None, contact.next))
    if title is None:
        raise Invalid({"next_title": "Say what is to be done then, here or in the note's last line."})
    try:
        return add_task(
            change,
            title=title,
            due=due,
            due_time=form.get("next_time"),
            patient=contact.patient,
            kind=form.get("next_kind") or ("call-back" if again else "follow-up"),
            assignee=form.get("next_assignee"),
            attempt=attempt,
            contact=contact.id,
        )
    except Invalid as error:
        raise Invalid({NEXT.get(name, name): sentence for name, sentence in error.fields.items()}) from None
