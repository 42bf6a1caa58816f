"""How a medicine is kept up: days covered by refills, doses missed, how heavy a day is, what could be asked. Pure.

Days covered (PDC): days on which there was supply, over the days from the first fill to the end of the period. Supply
that is left when the next fill comes is used first, so the next one begins later. 80 % is the usual bound (PQA's
measures of adherence; reference: the arithmetic is shown, the bound is a word, no verdict).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

USUAL = 80
"""Percent of days covered from which one usually says that a medicine is kept up."""
PERIOD_DAYS = 180
"""How far back days are counted."""
MOST_DAYS = 366
MOST_MISSED = 400
ONE_DAY = timedelta(days=1)


class Fill(NamedTuple):
    """A medicine that was handed out, for so many days."""

    day: date
    days: int


class Supply(NamedTuple):
    """The days that one fill covers within the period: both included; None when none of them is in it."""

    fill: Fill
    first: date | None
    last: date | None
    days: int


class Covered(NamedTuple):
    """Days covered of the days counted, and the supply behind them. `until` is the last day with supply."""

    days: int
    of: int
    first: date
    last: date
    until: date
    parts: tuple[Supply, ...]

    @property
    def percent(self) -> int:
        """Percent of days covered, cut down to a whole number."""
        return 100 * self.days // self.of

    @property
    def is_usual(self) -> bool:
        """Whether it reaches the usual bound."""
        return self.percent >= USUAL


def covered(fills: Sequence[Fill], today: date, period: int = PERIOD_DAYS) -> Covered | None:
    """Returns the days covered until today within the last `period` days; None without a fill up to today."""
    known = sorted(one for one in fills if one.day <= today and one.days > 0)
    if not known:
        return None
    begin = today - timedelta(days=period - 1)
    first = max(begin, known[0].day)
    parts: list[Supply] = []
    free = known[0].day
    total = 0
    for fill in known:
        start = max(free, fill.day)
        end = start + timedelta(days=fill.days - 1)
        free = end + ONE_DAY
        low, high = max(start, first), min(end, today)
        days = max(0, (high - low).days + 1)
        total += days
        parts.append(Supply(fill, low if days else None, high if days else None, days))
    return Covered(total, (today - first).days + 1, first, today, free - ONE_DAY, tuple(parts))


def refill_wrong(day: date | None, days: int | None, today: date) -> dict[str, str]:
    """Returns what is wrong with a refill: field -> sentence."""
    wrong: dict[str, str] = {}
    if day is None:
        wrong["filled_on"] = "Say on which day it was handed out."
    elif day > today:
        wrong["filled_on"] = "This day is still to come."
    if days is None or not 1 <= days <= MOST_DAYS:
        wrong["days"] = f"Say for how many days it is, 1 to {MOST_DAYS}."
    return wrong


def answer_wrong(
    missed: int | None,
    days: int | None,
    barrier: str | None,
    teach_back: str | None,
    day: date | None,
    today: date,
) -> dict[str, str]:
    """Returns what is wrong with what a patient says of taking a medicine: field -> sentence."""
    wrong: dict[str, str] = {}
    if missed is None and barrier is None and teach_back is None:
        wrong["missed"] = "Say how many doses were missed, what is in the way, or whether it was said back."
    if missed is not None and not 0 <= missed <= MOST_MISSED:
        wrong["missed"] = f"Doses missed are 0 to {MOST_MISSED}."
    if missed is not None and (days is None or not 1 <= days <= MOST_DAYS):
        wrong["days"] = f"Of how many days? 1 to {MOST_DAYS}; 7 is the last week."
    if day is not None and day > today:
        wrong["date"] = "This day is still to come."
    return wrong


class Daily(NamedTuple):
    """A medicine that is taken every day: its name and how many at which moment."""

    name: str
    grid: Mapping[str, float]


class Burden(NamedTuple):
    """How heavy a day is: moments with something to take, pieces a day, and medicines that are counted."""

    moments: int
    pieces: float
    medicines: int
    unknown: int


def burden(daily: Sequence[Daily], unknown: int = 0) -> Burden:
    """Returns how heavy a day is; `unknown` are medicines whose times are not known."""
    moments = {moment for one in daily for moment, amount in one.grid.items() if amount}
    return Burden(len(moments), sum(sum(one.grid.values()) for one in daily), len(daily), unknown)


def joining_questions(daily: Sequence[Daily], moments: Sequence[str]) -> list[str]:
    """Returns what could be asked to make a day lighter, as questions to the practitioner. No advice.

    Asked of a moment at which only one medicine is taken, which is taken once a day; and of what is taken three times
    a day or more often.
    """
    asked: list[str] = []
    used = {moment: [one for one in daily if one.grid.get(moment)] for moment in moments}
    busy = [moment for moment in moments if len(used[moment]) > 1]
    for moment in moments:
        if len(used[moment]) == 1 and len(used[moment][0].grid) == 1 and busy:
            name = used[moment][0].name
            asked.append(
                f"{name} is the only one at {_at(moment)}: could it go with those at {_at(busy[0])}?"
            )
    for one in daily:
        if len(one.grid) >= 3:
            asked.append(
                f"{one.name} is taken {len(one.grid)} times a day: is there a form that is taken less often?"
            )
    return asked


def _at(moment: str) -> str:
    return {"morning": "breakfast", "evening": "supper"}.get(moment, moment)
