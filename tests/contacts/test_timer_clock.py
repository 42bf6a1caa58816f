"""The computer's clock is set while a timer runs: what really went by counts, and it is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cmp_tui.clinic import ids
from cmp_tui.clinic.audit import audit_page, behind_words, clock_behind
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import Clock, Mark
from cmp_tui.clinic.opening import make_clinic
from cmp_tui.contacts.actions import answer_timer, start_timer, stop_timer
from cmp_tui.contacts.queries import parked_timers, running_timer
from cmp_tui.contacts.timer_queries import TimerLine
from cmp_tui.contacts.timer_rules import as_noted, set_words
from cmp_tui.contacts.timer_state import KIND, noted
from cmp_tui.desk.actions import log_timer
from cmp_tui.frame.clock_watch import ClockWatch
from cmp_tui.patients.actions import add_patient
from cmp_tui.tables import TABLES
from tests.faults.common import command

NOON = datetime(2026, 11, 10, 18, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Settable(Clock):
    """A machine: `gone` is what went by since noon, `off` by how much its clock is set wrong."""

    def __init__(self) -> None:
        self.gone = self.off = timedelta()
        self.boot = "today"

    def now(self) -> datetime:
        return NOON + self.gone + self.off

    def mark(self) -> Mark:
        return Mark(self.boot, 5.25 + self.gone.total_seconds())


@pytest.fixture
def machine() -> Settable:
    return Settable()


@pytest.fixture
def clinic(tmp_path: Path, machine: Settable) -> Iterator[Clinic]:
    """A file on a machine whose clock is set now and then."""
    made = make_clinic(
        tmp_path / "clinic.cmp",
        TABLES,
        admin={"username": "dana", "name": "Dana Ruiz", "credential": "RN"},
        settings={"name": "Lakeside", "time_zone": "America/Chicago"},
        clock=machine,
    )
    yield made
    made.close_here()


@pytest.fixture
def ana(clinic: Clinic) -> bytes:
    return clinic.run(add_patient, family="Ruiz-Moreno", given="Ana", mrn="A-1").id


def line_of(clinic: Clinic) -> TimerLine:
    line = clinic.read(running_timer)
    assert line is not None
    return line


def pressed(clinic: Clinic, timer: bytes) -> None:
    clinic.keep(KIND, ids.shown(timer), noted(clinic.clock.mark()))


@pytest.mark.parametrize("minutes", [-600, -30, -5, -1, 1, 5, 9, 600, 60 * 24 * 365])
def test_a_jump_neither_adds_nor_takes_time(
    clinic: Clinic, machine: Settable, ana: bytes, minutes: int
) -> None:
    timer = clinic.run(start_timer, ana).id
    machine.gone += 4 * MINUTE
    pressed(clinic, timer)
    machine.off += minutes * MINUTE
    machine.gone += 3 * MINUTE
    line = line_of(clinic)
    assert (line.seconds, line.clock_set, line.absence) == (420, minutes * 60, None)
    (entry,) = clinic.run(log_timer, timer, activity="call")
    assert (entry.end, entry.end - entry.start) == (machine.now(), 7 * MINUTE)
    (change,) = clinic.read(audit_page, limit=1)
    assert change.facts["clock_set"] == minutes * 60


def test_an_absence_is_what_really_went_by_too(clinic: Clinic, machine: Settable, ana: bytes) -> None:
    timer = clinic.run(start_timer, ana).id
    machine.gone += 5 * MINUTE
    pressed(clinic, timer)
    machine.gone += 47 * MINUTE
    machine.off -= 2 * HOUR
    away = line_of(clinic).absence
    assert away is not None
    assert away.minutes == 47
    clinic.run(answer_timer, timer, "trim")
    (parked,) = clinic.read(parked_timers)
    assert (parked.seconds, parked.absence) == (300, None)


def test_stopped_after_a_jump_it_stays_as_it_was(clinic: Clinic, machine: Settable, ana: bytes) -> None:
    timer = clinic.run(start_timer, ana).id
    machine.gone += 6 * MINUTE
    pressed(clinic, timer)
    machine.off += 5 * MINUTE
    clinic.run(stop_timer, timer)
    machine.off += 3 * HOUR
    (parked,) = clinic.read(parked_timers)
    assert (parked.seconds, parked.absence, parked.clock_set) == (360, None, 0)


def test_after_another_start_of_the_machine_the_clock_is_believed(
    clinic: Clinic, machine: Settable, ana: bytes
) -> None:
    clinic.run(start_timer, ana)
    machine.gone += 5 * MINUTE
    machine.off -= 2 * MINUTE
    machine.boot = "tomorrow"
    assert (line_of(clinic).seconds, line_of(clinic).clock_set) == (180, 0)


def test_a_clock_that_went_back_stands_in_the_trail_and_is_told(
    clinic: Clinic, machine: Settable, ana: bytes
) -> None:
    watch = ClockWatch(machine)
    machine.gone += MINUTE
    assert watch.words() == ""
    assert clinic.read(clock_behind) == 0
    machine.off -= HOUR
    assert "clock was set back by 1 h." in watch.words()
    assert watch.words() == "", "once"
    assert clinic.read(clock_behind) == 3540
    assert "0 h 59 min 0 s behind" in behind_words(3540)
    clinic.run(start_timer, ana)
    (change,) = clinic.read(audit_page, limit=1)
    assert change.facts == {"clock_back": 3540}


def test_the_commands_tell_it(
    clinic: Clinic, machine: Settable, ana: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.run(start_timer, ana)
    machine.gone += 8 * MINUTE
    machine.off -= HOUR
    clinic.close_here()
    monkeypatch.setattr(Clock, "now", lambda self: machine.now())
    monkeypatch.setattr(Clock, "mark", lambda self: machine.mark())
    status = command(clinic.path, "timer", "status", now=None)
    assert "8 min (the computer's clock was set back by 1 h)" in status.out.decode()
    assert b"behind the last change" in status.err
    stopped = command(clinic.path, "timer", "stop", now=None)
    assert stopped.status == 0
    assert "clock was set back by 1 h meanwhile; what really went by counts." in stopped.out.decode()
    assert "Logged 8 min 0 s for Ruiz-Moreno, Ana." in stopped.out.decode()


def test_marks_of_the_real_clock_go_forward() -> None:
    clock = Clock()
    first, then = clock.mark(), clock.mark()
    assert first is not None and then is not None
    assert first.boot == then.boot
    assert first.seconds <= then.seconds


@pytest.mark.parametrize(("off", "moved"), [(-2, -2), (-1, 0), (0, 0), (1, 0), (2, 2)])
def test_a_second_is_no_jump(off: int, moved: int) -> None:
    now = NOON + 90 * MINUTE + timedelta(seconds=off)
    assert as_noted(NOON, now, 90 * MINUTE) == NOON + timedelta(seconds=moved)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (40, "set forward by 40 s"),
        (-3600, "set back by 1 h"),
        (90_061, "set forward by 1 d 1 h"),
        (-125, "set back by 2 min 5 s"),
    ],
)
def test_how_a_clock_was_set_in_words(seconds: int, words: str) -> None:
    assert set_words(seconds) == words
