"""The everyday work of three months: calls every few weeks, tries in vain, work at the desk. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from cmp_tui.clinic.calendar import Month, add_business_days, is_business_day
from cmp_tui.contacts.retry_rules import try_title
from cmp_tui.exchange.demo.days import Days, Diary
from cmp_tui.exchange.demo.notes import NoteKey, fill, write
from cmp_tui.exchange.demo.people import Persona
from cmp_tui.exchange.demo.words import NoteWords, Words

THRESHOLD = 20
QUIET: dict[str, int] = {
    "discharged": 12,
    "third-try": 12,
    "report-missing": 62,
    "plan-review": 6,
    "second-try": 6,
    "no-answer": 6,
    "voicemail": 7,
    "wrong-number": 8,
    "seventeen": 62,
    "silent": 33,
    "revoked": 50,
    "died": 24,
    "rehab": 20,
    "overdue-authorization": 6,
    "overdue-pillbox": 6,
    "handed-potassium": 5,
    "handed-supplies": 5,
    "draft": 4,
    "parked-timer": 4,
    "snoozed": 5,
    "snooze-back": 9,
    "lent-overdue": 12,
    "lent-today": 10,
}
"""For so many days before today the everyday work leaves someone to the story they play in (cases.py)."""


@dataclass(frozen=True)
class Next:
    """A task that a contact leaves behind; `label` is how the later item names it."""

    label: str
    title: str
    due: date
    kind: str = "follow-up"
    attempt: int | None = None


@dataclass(frozen=True)
class Item:
    """One thing that someone did: a contact or work at the desk, with its minutes."""

    who: str
    persona: Persona
    start: datetime
    minutes: int
    note: NoteWords
    next: Next | None = None
    settles: str | None = None
    slack: int = 40
    """Seconds between its end and the moment when it was entered."""

    @property
    def entered(self) -> datetime:
        """When it was entered."""
        return self.start + timedelta(minutes=self.minutes, seconds=self.slack)


@dataclass
class Wish:
    """What is to be done on a day, before it has its hour."""

    day: date
    minutes: int
    note: NoteWords
    kind: str
    next: Next | None = None
    settles: str | None = None


def everyday(
    people: Sequence[Persona], words: Words, days: Days, diary: Diary, seed: int, away: tuple[date, date]
) -> list[Item]:
    """Returns everything that was done up to now, by the moment of its entry.

    `away` are the first and last day on which Ben is away: half of his calls are Dana's then, the others wait.
    """
    items: list[Item] = []
    for persona in people:
        if not persona.in_program:
            continue
        rng = Random(f"{seed} plan {persona.number}")
        for wish in _wishes(persona, words, days, rng):
            who = _who(persona, wish, away, rng)
            if who is None or wish.day > days.today:
                continue
            start = diary.find(who, wish.day, wish.minutes, rng)
            item = Item(
                who, persona, start, wish.minutes, wish.note, wish.next, wish.settles, rng.randint(15, 100)
            )
            if item.entered < days.now:
                items.append(item)
    return sorted(items, key=lambda item: (item.entered, item.persona.number))


def _who(persona: Persona, wish: Wish, away: tuple[date, date], rng: Random) -> str | None:
    who = persona.manager or "dana"
    if wish.kind == "desk" and rng.random() < 0.06:
        return "levin"
    if who == "ben" and away[0] <= wish.day <= away[1]:
        return "dana" if rng.random() < 0.5 else None
    return who


def _wishes(persona: Persona, words: Words, days: Days, rng: Random) -> list[Wish]:
    """One person's work, in order, some weeks beyond today so that next steps have their day."""
    used: set[NoteKey] = set()
    end = days.today + timedelta(days=28)
    if persona.case in QUIET:
        end = days.today - timedelta(days=QUIET[persona.case])
    begin = max(days.first + timedelta(days=1), persona.since + timedelta(days=6))
    calls = list(_calls(begin, end, rng))
    wishes: list[Wish] = []
    task: Next | None = None
    for place, day in enumerate(calls):
        following = calls[place + 1] if place + 1 < len(calls) else None
        note = write(persona, words.notes, words, following or add_business_days(day, 5), rng, used)
        settles = task.label if task else None
        if rng.random() < 0.16 and day != calls[-1]:
            retry = add_business_days(day, rng.randint(1, 2))
            again = Next(f"{persona.number} {place} try", try_title(2), retry, "call-back", 2)
            tried = fill(persona, rng.choice(words.tries), words, retry, rng)
            wishes.append(Wish(day, rng.randint(1, 2), tried, "try", again, settles))
            day, settles = retry, again.label
        task = None
        if following is not None and note.task and rng.random() < 0.6:
            task = Next(f"{persona.number} {place}", note.task, following)
        wishes.append(Wish(day, rng.randint(9, 17), note, "call", task, settles))
        if rng.random() < 0.45:
            wishes.append(_desk(persona, words, day, rng.randint(4, 10), rng, used))
    wishes += _topped_up(persona, words, wishes, rng, used)
    return sorted((wish for wish in wishes if wish.day <= end), key=lambda wish: wish.day)


def _calls(begin: date, end: date, rng: Random) -> Iterator[date]:
    day = begin + timedelta(days=rng.randrange(20))
    while day <= end:
        if not is_business_day(day):
            day = add_business_days(day, 1)
            continue
        yield day
        day += timedelta(days=rng.randint(15, 24))


def _desk(persona: Persona, words: Words, day: date, minutes: int, rng: Random, used: set[NoteKey]) -> Wish:
    later = add_business_days(day, rng.choice((0, 0, 1)))
    note = write(persona, words.work, words, add_business_days(later, 3), rng, used)
    return Wish(later, minutes, note, "desk")


def _topped_up(
    persona: Persona, words: Words, wishes: Sequence[Wish], rng: Random, used: set[NoteKey]
) -> Iterator[Wish]:
    """Work at the desk after the first call of a month that would fall short of the threshold, or would reach it
    only with a later call (most of those too); a few months fall short all the same."""
    months: dict[Month, list[Wish]] = {}
    for wish in wishes:
        months.setdefault(Month.of(wish.day), []).append(wish)
    for month, own in months.items():
        soon = [wish for wish in own if wish.day <= own[0].day + timedelta(days=4)]
        enough = sum(wish.minutes for wish in own) >= THRESHOLD
        short = THRESHOLD - sum(wish.minutes for wish in soon)
        if short > 0 and rng.random() > (0.35 if enough else 0.05):
            yield _desk_within(persona, words, soon[-1].day, month, short + rng.randint(0, 6), rng, used)


def _desk_within(
    persona: Persona, words: Words, day: date, month: Month, minutes: int, rng: Random, used: set[NoteKey]
) -> Wish:
    """Work soon after a day, within its month."""
    wish = _desk(persona, words, day, minutes, rng, used)
    if Month.of(wish.day) != month:
        wish.day = day
    return wish
