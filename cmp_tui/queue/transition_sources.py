"""What a discharge brings to Today: reach the patient in two business days, see them by day 7 or 14, and the end of
the 30 days (billing-rules, section 6). A later stay takes the clocks over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from peewee import JOIN, ModelSelect, Value, fn

from cmp_tui.billing.engine.clocks import clocks
from cmp_tui.clinic.calendar import day_start
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.steps import stepped
from cmp_tui.contacts.model import Contact
from cmp_tui.encounters.model import Stay, Visit
from cmp_tui.enrollment.programs import program_rules
from cmp_tui.enrollment.rulebook import Program
from cmp_tui.patients.model import Patient
from cmp_tui.queue.rows import View, columns
from cmp_tui.queue.source import Select, Source
from cmp_tui.queue.words import Details, Said, Settle, near
from cmp_tui.tasks.model import Snooze

TRIED = ("voicemail", "no-answer", "wrong-number", "refused")
"""Outcomes that are attempts: with two of them in time a transition can be billed though nobody was reached."""


def contact(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Who came home and was not reached yet."""
    rules = _rules(scope, view)
    if rules is None:
        return None
    query = _home(view, rules, "tcm-contact", {day: clocks(rules, day).contact_by for day in _days(view)}, 0)
    return query.where(
        ~fn.EXISTS(_reached(scope, view, rules)) & (_attempts(scope, view, rules) < 2) & ~_seen()
    )


def visit_7(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Who came home and was not seen yet, while a visit by day 7 is possible."""
    rules = _rules(scope, view)
    if rules is None:
        return None
    query = _home(view, rules, "tcm-visit-7", {day: clocks(rules, day).visit_7 for day in _days(view)}, 1)
    return query.where(~_seen() & (Stay.discharged >= view.day - timedelta(days=7)))


def visit_14(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Who came home and was not seen yet."""
    rules = _rules(scope, view)
    if rules is None:
        return None
    query = _home(view, rules, "tcm-visit-14", {day: clocks(rules, day).visit_14 for day in _days(view)}, 1)
    return query.where(~_seen())


def window_end(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Whose 30 days after a discharge end soon."""
    rules = _rules(scope, view)
    if rules is None:
        return None
    return _home(
        view, rules, "tcm-window-end", {day: clocks(rules, day).window_end for day in _days(view)}, 6
    )


def details(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Stays: from where and when the patient was discharged, and who has them."""
    query = (
        Stay.select(Stay.id, Stay.discharged, Stay.facility, Stay.discharged_to, Staff.name)
        .join(Patient, on=(Patient.id == Stay.patient))
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Patient.care_manager))
        .where(Stay.id.in_(keys))
    )
    return {
        bytes(key): Details(title=facility or "", by=manager or "", last=out, outcome=to or "")
        for key, out, facility, to, manager in rows(query)
    }


def _source(
    name: str, select: Select, words: str, clears: str, note: str = "", opens: str = "call"
) -> Source:
    def say(due: date, today: date, known: Details) -> Said:
        left = f"left {known.title} " if known.title else "discharged "
        last = near(known.last or due, today)
        return Said(f"{left}{last}: {words} {near(due, today)}{note}", clears)

    settle = Settle(word=opens)
    return Source(name=name, select=select, say=say, details=details, settle=settle, shows_owner=True)


SOURCES = (
    _source("tcm-contact", contact, "call by", "reached, or two attempts in time", " (2 business days)"),
    _source(
        "tcm-visit-7", visit_7, "visit by",
        "a transition visit (by day 7 at high complexity), or day 7 passes", " (day 7)",
    ),
    _source("tcm-visit-14", visit_14, "visit by", "a transition visit by day 14", " (day 14)"),
    _source(
        "tcm-window-end", window_end, "30 days end", "the 30 days after the discharge are over", opens="open"
    ),
)  # fmt: skip
"""The sources of a transition."""


def _rules(scope: Scope, view: View) -> Program | None:
    """The transition's rules on a day, the last ones after the tables end."""
    program = program_rules(scope.reference, "tcm")
    return program.on(min(view.day, program.until))


def _days(view: View) -> list[date]:
    """The days of discharge whose window is open on the view's day, up to it."""
    return [view.day - timedelta(days=number) for number in range(29, -1, -1)]


def _home(view: View, rules: Program, source: str, dues: dict[date, date], rank: int) -> ModelSelect[Any]:
    """Living patients of the view after a discharge that counts, each due on its day; no later stay has begun."""
    settings = rules.clauses["settings"].values
    due = stepped(Stay.discharged, [(day.isoformat(), dues[day].isoformat()) for day in sorted(dues)])
    later = Stay.alias()
    again = later.select(Value(1)).where(
        later.struck_at.is_null()
        & (later.patient == Stay.patient)
        & (later.id != Stay.id)
        & (later.kind != "ed")
        & (later.admitted >= Stay.discharged)
        & (later.admitted <= view.day)
    )
    alive = Patient.struck_at.is_null() & (Patient.deceased == False)  # noqa: E712
    query = (
        Stay.live(*columns(Stay.patient, source, due, rank, Stay.id))
        .join(Patient, on=(Patient.id == Stay.patient))
        .where(
            (Stay.discharged >= min(dues))
            & (Stay.discharged <= view.day)
            & Stay.kind.in_(list(settings["from"]))
            & (Stay.discharged_to.is_null() | Stay.discharged_to.in_(list(settings["to"])))
            & alive
            & ~fn.EXISTS(again)
            & (due <= view.last.isoformat())
        )
    )
    put_off = Snooze.live(Value(1)).where(
        (Snooze.patient == Stay.patient) & (Snooze.source == source) & (Snooze.until > view.day)
    )
    query = query.where(~fn.EXISTS(put_off))
    if view.panel is not None:
        query = query.where(view.panel)
    return query if view.only is None else query.where(Stay.patient.in_(view.only))


def _seen() -> Any:
    """A transition visit since the discharge."""
    return fn.EXISTS(
        Visit.live(Value(1)).where(
            (Visit.patient == Stay.patient) & (Visit.kind == "tcm") & (Visit.date > Stay.discharged)
        )
    )


def _since(scope: Scope, view: View, rules: Program) -> ModelSelect[Any]:
    """Contacts of clinical staff with the patient or a caregiver since the day of discharge."""
    values = rules.clauses["contact"].values
    begins = stepped(
        Stay.discharged,
        [(day.isoformat(), int(day_start(day, scope.zone).timestamp())) for day in _days(view)],
    )
    return (
        Contact.live(Value(1))
        .join(Staff, on=(Staff.id == Contact.staff))
        .where(
            (Contact.patient == Stay.patient)
            & (Contact.at >= begins)
            & (Staff.clinical == True)  # noqa: E712
            & Contact.mode.in_(list(values["modes"]))
            & Contact.with_whom.in_(list(values["with_whom"]))
        )
    )


def _reached(scope: Scope, view: View, rules: Program) -> ModelSelect[Any]:
    return _since(scope, view, rules).where(Contact.outcome == "reached")


def _attempts(scope: Scope, view: View, rules: Program) -> ModelSelect[Any]:
    """How many attempts were made in time."""
    ends = stepped(
        Stay.discharged,
        [
            (
                day.isoformat(),
                int(day_start(clocks(rules, day).contact_by + timedelta(days=1), scope.zone).timestamp()),
            )
            for day in _days(view)
        ],
    )
    timely = _since(scope, view, rules).where(Contact.outcome.in_(list(TRIED)) & (Contact.at < ends))
    return timely.select(fn.COUNT(fn.DISTINCT(Contact.at)))
