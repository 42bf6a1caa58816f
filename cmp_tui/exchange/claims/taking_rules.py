"""What stands in the way of taking someone in who is here: they are on the way, in a program, or have said no. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from cmp_tui.enrollment.intake_rules import FINAL, UNDER_WAY
from cmp_tui.enrollment.rules import OPEN


class Intake(Protocol):
    """An intake that is here, or was struck out."""

    @property
    def stage(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def received(self) -> date: ...
    @property
    def ended_on(self) -> date | None: ...
    @property
    def end(self) -> str | None: ...
    @property
    def back_on(self) -> date | None: ...
    @property
    def struck(self) -> bool: ...


class Time(Protocol):
    """A time in a program."""

    @property
    def program(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def end(self) -> date | None: ...


def stands_in_the_way(
    intakes: Iterable[Intake],
    times: Iterable[Time],
    refused: tuple[str, date] | None,
    deceased: bool,
    since: date,
) -> str:
    """Returns why there is no second intake, in few words; "" when nothing stands in the way.

    What ended before `since` (the months in which use counts) is over: the claims tell of what came after it. An end
    that will come back comes back by itself.
    """
    if deceased:
        return "died"
    times, intakes = list(times), list(intakes)
    if any(one.status in OPEN for one in times):
        return "enrolled already"
    if any(one.stage in UNDER_WAY and not one.struck for one in intakes):
        return "on the way already"
    for one in intakes:
        if one.struck:
            if one.source == "claims":
                return "struck out here"
        elif one.stage == "ended" and one.end in FINAL:
            return "ended for good"
        elif one.stage == "ended" and one.back_on is not None:
            return "ended, and comes back by itself"
        elif one.stage == "ended" and (one.ended_on or one.received) > since:
            return "ended lately"
    if any(one.end is not None and one.end > since for one in times):
        return "left a program lately"
    if refused is not None and refused[1] > since:
        return f"{refused[0]} lately"
    return ""
