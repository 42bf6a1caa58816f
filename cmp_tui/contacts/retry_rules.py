"""Attempts to reach someone, and when to try again. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

PartOfDay = Literal["morning", "afternoon"]

RETRIED = frozenset({"voicemail", "no-answer"})
"""Outcomes after which the same call is tried again."""
UNREACHED = RETRIED | {"wrong-number"}
"""Outcomes of an attempt that reached nobody."""
PEOPLE = frozenset({"patient", "caregiver"})
"""Reaching one of these is reaching the patient."""


class Retry(NamedTuple):
    """When to try again."""

    day: date
    part: PartOfDay


def reaches(outcome: str, with_whom: str) -> bool:
    """Tells whether a contact reached the patient or the one who cares for them."""
    return outcome == "reached" and with_whom in PEOPLE


def comes_back(outcome: str, with_whom: str) -> bool:
    """Tells whether a contact is an attempt that should be tried again."""
    return outcome in RETRIED and with_whom in PEOPLE


def part_of_day(hour: int) -> PartOfDay:
    """Returns the part of the day in which an hour of the clinic's clock lies."""
    return "morning" if hour < 12 else "afternoon"


def retry_proposal(
    attempts: Sequence[datetime],
    today: date,
    hour: int,
    retry_days: int,
    add_business_days: Callable[[date, int], date],
) -> Retry:
    """Proposes the next try: a later business day, and the part of the day that was tried less.

    `attempts` are the earlier attempts since the patient was last reached, as the clinic's clock showed them;
    `hour` is that of the attempt just made. When both parts were tried equally often, it is the other one than
    just now. The day is always another one, also when `retry_days` is 0.
    """
    just_now = part_of_day(hour)
    tried = Counter(part_of_day(at.hour) for at in attempts)
    tried[just_now] += 1
    other: PartOfDay = "afternoon" if just_now == "morning" else "morning"
    part = just_now if tried[just_now] < tried[other] else other
    return Retry(add_business_days(today, max(1, retry_days)), part)


def ordinal(number: int) -> str:
    """Returns '1st', '2nd', '3rd', '11th'."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def try_title(attempt: int) -> str:
    """Returns the words of a call-back task: 'call back, 3rd try'."""
    return f"call back, {ordinal(attempt)} try"
