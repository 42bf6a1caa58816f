"""The timer: started and stopped by hand only, one for each person, in the file so that it survives a crash."""

from __future__ import annotations

from datetime import datetime

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.text import one_line
from cmp_tui.contacts.model import Timer
from cmp_tui.contacts.rules import Span
from cmp_tui.contacts.timer_rules import ANSWERS, Absence, Answer, counted
from cmp_tui.contacts.timer_state import (
    OPEN,
    absence_of,
    forget_closed,
    note_key,
    note_start,
    settled,
    started,
)
from cmp_tui.patients.model import Patient


def start_timer(change: Change, patient: bytes, at: datetime | None = None) -> Timer:
    """Starts the timer on a patient, now or since `at` ("started 10 minutes ago"), and returns it.

    On the patient for whom it runs already nothing happens. On another one the running timer is parked where the
    new one begins. Raises Invalid when `at` is in the future or before the running timer, Gone without the patient.
    """
    change.get(Patient, patient)
    at = change.now if at is None else at
    if at > change.now:
        raise Invalid({"at": "A timer can't start in the future."})
    for running in Timer.live().where((Timer.staff == change.who.id) & (Timer.status == "running")):
        if running.patient == patient:
            return running
        began = settled(change, running)
        if at < began:
            raise Invalid({"at": _since(change, running, began)})
        change.edit(Timer, running.id, None, status="parked", start=began, stopped_at=at)
    forget_closed(change.who.id)
    timer = change.add(Timer, patient=patient, staff=change.who.id, start=at)
    note_start(change, timer)
    return timer


def stop_timer(change: Change, key: bytes, at: datetime | None = None, seen: int | None = None) -> Timer:
    """Stops the running timer, now or at an earlier moment; it waits, parked, to be logged or discarded.

    Raises Invalid when the moment lies outside its time or when it does not run, Gone, Conflict.
    """
    timer = own_timer(change, key)
    if timer.status != "running":
        raise Invalid({"": "This timer was stopped already; it waits to be logged or discarded."})
    at = change.now if at is None else at
    if at > change.now:
        raise Invalid({"at": "A timer can't stop in the future."})
    began = settled(change, timer)
    if at < began:
        raise Invalid({"at": _since(change, timer, began)})
    return change.edit(Timer, key, seen, status="parked", start=began, stopped_at=at)


def park_timer(change: Change, key: bytes, seen: int | None = None) -> Timer:
    """Puts the running timer aside for later, as starting one on another patient does. Raises as stop_timer."""
    return stop_timer(change, key, None, seen)


def discard_timer(change: Change, key: bytes, seen: int | None = None) -> Timer:
    """Lets go of a timer's time; undo brings it back. Raises Invalid, Gone, Conflict."""
    timer = own_timer(change, key)
    began = settled(change, timer)
    stopped = timer.stopped_at or max(change.now, began)
    return change.edit(Timer, key, seen, status="discarded", start=began, stopped_at=stopped)


def mark_on_call(change: Change, key: bytes, on: bool = True, seen: int | None = None) -> Timer:
    """Says that the timer's person is on a call, or no longer: on a call the keyboard may rest longer."""
    own_timer(change, key)
    return change.edit(Timer, key, seen, on_call=on)


def answer_timer(change: Change, key: bytes, answer: Answer = "trim", seen: int | None = None) -> Timer:
    """Answers the question about an absence: keep all, trim to the last key (stops there), or discard.

    Without a question nothing happens, unless it is to be discarded. The answer stands in the audit trail, with
    the minutes that it was about. Raises Invalid, Gone, Conflict.
    """
    timer = own_timer(change, key)
    away = absence_of(change.scope, timer)
    _check_answer(answer)
    if away is not None:
        _note_answer(change, timer, away, answer)
    if answer == "discard":
        return discard_timer(change, key, seen)
    if away is None:
        return timer
    if answer == "keep":
        note_key(change, timer, away.until)
        return timer
    if counted(started(change.scope, timer), away.until, away, "trim") is None:
        return discard_timer(change, key, seen)
    began = settled(change, timer)
    return change.edit(Timer, key, seen, status="parked", start=began, stopped_at=away.since)


def timer_span(change: Change, timer: Timer, answer: Answer | None = None) -> Span | None:
    """Returns the span of a timer that is about to be logged; None when nothing is left of it.

    The answer stands in the audit trail. Raises Invalid on "timer" when its person was away and has not said what
    counts.
    """
    until = timer.stopped_at or change.now
    away = absence_of(change.scope, timer)
    if away is not None and answer is None:
        raise Invalid({"timer": _question(change, away)})
    if answer is not None:
        _check_answer(answer)
    if away is not None and answer is not None:
        _note_answer(change, timer, away, answer)
    return counted(started(change.scope, timer), until, away, answer or "trim")


def timer_logged(change: Change, timer: Timer, entry: bytes | None) -> None:
    """Marks a timer as logged; `entry` is the first time entry that it became, None when its time was let go."""
    began = settled(change, timer)
    stopped = timer.stopped_at or max(change.now, began)
    status = "discarded" if entry is None else "logged"
    change.edit(Timer, timer.id, timer.version, status=status, start=began, stopped_at=stopped, entry=entry)


def own_timer(change: Change, key: bytes) -> Timer:
    """Returns a timer of the person that runs or is parked. Raises Invalid or Gone."""
    timer = change.get(Timer, key)
    if timer.staff != change.who.id:
        raise Invalid({"": "This is a colleague's timer; only they can stop or log it."})
    if timer.status not in OPEN:
        how = change.reference.label("timer_status", timer.status)
        raise Invalid({"": f"This timer is {how} already. Start a new one, or log the time by hand."})
    return timer


def _since(change: Change, timer: Timer, began: datetime) -> str:
    patient = change.get(Patient, timer.patient)
    shown = began.astimezone(change.zone)
    return f"The timer for {one_line(patient.family)} runs since {shown:%H:%M}; choose a later moment."


def _question(change: Change, away: Absence) -> str:
    since, until = (at.astimezone(change.zone) for at in (away.since, away.until))
    return (
        f"No key was pressed from {since:%H:%M} to {until:%H:%M} while this timer ran. "
        f"Keep all of it, trim it to {since:%H:%M}, or discard it?"
    )


def _note_answer(change: Change, timer: Timer, away: Absence, answer: Answer) -> None:
    change.about(timer.patient)
    change.note(answer=answer, minutes=away.minutes)


def _check_answer(answer: str) -> None:
    if answer not in ANSWERS:
        raise Invalid({"timer": "Answer keep, trim or discard."})
