"""Logging a contact with its time and its next step, in one change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cmp_tui.clinic import ids
from cmp_tui.clinic.audit import audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Gone, Invalid, Refused
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.model import Audit
from cmp_tui.contacts.actions import edit_entry, split_break, start_timer, stop_timer, strike_entry
from cmp_tui.contacts.model import Contact, Timer
from cmp_tui.contacts.queries import (
    contacts_of,
    entries_of,
    next_try,
    parked_timers,
    patient_month_seconds,
    running_timer,
)
from cmp_tui.desk.actions import Logged, log_contact, log_group, log_timer
from cmp_tui.enrollment.model import Enrollment
from cmp_tui.patients.actions import edit_patient
from cmp_tui.tasks.actions import add_task, settle_task
from cmp_tui.tasks.queries import tasks_of
from tests.conftest import MONDAY, AsUser

TODAY = date(2026, 11, 23)


def at(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def log(clinic: Clinic, patient: bytes, outcome: str = "reached", **form: object) -> Logged:
    return clinic.run(log_contact, patient, mode="phone", outcome=outcome, **form)  # type: ignore[arg-type]


def written(clinic: Clinic) -> int:
    return clinic.read(lambda scope: Audit.select().where(Audit.action.startswith("desk")).count())


def open_titles(clinic: Clinic, patient: bytes) -> list[str]:
    return [task.title for task in clinic.read(tasks_of, patient)]


def seconds(clinic: Clinic, patient: bytes) -> int:
    return clinic.read(patient_month_seconds, patient, "2026-11")


def test_contact_time_next_step_and_settled_task_are_one_change(clinic: Clinic, ana: bytes) -> None:
    old = clinic.run(add_task, title="ask about the foot", due=TODAY, patient=ana)
    logged = log(
        clinic, ana, minutes=9, why="foot", did="asked; it heals", next="look at it again\nwith Dr Levin",
        next_due=date(2026, 11, 30), settles=[old.id],
    )  # fmt: skip
    assert logged.contact.signed_as == "Dana Ruiz, RN"
    (entry,) = logged.entries
    assert (entry.contact, entry.typed, entry.end - entry.start) == (
        logged.contact.id,
        True,
        timedelta(minutes=9),
    )
    assert logged.task is not None
    assert (logged.task.title, logged.task.contact) == ("look at it again", logged.contact.id)
    assert [task.id for task in logged.settled] == [old.id]
    assert open_titles(clinic, ana) == ["look at it again"]
    assert written(clinic) == 1


def test_undo_takes_all_of_it_back(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    clinic.run(add_task, title="ask about the foot", due=TODAY, patient=ana)
    (old,) = clinic.read(tasks_of, ana)
    timer = clinic.run(start_timer, ana)
    clock.at += timedelta(minutes=5)
    log(clinic, ana, timer=timer.id, next_title="call", next_due=date(2026, 11, 30), settles=[old.id])
    done = clinic.read(last_undoable)
    assert done is not None
    assert done.action == "desk.log_contact"
    clinic.undo(done.seq)
    assert clinic.read(contacts_of, ana) == []
    assert seconds(clinic, ana) == 0
    assert open_titles(clinic, ana) == ["ask about the foot"]
    assert clinic.read(running_timer) is not None


def test_nothing_is_written_when_one_part_is_wrong(clinic: Clinic, ana: bytes) -> None:
    task = clinic.run(add_task, title="call", due=TODAY, patient=ana, kind="call-back")
    for form, field in (
        ({"next_title": "x"}, "next_due"),
        ({"next_due": TODAY}, "next_title"),
        ({"minutes": -1}, "minutes"),
        ({"start": at(-10), "end": at(1)}, "end"),
        ({"minutes": 5, "activity": "juggling"}, "activity"),
        ({"with_whom": "neighbour"}, "with_whom"),
        ({"next_due": TODAY, "next_title": "x", "next_kind": "nonsense"}, "next_kind"),
        ({"at": at(1)}, "at"),
    ):
        with pytest.raises(Invalid) as refused:
            log(clinic, ana, settles=[task.id], **form)
        assert field in refused.value.fields
    assert clinic.read(contacts_of, ana) == []
    assert open_titles(clinic, ana) == ["call"]


def test_an_unknown_field_is_a_mistake_of_the_program(clinic: Clinic, ana: bytes) -> None:
    with pytest.raises(TypeError):
        log(clinic, ana, minuets=5)


# Attempts


def test_voicemail_proposes_the_next_try_and_keeps_one_call_back(
    clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    for number, part, day in ((2, "afternoon", 24), (3, "morning", 25), (4, "afternoon", 27)):
        proposal = clinic.read(next_try, ana)
        assert (proposal.attempt, proposal.retry) == (number, (date(2026, 11, day), part))
        logged = log(clinic, ana, "voicemail", next_due=proposal.retry.day, next_time=proposal.retry.part)
        assert logged.task is not None
        assert (logged.task.kind, logged.task.attempt, logged.task.title) == (
            "call-back",
            number,
            proposal.title,
        )
        assert open_titles(clinic, ana) == [proposal.title]
        hour = {"morning": 15, "afternoon": 20}[part]
        clock.at = datetime(2026, 11, day, hour, 0, tzinfo=UTC)
    logged = log(clinic, ana, minutes=12)
    assert [task.title for task in logged.settled] == ["call back, 4th try"]
    assert logged.settled[0].settled_how == "reached, phone"
    assert open_titles(clinic, ana) == []
    assert clinic.read(next_try, ana).attempt == 2, "the count starts anew"


def test_a_voicemail_without_a_next_try_leaves_the_open_one(clinic: Clinic, ana: bytes) -> None:
    log(clinic, ana, "no-answer", next_due=date(2026, 11, 24))
    assert log(clinic, ana, "voicemail").settled == []
    assert open_titles(clinic, ana) == ["call back, 2nd try"]


def test_reaching_the_pharmacy_is_not_reaching_the_patient(clinic: Clinic, ana: bytes) -> None:
    log(clinic, ana, "voicemail", next_due=date(2026, 11, 24))
    assert log(clinic, ana, with_whom="pharmacy", minutes=4).settled == []
    assert log(clinic, ana, with_whom="caregiver", minutes=4).settled != []


def test_a_colleagues_call_back_stays_unless_it_is_named(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    theirs = log(as_user("ben"), ana, "voicemail", next_due=date(2026, 11, 24)).task
    assert theirs is not None
    assert log(clinic, ana).settled == []
    assert [task.id for task in log(clinic, ana, settles=[theirs.id]).settled] == [theirs.id]


def test_a_task_that_a_colleague_settled_meanwhile_is_no_obstacle(
    clinic: Clinic, as_user: AsUser, ana: bytes
) -> None:
    task = clinic.run(add_task, title="call", due=TODAY, patient=ana)
    as_user("ben").run(settle_task, task.id, "completed", "I called her")
    assert log(clinic, ana, settles=[task.id]).settled == []


# Time


def test_a_voicemail_takes_no_time(clinic: Clinic, ana: bytes) -> None:
    logged = log(clinic, ana, "voicemail")
    assert (logged.entries, logged.task, logged.overlaps) == ([], None, [])
    assert logged.contact.at == MONDAY


def test_back_dated_work_is_marked_late_with_both_dates(clinic: Clinic, ana: bytes) -> None:
    friday = at(-3 * 24 * 60)
    log(clinic, ana, start=friday, end=friday + timedelta(minutes=12))
    (line,) = clinic.read(entries_of, ana, "2026-11")
    assert line.late
    assert (line.start, line.entered_at) == (friday, MONDAY)
    (contact,) = clinic.read(contacts_of, ana)
    assert (contact.at, contact.signed_at) == (friday, MONDAY)


def test_started_ten_minutes_ago(clinic: Clinic, ana: bytes) -> None:
    log(clinic, ana, start=at(-10))
    (line,) = clinic.read(entries_of, ana, "2026-11")
    assert (line.start, line.end, line.typed, line.late) == (at(-10), MONDAY, False, False)


def test_overlaps_are_told_and_not_refused(clinic: Clinic, ana: bytes, tom: bytes) -> None:
    log(clinic, ana, start=at(-30), end=at(-10))
    logged = log(clinic, tom, start=at(-15), end=at(0))
    (overlap,) = logged.overlaps
    assert (overlap.patient, overlap.name, overlap.seconds) == (ana, "Ruiz-Moreno, Ana", 300)
    assert seconds(clinic, tom) == 900


def test_a_break_makes_two_entries_of_one_contact(clinic: Clinic, ana: bytes) -> None:
    logged = log(clinic, ana, start=at(-60), end=at(0), breaks=[(at(-40), at(-30))])
    assert {entry.contact for entry in logged.entries} == {logged.contact.id}
    assert len(logged.entries) == 2
    assert clinic.read(contacts_of, ana)[0].seconds == 3000


def test_the_timer_becomes_the_entry(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    timer = clinic.run(start_timer, ana)
    clock.at += timedelta(minutes=8, seconds=20)
    logged = log(clinic, ana, timer=timer.id)
    (entry,) = logged.entries
    assert (entry.start, entry.end, entry.typed) == (MONDAY, clock.at, False)
    assert logged.contact.at == MONDAY
    assert clinic.read(running_timer) is None
    assert clinic.read(parked_timers) == []
    with pytest.raises(Invalid):
        log(clinic, ana, timer=timer.id)


def test_a_parked_timer_counts_up_to_where_it_was_parked(
    clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    timer = clinic.run(start_timer, ana)
    clock.at += timedelta(minutes=8)
    clinic.run(stop_timer, timer.id)
    clock.at += timedelta(hours=2)
    log(clinic, ana, timer=timer.id)
    assert seconds(clinic, ana) == 480


def test_time_can_be_logged_by_hand_while_a_timer_runs(
    clinic: Clinic, clock: FrozenClock, ana: bytes, tom: bytes
) -> None:
    clinic.run(start_timer, ana)
    clock.at += timedelta(minutes=8)
    log(clinic, tom, minutes=4, at=at(-60))
    assert seconds(clinic, tom) == 240
    running = clinic.read(running_timer)
    assert running is not None
    assert running.seconds == 480


def test_idle_time_needs_an_answer(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    timer = clinic.run(start_timer, ana)
    clock.at += timedelta(minutes=9)
    clinic.keep("timer", ids.shown(timer.id), {})
    clock.at += timedelta(hours=3)
    with pytest.raises(Invalid) as asked:
        log(clinic, ana, timer=timer.id)
    assert "09:09" in asked.value.fields["timer"]
    assert seconds(clinic, ana) == 0
    log(clinic, ana, timer=timer.id, timer_answer="trim")
    assert seconds(clinic, ana) == 540


def test_typed_minutes_are_an_answer_too(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    timer = clinic.run(start_timer, ana)
    clock.at += timedelta(hours=3)
    logged = log(clinic, ana, timer=timer.id, minutes=7)
    (entry,) = logged.entries
    assert (entry.start, entry.end, entry.typed) == (MONDAY, at(7), True)
    assert clinic.read(running_timer) is None


def test_discarding_the_time_still_logs_the_contact(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    timer = clinic.run(start_timer, ana)
    clock.at += timedelta(hours=3)
    logged = log(clinic, ana, timer=timer.id, timer_answer="discard")
    assert logged.entries == []
    assert clinic.read(running_timer) is None
    assert clinic.read(lambda scope: [timer.status for timer in Timer.live()]) == ["discarded"]
    assert len(clinic.read(contacts_of, ana)) == 1


def test_keeping_a_whole_night_still_needs_a_reason(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    timer = clinic.run(start_timer, ana)
    clock.at += timedelta(hours=14)
    with pytest.raises(Invalid) as refused:
        log(clinic, ana, timer=timer.id, timer_answer="keep")
    assert set(refused.value.fields) == {"long_why"}


def test_a_timer_is_logged_for_its_patient_only(clinic: Clinic, ana: bytes, tom: bytes) -> None:
    timer = clinic.run(start_timer, ana)
    with pytest.raises(Invalid) as refused:
        log(clinic, tom, timer=timer.id)
    assert "timer" in refused.value.fields


# Program


def test_the_program_is_that_of_the_one_enrollment(clinic: Clinic, ana: bytes) -> None:
    _enroll(clinic, ana, "CCM", "levin")
    log(clinic, ana, minutes=5)
    log(clinic, ana, minutes=5, program="", practitioner="")
    log(clinic, ana, minutes=5, at=datetime(2026, 2, 1, 12, tzinfo=UTC))
    (before,) = clinic.read(entries_of, ana, "2026-02")
    assert before.program is None
    lines = clinic.read(entries_of, ana, "2026-11")
    assert sorted((line.program or "", line.practitioner or "") for line in lines) == [
        ("", ""),
        ("CCM", "levin"),
    ]


def test_with_two_programs_a_person_says_which(clinic: Clinic, ana: bytes) -> None:
    clinic.run(edit_patient, ana, None, billing_practitioner="levin")
    _enroll(clinic, ana, "CCM", None)
    _enroll(clinic, ana, "RPM", None)
    log(clinic, ana, minutes=5)
    log(clinic, ana, minutes=5, program="RPM")
    lines = clinic.read(entries_of, ana, "2026-11")
    assert sorted((line.program or "", line.practitioner) for line in lines) == [
        ("", "levin"),
        ("RPM", "levin"),
    ]


def _enroll(clinic: Clinic, patient: bytes, program: str, practitioner: str | None) -> None:
    def enroll(change: object) -> None:
        change.add(  # type: ignore[attr-defined]
            Enrollment, patient=patient, program=program, status="active", start=date(2026, 3, 4),
            practitioner=practitioner,
        )  # fmt: skip

    enroll.__module__ = "cmp_tui.enrollment.actions"
    clinic.run(enroll)


# Twice, and for several


def test_a_form_that_is_saved_twice_writes_once(clinic: Clinic, ana: bytes) -> None:
    key = clinic.new_id()
    first = log(clinic, ana, id=key, minutes=5, did="talked ", next_title="call", next_due=TODAY)
    second = log(clinic, ana, id=key, minutes=5, did="talked", next_title="call", next_due=TODAY)
    assert second.again
    assert not first.again
    assert [entry.id for entry in second.entries] == [entry.id for entry in first.entries]
    assert second.task is not None
    assert seconds(clinic, ana) == 300
    assert written(clinic) == 1
    with pytest.raises(Invalid):
        log(clinic, ana, id=key, minutes=5, did="talked about something else")


def test_one_activity_for_several_patients_divides_the_minutes(
    clinic: Clinic, ana: bytes, tom: bytes
) -> None:
    logged = clinic.run(
        log_group, [ana, tom], mode="phone", outcome="reached", with_whom="agency", activity="coordination",
        start=at(-20), end=at(-20) + timedelta(seconds=601), next_title="hear from them", next_due=TODAY,
    )  # fmt: skip
    assert seconds(clinic, ana) + seconds(clinic, tom) == 601
    assert {seconds(clinic, ana), seconds(clinic, tom)} == {300, 301}
    assert (
        len({one.contact.group for one in logged} | {entry.group for one in logged for entry in one.entries})
        == 1
    )
    assert [one.overlaps for one in logged] == [[], []]
    assert open_titles(clinic, ana) == open_titles(clinic, tom) == ["hear from them"]
    assert written(clinic) == 1


def test_the_shares_of_an_activity_are_amended_together_and_struck_out_alone(
    clinic: Clinic, ana: bytes, tom: bytes
) -> None:
    one, other = clinic.run(log_group, [ana, tom], mode="phone", outcome="reached", minutes=20)
    clinic.run(edit_entry, one.entries[0].id, None, why="it was shorter", minutes=10)
    assert (seconds(clinic, ana), seconds(clinic, tom)) == (300, 300)
    start = one.entries[0].start
    pause = (start + timedelta(minutes=4), start + timedelta(minutes=6))
    left = clinic.run(split_break, other.entries[0].id, None, *pause, "door bell")
    assert [entry.patient for entry in left] == [tom, tom]
    assert (seconds(clinic, ana), seconds(clinic, tom)) == (240, 240)
    clinic.run(strike_entry, one.entries[0].id, "not about her")
    assert (seconds(clinic, ana), seconds(clinic, tom)) == (120, 240)


def test_a_group_settles_the_tasks_it_was_for_once(clinic: Clinic, ana: bytes, tom: bytes) -> None:
    task = clinic.run(add_task, title="call the agency", due=TODAY, patient=ana)
    logged = clinic.run(
        log_group, [ana, tom], mode="phone", outcome="reached", with_whom="agency", settles=[task.id]
    )
    assert [[one.id for one in each.settled] for each in logged] == [[task.id], []]


def test_a_group_names_each_patient_once_and_at_least_two(clinic: Clinic, ana: bytes, tom: bytes) -> None:
    for patients in ([], [ana], [ana, tom, ana]):
        with pytest.raises(Invalid) as refused:
            clinic.run(log_group, patients, mode="phone", outcome="reached", minutes=5)
        assert "patients" in refused.value.fields


def test_a_group_saved_twice_writes_once(clinic: Clinic, ana: bytes, tom: bytes) -> None:
    key = clinic.new_id()
    for again in (False, True):
        logged = clinic.run(log_group, [ana, tom], id=key, mode="phone", outcome="reached", minutes=10)
        assert [one.again for one in logged] == [again, again]
    assert seconds(clinic, ana) == seconds(clinic, tom) == 300
    assert clinic.read(lambda scope: Contact.live().count()) == 2


def test_rights_and_missing_patients(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    for username in ("otto", "iris"):
        with pytest.raises(Refused):
            log(as_user(username), ana)
    with pytest.raises(Gone):
        log(clinic, b"\1" * 16)
    assert log(as_user("levin"), ana, minutes=3).contact.signed_as == "Amy Levin, MD"
    assert clinic.verify() == []


def test_a_timer_is_logged_without_a_contact(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    timer = clinic.run(start_timer, ana)
    clock.at = at(5)
    clinic.keep("timer", ids.shown(timer.id), {})
    clock.at = at(50)
    with pytest.raises(Invalid) as refused:
        clinic.run(log_timer, timer.id, activity="care-plan")
    assert set(refused.value.fields) == {"timer"}
    (entry,) = clinic.run(log_timer, timer.id, activity="care-plan", note="goals", answer="trim")
    assert (entry.start, entry.end, entry.activity, entry.note) == (at(0), at(5), "care-plan", "goals")
    assert (entry.contact, entry.typed, clinic.read(contacts_of, ana, 10)) == (None, False, [])
    assert (clinic.read(running_timer), clinic.read(parked_timers)) == (None, [])
    (said,) = clinic.read(audit_page, limit=1)
    assert (said.action, said.facts) == ("desk.log_timer", {"answer": "trim", "minutes": 45})
    assert clinic.reference.label("deed", said.action) == "time logged"


def test_a_timer_of_which_nothing_is_left_is_discarded(
    clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    timer = clinic.run(start_timer, ana)
    clock.at = at(50)
    assert clinic.run(log_timer, timer.id, activity="care-plan", answer="trim") == []
    assert clinic.read(lambda scope: Timer.get().status) == "discarded"


def test_what_was_said_of_an_absence_stands_with_the_contact(
    clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    timer = clinic.run(start_timer, ana)
    clock.at = at(50)
    log(clinic, ana, timer=timer.id, timer_answer="keep")
    (said,) = clinic.read(audit_page, limit=1)
    assert (said.action, said.facts) == ("desk.log_contact", {"answer": "keep", "minutes": 50})


def test_a_group_stands_in_the_audit_trail_of_each(clinic: Clinic, ana: bytes, tom: bytes) -> None:
    clinic.run(log_group, [ana, tom], mode="phone", outcome="reached", minutes=10)
    for key in (ana, tom):
        assert clinic.read(audit_page, patient=key)[0].action == "desk.log_group"
