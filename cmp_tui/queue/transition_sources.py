"""What a discharge brings to Today: the call in two business days, the medicines, the visit by day 7 or 14, the
discharge summary, the end of the 30 days (billing-rules, section 6). A later stay takes the clocks over.

How each clock stands, transitions/rules.py says; here is what is still open, as SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from peewee import JOIN, Case, ModelSelect, Value, fn

from cmp_tui.clinic.calendar import day_start
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.steps import stepped
from cmp_tui.contacts.model import Contact
from cmp_tui.encounters.model import Appointment, Stay, Visit
from cmp_tui.enrollment.programs import program_rules
from cmp_tui.enrollment.rulebook import Program
from cmp_tui.patients.model import Patient
from cmp_tui.queue.rows import View, columns
from cmp_tui.queue.source import CALL, Reader, Select, Source
from cmp_tui.queue.words import Details, Said, Settle, near
from cmp_tui.tasks.model import Snooze
from cmp_tui.transitions.clock_rules import HIGH, Clocks, clocks
from cmp_tui.transitions.reach_rules import TRIES


def contact(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Who came home and was not reached yet."""
    rules = _rules(scope, view)
    if rules is None:
        return None
    query = _home(view, rules, "tcm-contact", _by(view, rules, lambda times: times.contact_by), 0)
    return query.where(
        ~fn.EXISTS(_reached(scope, view, rules)) & (_attempts(scope, view, rules) < 2) & ~_seen()
    )


def reconcile(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Whose medicines were not reconciled: by the visit, the one that was, the one that is booked, or the last day."""
    rules = _rules(scope, view)
    if rules is None:
        return None
    visit = Visit.live(fn.MIN(Visit.date)).where(_is_seen(Visit))
    a = Appointment
    booked = a.live(fn.MIN(a.day)).where(
        (a.patient == Stay.patient) & (a.status == "booked") & (a.kind == "office")
        & (a.day >= view.day) & (a.day > Stay.discharged)
    )  # fmt: skip
    last = _visit_by(view, rules)
    due = fn.COALESCE(visit, Case(None, [(booked < last, booked)], last), coerce=False)
    query = _home(view, rules, "tcm-reconcile", due, 1)
    return query.where(Stay.medications_reconciled_on.is_null())


def visit_7(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Who came home and was not seen yet, while a visit by day 7 is possible and may be wanted."""
    rules = _rules(scope, view)
    if rules is None:
        return None
    query = _home(view, rules, "tcm-visit-7", _by(view, rules, lambda times: times.visit_7), 1)
    wanted = Stay.complexity.is_null() | (Stay.complexity == HIGH)
    return query.where(~_seen() & wanted & (Stay.discharged >= view.day - timedelta(days=7)))


def visit_14(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Who came home and was not seen yet; of those to be seen by day 7, once that has passed."""
    rules = _rules(scope, view)
    if rules is None:
        return None
    query = _home(view, rules, "tcm-visit-14", _by(view, rules, lambda times: times.visit_14), 1)
    later = Stay.complexity.is_null() | (Stay.complexity != HIGH)
    return query.where(~_seen() & (later | (Stay.discharged < view.day - timedelta(days=7))))


def summary(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Whose discharge summary has not come: it is asked for with the call (our choice; no rule sets a day)."""
    rules = _rules(scope, view)
    if rules is None:
        return None
    query = _home(view, rules, "tcm-summary", _by(view, rules, lambda times: times.contact_by), 4)
    return query.where(Stay.summary_on.is_null())


def window_end(scope: Scope, view: View) -> ModelSelect[Any] | None:
    """Whose 30 days after a discharge end soon."""
    rules = _rules(scope, view)
    if rules is None:
        return None
    return _home(view, rules, "tcm-window-end", _by(view, rules, lambda times: times.window_end), 6)


def of_stays(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
    """Stays: from where and when the patient was discharged, who has them, and for when the visit is booked."""
    a = Appointment
    booked = a.live(fn.MIN(a.day)).where(
        (a.patient == Stay.patient) & (a.status == "booked") & (a.kind == "office") & (a.day >= scope.today)
    )
    query = (
        Stay.select(Stay.id, Stay.discharged, Stay.facility, Stay.discharged_to, Staff.name, booked)
        .join(Patient, on=(Patient.id == Stay.patient))
        .join(Staff, JOIN.LEFT_OUTER, on=(Staff.id == Patient.care_manager))
        .where(Stay.id.in_(keys))
    )
    return {
        bytes(key): Details(
            title=facility or "", by=manager or "", last=out, outcome=to or "", at_time=day and str(day)
        )
        for key, out, facility, to, manager, day in rows(query)
    }


def details_of(kind: str) -> Reader:
    """Returns `of_stays` with what the settling form is told: of a visit its kind, of medicines the stay."""

    def read(scope: Scope, keys: set[bytes]) -> dict[bytes, Details]:
        found = of_stays(scope, keys)
        return {key: one._replace(topic=kind or key.hex()) for key, one in found.items()}

    return read


def _source(
    name: str,
    select: Select,
    words: str,
    clears: str,
    note: str = "",
    settle: Settle = CALL,
    reader: Reader = of_stays,
) -> Source:
    is_visit = name.startswith("tcm-visit")

    def say(due: date, today: date, known: Details) -> Said:
        left = f"left {known.title} " if known.title else "discharged "
        last = near(known.last or due, today)
        booked = ""
        if is_visit and known.at_time:
            booked = f", booked {near(date.fromisoformat(known.at_time), today)}"
        day = f" {near(due, today)}" if words else ""
        return Said(f"{left}{last}: {words}{day}{note}{booked}", clears)

    return Source(
        name=name, select=select, say=say, details=reader, settle=settle, shows_owner=True,
        counts=name != "tcm-window-end",
    )  # fmt: skip


CALLED = Settle("discharge-call", "call", on_record=True)
SEEN = Settle("visit", "visit", about="kind")
RECONCILED = Settle("reconcile", "medicines", about="stay")
SOURCES = (
    _source("tcm-contact", contact, "call by", "reached, or two attempts in time", " (2 business days)", CALLED),
    _source(
        "tcm-reconcile", reconcile, "reconcile medicines by", "medicines reconciled, by the visit", "", RECONCILED,
        details_of(""),
    ),
    _source(
        "tcm-visit-7", visit_7, "visit by",
        "a transition visit (by day 7 at high complexity), or day 7 passes", " (day 7)", SEEN, details_of("tcm"),
    ),
    _source(
        "tcm-visit-14", visit_14, "visit by", "a transition visit by day 14", " (day 14)", SEEN, details_of("tcm")
    ),
    _source(
        "tcm-summary", summary, "ask for the summary by", "the discharge summary is here", "",
        Settle("stay-summary", "summary", on_record=True),
    ),
    _source(
        "tcm-window-end", window_end, "30 days end", "the 30 days after the discharge are over", "", Settle("", "open")
    ),
)  # fmt: skip
"""The sources of a transition, in the order of its clocks."""


def _rules(scope: Scope, view: View) -> Program | None:
    """The transition's rules on a day, the last ones after the tables end."""
    program = program_rules(scope.reference, "tcm")
    return program.on(min(view.day, program.until))


def _days(view: View) -> list[date]:
    """The days of discharge whose window is open on the view's day, up to it."""
    return [view.day - timedelta(days=number) for number in range(29, -1, -1)]


def _by(view: View, rules: Program, due: Callable[[Clocks], date]) -> Any:
    """An SQL expression: a day of the clocks that a discharge starts, as ISO text."""
    return stepped(
        Stay.discharged, [(day.isoformat(), due(clocks(rules, day)).isoformat()) for day in _days(view)]
    )


def _visit_by(view: View, rules: Program) -> Any:
    """An SQL expression: until when to see the patient, by the complexity that is expected."""
    early = _by(view, rules, lambda times: times.visit_by(HIGH))
    late = _by(view, rules, lambda times: times.visit_by(None))
    return Case(None, [(Stay.complexity == HIGH, early)], late)


def _home(view: View, rules: Program, source: str, due: Any, rank: int) -> ModelSelect[Any]:
    """Living patients of the view after a discharge that counts, each due on its day; no later stay has begun."""
    settings = rules.clauses["settings"].values
    days = _days(view)
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
            (Stay.discharged >= days[0])
            & (Stay.discharged <= days[-1])
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
    return fn.EXISTS(Visit.live(Value(1)).where(_is_seen(Visit)))


def _is_seen(visit: Any) -> Any:
    return (visit.patient == Stay.patient) & (visit.kind == "tcm") & (visit.date > Stay.discharged)


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
    timely = _since(scope, view, rules).where(Contact.outcome.in_(sorted(TRIES)) & (Contact.at < ends))
    return timely.select(fn.COUNT(fn.DISTINCT(Contact.at)))
