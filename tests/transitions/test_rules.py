"""The clocks of a discharge: which count, until when, and how each stands (billing-rules, section 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.calendar import is_business_day
from cmp_tui.clinic.reference import Reference
from cmp_tui.enrollment.programs import program_rules
from cmp_tui.enrollment.rulebook import Program
from cmp_tui.transitions.clock_rules import clocks
from cmp_tui.transitions.facts import Around, BookedFact, ContactFact, PutOff, StayFact, VisitFact
from cmp_tui.transitions.rules import ORDER, Transition, transition

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
PROGRAM = program_rules(Reference(), "tcm")
DAYS = st.dates(date(2022, 1, 1), date(2026, 12, 31))


def rules() -> Program:
    found = PROGRAM.on(date(2026, 11, 23))
    assert found is not None
    return found


def stay(**values: Any) -> StayFact:
    plain = {
        "key": b"s", "kind": "inpatient", "facility": "St. Mary's", "admitted": date(2026, 11, 16),
        "discharged": FRIDAY, "to": "home",
    }  # fmt: skip
    return StayFact(**{**plain, **values})


def call(day: date, outcome: str = "reached", hour: int = 16, **values: Any) -> ContactFact:
    at = int(datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp())
    plain = {
        "key": f"c{at}".encode(), "at": at, "day": day, "by": "Dana Ruiz", "clinical": True, "mode": "phone",
        "outcome": outcome, "with_whom": "patient", "scheduling": False,
    }  # fmt: skip
    return ContactFact(**{**plain, **values})


def judged(
    one: StayFact | None = None, others: Sequence[StayFact] = (), today: date = MONDAY, **around: Any
) -> Transition:
    one = one or stay()
    return transition(rules(), one, Around(stays=(*others, one), **around), today)


def states(one: Transition) -> dict[str, str]:
    return {clock.name: clock.state for clock in one.clocks}


def test_a_friday_discharge_is_called_by_tuesday() -> None:
    one = judged()
    assert one.counts and one.times is not None
    assert {clock.name: clock.due for clock in one.clocks} == {
        "contact": date(2026, 11, 24), "reconcile": date(2026, 12, 4), "visit": date(2026, 12, 4),
        "summary": date(2026, 11, 24), "end": date(2026, 12, 19),
    }  # fmt: skip
    assert one.first is not None and one.first.name == "contact"
    assert not one.is_late


def test_a_friday_before_a_monday_holiday_is_called_by_wednesday() -> None:
    """12 October 2026 is Columbus Day."""
    assert clocks(rules(), date(2026, 10, 9)).contact_by == date(2026, 10, 14)


@given(DAYS)
def test_the_call_is_due_after_two_business_days(day: date) -> None:
    times = clocks(rules(), day)
    between = [day + timedelta(n) for n in range(1, (times.contact_by - day).days + 1)]
    assert sum(map(is_business_day, between)) == 2 and is_business_day(times.contact_by)
    assert times.contact_by <= times.visit_7 < times.visit_14 < times.window_end
    assert (times.window_end - day).days == 29


@given(
    DAYS,
    st.integers(0, 40),
    st.lists(st.integers(-3, 40), max_size=4),
    st.sampled_from(["reached", "voicemail"]),
)
def test_every_clock_stands_somehow_whatever_was_done(
    day: date, gone: int, days: list[int], outcome: str
) -> None:
    today = day + timedelta(gone)
    one = judged(
        stay(admitted=day - timedelta(3), discharged=day), today=today,
        contacts=[call(day + timedelta(n), outcome, hour=12 + at) for at, n in enumerate(days)],
    )  # fmt: skip
    assert [clock.name for clock in one.clocks] == list(ORDER)
    first = one.first
    for clock in one.clocks:
        assert not clock.is_open or today <= one.clocks[-1].due
        assert clock.state != "late" or clock.due < today
        if first is not None and clock.is_open and clock.name not in ("end", "summary"):
            assert first.due <= clock.due
    contact = one.clocks[0]
    timely = [n for n in days if n >= 0 and day + timedelta(n) <= contact.due]
    assert contact.tries == (len(timely) if outcome == "voicemail" else 0)
    if outcome == "reached" and timely:
        assert contact.state == "done"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"discharged": None, "to": None}, "inside"),
        ({"discharged": MONDAY + timedelta(1)}, "ahead"),
        ({"kind": "ed"}, "kind"),
        ({"to": "snf"}, "to"),
        ({"to": "hospital"}, "to"),
        ({"to": "died"}, "died"),
        ({"to": None}, ""),
        ({"to": "assisted-living"}, ""),
    ],
)
def test_what_counts_and_why_not(values: dict[str, Any], why: str) -> None:
    assert judged(stay(**values)).why_not == why


def test_who_died_before_the_thirtieth_day_has_no_clocks() -> None:
    assert judged(died=True, died_on="2026-11-22").why_not == "died"
    assert judged(died=True).why_not == "died"
    assert judged(died=True, died_on="2027-01").why_not == ""


def test_a_later_stay_takes_the_clocks_over_and_an_emergency_visit_does_not() -> None:
    room = stay(key=b"e", kind="ed", admitted=date(2026, 11, 22), discharged=date(2026, 11, 22))
    assert judged(others=[room]).counts
    again = stay(key=b"a", admitted=date(2026, 11, 22), discharged=None, to=None)
    one = judged(others=[again])
    assert one.why_not == "again" and one.again is not None and one.again.days == 2


def test_attempts_and_contacts_are_told_apart() -> None:
    one = judged(contacts=[call(FRIDAY + timedelta(1), "voicemail")])
    contact = one.clock("contact")
    assert contact is not None and (contact.state, contact.tries) == ("open", 1)
    one = judged(contacts=[call(MONDAY, "voicemail", 13), call(MONDAY, "no-answer", 14)])
    assert states(one)["contact"] == "stands"
    at_once = call(MONDAY, "voicemail", 13)
    assert states(judged(contacts=[at_once, at_once._replace(key=b"x")]))["contact"] == "open"


@pytest.mark.parametrize(
    "values", [{"clinical": False}, {"scheduling": True}, {"with_whom": "pharmacy"}, {"mode": "letter"}]
)
def test_what_reaches_nobody(values: dict[str, Any]) -> None:
    assert states(judged(contacts=[call(MONDAY, **values)]))["contact"] == "open"


def test_a_call_before_they_left_does_not_count() -> None:
    left = int(datetime(2026, 11, 20, 20, tzinfo=UTC).timestamp())
    assert states(judged(stay(discharged_at=left), contacts=[call(FRIDAY, hour=16)]))["contact"] == "open"
    assert states(judged(stay(discharged_at=left), contacts=[call(FRIDAY, hour=21)]))["contact"] == "done"


def test_late_and_done_late() -> None:
    later = date(2026, 11, 27)
    assert judged(today=later).is_late
    reached = judged(today=later, contacts=[call(later)]).clock("contact")
    assert reached is not None and (reached.state, reached.on, reached.by) == (
        "done-late",
        later,
        "Dana Ruiz",
    )
    tries = judged(today=later, contacts=[call(MONDAY, "voicemail"), call(later, "voicemail")]).clock(
        "contact"
    )
    assert tries is not None and (tries.state, tries.tries, tries.later_tries) == ("late", 1, 1)
    assert states(judged(today=date(2026, 12, 20)))["visit"] == "missed"


def test_the_visit_by_complexity_and_what_it_settles() -> None:
    high = judged(stay(complexity="high")).clock("visit")
    assert high is not None and high.due == date(2026, 11, 27)
    seen = judged(
        today=date(2026, 12, 2), visits=[VisitFact(b"v", date(2026, 11, 30), "tcm", "high", "Amy Levin")]
    )
    visit = seen.clock("visit")
    assert visit is not None and (visit.state, visit.due) == ("done-late", date(2026, 11, 27))
    assert states(seen) | {"contact": "missed", "reconcile": "late"} == states(seen)
    soon = judged(visits=[VisitFact(b"v", MONDAY, "tcm")])
    assert states(soon)["contact"] == "stands" and states(soon)["visit"] == "done"
    office = judged(visits=[VisitFact(b"v", MONDAY, "em")])
    assert states(office)["visit"] == "open" and office.other_visit is not None


def test_the_visit_on_the_day_of_discharge_is_none() -> None:
    assert states(judged(visits=[VisitFact(b"v", FRIDAY, "tcm")]))["visit"] == "open"


def test_medicines_are_reconciled_by_the_visit() -> None:
    booked = BookedFact(b"b", date(2026, 11, 25), "09:30", "office", "transition visit")
    clock = judged(booked=[booked]).clock("reconcile")
    assert clock is not None and clock.due == date(2026, 11, 25)
    visit = VisitFact(b"v", date(2026, 11, 24), "tcm", "high")
    early = judged(stay(reconciled_on="2026-11-24"), visits=[visit], today=date(2026, 11, 25))
    assert states(early)["reconcile"] == "done"
    late = judged(stay(reconciled_on="2026-11-25"), visits=[visit], today=date(2026, 11, 25))
    assert states(late)["reconcile"] == "done-late"
    assert states(judged(stay(reconciled_on="2026-11")))["reconcile"] == "done"


def test_what_was_put_off_stays_open_and_says_why() -> None:
    off = PutOff("tcm-contact", date(2026, 11, 27), "at her daughter's")
    clock = judged(put_off=[off]).clock("contact")
    assert clock is not None and clock.is_open and clock.put_off == off
    assert judged(put_off=[off], today=off.until).clock("contact").put_off is None  # type: ignore[union-attr]
