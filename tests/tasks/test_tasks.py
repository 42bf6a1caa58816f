"""Tasks: due, put off, handed over and seen, settled."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.clinic.errors import Conflict, Gone, Invalid, Refused
from cmp_tui.clinic.history import last_undoable
from cmp_tui.clinic.staff import disable_staff, staff_list
from cmp_tui.tasks.actions import (
    acknowledge,
    add_task,
    edit_task,
    hand_over,
    settle_call_backs,
    settle_task,
    snooze_task,
)
from cmp_tui.tasks.model import Task
from cmp_tui.tasks.queries import (
    TaskLine,
    due,
    handed_by_me,
    handed_to_me,
    my_tasks,
    overdue,
    snoozed,
    task,
    tasks_of,
)
from tests.conftest import MONDAY, AsUser

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def add(clinic: Clinic, patient: bytes | None, day: date = TODAY, **values: object) -> Task:
    return clinic.run(add_task, title="get the cardiology report", due=day, patient=patient, **values)  # type: ignore[arg-type]


def read(clinic: Clinic, key: bytes) -> TaskLine:
    line = clinic.read(task, key)
    assert line is not None
    return line


def key_of(clinic: Clinic, username: str) -> bytes:
    return next(row.id for row in clinic.read(staff_list) if row.username == username)


def keys(lines: list[TaskLine]) -> list[bytes]:
    return [line.id for line in lines]


def test_a_task_is_mine_unless_said_otherwise(clinic: Clinic, ana: bytes) -> None:
    line = read(clinic, add(clinic, ana, kind="records", why="for the visit on Friday").id)
    assert (line.assignee_name, line.status, line.name) == ("Dana Ruiz", "requested", "Ruiz-Moreno, Ana")
    assert (line.handed_by, line.settled_at) == (None, None)


def test_a_task_need_not_be_about_a_patient(clinic: Clinic) -> None:
    line = read(clinic, add(clinic, None).id)
    assert (line.patient, line.name) == (None, None)


def test_due_overdue_and_later(clinic: Clinic, ana: bytes) -> None:
    late, now, later = (add(clinic, ana, TODAY + DAY * days) for days in (-1, 0, 1))
    assert keys(clinic.read(overdue)) == [late.id]
    assert keys(clinic.read(due)) == [late.id, now.id]
    assert keys(clinic.read(due, TODAY + DAY)) == [late.id, now.id, later.id]
    assert keys(clinic.read(my_tasks)) == keys(clinic.read(tasks_of, ana)) == [late.id, now.id, later.id]


def test_a_task_that_is_put_off_comes_back_with_its_words(
    clinic: Clinic, clock: FrozenClock, ana: bytes
) -> None:
    key = add(clinic, ana, TODAY - DAY).id
    clinic.run(snooze_task, key, TODAY + 2 * DAY, "she is away until Wednesday")
    assert clinic.read(due) == clinic.read(overdue) == []
    assert keys(clinic.read(snoozed)) == keys(clinic.read(my_tasks)) == [key]
    clock.at += 2 * DAY
    (line,) = clinic.read(overdue)
    assert line.snoozed_why == "she is away until Wednesday"
    assert clinic.read(snoozed) == []


def test_a_snooze_needs_a_later_day_and_words(clinic: Clinic, ana: bytes) -> None:
    key = add(clinic, ana).id
    for until, why, field in ((TODAY, "busy", "until"), (TODAY + DAY, " ", "why")):
        with pytest.raises(Invalid) as refused:
            clinic.run(snooze_task, key, until, why)
        assert set(refused.value.fields) == {field}


@pytest.mark.parametrize(
    ("status", "how"), [("completed", ""), ("cancelled", "moved away"), ("failed", "clinic is closed")]
)
def test_settling_says_how(clinic: Clinic, ana: bytes, status: str, how: str) -> None:
    key = add(clinic, ana).id
    clinic.run(settle_task, key, status, how)
    line = read(clinic, key)
    assert (line.status, line.settled_how, line.settled_by_name) == (status, how or None, "Dana Ruiz")
    assert line.settled_at == MONDAY
    assert clinic.read(due) == clinic.read(tasks_of, ana) == []
    assert keys(clinic.read(tasks_of, ana, open_only=False)) == [key]


def test_not_needed_and_could_not_be_done_need_words(clinic: Clinic, ana: bytes) -> None:
    key = add(clinic, ana).id
    for status, how, field in (("failed", "", "how"), ("cancelled", " ", "how"), ("accepted", "x", "status")):
        with pytest.raises(Invalid) as refused:
            clinic.run(settle_task, key, status, how)
        assert set(refused.value.fields) == {field}


def test_a_settled_task_stays_as_it_is_until_undone(clinic: Clinic, ana: bytes) -> None:
    key = add(clinic, ana).id
    clinic.run(settle_task, key)
    settled = clinic.read(last_undoable)
    for action, values in (
        (settle_task, ()),
        (snooze_task, (TODAY + DAY, "later")),
        (hand_over, (key_of(clinic, "ben"),)),
        (acknowledge, ()),
    ):
        with pytest.raises(Invalid):
            clinic.run(action, key, *values)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        clinic.run(edit_task, key, None, title="something else")
    assert settled is not None
    clinic.undo(settled.seq)
    assert keys(clinic.read(due)) == [key]


def test_a_task_handed_over_shows_to_both_until_it_is_seen(
    clinic: Clinic, as_user: AsUser, ana: bytes
) -> None:
    ben = as_user("ben")
    key = add(clinic, ana, why="for Friday.").id
    clinic.run(hand_over, key, key_of(clinic, "ben"), "I am off tomorrow")
    assert keys(clinic.read(my_tasks)) == keys(ben.read(my_tasks)) == [key]
    assert keys(clinic.read(due)) == keys(ben.read(due)) == [key]
    assert keys(clinic.read(handed_by_me)) == keys(ben.read(handed_to_me)) == [key]
    line = read(ben, key)
    assert (line.status, line.assignee_name, line.handed_by_name) == ("received", "Ben Ortiz", "Dana Ruiz")
    assert line.why == "I am off tomorrow. for Friday"
    with pytest.raises(Invalid):
        clinic.run(acknowledge, key)
    ben.run(acknowledge, key)
    assert clinic.read(my_tasks) == clinic.read(handed_by_me) == ben.read(handed_to_me) == []
    assert keys(ben.read(my_tasks)) == [key]
    assert read(ben, key).acknowledged_at == MONDAY
    assert ben.run(acknowledge, key).version == read(ben, key).version


def test_a_practitioner_can_get_a_task_at_once(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    key = add(clinic, ana, kind="ask-practitioner", assignee=key_of(clinic, "levin")).id
    assert keys(as_user("levin").read(handed_to_me)) == [key]
    assert keys(clinic.read(handed_by_me)) == [key]
    as_user("levin").run(settle_task, key, "completed", "dose is fine")
    assert read(clinic, key).acknowledged_at == MONDAY
    assert clinic.read(my_tasks) == []


def test_who_can_not_work_on_tasks_gets_none(clinic: Clinic, ana: bytes) -> None:
    key = add(clinic, ana).id
    me = key_of(clinic, "dana")
    ben = key_of(clinic, "ben")
    clinic.run(disable_staff, "ben")
    for to in (key_of(clinic, "iris"), key_of(clinic, "otto"), ben, me):
        with pytest.raises(Invalid) as refused:
            clinic.run(hand_over, key, to)
        assert "to" in refused.value.fields
    with pytest.raises(Invalid):
        add(clinic, ana, assignee=key_of(clinic, "iris"))


def test_a_snooze_of_the_giver_does_not_hide_it_from_the_receiver(
    clinic: Clinic, as_user: AsUser, ana: bytes
) -> None:
    key = add(clinic, ana).id
    clinic.run(snooze_task, key, TODAY + DAY, "later")
    clinic.run(hand_over, key, key_of(clinic, "ben"))
    assert keys(as_user("ben").read(due)) == [key]


def test_taking_a_colleagues_task_needs_no_acknowledgement(
    clinic: Clinic, as_user: AsUser, ana: bytes
) -> None:
    key = add(clinic, ana).id
    ben = as_user("ben")
    ben.run(hand_over, key, key_of(clinic, "ben"))
    assert ben.read(handed_to_me) == clinic.read(my_tasks) == []
    assert read(ben, key).status == "accepted"


def test_editing_sees_others_changes(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    made = add(clinic, ana)
    clinic.run(edit_task, made.id, made.version, due=TODAY + DAY)
    with pytest.raises(Conflict):
        as_user("ben").run(edit_task, made.id, made.version, due=TODAY + 2 * DAY)
    as_user("ben").run(edit_task, made.id, made.version, title="get both reports")
    line = read(clinic, made.id)
    assert (line.title, line.due) == ("get both reports", TODAY + DAY)
    with pytest.raises(Invalid) as refused:
        clinic.run(edit_task, made.id, None, assignee=key_of(clinic, "ben"))
    assert "assignee" in refused.value.fields


def test_call_backs_of_a_patient_are_settled_together_and_only_mine(
    clinic: Clinic, as_user: AsUser, ana: bytes, tom: bytes
) -> None:
    mine = [add(clinic, ana, TODAY + DAY * days, kind="call-back").id for days in (0, 1)]
    add(clinic, ana)
    add(clinic, tom, kind="call-back")
    theirs = add(as_user("ben"), ana, kind="call-back").id
    settled = clinic.run(_settle, ana)
    assert [one.id for one in settled] == mine
    assert read(clinic, theirs).settled_at is None


def _settle(change: object, patient: bytes) -> list[Task]:
    return settle_call_backs(change, patient, "reached")  # type: ignore[arg-type]


_settle.__module__, _settle.__name__ = settle_task.__module__, settle_task.__name__


def test_rights_and_missing_records(clinic: Clinic, as_user: AsUser, ana: bytes) -> None:
    key = add(clinic, ana).id
    with pytest.raises(Refused):
        as_user("otto").run(settle_task, key)
    with pytest.raises(Refused):
        as_user("iris").read(my_tasks)
    assert read(as_user("otto"), key).title == "get the cardiology report"
    with pytest.raises(Gone):
        clinic.run(settle_task, b"\1" * 16)
    with pytest.raises(Gone):
        add(clinic, b"\1" * 16)
    assert clinic.read(task, b"\1" * 16) is None


def test_a_task_that_is_saved_twice_is_written_once(clinic: Clinic, ana: bytes) -> None:
    key = clinic.new_id()
    first = add(clinic, ana, why="  for the visit ", id=key)
    again = add(clinic, ana, why="  for the visit ", id=key)
    assert (first.id, again.id, len(clinic.read(tasks_of, ana))) == (key, key, 1)
    with pytest.raises(Invalid, match="saved already"):
        add(clinic, ana, TODAY + DAY, why="  for the visit ", id=key)
