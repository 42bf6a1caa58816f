"""The referral loop: every open stage has a way forward and a clock, and an end is an end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmp_tui.clinic.calendar import is_business_day
from cmp_tui.clinic.reference import Reference
from cmp_tui.referrals.referral_book import referral_book
from cmp_tui.referrals.rules import (
    ASIDE,
    CHECKED,
    CLOSED,
    NO_REPORT,
    STAGES,
    WAY,
    Loop,
    Taken,
    ask_again_on,
    check_on,
    fhir_ended,
    fhir_of,
    goes_back,
    next_stages,
    place,
    proposed,
    seen_by,
    skipped,
    stands_at,
    target_on,
    wrong_end,
    wrong_step,
)

REFERENCE = Reference()
BOOK = referral_book(REFERENCE)
KINDS = [one.code for one in REFERENCE.codes("referral_kind")]
URGENCIES = [one.code for one in REFERENCE.codes("referral_urgency")]
ENDS = [one.code for one in REFERENCE.codes("referral_end")]
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
TODAY = date(2026, 11, 23)


@st.composite
def loops(draw: st.DrawFn) -> Loop:
    ordered = draw(DAYS)
    stage = draw(st.sampled_from(STAGES))
    on = ordered + timedelta(days=draw(st.integers(0, 200)))
    visit = draw(st.none() | st.integers(-30, 90).map(lambda days: on + timedelta(days=days)))
    return Loop(draw(st.sampled_from(KINDS)), draw(st.sampled_from(URGENCIES)), stage, ordered, on, visit)


def test_the_stages_are_those_of_the_column() -> None:
    known = {one.code for one in REFERENCE.codes("referral_stage")}
    assert set(STAGES) <= known
    assert {CHECKED, CLOSED, "put-off", "reopened"} == known - set(STAGES)


@given(loops())
def test_every_open_stage_has_a_way_forward(loop: Loop) -> None:
    steps = next_stages(loop.kind, loop.stage)
    assert steps, loop.stage
    assert CLOSED in steps, "any stage may close"
    assert proposed(loop.kind, loop.stage) == steps[0]
    known = {one.code for one in REFERENCE.codes("referral_stage")}
    assert set(steps) <= known
    assert loop.stage not in steps


@pytest.mark.parametrize("kind", KINDS)
def test_the_proposed_steps_lead_to_the_end(kind: str) -> None:
    """Whoever takes what is proposed comes from the order to the end, without a circle."""
    stage, been = "ordered", ["ordered"]
    while stage != CLOSED:
        stage = proposed(kind, stage)
        assert stage not in been
        been.append(stage)
    assert "attended" in been
    assert ("report" in been) == (kind not in NO_REPORT)
    assert ("told" in been) == (kind not in NO_REPORT)


@given(loops(), st.integers(0, 200), st.booleans())
def test_every_open_stage_has_a_clock(loop: Loop, later: int, heard: bool) -> None:
    today = loop.stage_on + timedelta(days=later)
    track = BOOK.track_of(loop)
    asks = check_on(track, loop, today, heard=heard)
    assert asks >= today
    if heard and target_on(track, loop) <= today:
        assert asks > today and is_business_day(asks)
    if not heard and target_on(track, loop) <= today:
        assert asks == today
    again = ask_again_on(track, today, loop)
    assert again > today


@given(loops())
def test_the_pressing_are_never_asked_about_later_than_others(loop: Loop) -> None:
    """At once before urgent before routine, at every stage."""
    by = [
        target_on(BOOK.track(loop.kind, urgency), loop._replace(urgency=urgency))
        for urgency in ("stat", "urgent", "routine")
    ]
    if loop.stage != "accepted":  # a routine one counts from the order, so it may be past already
        assert by == sorted(by)


def test_the_targets_are_those_of_the_reference() -> None:
    """Urgent: acknowledged in 1 business day, a date in 3, report 7 days after the visit; routine: 7, 14, 90 and 14
    days; a service: first check after 7 days, then after 14."""
    friday = date(2026, 11, 20)
    urgent = Loop("specialist", "urgent", "sent", friday, friday)
    assert target_on(BOOK.track_of(urgent), urgent) == date(2026, 11, 23)
    assert target_on(BOOK.track_of(urgent), urgent._replace(stage="accepted")) == date(2026, 11, 25)
    assert target_on(BOOK.track_of(urgent), urgent._replace(stage="attended")) == date(2026, 11, 27)
    routine = urgent._replace(urgency="routine")
    track = BOOK.track_of(routine)
    assert target_on(track, routine) == date(2026, 11, 27)
    assert target_on(track, routine._replace(stage="accepted", stage_on=date(2026, 11, 24))) == date(
        2026, 12, 4
    )
    assert target_on(track, routine._replace(stage="attended")) == date(2026, 12, 4)
    assert seen_by(track, routine) == date(2027, 2, 18)
    assert seen_by(track, routine._replace(stage="attended")) is None
    social = routine._replace(kind="community")
    assert target_on(BOOK.track_of(social), social) == date(2026, 11, 27)
    assert ask_again_on(BOOK.track_of(social), date(2026, 11, 27), social) == date(2026, 12, 11)


def test_holidays_do_not_count() -> None:
    """Thanksgiving is Thursday 26 November 2026."""
    wednesday = date(2026, 11, 25)
    loop = Loop("test", "urgent", "sent", wednesday, wednesday)
    assert target_on(BOOK.track_of(loop), loop) == date(2026, 11, 27)


def test_a_visit_is_asked_about_on_the_business_day_after_it() -> None:
    loop = Loop("test", "routine", "scheduled", TODAY, TODAY, date(2026, 11, 25))
    assert check_on(BOOK.track_of(loop), loop, TODAY, heard=True) == date(2026, 11, 27)
    assert ask_again_on(BOOK.track_of(loop), TODAY, loop._replace(visit_on=date(2027, 1, 8))) == date(
        2027, 1, 11
    )


@given(st.sampled_from(STAGES))
def test_fhir_states_of_an_open_loop(stage: str) -> None:
    states = fhir_of(stage)
    assert states.status == "active"
    assert REFERENCE.known("referral_task_status", states.task_status)


@given(st.sampled_from(STAGES), st.sampled_from(ENDS))
def test_fhir_states_of_one_that_ended(stage: str, end: str) -> None:
    states = fhir_ended(stage, end)
    assert REFERENCE.known("request_status", states.status)
    assert REFERENCE.known("referral_task_status", states.task_status)
    assert states.status == ("completed" if end in ("met", "not-met") else "revoked")
    assert states.task_status not in ("draft", "requested", "accepted", "in-progress")
    if place(stage) >= WAY.index("report"):
        assert states.task_status == "completed"


def test_skipping_is_told() -> None:
    assert skipped("specialist", "sent", "attended", frozenset({"ordered", "sent"})) == (
        "accepted",
        "scheduled",
    )
    assert skipped("specialist", "report", "told", frozenset()) == ("reviewed",)
    assert skipped("community", "attended", "told", frozenset()) == ()
    assert skipped("specialist", "missed", "scheduled", frozenset()) == ()
    assert skipped("specialist", "sent", CHECKED, frozenset()) == ()


@given(st.sampled_from(STAGES), st.sampled_from(STAGES))
def test_going_back_and_skipping_exclude_each_other(before: str, after: str) -> None:
    if goes_back(before, after):
        assert not skipped("specialist", before, after, frozenset())


def test_going_back() -> None:
    assert goes_back("attended", "scheduled")
    assert not goes_back("missed", "scheduled"), "another day is the way forward"
    assert not goes_back("declined", "sent"), "to somebody else"
    assert not goes_back("scheduled", "scheduled")
    assert not goes_back("sent", "accepted")


@given(st.lists(st.tuples(st.sampled_from([*STAGES, CHECKED, "put-off"]), st.integers(0, 60)), max_size=12))
def test_a_loop_always_stands_at_one_of_its_steps(taken: list[tuple[str, int]]) -> None:
    steps = [Taken("ordered", TODAY), *(Taken(stage, TODAY + timedelta(days=day)) for stage, day in taken)]
    found = stands_at(steps)
    assert found in steps
    assert found.stage in STAGES


def test_what_is_added_about_an_earlier_day_is_history() -> None:
    steps = [
        Taken("ordered", date(2026, 11, 2)),
        Taken("scheduled", date(2026, 11, 20)),
        Taken("accepted", date(2026, 11, 10)),
    ]
    assert stands_at(steps).stage == "scheduled"
    assert stands_at([*steps, Taken("attended", date(2026, 11, 19))]).stage == "attended"


LOOP = Loop("specialist", "routine", "sent", date(2026, 11, 2), date(2026, 11, 3))


@pytest.mark.parametrize(
    "stage", ["accepted", "declined", "scheduled", "attended", "missed", "report", "told", CHECKED]
)
def test_who_said_so_and_how_is_asked(stage: str) -> None:
    wrong = wrong_step(LOOP, stage, TODAY, TODAY, said_by=" ", how=None, why="forgot")
    assert set(wrong) == {"said_by", "how"}
    assert wrong_step(LOOP, stage, TODAY, TODAY, said_by="Deb", how="phone", why="forgot") == {}


def test_steps_that_can_not_be() -> None:
    assert "stage" in wrong_step(LOOP, "ordered", TODAY, TODAY, said_by="x", how="fax", why=None)
    assert "stage" in wrong_step(LOOP, "lost", TODAY, TODAY, said_by="x", how="fax", why=None)
    later = TODAY + timedelta(days=1)
    assert "day" in wrong_step(LOOP, "report", later, TODAY, said_by="x", how="fax", why=None)
    assert "day" in wrong_step(LOOP, "report", date(2026, 11, 1), TODAY, said_by="x", how="fax", why=None)
    assert "why" in wrong_step(LOOP, "missed", TODAY, TODAY, said_by="x", how="phone", why=None)
    assert "said_by" in wrong_step(LOOP, "reviewed", TODAY, TODAY, said_by="", how=None, why=None)


def test_an_end_says_why() -> None:
    assert "end" in wrong_end(None, None, None, TODAY, TODAY)
    assert "end_why" in wrong_end("not-met", " ", False, TODAY, TODAY)
    assert "need_met" in wrong_end("not-needed", None, True, TODAY, TODAY)
    assert wrong_end("met", None, True, TODAY, TODAY) == {}


def test_stages_aside_have_a_place() -> None:
    assert {place(stage) for stage in ASIDE} == {WAY.index("accepted"), WAY.index("attended")}
