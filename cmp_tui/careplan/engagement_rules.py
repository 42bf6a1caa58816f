"""How much a patient takes part: derived from what is on record, never typed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

WITHIN_DAYS = 180
"""What is counted lies this many days back at most."""
TRIES = 3
"""After so many tries in vain, one after the other, another way is proposed."""
MISSES = 2
"""After so many appointments or classes that were missed, one after the other, it is asked what is in the way."""
LONG = 45
"""Days without a two-way contact after which it is said first."""
VISIT, CLASS = "appointment", "class"


class Kept(NamedTuple):
    """An appointment or a class that was held: its day, and whether they came."""

    day: date
    came: bool
    what: str


class Engagement(NamedTuple):
    """The parts: contacts that reached them out of all tries, tries in vain since, days since the last two-way contact
    (None: never), classes and appointments missed of those that were held, those missed one after the other up to
    now, and goals that get better or are met of those worked on."""

    reached: int = 0
    tries: int = 0
    in_vain: int = 0
    days_since: int | None = None
    missed: int = 0
    classes: int = 0
    better: int = 0
    goals: int = 0
    no_shows: int = 0
    visits: int = 0
    missed_now: tuple[str, ...] = ()
    """What was missed last, one after the other, the latest first: VISIT or CLASS."""

    @property
    def falling(self) -> bool:
        """Whether another way to them should be tried."""
        return self.in_vain >= TRIES or len(self.missed_now) >= MISSES


def missed_last(kept: Iterable[Kept]) -> tuple[str, ...]:
    """Returns what was missed since they last came, the latest first. Of one day, what they came to counts."""
    found = []
    for one in sorted(kept, key=lambda one: (one.day, one.came), reverse=True):
        if one.came:
            break
        found.append(one.what)
    return tuple(found)


def engagement_parts(facts: Engagement) -> list[str]:
    """Returns each part in words; what there is nothing of is left out."""
    found = []
    if facts.tries:
        found.append(f"reached {facts.reached} of {_many(facts.tries, 'time')}")
    if facts.days_since is not None:
        found.append(f"last two-way contact {_ago(facts.days_since)}")
    if facts.visits:
        found.append(f"came to {facts.visits - facts.no_shows} of {_many(facts.visits, 'appointment')}")
    if facts.classes:
        found.append(f"came to {facts.classes - facts.missed} of {_many(facts.classes, 'class', 'classes')}")
    if facts.goals:
        found.append(f"{facts.better} of {_many(facts.goals, 'goal')} better or met")
    return found


def engagement_words(facts: Engagement) -> str:
    """Returns what the parts amount to, in one plain sentence; "" where there is nothing to go by."""
    if facts.in_vain >= TRIES:
        return tries_words(facts.in_vain)
    if facts.falling:
        return missed_words(facts.missed_now)
    if facts.days_since is not None and facts.days_since > LONG:
        return f"nobody talked with them for {_many(facts.days_since, 'day')}"
    if facts.goals and not facts.better:
        return "no goal gets better: ask what is in the way"
    return "takes part" if facts.reached else ""


def tries_words(in_vain: int) -> str:
    """'3 tries, no answer: try the caregiver or a letter'"""
    return f"{_many(in_vain, 'try', 'tries')}, no answer: try the caregiver or a letter"


def missed_words(missed: tuple[str, ...]) -> str:
    """'missed 2 appointments in a row: ask about a ride, the hour, what is in the way'"""
    if set(missed) == {CLASS}:
        classes = _many(len(missed), "class", "classes")
        return f"missed {classes} in a row: ask whether another way to learn suits better"
    what = "appointments" if set(missed) == {VISIT} else "appointments and classes"
    return f"missed {len(missed)} {what} in a row: ask about a ride, the hour, what is in the way"


def _ago(days: int) -> str:
    return "today" if days == 0 else f"{_many(days, 'day')} ago"


def _many(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
