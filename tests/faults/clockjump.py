"""The computer's clock goes back and forward while timers run and entries are saved (row 34).

What a timer counts is what really went by; nothing is negative, nothing is lost, the order of changes stays, and the
jump is told. The clock that is set here stands beside one that can't be, as the machine has both.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from cmp_tui.clinic import ids
from cmp_tui.clinic.audit import audit_head, audit_page, clock_behind
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.clock import Clock, Mark
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.history import last_undoable, versions_of
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.actions import mark_on_call, start_timer, stop_timer
from cmp_tui.contacts.model import TimeEntry
from cmp_tui.contacts.timer_queries import TimerLine, parked_timers, running_timer
from cmp_tui.contacts.timer_rules import ANSWERS
from cmp_tui.contacts.timer_state import KIND, noted
from cmp_tui.desk.actions import log_contact, log_timer
from cmp_tui.frame.clock_watch import ClockWatch
from cmp_tui.patients.actions import add_patient, edit_patient
from cmp_tui.patients.model import Patient
from tests.faults.common import Outcome, hurt_me, reopened

BEGIN = datetime(2026, 11, 9, 15, 0, tzinfo=UTC)
JUMPS = (3, 20, 59, 290, 540, 3600, 7200, 86_400, 3 * 86_400, 31 * 86_400, 365 * 86_400)
"""Seconds, forward or back: one that nobody would notice, one that no absence is asked about, a wrong year."""
NOISE = timedelta(seconds=2)
IDLE = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
Span = tuple[datetime, datetime]


class Settable(Clock):
    """A machine: time goes by (`real`), its clock may be set (`off`), and another one can't."""

    def __init__(self) -> None:
        self.real, self.off = BEGIN, timedelta()

    def now(self) -> datetime:
        return (self.real + self.off).replace(microsecond=0)

    def mark(self) -> Mark:
        return Mark("since the morning", (self.real - BEGIN).total_seconds() + 77.7)


class Running(NamedTuple):
    """A timer in real time: its start, the last key, by how much the clock was off at its start, and its end."""

    start: datetime
    key: datetime
    off: timedelta
    on_call: bool
    end: datetime | None = None


class Desk:
    """One person at work on a machine whose clock is set now and then."""

    def __init__(self, path: Path, random: Random) -> None:
        self.path, self.random, self.clock = path, random, Settable()
        self.clinic: Clinic = reopened(path, clock=self.clock)
        self.patients = [self.clinic.run(add_patient, family="Weiss", mrn=f"W-{n}").id for n in range(4)]
        self.watch = ClockWatch(self.clock)
        self.timers: dict[bytes, Running] = {}
        self.entries: dict[bytes, Span] = {}
        self.done: list[str] = []
        self.head = self.clinic.read(audit_head).seq
        self.jumps = self.told = self.logged = self.refused = self.asked = self.remarks = 0
        self.wall = timedelta()
        self.wrong: list[str] = []

    def expect(self, fine: bool, what: object) -> None:
        if not fine:
            self.wrong.append(str(what))

    def run(self, action: Callable[..., Any], *args: Any, **values: Any) -> Any:
        """Does an action; its number follows that of the action before, whatever the clock says."""
        result = self.clinic.run(action, *args, **values)
        seq = self.clinic.read(audit_head).seq
        self.expect(seq == self.head + 1, f"{action} is change {seq} after {self.head}")
        self.head = seq
        self.done.append(f"{action.__module__.split('.')[1]}.{action.__name__}")
        return result

    # -- what happens ----------------------------------------------------------------------------------------

    def step(self) -> None:
        """Time goes by, the clock may be set, and something is done."""
        self.random.choice(
            (self.works, self.works, self.away, self.starts, self.stops, self.types, self.edits)
        )()
        if self.random.random() < 0.5:
            self.jump()
        self.random.choice((self.works, self.starts, self.logs, self.logs, self.restarts, self.undoes))()

    def goes_by(self, seconds: float) -> None:
        self.clock.real += timedelta(seconds=seconds)
        self.expect(not self.watch.words(), "a jump is told where there was none")

    def jump(self) -> None:
        """Somebody, or the network, sets the clock; the app notices within the minute."""
        by = self.random.choice((-1, 1)) * self.random.choice(JUMPS)
        if abs((self.clock.off + timedelta(seconds=by)).days) > 500:
            by = -by
        self.goes_by(self.random.uniform(0, 30))
        self.clock.off += timedelta(seconds=by)
        self.jumps += 1
        words = self.watch.words()
        self.told += f"set {'forward' if by > 0 else 'back'} by " in words
        self.line_is_right()

    def works(self) -> None:
        """Some minutes at the keyboard."""
        for _ in range(self.random.randint(1, 8)):
            self.goes_by(self.random.uniform(20, 200))
            self.key()

    def key(self) -> None:
        """A key, as the app notes it: not the one that ends an absence."""
        line = self.clinic.read(running_timer)
        if line is not None and line.absence is None:
            self.clinic.keep(KIND, ids.shown(line.id), noted(self.clock.mark()))
            self.timers[line.id] = self.timers[line.id]._replace(key=self.clock.real)

    def away(self) -> None:
        """Lunch, a night."""
        self.goes_by(self.random.choice((700, 2400, 50_000)))

    def starts(self) -> None:
        """A timer for a patient, sometimes since some minutes; the one that ran is put aside."""
        before = self.clinic.read(running_timer)
        patient = self.random.choice(self.patients)
        ago = timedelta(minutes=self.random.choice((0, 0, 2)))
        if before is not None and (
            before.patient == patient or self.clock.real - ago < self.timers[before.id].start
        ):
            return
        timer = self.run(start_timer, patient, self.clock.now() - ago if ago else None)
        if before is not None:
            self.timers[before.id] = self.timers[before.id]._replace(end=self.clock.real - ago)
        began = self.clock.real - ago
        self.timers[timer.id] = Running(began, began, self.clock.off, False)
        if self.random.random() < 0.2:
            self.run(mark_on_call, timer.id)
            self.timers[timer.id] = self.timers[timer.id]._replace(on_call=True)

    def stops(self) -> None:
        line = self.clinic.read(running_timer)
        if line is not None:
            self.run(stop_timer, line.id)
            self.timers[line.id] = self.timers[line.id]._replace(end=self.clock.real)

    def logs(self) -> None:
        """Logs a timer: the one that runs, or one that waits."""
        lines = [*self.clinic.read(parked_timers), self.clinic.read(running_timer)]
        there = [line for line in lines if line is not None]
        if not there:
            return
        line = self.random.choice(there)
        known = self.timers[line.id]
        self.line_is_right()
        end = known.end or self.clock.real
        gone = end - max(min(known.key, end), known.start)
        patience = IDLE * 1.5 if known.on_call else IDLE
        if abs(gone - patience) > NOISE:
            self.expect(
                (line.absence is not None) == (gone > patience), f"{gone} away: {line.absence} is asked"
            )
        if line.absence is not None:
            self.asked += 1
            self.not_without_an_answer(line)
        answer = self.random.choice(ANSWERS) if line.absence else None
        if answer == "trim":
            end = max(min(known.key, end), known.start)
        really = timedelta() if answer == "discard" else end - known.start
        try:
            entries = self.run(
                log_timer, line.id, activity="call", answer=answer, long_why="a long day, in truth"
            )
        except Invalid as refused:
            entries = self.from_the_future(line, refused, really)
            really = timedelta(minutes=round(really / MINUTE))
        self.saved(entries)
        spent = sum((entry.end - entry.start for entry in entries), timedelta())
        self.expect(abs(spent - really) <= NOISE, f"{spent} were logged by {answer}, and {really} went by")
        if answer is None and known.end is None:  # what the clock on the wall would have counted
            self.wall = max(self.wall, abs(self.clock.off - known.off))
        self.logged += 1
        del self.timers[line.id]

    def from_the_future(self, line: TimerLine, refused: Invalid, really: timedelta) -> list[TimeEntry]:
        """A timer that was put aside before the clock went back past its end: the person types its minutes."""
        ahead = line.stopped_at is not None and line.stopped_at > self.clock.now()
        self.expect(ahead and "future" in refused.fields.get("end", ""), f"refused: {refused.fields}")
        self.refused += 1
        form: dict[str, Any] = {
            "mode": "phone",
            "outcome": "reached",
            "timer": line.id,
            "long_why": "a long day",
        }
        logged = self.run(
            log_contact, line.patient, **form, at=self.clock.now(), minutes=round(really / MINUTE)
        )
        return list(logged.entries)

    def not_without_an_answer(self, line: TimerLine) -> None:
        try:
            self.clinic.run(log_timer, line.id, activity="call", long_why="x")
            self.wrong.append("an absence was saved without an answer")
        except Invalid as refused:
            self.expect("timer" in refused.fields, refused.fields)

    def types(self) -> None:
        """Minutes without a timer, in a form that was opened before; the clock may have been set since."""
        opened = self.clock.now()
        if self.random.random() < 0.5:
            self.jump()
        minutes = self.random.randint(1, 40)
        form: dict[str, Any] = {"mode": "phone", "outcome": "reached", "minutes": minutes}
        patient = self.random.choice(self.patients)
        key = self.clinic.new_id()
        try:
            logged = self.run(log_contact, patient, **form, at=opened, id=key)
        except Invalid as refused:
            self.expect(opened > self.clock.now(), f"refused without a reason: {refused.fields}")
            self.expect(any("future" in sentence for sentence in refused.fields.values()), refused.fields)
            self.refused += 1
            logged = self.run(log_contact, patient, **form, id=key)  # the person takes the new time
        self.saved(logged.entries)
        spent = sum((entry.end - entry.start for entry in logged.entries), timedelta())
        self.expect(spent == timedelta(minutes=minutes), f"{minutes} min were typed and {spent} saved")

    def edits(self) -> None:
        """A patient is edited: the versions keep their order."""
        self.remarks += 1
        self.run(edit_patient, self.patients[0], None, remarks=f"remark {self.remarks}")

    def restarts(self) -> None:
        """The program ends and is started anew; the file says when it is newer than the clock."""
        last = self.clinic.read(audit_page, limit=1)[0].at
        self.clinic.close_here()
        self.clinic = reopened(self.path, clock=self.clock)
        self.watch = ClockWatch(self.clock)
        behind = max(0, int((last - self.clock.now()).total_seconds()))
        self.expect(self.clinic.read(clock_behind) == behind, f"the clock is {behind} s behind: not told")

    def undoes(self) -> None:
        """Undo takes back the last thing that was done, not the one that the clock calls the latest."""
        patient = self.random.choice(self.patients)
        logged = self.run(log_contact, patient, mode="phone", outcome="reached", minutes=3)
        if self.random.random() < 0.5:
            self.jump()
        last = self.clinic.read(last_undoable)
        self.expect(last is not None and last.seq == self.head, f"undo would take {last}, not {self.head}")
        self.clinic.undo(self.head)
        self.head += 1
        self.done.append("clinic.undo")
        self.expect(
            all(entry.id not in self.clinic.read(entries_in) for entry in logged.entries), "not undone"
        )

    # -- what must hold --------------------------------------------------------------------------------------

    def saved(self, entries: list[TimeEntry]) -> None:
        now = self.clock.now()
        for entry in entries:
            sane = entry.start < entry.end <= now and entry.entered_at == now
            self.expect(
                sane, f"an entry from {entry.start} to {entry.end}, entered {entry.entered_at} at {now}"
            )
            self.entries[entry.id] = entry.start, entry.end

    def line_is_right(self) -> None:
        """The running timer shows what really went by, and by how much the clock was set."""
        line = self.clinic.read(running_timer)
        if line is None:
            return
        known = self.timers[line.id]
        really = (self.clock.real - known.start).total_seconds()
        self.expect(abs(line.seconds - really) <= 2, f"the timer shows {line.seconds} s after {really} s")
        off = (self.clock.off - known.off).total_seconds()
        self.expect(abs(line.clock_set - off) <= 2, f"the clock was set by {off} s, told {line.clock_set}")

    def ends(self) -> None:
        """Nothing is lost, the trail is whole and in the order in which things were done, and names what went back."""
        self.expect(
            self.clinic.read(entries_in) == self.entries, "entries are missing, or more than were saved"
        )
        lines = {*self.clinic.read(parked_timers), self.clinic.read(running_timer)} - {None}
        self.expect({line.id for line in lines if line} == set(self.timers), "timers are missing")
        trail = self.clinic.read(audit_page, limit=1000)[::-1]
        mine = [entry for entry in trail if not entry.action.startswith("look.")]
        self.expect(
            [entry.action for entry in mine[-len(self.done) :]] == self.done, "the order of the changes"
        )
        before = mine[-len(self.done) - 1].at
        for entry in mine[-len(self.done) :]:
            back = max(0, int((before - entry.at).total_seconds()))
            self.expect(
                entry.facts.get("clock_back", 0) == back, f"change {entry.seq}: {back} s back, not noted"
            )
            before = entry.at
        versions = self.clinic.read(versions_of, Patient, self.patients[0])
        texts = [one.changed["remarks"][1] for one in versions if "remarks" in one.changed][::-1]
        self.expect(
            texts[-self.remarks :] == [f"remark {n + 1}" for n in range(self.remarks)], f"versions: {texts}"
        )
        self.expect(not self.clinic.verify(), "verify finds something")


def entries_in(scope: Scope) -> dict[bytes, Span]:
    query = TimeEntry.live(TimeEntry.id, TimeEntry.start, TimeEntry.end)
    return {bytes(key): (start, end) for key, start, end in rows(query)}


def run(jumps: int = 2000, files: int = 10) -> Outcome:
    desks = []
    for number in range(files):
        with hurt_me() as path:
            desk = Desk(path, Random(number))
            while desk.jumps < jumps // files:
                desk.step()
            desk.ends()
            desk.clinic.close_here()
        desks.append(desk)
    wrong = [sentence for desk in desks for sentence in desk.wrong]
    figures = {
        "jumps": sum(desk.jumps for desk in desks),
        "told": sum(desk.told for desk in desks),
        "timers_logged": sum(desk.logged for desk in desks),
        "asked_about_an_absence": sum(desk.asked for desk in desks),
        "entries": sum(len(desk.entries) for desk in desks),
        "changes": sum(len(desk.done) for desk in desks),
        "refused_with_a_sentence": sum(desk.refused for desk in desks),
        "the_clock_alone_would_be_wrong_by_days": max(desk.wall for desk in desks).days,
        "wrong": len(wrong),
        "error": "; ".join(wrong[:3]),
    }
    every = figures["told"] == figures["jumps"] > 0
    return Outcome(not wrong and every and figures["timers_logged"] > 0, figures)
