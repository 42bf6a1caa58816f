"""The transition of a stay: whether its discharge counts and why not, and how each of its clocks stands. Pure.

Billing-rules, section 6. Whether a code comes of it, the month says (billing); here is what there is to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from cmp_tui.enrollment.rulebook import Program
from cmp_tui.transitions.clock_rules import HIGH, Clocks, begins, clocks
from cmp_tui.transitions.facts import Around, BookedFact, ContactFact, PutOff, StayFact, VisitFact
from cmp_tui.transitions.reach_rules import attempts, is_about
from cmp_tui.transitions.use_rules import EMERGENCY, Back, readmissions

Name = Literal["contact", "reconcile", "visit", "summary", "end"]
ORDER: tuple[Name, ...] = ("contact", "reconcile", "visit", "summary", "end")
"""The clocks; of two that are due on a day the first of these stands first."""
State = Literal["open", "late", "done", "done-late", "stands", "missed"]
"""`stands`: two attempts in time, or the visit, stand for the contact; `missed`: too late for it, and no more to do."""
OFFICE = frozenset({"em", "awv", "ippe"})
SEEN_AS = "tcm"
ASKED: Name = "summary"
SOURCES: dict[Name, tuple[str, ...]] = {
    "contact": ("tcm-contact",), "reconcile": ("tcm-reconcile",), "visit": ("tcm-visit-7", "tcm-visit-14"),
    "summary": ("tcm-summary",), "end": ("tcm-window-end",),
}  # fmt: skip
"""The sources of Today in which each clock stands."""


class Clock(NamedTuple):
    """One clock: until when, how it stands, when it was settled and by whom; attempts in time and later ones."""

    name: Name
    due: date
    state: State
    on: date | None = None
    by: str = ""
    tries: int = 0
    later_tries: int = 0
    last_try: date | None = None
    booked: BookedFact | None = None
    put_off: PutOff | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.state in ("open", "late")


class Transition(NamedTuple):
    """A stay with what it began. `why_not` says why its discharge starts no clocks: "" when it does, else "inside"
    (still there), "ahead", "kind", "to", "died", "again" (a later stay took the clocks over).

    `back` is how the patient came into this stay within 30 days after another, `again` how they went in again after it.
    """

    stay: StayFact
    why_not: str
    times: Clocks | None = None
    clocks: tuple[Clock, ...] = ()
    back: Back | None = None
    again: Back | None = None
    visit: VisitFact | None = None
    other_visit: VisitFact | None = None
    """A visit after the discharge that was not recorded as a transition visit, where there is no other."""

    @property
    def counts(self) -> bool:
        """Whether its discharge starts clocks."""
        return not self.why_not

    def clock(self, name: Name) -> Clock | None:
        """One of its clocks."""
        return next((one for one in self.clocks if one.name == name), None)

    @property
    def first(self) -> Clock | None:
        """The open clock that is due first; the summary, for which no rule sets a day, when nothing else is open."""
        opened = [one for one in self.clocks if one.is_open and one.name != "end"]
        return min(opened, key=lambda one: (one.name == ASKED, one.due, ORDER.index(one.name)), default=None)

    @property
    def is_late(self) -> bool:
        """Whether a clock of a rule is past its day."""
        return any(one.state == "late" for one in self.clocks if one.name != ASKED)


def transition(rules: Program, stay: StayFact, around: Around, today: date) -> Transition:
    """Judges one stay of a patient, as of a day. `around.stays` holds the stay itself too."""
    came_back = readmissions(around.stays)
    back = next((one for one in came_back if one.later.key == stay.key), None)
    again = next((one for one in came_back if one.earlier.key == stay.key), None)
    why_not = why_no_clocks(rules, stay, around, today)
    if why_not or stay.discharged is None:
        return Transition(stay, why_not, back=back, again=again)
    times = clocks(rules, stay.discharged)
    seen = [one for one in around.visits if stay.discharged < one.day <= times.window_end]
    visit = min((one for one in seen if one.kind == SEEN_AS), key=lambda one: one.day, default=None)
    other = None
    if visit is None:
        other = min((one for one in seen if one.kind in OFFICE), key=lambda one: one.day, default=None)
    booked = _booked(around.booked, times, today) if visit is None else None
    seen_clock = _visit(stay, times, visit, booked, today)
    found: tuple[Clock, ...] = (
        _contact(rules, stay, around.contacts, times, visit, today),
        _reconcile(stay, times, seen_clock, today),
        seen_clock,
        _summary(stay, times, today),
        Clock("end", times.window_end, "open" if today <= times.window_end else "done", times.window_end),
    )
    put_off = {one.source: one for one in around.put_off if one.until > today}
    found = tuple(_put_off(one, put_off) for one in found)
    return Transition(stay, "", times, found, back, again, visit, other)


def why_no_clocks(rules: Program, stay: StayFact, around: Around, today: date) -> str:
    """Returns why a stay's discharge starts no clocks, "" when it does (Transition.why_not)."""
    if stay.discharged is None:
        return "kind" if stay.kind == EMERGENCY else "inside"
    if stay.discharged > today:
        return "ahead"
    if not begins(rules, stay.kind, stay.discharged, None):
        return "kind"
    if stay.to == "died" or (around.died and _died_before(around, clocks(rules, stay.discharged).window_end)):
        return "died"
    if not begins(rules, stay.kind, stay.discharged, stay.to):
        return "to"
    if any(_takes_over(other, stay, today) for other in around.stays):
        return "again"
    return ""


def is_past(rules: Program, stay: StayFact, today: date) -> bool:
    """Whether the window after a stay's discharge is over."""
    return stay.discharged is not None and today > clocks(rules, stay.discharged).window_end


def _takes_over(other: StayFact, stay: StayFact, today: date) -> bool:
    """Whether a later stay has begun: what is to be done counts from its discharge then."""
    assert stay.discharged is not None
    return (
        other.key != stay.key
        and other.kind != EMERGENCY
        and stay.discharged <= other.admitted <= today
        and (other.admitted, other.discharged or date.max) > (stay.admitted, stay.discharged)
    )


def _died_before(around: Around, last: date) -> bool:
    return around.died_on is None or around.died_on <= last.isoformat()


def _contact(
    rules: Program,
    stay: StayFact,
    contacts: Sequence[ContactFact],
    times: Clocks,
    visit: VisitFact | None,
    today: date,
) -> Clock:
    clause, due = rules.clauses["contact"], times.contact_by
    about = [
        one
        for one in contacts
        if one.day <= times.window_end and is_about(one, clause, times.discharged, stay.discharged_at)
    ]
    timely = [one for one in about if one.day <= due]
    tries, later = attempts(timely), attempts([one for one in about if one.day > due])
    last = max((one.day for one in about if one.outcome != "reached"), default=None)
    plain = Clock("contact", due, "open", None, "", tries, later, last)
    reached = min((one for one in about if one.outcome == "reached"), key=lambda one: one.at, default=None)
    if reached is not None:
        state: State = "done" if reached.day <= due else "done-late"
        return plain._replace(state=state, on=reached.day, by=reached.by)
    if tries >= clause.values["attempts"]:
        return plain._replace(state="stands", on=last)
    if visit is not None:
        state = "stands" if visit.day <= due else "missed"
        return plain._replace(state=state, on=visit.day, by=visit.by)
    return plain._replace(state=_waits(due, times, today))


def _visit(
    stay: StayFact, times: Clocks, visit: VisitFact | None, booked: BookedFact | None, today: date
) -> Clock:
    due = times.visit_by(visit.mdm if visit is not None and visit.mdm else stay.complexity)
    if visit is not None:
        return Clock("visit", due, "done" if visit.day <= due else "done-late", visit.day, visit.by)
    return Clock("visit", due, _waits(due, times, today), booked=booked)


def _reconcile(stay: StayFact, times: Clocks, seen: Clock, today: date) -> Clock:
    """By the visit, whenever that is: the day of the visit, of the one that is booked, or the last one for it."""
    due = seen.due
    if seen.on is not None:
        due = seen.on
    elif seen.booked is not None and seen.booked.day >= today:
        due = min(due, seen.booked.day)
    said = stay.reconciled_on
    if said:
        last = due.isoformat()
        on = date.fromisoformat(said) if len(said) == 10 else None
        return Clock("reconcile", due, "done" if said <= last else "done-late", on)
    state = _waits(due, times, today)
    if seen.on is not None and state == "open" and today > seen.on:
        state = "late"
    return Clock("reconcile", due, state)


def _summary(stay: StayFact, times: Clocks, today: date) -> Clock:
    """The discharge summary, asked for with the call: that day is our choice, no rule sets one."""
    due = times.contact_by
    if stay.summary_on is not None:
        return Clock("summary", due, "done", stay.summary_on)
    return Clock("summary", due, _waits(due, times, today))


def _waits(due: date, times: Clocks, today: date) -> State:
    if today > times.window_end:
        return "missed"
    return "late" if today > due else "open"


def _booked(booked: Sequence[BookedFact], times: Clocks, today: date) -> BookedFact | None:
    """The visit here that is planned in the window: the next one, else the last whose outcome nobody has said."""
    ours = [one for one in booked if one.kind == "office" and times.discharged < one.day <= times.window_end]
    ahead = min((one for one in ours if one.day >= today), key=lambda one: (one.day, one.time), default=None)
    return ahead or max(ours, key=lambda one: (one.day, one.time), default=None)


def _put_off(clock: Clock, put_off: dict[str, PutOff]) -> Clock:
    found = next((put_off[name] for name in SOURCES[clock.name] if name in put_off), None)
    return clock._replace(put_off=found) if found is not None and clock.is_open else clock


def visit_days(complexity: str | None) -> int:
    """By which day after the discharge the visit is wanted: 7 at high complexity, else 14."""
    return 7 if complexity == HIGH else 14


def days_left(due: date, today: date) -> str:
    """What is left until a day, in words: "today", "1 day left", "2 days late"."""
    days = (due - today) // timedelta(days=1)
    if days == 0:
        return "today"
    words = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"{words} left" if days > 0 else f"{words} late"
