"""What rows of Today say: handed over tasks that wait, and timers that were left on."""

from __future__ import annotations

from datetime import date, timedelta

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import FrozenClock
from cmp_tui.contacts.actions import park_timer, start_timer
from cmp_tui.contacts.queries import running_timer
from cmp_tui.queue.queries import page
from cmp_tui.queue.sources import SOURCES
from cmp_tui.queue.words import Details
from cmp_tui.tasks.actions import add_task, hand_over, snooze_task
from tests.conftest import AsUser
from tests.queue.building import Building

MON = date(2026, 11, 23)


def test_a_timer_that_was_left_on_asks_what_counts(
    build: Building, clinic: Clinic, clock: FrozenClock
) -> None:
    ana = build.patient("Ruiz-Moreno")
    clinic.run(start_timer, ana)
    clock.at += timedelta(hours=2)
    assert build.row(ana, "timer").reason == "timer left running since 09:00: what counts?"
    line = clinic.read(running_timer)
    assert line is not None
    clinic.run(park_timer, line.id)
    assert "put aside" in build.row(ana, "timer").reason


def test_a_timer_that_was_left_on_since_another_day_says_which() -> None:
    said = SOURCES["timer"].say(MON, MON, Details(last=date(2026, 11, 20), left_at="16:40"))
    assert said.reason == "timer left running since Fri 20 Nov 16:40: what counts?"


def test_a_task_that_was_handed_over_and_put_off_waits(
    build: Building, clinic: Clinic, as_user: AsUser
) -> None:
    ana = build.patient("Ruiz-Moreno")
    ben = as_user("ben")
    task = clinic.run(add_task, title="refill", due=MON, patient=ana)
    clinic.run(hand_over, task.id, ben.read(_me))
    ben.run(snooze_task, task.id, MON + timedelta(days=2), "on holiday")
    assert [row.source for row in ben.read(page)] == []
    assert [row.source for row in ben.read(page, "mine", MON + timedelta(days=2))] == ["handed"]


def _me(scope: object) -> bytes:
    key: bytes = scope.who.id  # type: ignore[attr-defined]
    return key
