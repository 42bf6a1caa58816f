"""What brings a row to Today, and what takes it out again: each source on a real clinic file."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cmp_tui.clinic import ids
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Gone, Invalid, Refused
from cmp_tui.clinic.staff import change_setting
from cmp_tui.contacts.actions import discard_timer, start_timer, strike_contact
from cmp_tui.desk.actions import log_contact
from cmp_tui.enrollment.actions import edit_enrollment
from cmp_tui.enrollment.queries import enrollments
from cmp_tui.patients.actions import edit_patient, lend_panel, strike_record
from cmp_tui.queue.actions import snooze_row
from cmp_tui.queue.queries import counts
from cmp_tui.tasks.actions import acknowledge, add_task, hand_over, settle_task, snooze_task
from tests.conftest import MONDAY, AsUser
from tests.queue.building import Building, at

MON = date(2026, 11, 23)
TUE, WED, FRI = MON + timedelta(1), MON + timedelta(2), MON + timedelta(4)


# Tasks


def test_a_task_comes_two_weeks_ahead_and_goes_when_it_is_settled(build: Building, clinic: Clinic) -> None:
    for days, title in ((-3, "late"), (0, "now"), (14, "soon"), (15, "far")):
        clinic.run(add_task, title=title, due=MON + timedelta(days))
    assert [row.reason for row in build.rows()] == ["late", "now", "soon"]
    first = build.rows()[0]
    assert (first.patient, first.clears, first.assignee) == (
        None,
        "done, or settled another way",
        "Dana Ruiz",
    )
    assert first.ref is not None
    clinic.run(settle_task, first.ref)
    assert [row.reason for row in build.rows()] == ["now", "soon"]


def test_a_snoozed_task_comes_back_on_its_day_and_is_still_overdue(build: Building, clinic: Clinic) -> None:
    task = clinic.run(add_task, title="call", due=MON)
    clinic.run(snooze_task, task.id, WED, "on holiday")
    assert build.rows() == []
    assert build.rows(day=TUE) == []
    (row,) = build.rows(day=WED)
    assert (row.due, row.source) == (MON, "task")
    build.go("2026-11-25 09:00")
    assert clinic.read(counts).overdue == 1


def test_a_handed_task_shows_to_both_until_it_is_accepted(
    build: Building, clinic: Clinic, as_user: AsUser
) -> None:
    ana = build.patient("Ruiz-Moreno")
    task = clinic.run(add_task, title="refill", due=MON - timedelta(1), patient=ana)
    clinic.run(hand_over, task.id, build.staff("ben"))
    ben = Building(as_user("ben"), build.clock)
    theirs, mine = ben.row(ana, "handed"), build.row(ana, "handed")
    assert (theirs.reason, theirs.clears, theirs.mine) == (
        "Dana Ruiz hands over: refill",
        "you accept it",
        True,
    )
    assert (mine.reason, mine.clears, mine.mine) == (
        "handed to Ben Ortiz, not seen yet: refill",
        "Ben Ortiz accepts it",
        False,
    )
    assert theirs.due == MON - timedelta(1), "handing a task over does not make it less overdue"
    seen_by_all = build.row(ana, "handed", "team")
    assert seen_by_all.reason == mine.reason
    levin = Building(as_user("levin"), build.clock)
    assert levin.row(ana, "handed", "team").reason == "Dana Ruiz hands over to Ben Ortiz: refill"
    assert levin.rows() == []
    as_user("ben").run(acknowledge, task.id)
    assert build.rows() == []
    assert ben.row(ana, "task").assignee == "Ben Ortiz"


def test_a_task_says_its_part_of_the_day(build: Building, clinic: Clinic) -> None:
    clinic.run(add_task, title="call back, 2nd try", due=MON, due_time="afternoon")
    assert build.rows()[0].reason == "call back, 2nd try, afternoon"


# Attempts


@pytest.mark.parametrize(
    ("when", "due"),
    [
        ("2026-11-20 16:00", MON),  # Friday: the next business day is Monday
        ("2026-11-21 10:00", MON),
        ("2026-11-23 08:00", TUE),
        ("2026-11-25 10:00", FRI),  # Thursday 26 November is Thanksgiving
        ("2026-11-20 23:30", MON),  # Saturday already in UTC
    ],
)
def test_a_try_in_vain_comes_back_on_a_later_business_day(build: Building, when: str, due: date) -> None:
    ana = build.patient("Ruiz-Moreno")
    build.go("2026-11-30 12:00")
    build.contact(ana, "voicemail", when)
    row = build.row(ana, "attempt")
    assert row.due == due
    assert row.reason.startswith("voicemail ")
    assert row.clears == "reached, or a task to try again"


def test_the_wait_between_tries_is_a_setting_and_never_nothing(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz-Moreno")
    build.contact(ana, "no-answer")
    clinic.run(change_setting, "retry_days", 3)
    assert build.row(ana, "attempt").due == date(2026, 11, 27)
    clinic.run(change_setting, "retry_days", 0)
    assert build.row(ana, "attempt").due == TUE


@pytest.mark.parametrize(
    ("outcome", "with_whom", "mode", "clears"),
    [
        ("reached", "patient", "phone", True),
        ("reached", "caregiver", "phone", True),
        ("refused", "patient", "phone", True),
        ("reached", "pharmacy", "phone", False),
        ("no-answer", "provider", "phone", False),
        ("not-applicable", "patient", "letter", False),
    ],
)
def test_only_a_word_with_them_takes_the_try_away(
    build: Building, outcome: str, with_whom: str, mode: str, clears: bool
) -> None:
    ana = build.patient("Ruiz-Moreno")
    build.contact(ana, "voicemail", "2026-11-20 10:00")
    build.contact(ana, outcome, with_whom=with_whom, mode=mode)
    assert build.why(ana) == ([] if clears else ["attempt"])


def test_several_tries_are_one_row_about_the_last(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz-Moreno")
    build.contact(ana, "reached", "2026-11-18 10:00")
    for when in ("2026-11-19 10:00", "2026-11-20 10:00", "2026-11-20 10:00"):
        last = build.contact(ana, "voicemail", when)
    assert build.row(ana, "attempt").ref == last.id
    clinic.run(strike_contact, last.id, "wrong patient")
    assert build.row(ana, "attempt").ref != last.id


def test_a_call_whose_minutes_count_back_past_the_try_is_later_all_the_same(build: Building) -> None:
    ana = build.patient("Ruiz-Moreno")
    build.contact(ana, "voicemail")
    build.clock.at += timedelta(minutes=3)
    call = build.contact(ana, "reached", minutes=15)
    assert call.at < MONDAY
    assert build.why(ana) == []


def test_tries_entered_in_another_order_are_still_one_row(build: Building) -> None:
    ana = build.patient("Ruiz-Moreno")
    last = build.contact(ana, "voicemail", "2026-11-23 08:30")
    build.clock.at += timedelta(minutes=30)
    build.contact(ana, "no-answer", "2026-11-23 08:00")
    assert build.row(ana, "attempt").ref == last.id


def test_a_call_of_last_week_that_is_entered_now_is_not_later(build: Building) -> None:
    ana = build.patient("Ruiz-Moreno")
    build.contact(ana, "voicemail", "2026-11-20 10:00")
    build.contact(ana, "reached", "2026-11-18 10:00")
    assert build.why(ana) == ["attempt"]


def test_a_task_to_try_again_stands_for_the_attempt(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz-Moreno")
    build.contact(ana, "voicemail", "2026-11-20 10:00", next_due=MON)
    assert build.why(ana) == ["task"]
    clinic.run(settle_task, build.row(ana, "task").ref or b"", "cancelled", "no longer needed")
    assert build.why(ana) == ["attempt"]


# Not reached


@pytest.mark.parametrize(
    ("reached", "due"), [("2026-10-24 12:00", MON), ("2026-11-23 08:59", date(2026, 12, 23))]
)
def test_silence_is_due_so_many_days_after_the_last_word(build: Building, reached: str, due: date) -> None:
    ana = build.patient("Ruiz-Moreno", enrolled=date(2026, 9, 1))
    build.contact(ana, when=reached)
    found = [row for row in build.rows() if row.source == "not-reached"]
    assert [row.due for row in found] == ([due] if due <= MON + timedelta(14) else [])
    assert [row.due for row in build.rows(day=due) if row.source == "not-reached"] == [due]


def test_the_words_count_the_days(build: Building) -> None:
    ana = build.patient("Ruiz-Moreno", enrolled=date(2026, 3, 4))
    build.contact(ana, when="2026-10-14 10:00")
    row = build.row(ana, "not-reached")
    assert (row.reason, row.clears) == ("not reached for 40 days, since Wed 14 Oct", "reached")
    assert row.due == date(2026, 11, 13)


def test_who_was_never_reached_counts_from_the_enrollment(build: Building) -> None:
    old = build.patient("Old", enrolled=date(2026, 10, 1))
    new = build.patient("New", enrolled=date(2026, 11, 20))
    assert build.row(old, "not-reached").due == date(2026, 10, 31)
    assert build.row(old, "not-reached").reason == "enrolled and never reached"
    assert build.why(new) == []


def test_silence_longer_than_the_list_looks_back_is_still_there_and_first(build: Building) -> None:
    ancient = build.patient("Ancient", enrolled=date(2024, 1, 2))
    build.contact(ancient, when="2024-02-01 10:00")
    late = build.patient("Late", enrolled=date(2026, 1, 2))
    build.contact(late, when="2026-10-20 10:00")
    assert [row.patient for row in build.rows()] == [ancient, late]


def test_only_the_enrolled_are_missed(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz-Moreno")
    build.contact(ana, when="2026-01-05 10:00")
    assert build.why(ana) == []
    build.enroll(ana, date(2026, 2, 1))
    assert build.why(ana) == ["not-reached"]
    line = clinic.read(enrollments, ana)[0]
    clinic.run(edit_enrollment, line.id, None, status="finished", end=date(2026, 11, 20), reason="moved")
    assert build.why(ana) == []


def test_one_need_is_one_row(build: Building) -> None:
    ana = build.patient("Ruiz-Moreno", enrolled=date(2026, 3, 4))
    assert build.why(ana) == ["not-reached"]
    build.contact(ana, "no-answer")
    assert build.why(ana) == ["attempt"]
    build.contact(ana, "voicemail", next_due=TUE)
    assert build.why(ana) == ["task"]
    build.contact(ana, "reached")
    assert build.why(ana) == []


# Minutes


def test_minutes_come_near_the_end_of_the_month_only(build: Building) -> None:
    ana = build.patient("Ruiz-Moreno", enrolled=date(2026, 11, 2))
    build.go("2026-11-13 17:00")
    build.minutes(ana, 12, "2026-11-13 10:00")
    assert build.why(ana) == [], "eleven working days are left on Friday 13 November"
    assert build.why(ana, day=date(2026, 11, 16)) == ["minutes"]
    row = build.row(ana, "minutes", day=date(2026, 11, 16))
    assert (row.due, row.seconds, row.first) == (date(2026, 11, 30), 720, 20)
    assert row.reason == "12 min, 8 more by Mon 30 Nov"


@pytest.mark.parametrize(
    ("minutes", "seconds", "needs"),
    [(0, 0, None), (0, 1, "20"), (19, 1, "1"), (19, 59, "1"), (20, 0, None), (45, 0, None)],
)
def test_minutes_never_beyond_the_threshold(
    build: Building, minutes: int, seconds: int, needs: str | None
) -> None:
    ana = build.patient("Ruiz-Moreno", enrolled=date(2026, 11, 2))
    if minutes or seconds:
        build.minutes(ana, minutes, "2026-11-20 10:00", seconds)
    rows = [row for row in build.rows() if row.source == "minutes"]
    assert [row.reason for row in rows] == ([f"{minutes} min, {needs} more by Mon 30 Nov"] if needs else [])


def test_the_month_ends_and_takes_its_minutes_along(build: Building) -> None:
    ana = build.patient("Ruiz-Moreno", enrolled=date(2026, 11, 2))
    build.minutes(ana, 12, "2026-11-20 10:00")
    build.go("2026-11-30 23:59")
    assert build.row(ana, "minutes").due == date(2026, 11, 30)
    build.go("2026-12-01 00:00")
    assert build.why(ana) == []
    assert build.rows() == []


def test_on_the_weekend_that_ends_a_month_minutes_are_due_today(build: Building) -> None:
    build.go("2026-10-29 12:00")
    ana = build.patient("Ruiz-Moreno", enrolled=date(2026, 10, 1))
    build.minutes(ana, 12, "2026-10-29 10:00")
    assert build.row(ana, "minutes").due == date(2026, 10, 30)
    build.go("2026-10-31 12:00")  # a Saturday
    assert build.row(ana, "minutes").due == date(2026, 10, 31)


def test_time_around_midnight_belongs_to_its_own_month(build: Building) -> None:
    build.go("2026-12-01 12:00")
    ana = build.patient("Ruiz-Moreno", enrolled=date(2026, 11, 2))
    build.minutes(ana, 10, "2026-11-30 23:55")
    assert build.rows(day=date(2026, 11, 30))[0].seconds == 300
    assert build.rows(day=date(2026, 12, 20))[0].seconds == 300


# Snoozing what no task stands behind


def test_a_row_is_put_off_with_a_reason_and_comes_back(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz-Moreno", enrolled=date(2026, 3, 4))
    clinic.run(snooze_row, ana, "not-reached", WED, "in hospital")
    assert build.why(ana) == []
    assert build.why(ana, day=TUE) == []
    assert build.why(ana, day=WED) == ["not-reached"]


def test_putting_one_row_off_leaves_the_others(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz-Moreno", enrolled=date(2026, 3, 4))
    build.contact(ana, "voicemail", "2026-11-19 10:00")
    build.minutes(ana, 12, "2026-11-18 10:00")
    assert build.why(ana) == ["attempt", "minutes"]
    clinic.run(snooze_row, ana, "attempt", WED, "on holiday")
    assert build.why(ana) == ["minutes"]


def test_what_can_be_put_off_and_how_it_is_refused(build: Building, clinic: Clinic, as_user: AsUser) -> None:
    ana = build.patient("Ruiz-Moreno")
    for source, until, why, field in (
        ("draft", WED, "later", ""),
        ("task", WED, "later", ""),
        ("attempt", MON, "later", "until"),
        ("attempt", WED, "  ", "why"),
    ):
        with pytest.raises(Invalid) as refused:
            clinic.run(snooze_row, ana, source, until, why)
        assert set(refused.value.fields) == {field}
    with pytest.raises(Gone):
        clinic.run(snooze_row, b"\1" * 16, "attempt", WED, "later")
    with pytest.raises(Refused):
        as_user("otto").run(snooze_row, ana, "attempt", WED, "later")


# Who


def test_the_views_are_mine_the_teams_and_a_lent_panel(
    build: Building, clinic: Clinic, as_user: AsUser
) -> None:
    ben = Building(as_user("ben"), build.clock)
    hers = build.patient("Hers", enrolled=date(2026, 3, 4))
    his = ben.patient("His", enrolled=date(2026, 3, 4))
    as_user("ben").run(add_task, title="his own", due=MON)
    assert [row.patient for row in build.rows()] == [hers]
    assert {row.patient for row in build.rows("team")} == {hers, his, None}
    assert {row.patient for row in build.rows("cover:ben")} == {his, None}
    as_user("ben").run(lend_panel, build.staff("ben"), build.staff("dana"), TUE, WED, "holiday")
    assert [row.patient for row in build.rows()] == [hers]
    for day, seen in ((TUE, {hers, his, None}), (WED, {hers, his, None}), (FRI, {hers})):
        assert {row.patient for row in build.rows(day=day)} == seen, day
    with pytest.raises(Gone):
        build.rows("cover:nobody")


def test_nobody_calls_the_dead(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz-Moreno", enrolled=date(2026, 3, 4))
    build.contact(ana, "voicemail", "2026-11-19 10:00")
    build.minutes(ana, 5, "2026-11-18 10:00")
    clinic.run(add_task, title="call the daughter", due=MON, patient=ana)
    assert build.why(ana) == ["attempt", "task", "minutes"]
    clinic.run(edit_patient, ana, None, deceased=True, deceased_on="2026-11-22")
    (row,) = build.rows()
    assert (row.source, row.deceased) == ("task", True), "what was promised stays, and says it"


def test_who_was_struck_out_is_not_missed(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz-Moreno", enrolled=date(2026, 3, 4))
    clinic.run(strike_record, "patient", ana, "entered twice")
    assert build.rows() == []


# Drafts and timers


def test_drafts_are_mine_alone(build: Building, clinic: Clinic, as_user: AsUser) -> None:
    ana = build.patient("Ruiz-Moreno")
    clinic.keep("draft", "contact", {"title": "Contact"}, patient=ana)
    row = build.row(ana, "draft")
    assert (row.reason, row.due) == ("draft: Contact", MON)
    assert clinic.read(counts).drafts == 1
    assert build.why(ana, "team") == ["draft"]
    assert build.why(ana, "cover:ben") == []
    assert Building(as_user("ben"), build.clock).rows("team") == []
    clinic.forget("draft", "contact")
    assert build.rows() == []


def test_a_timer_put_aside_waits_until_it_is_logged(
    build: Building, clinic: Clinic, clock: FrozenClock, as_user: AsUser
) -> None:
    ana, tom = build.patient("Ruiz-Moreno"), build.patient("Bell")
    timer = clinic.run(start_timer, ana)
    assert build.rows() == [], "a timer that runs is in the header, not in the list"
    clock.at += timedelta(minutes=8)
    clinic.keep("timer", ids.shown(timer.id), {})
    clinic.run(start_timer, tom)
    assert build.why() == ["timer"]
    assert build.row(ana, "timer").reason == "timer of Mon 23 Nov put aside, not logged"
    assert build.rows("cover:ben") == []
    assert Building(as_user("ben"), clock).rows("team") == []
    build.go("2026-11-24 09:00")
    assert build.row(ana, "timer").due == MON
    clinic.run(log_contact, ana, mode="phone", outcome="reached", timer=timer.id)
    assert build.why(ana) == []


def test_a_timer_left_on_overnight_is_a_line_of_today(build: Building, clinic: Clinic) -> None:
    ana = build.patient("Ruiz-Moreno")
    timer = clinic.run(start_timer, ana)
    build.go("2026-11-24 08:00")
    assert build.row(ana, "timer").due == MON
    clinic.run(discard_timer, timer.id)
    assert build.rows() == []


# Days of 23 and 25 hours


@pytest.mark.parametrize(
    ("try_at", "now", "due"),
    [
        ("2026-03-06 23:59", "2026-03-07 12:00", date(2026, 3, 9)),  # Friday before the clock goes forward
        ("2026-03-08 03:30", "2026-03-09 12:00", date(2026, 3, 9)),  # Sunday of 23 hours
        ("2026-10-30 23:59", "2026-10-31 12:00", date(2026, 11, 2)),  # before the clock goes back
        ("2026-11-01 01:30", "2026-11-02 12:00", date(2026, 11, 2)),  # Sunday of 25 hours
        ("2026-11-01 23:59", "2026-11-02 12:00", date(2026, 11, 2)),
        ("2026-11-02 00:00", "2026-11-02 12:00", date(2026, 11, 3)),
    ],
)
def test_the_clinics_days_are_kept_when_the_clock_changes(
    build: Building, try_at: str, now: str, due: date
) -> None:
    build.go(now)
    ana = build.patient("Ruiz-Moreno")
    build.contact(ana, "no-answer", try_at)
    assert build.row(ana, "attempt").due == due


def test_thirty_days_over_the_change_of_the_clock(build: Building) -> None:
    for reached in ("2026-10-24 00:00", "2026-10-24 23:59"):
        ana = build.patient(enrolled=date(2026, 9, 1))
        build.contact(ana, when=reached)
        assert build.row(ana, "not-reached").due == MON, reached
    assert at("2026-10-24 23:59").tzinfo is not None
