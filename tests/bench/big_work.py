"""The work of the generated clinic, a week at a time: calls, tries in vain, work at the desk, and tasks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple

from cmp_tui.contacts.model import Contact, TimeEntry
from cmp_tui.exchange.demo.records import IN_PROGRAM, Batch
from cmp_tui.tasks.model import Task
from tests.bench.big_people import Life

OPENS = 14 * 60
"""8:00 in Chicago in summer, in minutes of UTC."""
FULL_DAY = 540
LINES = (
    ("Monthly call", "sleeps better, walks to the corner again", "went through the list of medicines, no doubles"),
    ("Call after the visit", "ankles less swollen, two pounds down", "explained when to weigh, and when to call us"),
    ("Refills", "ran out of one on Sunday", "sent the request, asked the pharmacy for one date for all"),
    ("Check of sugars", "fasting 128 to 160, no lows", "talked over breakfast, the reader has new strips"),
    ("Blood pressure", "142/84 at home this morning", "again in the evening for a week, sitting, then write down"),
    ("How is the breathing?", "two puffs a day, no night without", "showed the spacer again, mailed the leaflet"),
)  # fmt: skip
DESK = (
    "Updated the list of problems",
    "Read the discharge papers",
    "Order for strips",
    "Called the pharmacy",
)
TITLES = (
    "ask about the new tablet",
    "send the leaflet",
    "lab result in?",
    "confirm the ride",
    "refill in time?",
)


class Person(NamedTuple):
    """A care manager, as rows need them."""

    key: bytes
    signature: str
    credential: str


class Book:
    """Whoever is worked with, and when next; what they have open."""

    def __init__(
        self,
        seed: int,
        lives: Sequence[Life],
        people: Sequence[Person],
        new_id: Callable[[], bytes],
        first: date,
        now: datetime,
    ) -> None:
        self._rng = Random(f"{seed} big work")
        self._lives, self._people, self._new_id = lives, people, new_id
        self._first, self._now = first, now
        self._weeks: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        self._free: dict[tuple[int, int], int] = defaultdict(int)
        self._open: dict[int, dict[str, Any]] = {}
        self._minutes: dict[tuple[int, int], int] = defaultdict(int)
        for life in lives:
            if life.enrolled:
                self._plan(life.number, int(self._rng.random() * 20), "call")
        self.entries = self.tasks = 0

    def _plan(self, number: int, day: int, kind: str) -> None:
        weekday = day % 7
        if weekday > 4:  # day 0 is a Monday
            day += 7 - weekday
        self._weeks[day // 7].append((number, day, kind))

    def week(self, number: int) -> Batch:
        """The rows of one week. Patients in the order of their keys: so the file's indexes are filled evenly."""
        batch: Batch = {Contact: [], TimeEntry: [], Task: []}
        self._free.clear()
        while due := self._weeks.pop(number, None):  # a second try may fall into the same week
            for patient, day, kind in sorted(due):
                self._work(batch, self._lives[patient], day, kind)
        return {model: rows for model, rows in batch.items() if rows}

    def left_open(self) -> Batch:
        """The tasks that nobody has settled, and who was not called as they had planned."""
        rows = list(self._open.values())
        self.tasks += len(rows)
        return {Task: rows} if rows else {}

    def _work(self, batch: Batch, life: Life, day: int, kind: str) -> None:
        rng = self._rng
        whose = life.manager if rng.random() < 0.95 else int(rng.random() * len(self._people))
        person = self._people[whose]
        missed = kind == "call" and rng.random() < 0.16
        minutes = 1 if missed else 9 + int(rng.random() * 9)
        start = self._start(whose, day, minutes)
        if start + timedelta(minutes=minutes) >= self._now:
            return
        task = self._open.pop(life.number, None)
        if task is not None:
            settled = {"status": "completed", "settled_at": start, "settled_by": person.key}
            batch[Task].append({**task, **settled, "settled_how": "reached, phone"})
            self.tasks += 1
        contact = self._new_id()
        why, changed, did = LINES[int(rng.random() * len(LINES))]
        row: dict[str, Any] = {
            "id": contact, "patient": life.key, "staff": person.key, "at": start, "mode": "phone",
            "outcome": ("voicemail" if rng.random() < 0.6 else "no-answer") if missed else "reached",
            "why": why, "signed_as": person.signature, "signed_at": start + timedelta(minutes=minutes + 1),
        }  # fmt: skip
        if not missed:
            row |= {"changed": changed, "did": did, "next": TITLES[day % len(TITLES)]}
        batch[Contact].append(row)
        self._entry(batch, life, person, start, minutes, "call", contact)
        month = (life.number, (self._first + timedelta(days=day)).month)
        self._minutes[month] += minutes
        if missed:
            retry = day + 1 + int(rng.random() * 2)
            self._plan(life.number, retry, "retry")
            if rng.random() < 0.9:
                self._task(life, contact, "call back, 2nd try", retry, "call-back")
            return
        following = day + 15 + int(rng.random() * 10)
        self._plan(life.number, following, "call")
        if rng.random() < 0.58:
            self._task(life, contact, TITLES[int(rng.random() * len(TITLES))], following, "follow-up")
        short = 20 - self._minutes[month]
        if rng.random() < (0.45 if short <= 0 else 0.7):
            spent = max(4 + int(rng.random() * 7), short)
            self._minutes[month] += spent
            self._entry(batch, life, person, self._start(whose, day, spent), spent, "coordination", None)

    def _start(self, whose: int, day: int, minutes: int) -> datetime:
        """The next free time of a person's day; on a day that is full two things lie over one another."""
        at = self._free[whose, day]
        self._free[whose, day] = at + minutes + 2
        midnight = datetime.combine(self._first + timedelta(days=day), time(), UTC)
        return midnight + timedelta(minutes=OPENS + at % FULL_DAY)

    def _entry(
        self,
        batch: Batch,
        life: Life,
        person: Person,
        start: datetime,
        minutes: int,
        activity: str,
        contact: Any,
    ) -> None:
        end = start + timedelta(minutes=minutes)
        if end >= self._now:
            return
        self.entries += 1
        batch[TimeEntry].append(_entry_row(life, person, start, end, activity, contact))

    def _task(self, life: Life, contact: bytes, title: str, day: int, kind: str) -> None:
        """A task stays open until the next call."""
        self._open[life.number] = {
            "patient": life.key, "kind": kind, "title": title, "due": self._first + timedelta(days=day),
            "assignee": self._people[life.manager].key, "contact": contact,
            "attempt": 2 if kind == "call-back" else None,
        }  # fmt: skip


def one_month(
    seed: int, lives: Sequence[Life], people: Sequence[Person], new_id: Callable[[], bytes], first: date,
    entries: int, part: int, parts: int,
) -> Batch:  # fmt: skip
    """A part of a month with very many entries, six of ten with their contact, in the four weeks from `first` on."""
    rng = Random(f"{seed} one month {part}")
    enrolled = [life for life in lives if life.enrolled]
    mine = enrolled[len(enrolled) * part // parts : len(enrolled) * (part + 1) // parts]
    each, more = divmod(entries, len(enrolled))
    batch: Batch = {Contact: [], TimeEntry: []}
    for place, life in enumerate(mine, len(enrolled) * part // parts):
        for _ in range(each + (place < more)):
            day = int(rng.random() * 20)
            day += day // 5 * 2
            midnight = datetime.combine(first + timedelta(days=day), time(), UTC)
            start = midnight + timedelta(minutes=OPENS, seconds=int(rng.random() * 30_000))
            person, minutes = people[life.manager], 2 + int(rng.random() * 16)
            end, contact = start + timedelta(minutes=minutes), None
            if rng.random() < 0.6:
                contact = new_id()
                why, changed, did = LINES[minutes % len(LINES)]
                batch[Contact].append(
                    {
                        "id": contact, "patient": life.key, "staff": person.key, "at": start, "mode": "phone",
                        "outcome": "reached", "why": why, "changed": changed, "did": did,
                        "signed_as": person.signature, "signed_at": end,
                    }
                )  # fmt: skip
            batch[TimeEntry].append(
                _entry_row(life, person, start, end, "call" if contact else "coordination", contact)
            )
    return batch


def _entry_row(
    life: Life, person: Person, start: datetime, end: datetime, activity: str, contact: bytes | None
) -> dict[str, Any]:
    return {
        "patient": life.key, "staff": person.key, "contact": contact, "start": start, "end": end, "typed": True,
        "credential": person.credential, "clinical": True, **IN_PROGRAM, "activity": activity,
        "note": None if contact else DESK[start.day % len(DESK)], "entered_at": end + timedelta(seconds=40),
    }  # fmt: skip
