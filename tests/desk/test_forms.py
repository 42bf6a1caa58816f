"""The contact form at work: from Today with keys, on a real clinic file; drafts; the timer; several patients."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cmp_tui.clinic import ids
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.contacts.actions import discard_timer, start_timer
from cmp_tui.contacts.queries import contacts_of, entries_of, parked_timers, running_timer
from cmp_tui.patients.actions import edit_patient
from cmp_tui.patients.queries import patient_card
from cmp_tui.queue.queries import counts, page
from cmp_tui.tasks.actions import add_task
from cmp_tui.tasks.queries import tasks_of
from tests.app.driving import SIZES, Driver, driving
from tests.conftest import MONDAY, AsUser

TODAY = date(2026, 11, 23)


@pytest.fixture
def due(clinic: Clinic, ana: bytes) -> bytes:
    """Ana, with a task for today, so that Today has her row."""
    clinic.run(add_task, title="ask about the weight", due=TODAY, patient=ana)
    return ana


@pytest.mark.parametrize("size", SIZES)
async def test_voicemail_in_three_keys(clinic: Clinic, due: bytes, size: tuple[int, int]) -> None:
    async with driving(clinic, size) as person:
        await person.press("c", "v", "ctrl+s")
        assert person.form is None
        assert person.notice == "✓ Saved: voicemail, call back, 2nd try Tue 24 Nov."
        assert "call back, 2nd try, afternoon" in person.text
    (contact,) = clinic.read(contacts_of, due)
    assert (contact.outcome, contact.mode, contact.with_whom, contact.at, contact.seconds) == (
        "voicemail", "phone", "patient", MONDAY, 0,
    )  # fmt: skip
    assert contact.signed_as == "Dana Ruiz, RN"
    assert [(task.title, task.due, task.due_time) for task in clinic.read(tasks_of, due)] == [
        ("ask about the weight", TODAY, None),
        ("call back, 2nd try", date(2026, 11, 24), "afternoon"),
    ]


async def test_keys_that_come_faster_than_the_form_are_the_forms(clinic: Clinic, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.pilot.press("c", "n", "ctrl+s")
        await person.settle()
        assert person.form is None
    (contact,) = clinic.read(contacts_of, due)
    assert contact.outcome == "no-answer"


async def test_a_whole_call(clinic: Clinic, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("c")
        assert person.form is not None
        assert "Ruiz-Moreno, Ana" in person.text
        assert "1948-02-11" in person.text
        await person.go_to("minutes")
        await person.press("'12'")
        await person.go_to("why")
        await person.press("'two days after discharge'")
        await person.go_to("did")
        await person.press("'went through the red flags'")
        await person.go_to("next_due")
        await person.press("'wed'")
        await person.go_to("next_title")
        await person.press("'weigh her'", "ctrl+s")
        assert person.notice == "✓ Saved: reached, 12 min, weigh her Wed 25 Nov."
    (contact,) = clinic.read(contacts_of, due)
    assert (contact.why, contact.did, contact.next, contact.seconds) == (
        "two days after discharge", "went through the red flags", "weigh her", 720,
    )  # fmt: skip


async def test_no_letter_of_a_form_reaches_the_list(clinic: Clinic, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("c")
        await person.go_to("did")
        await person.press("'qutzdn/!?123:UTxfr'")
        assert person.value("did") == "qutzdn/!?123:UTxfr"
        assert person.app.current_mode == "today"
        assert not person.app.masked
        await person.press("escape")
    assert clinic.read(running_timer) is None


# Drafts


async def test_a_form_that_is_left_waits_in_today_with_its_text(clinic: Clinic, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("c", "v")
        await person.go_to("did")
        await person.press("'asked her to'", "escape")
        assert person.form is None
        assert person.notice == "Kept as a draft; Today lists it."
        assert "1 draft" in person.title
        assert "draft: Contact" in person.text
    assert clinic.read(counts).drafts == 1
    async with driving(clinic) as person:  # the program was left meanwhile
        assert person.row.source == "draft"
        await person.press("enter")
        assert (person.value("outcome"), person.value("did")) == ("voicemail", "asked her to")
        await person.press("ctrl+s")
        assert person.notice.startswith("✓ Saved: voicemail")
        assert "draft" not in person.title
    (contact,) = clinic.read(contacts_of, due)
    assert contact.did == "asked her to"
    assert clinic.read(counts).drafts == 0


async def test_c_goes_on_with_the_draft_of_the_same_patient(clinic: Clinic, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("c")
        await person.go_to("why")
        await person.press("'she called'", "escape")
        await person.press("j")
        assert person.row.source == "task"
        await person.press("c")
        assert person.value("why") == "she called"


async def test_a_form_in_which_nothing_was_typed_leaves_no_draft(clinic: Clinic, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("c", "escape")
        assert person.notice == "Closed; there was nothing to keep."
    assert clinic.read(counts).drafts == 0


async def test_a_draft_can_be_thrown_away_when_asked_twice(clinic: Clinic, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("c", "v", "ctrl+r")
        assert person.form is not None
        await person.press("ctrl+r")
        assert person.form is None
    assert clinic.read(counts).drafts == 0
    assert clinic.read(contacts_of, due) == []


async def test_a_draft_outlives_its_timer(clinic: Clinic, clock: FrozenClock, due: bytes) -> None:
    timer = clinic.run(start_timer, due)
    clock.at += timedelta(minutes=5)
    async with driving(clinic) as person:
        await person.press("t")
        await person.go_to("did")
        await person.press("'half a'", "escape")
    clinic.run(discard_timer, timer.id)
    async with driving(clinic) as person:
        assert person.row.source == "draft"
        await person.press("enter")
        assert person.form is not None
        assert person.value("did") == "half a"
        await person.go_to("minutes")
        assert "its timer was logged or discarded meanwhile" in person.text
        await person.press("ctrl+s")
        assert person.form is None
    (contact,) = clinic.read(contacts_of, due)
    assert (contact.did, contact.seconds) == ("half a", 0)


# The timer


async def test_t_starts_and_t_logs_what_ran(clinic: Clinic, clock: FrozenClock, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("t")
        assert person.notice.startswith("✓ Timer runs for Ruiz-Moreno, Ana.")
        assert "T 0 min Ana R." in person.lines[1]
        clock.at += timedelta(minutes=8, seconds=20)
        await person.press("t")
        assert "timer 09:00–09:08" in person.text
        await person.press("ctrl+s")
        assert person.notice == "✓ Saved: reached, 8 min."
        assert "T 0 min" not in person.lines[1]
    (entry,) = clinic.read(entries_of, due, "2026-11")
    assert (entry.seconds, entry.typed, entry.start) == (500, False, MONDAY)


async def test_a_timer_that_has_just_begun_can_be_logged_as_a_contact(clinic: Clinic, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("t", "t", "v", "ctrl+s")
        assert person.form is None, person.text
    assert clinic.read(running_timer) is None
    (contact,) = clinic.read(contacts_of, due)
    assert contact.outcome == "voicemail"


async def test_minutes_typed_over_the_timer_are_what_counts(
    clinic: Clinic, clock: FrozenClock, due: bytes
) -> None:
    async with driving(clinic) as person:
        await person.press("t")
        clock.at += timedelta(minutes=8)
        await person.press("t")
        await person.go_to("minutes")
        await person.press("end", "ctrl+u", "'5'", "ctrl+s")
    (entry,) = clinic.read(entries_of, due, "2026-11")
    assert (entry.seconds, entry.typed) == (300, True)
    assert clinic.read(running_timer) is None


async def test_emptied_minutes_let_the_timer_go(clinic: Clinic, clock: FrozenClock, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("t")
        clock.at += timedelta(minutes=8)
        await person.press("t")
        await person.go_to("minutes")
        await person.press("end", "ctrl+u", "ctrl+s")
        assert person.form is None
    assert clinic.read(entries_of, due, "2026-11") == []
    assert clinic.read(running_timer) is None
    assert clinic.read(parked_timers) == []
    assert len(clinic.read(contacts_of, due)) == 1


@pytest.mark.parametrize(("answer", "seconds"), [("trim", 540), ("keep", 3600), ("discard", 0)])
async def test_time_away_counts_only_as_it_is_answered(
    clinic: Clinic, clock: FrozenClock, due: bytes, answer: str, seconds: int
) -> None:
    timer = clinic.run(start_timer, due)
    clock.at += timedelta(minutes=9)
    clinic.keep("timer", ids.shown(timer.id), {})
    clock.at += timedelta(minutes=51)
    async with driving(clinic) as person:
        assert [row.source for row in clinic.read(page)] == ["timer", "task"]
        await person.press("j", "c")
        assert person.value("timer_answer") == "trim"
        assert "trim to 09:09, 9 min" in person.text
        await person.go_to("timer_answer")
        await person.press(answer[0], "ctrl+s")
        assert person.form is None
    assert sum(entry.seconds for entry in clinic.read(entries_of, due, "2026-11")) == seconds
    assert clinic.read(running_timer) is None


async def test_the_timers_line_in_today_asks_what_becomes_of_it(
    clinic: Clinic, clock: FrozenClock, due: bytes, tom: bytes
) -> None:
    timer = clinic.run(start_timer, due)
    clock.at += timedelta(minutes=6)
    clinic.run(start_timer, tom)
    async with driving(clinic) as person:
        assert person.row.source == "timer"
        await person.press("enter")
        assert "log its time" in person.text
        await person.press("ctrl+s")
        assert person.form is not None
        assert person.form.spec.name == "contact"
        assert "timer 09:00–09:06" in person.text
        await person.press("ctrl+s")
        assert person.form is None
    (entry,) = clinic.read(entries_of, due, "2026-11")
    assert (entry.start, entry.seconds) == (timer.start, 360)
    running = clinic.read(running_timer)
    assert running is not None
    assert running.patient == tom


# Back-dating, refusals


async def test_an_earlier_day_needs_a_time_and_is_marked_late(clinic: Clinic, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("c")
        await person.go_to("minutes")
        await person.press("'9'")
        await person.go_to("day")
        await person.press("end", "ctrl+u", "'fri'", "ctrl+s")
        assert person.form is not None
        assert "At what time on Fri 20 Nov 2026?" in person.text
        assert person.form.sheet.here_now == "time"
        await person.press("'14:30'", "ctrl+s")
        assert person.form is None
    (entry,) = clinic.read(entries_of, due, "2026-11")
    assert (entry.start, entry.late) == (datetime(2026, 11, 20, 20, 30, tzinfo=UTC), True)


async def test_a_time_in_the_future_is_refused_beside_its_field(clinic: Clinic, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("c")
        await person.go_to("time")
        await person.press("'17:00'", "ctrl+s")
        assert person.form is not None
        assert person.form.sheet.here_now == "time"
        assert person.field("time").wrong
    assert clinic.read(contacts_of, due) == []


async def test_a_span_of_the_clock(clinic: Clinic, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("c")
        await person.go_to("minutes")
        await person.press("'8:04-8:16'", "ctrl+s")
    (entry,) = clinic.read(entries_of, due, "2026-11")
    assert (entry.start, entry.seconds, entry.typed) == (
        datetime(2026, 11, 23, 14, 4, tzinfo=UTC), 720, False,
    )  # fmt: skip


async def test_a_very_long_time_asks_why(clinic: Clinic, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("c")
        await person.go_to("minutes")
        await person.press("'5h'", "tab")
        assert "Why so long" in person.text
        await person.press("ctrl+s")
        assert person.form is not None
        await person.go_to("long_why")
        await person.press("'waited at the hospital'", "ctrl+s")
        assert person.form is None
    assert clinic.read(entries_of, due, "2026-11")[0].long_why == "waited at the hospital"


async def test_who_may_only_read_is_told_and_keeps_the_text(
    as_user: AsUser, clinic: Clinic, due: bytes
) -> None:
    async with driving(as_user("otto")) as person:
        await person.press("f", "c", "v", "ctrl+s")
        assert person.form is not None
        assert "auditor" in person.text
    assert clinic.read(contacts_of, due) == []


# Several at once


async def test_one_activity_for_marked_patients(clinic: Clinic, due: bytes, tom: bytes) -> None:
    clinic.run(add_task, title="call", due=TODAY, patient=tom)
    async with driving(clinic) as person:
        await person.press("x", "x", "c")
        assert "One activity for 2" in person.text
        assert "Bell, Tom; Ruiz-Moreno, Ana" in person.text
        await person.go_to("minutes")
        await person.press("'10'", "ctrl+s")
        assert person.notice == "✓ Saved: reached, 10 min for 2."
        assert person.board.marked() == ()
    assert [clinic.read(entries_of, one, "2026-11")[0].seconds for one in (due, tom)] == [300, 300]


# Two people at one record


async def test_two_people_at_one_record_see_both_texts(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("2", "e")
        await person.go_to("best_time")
        await person.press("'after 10'")
        as_user("ben").run(edit_patient, ana, None, best_time="mornings")
        await person.press("ctrl+s")
        assert person.form is not None
        assert "Ben Ortiz" in person.text
        assert "mornings" in person.text
        await person.press("ctrl+s")
        assert person.form is None
    assert clinic.read(patient_card, ana).best_time == "after 10"


def keys_of(person: Driver) -> set[str]:
    """The names of the open form's fields."""
    assert person.form is not None
    return set(person.form.sheet.shown())


async def test_the_next_try_takes_the_place_of_the_next_step(clinic: Clinic, due: bytes) -> None:
    async with driving(clinic) as person:
        await person.press("c")
        assert {"next_due", "next_title"} <= keys_of(person)
        await person.press("n")
        assert {"retry_due", "retry_time"} <= keys_of(person)
        assert "next_due" not in keys_of(person)
        await person.go_to("with_whom")
        await person.press("'pharm'", "enter")
        assert "retry_due" not in keys_of(person), "a pharmacy that does not answer is no try at the patient"
