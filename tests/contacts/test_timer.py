"""The timer: started and stopped by hand, one for each person, parked and answered for."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from pathlib import Path

import pytest

from cmp_tui.clinic import ids
from cmp_tui.clinic.audit import audit_page
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Invalid, Refused
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.model import Audit
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.contacts.actions import (
    answer_timer,
    discard_timer,
    mark_on_call,
    park_timer,
    start_timer,
    stop_timer,
)
from cmp_tui.contacts.model import Timer
from cmp_tui.contacts.queries import parked_timers, running_timer
from cmp_tui.contacts.timer_rules import Answer
from cmp_tui.tables import TABLES
from tests.conftest import MONDAY, AsUser


def key_pressed(clinic: Clinic, timer: bytes) -> None:
    clinic.keep("timer", ids.shown(timer), {})


def test_nothing_runs_until_it_is_started_by_hand(clinic: Clinic, ana: bytes) -> None:
    clinic.look("chart", ana)
    assert clinic.read(running_timer) is None


def test_it_survives_in_the_file(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    clinic.run(start_timer, ana)
    clinic.close_here()
    clock.at += timedelta(minutes=7)
    again = open_clinic(clinic.path, TABLES, os_name="dana", clock=clock)
    line = again.read(running_timer)
    again.close_here()
    assert line is not None
    assert (line.patient, line.name, line.seconds, line.start) == (ana, "Ruiz-Moreno, Ana", 420, MONDAY)


def test_starting_again_on_the_same_patient_changes_nothing(
    clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    first = clinic.run(start_timer, ana)
    entries = clinic.read(lambda scope: Audit.select().count())
    clock.at += timedelta(minutes=5)
    second = clinic.run(start_timer, ana)
    assert (second.id, second.start, second.version) == (first.id, MONDAY, 1)
    assert clinic.read(lambda scope: Audit.select().count()) == entries


def test_starting_on_another_patient_parks_the_first(
    clinic: Clinic, clock: FrozenClock, ana: bytes, tom: bytes
) -> None:
    clinic.run(start_timer, ana)
    clock.at += timedelta(minutes=8)
    clinic.run(start_timer, tom)
    running, (parked,) = clinic.read(running_timer), clinic.read(parked_timers)
    assert running is not None
    assert (running.patient, running.seconds) == (tom, 0)
    assert (parked.patient, parked.seconds) == (ana, 480)


def test_started_ten_minutes_ago(clinic: Clinic, ana: bytes) -> None:
    clinic.run(start_timer, ana, MONDAY - timedelta(minutes=10))
    line = clinic.read(running_timer)
    assert line is not None
    assert line.seconds == 600


def test_a_second_one_started_in_the_past_ends_the_first_there(
    clinic: Clinic, clock: FrozenClock, ana: bytes, tom: bytes
) -> None:
    clinic.run(start_timer, ana)
    clock.at += timedelta(minutes=8)
    clinic.run(start_timer, tom, clock.at - timedelta(minutes=3))
    running, (parked,) = clinic.read(running_timer), clinic.read(parked_timers)
    assert running is not None
    assert (running.seconds, parked.seconds) == (180, 300)
    assert parked.stopped_at == running.start, "no second counts for both"


def test_the_future_and_what_lies_before_the_running_timer_are_refused(
    clinic: Clinic, ana: bytes, tom: bytes
) -> None:
    timer = clinic.run(start_timer, ana)
    for patient, minutes in ((tom, -1), (tom, 1)):
        with pytest.raises(Invalid) as refused:
            clinic.run(start_timer, patient, MONDAY + timedelta(minutes=minutes))
        assert "at" in refused.value.fields
    with pytest.raises(Invalid):
        clinic.run(stop_timer, timer.id, MONDAY - timedelta(minutes=1))


def test_stopping_keeps_it_until_it_is_logged_or_discarded(
    clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    timer = clinic.run(start_timer, ana)
    clock.at += timedelta(minutes=6)
    clinic.run(stop_timer, timer.id)
    clock.at += timedelta(hours=5)
    assert clinic.read(running_timer) is None
    (parked,) = clinic.read(parked_timers)
    assert (parked.seconds, parked.absence) == (360, None)
    with pytest.raises(Invalid):
        clinic.run(park_timer, timer.id)
    clinic.run(discard_timer, timer.id)
    assert clinic.read(parked_timers) == []
    with pytest.raises(Invalid):
        clinic.run(stop_timer, timer.id)


def test_discarding_can_be_undone(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    timer = clinic.run(start_timer, ana)
    clinic.run(discard_timer, timer.id)
    done = clinic.read(last_undoable)
    assert done is not None
    clinic.undo(done.seq)
    clock.at += timedelta(minutes=2)
    line = clinic.read(running_timer)
    assert line is not None
    assert line.seconds == 120


def test_undo_does_not_make_two_timers_run(clinic: Clinic, ana: bytes, tom: bytes) -> None:
    timer = clinic.run(start_timer, ana)
    clinic.run(stop_timer, timer.id)
    stopped = clinic.read(last_undoable)
    clinic.run(start_timer, tom)
    assert stopped is not None
    with pytest.raises(Refused):
        clinic.undo(stopped.seq)
    line = clinic.read(running_timer)
    assert line is not None
    assert line.patient == tom


def test_a_colleagues_timer_is_theirs(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    timer = clinic.run(start_timer, ana)
    ben = as_user("ben")
    assert ben.read(running_timer) is None
    with pytest.raises(Invalid):
        ben.run(stop_timer, timer.id)
    ben.run(start_timer, ana)
    assert clinic.read(running_timer) is not None


def test_a_laptop_that_slept_asks_and_trims_by_default(
    clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    timer = clinic.run(start_timer, ana)
    clock.at += timedelta(minutes=9)
    key_pressed(clinic, timer.id)
    clock.at += timedelta(hours=14)
    line = clinic.read(running_timer)
    assert line is not None
    assert line.absence is not None
    assert (line.absence.since, line.absence.minutes) == (MONDAY + timedelta(minutes=9), 840)
    clinic.run(answer_timer, timer.id)
    assert clinic.read(running_timer) is None
    (parked,) = clinic.read(parked_timers)
    assert (parked.seconds, parked.absence) == (540, None)


def test_keep_is_an_answer_too(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    timer = clinic.run(start_timer, ana)
    clock.at += timedelta(minutes=30)
    clinic.run(answer_timer, timer.id, "keep")
    line = clinic.read(running_timer)
    assert line is not None
    assert (line.seconds, line.absence) == (1800, None)
    clock.at += timedelta(minutes=10)
    line = clinic.read(running_timer)
    assert line is not None
    assert line.absence is not None
    assert line.absence.since == MONDAY + timedelta(minutes=30)


def test_the_answer_can_be_given_after_it_was_parked(
    clinic: Clinic, clock: FrozenClock, ana: bytes, tom: bytes
) -> None:
    timer = clinic.run(start_timer, ana)
    clock.at += timedelta(minutes=5)
    key_pressed(clinic, timer.id)
    clock.at += timedelta(minutes=55)
    clinic.run(start_timer, tom)
    (parked,) = clinic.read(parked_timers)
    assert parked.absence is not None
    clinic.run(answer_timer, timer.id, "trim")
    (parked,) = clinic.read(parked_timers)
    assert (parked.seconds, parked.absence) == (300, None)


def test_trimming_to_nothing_discards(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    timer = clinic.run(start_timer, ana)
    clock.at += timedelta(hours=3)
    assert clinic.run(answer_timer, timer.id, "trim").status == "discarded"
    assert clinic.read(parked_timers) == []


def test_on_a_call_the_question_comes_later(clinic: Clinic, clock: FrozenClock, ana: bytes) -> None:
    timer = clinic.run(start_timer, ana)
    clinic.run(mark_on_call, timer.id)
    clock.at += timedelta(minutes=14)
    line = clinic.read(running_timer)
    assert line is not None
    assert (line.on_call, line.absence) == (True, None)
    clock.at += timedelta(minutes=1)
    line = clinic.read(running_timer)
    assert line is not None
    assert line.absence is not None
    assert line.absence.on_call


def _start(path: str, patient: bytes, gate: object) -> None:
    clinic = open_clinic(Path(path), TABLES, os_name="dana", clock=FrozenClock(MONDAY))
    gate.wait()  # type: ignore[attr-defined]
    clinic.run(start_timer, patient)
    clinic.close_here()


def test_eight_processes_leave_exactly_one_running(clinic: Clinic, ana: bytes, tom: bytes) -> None:
    path = str(clinic.path)
    clinic.close_here()
    spawn = multiprocessing.get_context("spawn")
    gate = spawn.Barrier(8)
    workers = [spawn.Process(target=_start, args=(path, (ana, tom)[number % 2], gate)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 8
    statuses = clinic.read(lambda scope: [timer.status for timer in Timer.live()])
    assert statuses.count("running") == 1
    assert set(statuses) <= {"running", "parked"}
    assert clinic.verify() == []


@pytest.mark.parametrize("answer", ["keep", "trim", "discard"])
def test_the_answer_to_an_absence_stands_in_the_audit_trail(
    clinic: Clinic, clock: FrozenClock, ana: bytes, answer: Answer
) -> None:
    timer = clinic.run(start_timer, ana)
    clock.at += timedelta(minutes=5)
    key_pressed(clinic, timer.id)
    clock.at += timedelta(minutes=47)
    clinic.run(answer_timer, timer.id, answer)
    (entry,) = clinic.read(audit_page, limit=1)
    assert (entry.action, entry.patient) == ("contacts.answer_timer", ana)
    assert entry.facts == {"answer": answer, "minutes": 47}


def test_the_last_key_of_a_closed_timer_is_forgotten_at_the_next_start(
    clinic: Clinic, clock: FrozenClock, ana: bytes, tom: bytes
) -> None:
    timers = []
    for patient in (ana, tom, ana):
        timers.append(clinic.run(start_timer, patient).id)
        key_pressed(clinic, timers[-1])
    assert len(clinic.kept("timer")) == 3, "parked ones wait for their answer"
    clock.at += timedelta(minutes=8)
    key_pressed(clinic, timers[2])
    clock.at += timedelta(minutes=8)
    clinic.run(discard_timer, timers[2])
    done = clinic.read(last_undoable)
    assert done is not None
    clinic.undo(done.seq)
    running = clinic.read(running_timer)
    assert running is not None
    assert running.absence is None, "an undo finds the last key where it was"
    clinic.run(discard_timer, timers[2])
    new = clinic.run(start_timer, tom)
    key_pressed(clinic, new.id)
    assert {one.key for one in clinic.kept("timer")} == {ids.shown(key) for key in (*timers[:2], new.id)}
