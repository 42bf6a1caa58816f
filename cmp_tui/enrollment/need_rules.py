"""What a program needs of conditions and visits: the one truth that eligibility and billing both ask. Pure.

After the rules of data/programs/*.toml (`[[need]]`), whose sources stand there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Generic, NamedTuple, Protocol, TypeVar

from dateutil.relativedelta import relativedelta

from cmp_tui.enrollment.rulebook import Need

Day = date  # a field of this name hides the type


class Ill(Protocol):
    """A health condition. `chronic` None: nobody has said. `onset` and `resolved` may be a year or a month only."""

    @property
    def system(self) -> str: ...
    @property
    def code(self) -> str | None: ...
    @property
    def display(self) -> str: ...
    @property
    def group(self) -> str | None: ...
    @property
    def chronic(self) -> bool | None: ...
    @property
    def onset(self) -> str | None: ...
    @property
    def resolved(self) -> str | None: ...


class Seen(Protocol):
    """A visit to a practitioner. `discussed` None: it is not recorded whether care management was talked about."""

    @property
    def date(self) -> Day: ...
    @property
    def practitioner(self) -> str | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def discussed(self) -> bool | None: ...


C = TypeVar("C", bound=Ill)
V = TypeVar("V", bound=Seen)


def held_between(conditions: Iterable[C], first: str, last: str) -> list[C]:
    """The conditions that someone has between two days (as text): begun by the last, not resolved before the first."""
    return [
        one
        for one in conditions
        if (one.resolved is None or one.resolved >= first[: len(one.resolved)])
        and (one.onset is None or one.onset <= last[: len(one.onset)])
    ]


def chronic_among(conditions: Iterable[C]) -> tuple[list[C], list[C]]:
    """The different conditions that are chronic, and those of which nobody has said."""
    seen: set[tuple[str, str]] = set()
    known: list[C] = []
    unsaid: list[C] = []
    for one in conditions:
        name = (one.system, one.code or one.display.casefold())
        if name in seen or one.chronic is False:
            continue
        seen.add(name)
        (known if one.chronic else unsaid).append(one)
    return known, unsaid


def is_of(condition: Ill, need: Need) -> bool:
    """Tells whether a condition is one that a program is for."""
    coded = condition.system == "icd-10-cm" and condition.code
    return bool(coded and coded.upper().startswith(need.icd)) or condition.group in need.groups


class Initiation(NamedTuple, Generic[V]):
    """Whether a visit initiates a program, and which.

    `state`: "met"; "unsure" (whether care management was discussed at the only one that could is not recorded);
    "undiscussed" (it was not); "missing" (visits, but none that can); "none" (no visit is recorded at all).
    """

    state: str
    visit: V | None = None


def reach_of(need: Need, start: date) -> date:
    """Returns the first day of a visit that may still initiate a program which starts on a day."""
    return start - relativedelta(years=need.years) if need.years else date.min


def initiation(
    past: Sequence[V], need: Need, reach: date, practitioner: str | None, start: date | None = None
) -> Initiation[V]:
    """Looks for the visit that initiates a program. `past` are the visits that have been, in order.

    A patient who was seen before needs no talk about the program at the visit; a new one does, where the need asks
    for it (`discussed`). Before a colleague's visit goes one with the practitioner, up to the `start` of the program.
    """
    if not past:
        return Initiation("none")
    if need.established:
        return Initiation("met", past[-1])
    kinds, talk, first = need.kinds, need.discussed, past[0].date
    unsure: V | None = None
    last: V | None = None
    of_colleague: V | None = None
    for visit in past:
        if visit.date < reach or visit.kind not in kinds:
            continue
        if need.by_practitioner and visit.practitioner and visit.practitioner != practitioner:
            continue
        last = visit
        if not talk or first < visit.date or visit.discussed:
            if not visit.practitioner or not practitioner or visit.practitioner == practitioner:
                if of_colleague is None or start is None or visit.date <= start:
                    return Initiation("met", visit)
            elif of_colleague is None:
                of_colleague = visit
        elif visit.discussed is None and unsure is None:
            unsure = visit
    if of_colleague is not None:
        return Initiation("met", of_colleague)
    if unsure is not None:
        return Initiation("unsure", unsure)
    return Initiation("undiscussed", last) if last is not None else Initiation("missing")
