"""How much a patient takes part: derived from what is on record, never typed. Pure."""

from __future__ import annotations

from typing import NamedTuple

WITHIN_DAYS = 180
"""What is counted lies this many days back at most."""
TRIES = 3
"""After so many tries in vain, one after the other, another way is proposed."""
LONG = 45
"""Days without a two-way contact after which it is said first."""


class Engagement(NamedTuple):
    """The parts: contacts that reached them out of all tries, tries in vain since, days since the last two-way contact
    (None: never), classes missed of those that were held, goals that get better or are met of those worked on."""

    reached: int = 0
    tries: int = 0
    in_vain: int = 0
    days_since: int | None = None
    missed: int = 0
    classes: int = 0
    better: int = 0
    goals: int = 0

    @property
    def falling(self) -> bool:
        """Whether another way to them should be tried."""
        return self.in_vain >= TRIES or (self.classes > 1 and self.missed == self.classes)


def engagement_parts(facts: Engagement) -> list[str]:
    """Returns each part in words; what there is nothing of is left out."""
    found = []
    if facts.tries:
        found.append(f"reached {facts.reached} of {_many(facts.tries, 'time')}")
    if facts.days_since is not None:
        found.append(f"last two-way contact {_ago(facts.days_since)}")
    if facts.classes:
        came = facts.classes - facts.missed
        found.append(f"came to {came} of {_many(facts.classes, 'class', 'classes')}")
    if facts.goals:
        found.append(f"{facts.better} of {_many(facts.goals, 'goal')} better or met")
    return found


def engagement_words(facts: Engagement) -> str:
    """Returns what the parts amount to, in one plain sentence; "" where there is nothing to go by."""
    if facts.in_vain >= TRIES:
        return f"{_many(facts.in_vain, 'try', 'tries')}, no answer: try the caregiver or a letter"
    if facts.falling:
        return "misses every class: ask whether another way to learn suits better"
    if facts.days_since is not None and facts.days_since > LONG:
        return f"nobody talked with them for {_many(facts.days_since, 'day')}"
    if facts.goals and not facts.better:
        return "no goal gets better: ask what is in the way"
    return "takes part" if facts.reached else ""


def _ago(days: int) -> str:
    return "today" if days == 0 else f"{_many(days, 'day')} ago"


def _many(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
