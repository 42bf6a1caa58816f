"""What a day's work brings to Today: drafts, timers, tasks, tries in vain, people not reached, minutes short."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from peewee import Case, ModelSelect, Value, fn

from cmp_tui.billing.minutes import counted_seconds
from cmp_tui.billing.programs import threshold
from cmp_tui.clinic.calendar import Month, add_business_days, business_days_left, day_start, is_business_day
from cmp_tui.clinic.model import Working
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.written import later
from cmp_tui.contacts.attempts import is_attempt, is_reached
from cmp_tui.contacts.model import Contact, Timer
from cmp_tui.contacts.retry_rules import PEOPLE, UNREACHED
from cmp_tui.contacts.timer_queries import running_timer
from cmp_tui.enrollment.model import Enrollment, Intake
from cmp_tui.patients.model import Patient
from cmp_tui.queue import details, words
from cmp_tui.queue.parts import (
    EVERYBODY,
    climbed,
    ongoing,
    only,
    open_call_back,
    rank_of_task,
    unsnoozed,
    worked_with_now,
)
from cmp_tui.queue.rows import View, columns, day_of_day, day_of_instant
from cmp_tui.queue.source import Source
from cmp_tui.queue.words import Settle
from cmp_tui.tasks.model import Task
from cmp_tui.tasks.queries import not_snoozed, shows_to


def drafts(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Forms that I left open."""
    if view.people != () and scope.who.id not in view.people:
        return None
    query = Working.select(*columns(Working.patient, "draft", view.day.isoformat(), 1, Working.id)).where(
        (Working.owner == scope.who.id) & (Working.kind == "draft")
    )
    return only(query, Working.patient, view)


def timers(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """My timers that were put aside and not logged yet, and one that ran on while nobody touched the keyboard."""
    if view.people != () and scope.who.id not in view.people:
        return None
    due = day_of_instant(Timer.start, scope, view, lambda day: day)
    query = Timer.live(*columns(Timer.patient, "timer", due, 0, Timer.id)).where(
        (Timer.staff == scope.who.id) & ((Timer.status == "parked") | (Timer.id == later(_left_on)))
    )
    return only(query, Timer.patient, view)


def tasks(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Tasks that are due, and those that were handed over and not seen yet."""
    query = Task.live(*columns(Task.patient, "task", Task.due, rank_of_task(2), Task.id)).where(
        Task.settled_at.is_null()
        & (Task.due <= view.last)
        & not_snoozed(view.day)
        & (Task.status != "received")
        & Task.id.not_in(climbed(scope, view))
    )
    return _of_people(query, view)


def handed(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Tasks that a colleague handed over and that wait to be acknowledged: due now, or overdue as the task is."""
    today = view.day.isoformat()
    due = Case(None, [(Task.due < today, Task.due)], today)
    query = Task.live(*columns(Task.patient, "handed", due, rank_of_task(1), Task.id)).where(
        Task.settled_at.is_null()
        & (Task.status == "received")
        & not_snoozed(view.day)
        & Task.id.not_in(climbed(scope, view))
    )
    return _of_people(query, view)


def attempts(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Patients whom the last try did not reach, with no open task to try again.

    A word with the pharmacy or a letter in between does not take the row away; reaching them, or their no, does.
    """
    retry = max(1, scope.settings.retry_days)  # as the form proposes it: never on the same day
    due = day_of_instant(Contact.at, scope, view, lambda day: add_business_days(day, retry))
    last = _last_words(view).alias("last")
    query = (
        Contact.live(*columns(Contact.patient, "attempt", due, 3, Contact.id))
        .join(last, on=((last.c.patient_id == Contact.patient) & (last.c.said == Contact.at)))
        .switch(Contact)
        .join(Patient, on=(Patient.id == Contact.patient))
        .where(
            is_attempt()
            & ~fn.EXISTS(_later(scope, after_all=True))
            & ongoing(view)
            & ~fn.EXISTS(open_call_back(Contact.patient))
            & ~fn.EXISTS(_on_the_way(scope, view))
        )
    )
    return unsnoozed(query, Contact.patient, "attempt", view)


def not_reached(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Enrolled patients whom nobody has reached for a while (setting not_reached_days).

    Whoever is being tried already has the row of that try, and not a second one.
    """
    days = scope.settings.not_reached_days
    reached = (
        Contact.live(Contact.at)
        .where((Contact.patient == Patient.id) & is_reached())
        .order_by(Contact.at.desc())
        .limit(1)
    )
    # Someone who was never reached counts from the first day of the enrollment.
    began = Enrollment.live(fn.MAX(Enrollment.start)).where(Enrollment.patient == Patient.id)
    known = (
        Patient.live(Patient.id.alias("id"), reached.alias("reached"), began.alias("began"))
        .where(ongoing(view) & worked_with_now(scope, view))
        .limit(EVERYBODY)
        .alias("known")
    )

    def due_after(day: date) -> date:
        return day + timedelta(days=days)

    due = Case(
        None,
        [(known.c.reached.is_null(), day_of_day(known.c.began, view, due_after, days))],
        day_of_instant(known.c.reached, scope, view, due_after, days),
    )
    latest = view.last - timedelta(days=days)
    silent = known.c.reached < int(day_start(latest + timedelta(days=1), scope.zone).timestamp())
    tried = Contact.live(Value(1)).where(
        (Contact.patient == known.c.id) & is_attempt() & ~fn.EXISTS(_later(scope))
    )
    query = (
        Patient.select(*columns(known.c.id, "not-reached", due, 5, None))
        .from_(known)
        .where(
            (silent | (known.c.reached.is_null() & (known.c.began <= latest.isoformat())))
            & ~fn.EXISTS(open_call_back(known.c.id))
            & ~fn.EXISTS(tried)
        )
    )
    return unsnoozed(query, known.c.id, "not-reached", view)


def minutes(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Enrolled patients with time this month that is short of the threshold, near the end of the month."""
    rule = threshold(scope.reference, "CCM", view.day)
    month = Month.of(view.day)
    if rule is None or business_days_left(view.day, month.last) > scope.settings.minutes_notice_days:
        return None
    spent = counted_seconds(scope, month, patients=_patients(view)).alias("spent")
    due = max(
        view.day, _last_business_day(month.last)
    )  # on the weekend that ends a month it can still be done
    query = (
        Patient.live(*columns(Patient.id, "minutes", due.isoformat(), 6, None))
        .join(spent, on=(spent.c.patient == Patient.id))
        .where(
            (spent.c.seconds > 0)
            & (spent.c.seconds < rule.first * 60)
            & ongoing(view)
            & worked_with_now(scope, view)
        )
    )
    return unsnoozed(query, Patient.id, "minutes", view)


LOG = Settle("contact", "log")
CANT_WAIT = "A draft or a timer can't wait: open it, or throw it away."

SOURCES = (
    Source(
        name="draft", select=drafts, say=words.draft, details=details.of_drafts, settle=Settle("", "finish"),
        snooze="", no_snooze=CANT_WAIT,
    ),
    Source(
        name="timer", select=timers, say=words.timer, details=details.of_timers,
        settle=Settle("timer", "log", on_record=True), snooze="", no_snooze=CANT_WAIT,
    ),
    Source(
        name="handed", select=handed, say=words.handed, details=details.of_tasks,
        settle=Settle("accept-task", "accept", on_record=True), snooze="snooze-task",
    ),
    Source(
        name="task", select=tasks, say=words.task, details=details.of_tasks,
        settle=Settle("settle-task", "done", on_record=True), snooze="snooze-task", shows_owner=True,
    ),
    Source(name="attempt", select=attempts, say=words.attempt, details=details.of_attempts),
    Source(
        name="not-reached", select=not_reached, say=words.not_reached, details=details.of_silent, by_patient=True
    ),
    Source(name="minutes", select=minutes, say=words.minutes, settle=LOG),
)  # fmt: skip
"""The sources of a day's work."""


def _left_on(scope: Scope) -> bytes | None:
    """The running timer that has to be asked about."""
    running = running_timer(scope)
    return None if running is None or running.absence is None else running.id


def _of_people(query: ModelSelect[Any], view: View) -> ModelSelect[Any]:
    query = only(query, Task.patient, view)
    return query.where(shows_to(view.people)) if view.people else query


def _patients(view: View) -> Any:
    """The patients for whom contacts and minutes need to be looked up; None for the whole clinic."""
    if not view.narrow:
        return None
    return Patient.live(Patient.id).where(ongoing(view))


def _about(patient: Any, view: View) -> Any:
    """A condition that keeps a sum over contacts or enrollments to the patients of the view."""
    patients = _patients(view)
    return patient.is_null(False) if patients is None else patient.in_(patients)


def _last_words(view: View) -> ModelSelect[Any]:
    """A subquery (`patient_id`, `said`): when each patient was last tried, reached or refused.

    One walk over an index of the contacts answers for the whole clinic.
    """
    query = Contact.live(Contact.patient, fn.MAX(Contact.at).alias("said"))
    people = Contact.with_whom.in_(sorted(PEOPLE)) & (Contact.outcome != "not-applicable")
    return query.where(people & _about(Contact.patient, view)).group_by(Contact.patient)


def _on_the_way(scope: Scope, view: View) -> ModelSelect[Any]:
    """Intakes that stand for a try: outreach has its own row, and a way that ended since is not tried again."""
    day = day_of_instant(Contact.at, scope, view, lambda day: day)
    return Intake.live(Value(1)).where(
        (Intake.patient == Contact.patient) & ((Intake.stage == "outreach") | (Intake.ended_on >= day))
    )


def _later(scope: Scope, *, after_all: bool = False) -> ModelSelect[Any]:
    """What takes the last word from a contact: a later one with the same people, or an answer that was entered later.

    Minutes that are typed after a call count back from then, so a call that was logged after a try may have begun
    before it, by as long as an entry may be. `after_all` says that the contact is known to be of the last moment.
    """
    other = Contact.alias()
    longest = Value(scope.settings.longest_entry_hours * 3600, converter=False)
    entered_later = (other.signed_at > Contact.signed_at) | (
        (other.signed_at == Contact.signed_at) & (other.id > Contact.id)
    )
    answered = other.outcome.not_in(sorted(UNREACHED)) & entered_later
    later = (other.at == Contact.at) & (other.id > Contact.id)
    later = later if after_all else (other.at > Contact.at) | later
    return other.select(Value(1)).where(
        (other.patient == Contact.patient)
        & (other.at > Contact.at - longest)  # holds for all that follows, and spares the years before
        & other.struck_at.is_null()
        & other.with_whom.in_(sorted(PEOPLE))
        & (other.outcome != "not-applicable")
        & (later | answered)
    )


def _last_business_day(last: date) -> date:
    while not is_business_day(last):
        last -= timedelta(days=1)
    return last
