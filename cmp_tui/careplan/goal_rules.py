"""How a goal goes: what its values say, what a person said, and which of the two holds. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from math import sqrt
from typing import NamedTuple, Protocol

OPEN = ("active", "accepted", "planned", "proposed", "on-hold")
"""States of a goal that goes on (FHIR Goal.lifecycleStatus), in the order in which they are shown."""
ENDED = ("completed", "cancelled", "rejected")
WORKED_ON = frozenset({"active", "accepted"})
MET = frozenset({"achieved", "sustaining"})
BETTER, SAME, WORSE = "improving", "no-change", "worsening"
SAID_SIGNS = {"+": BETTER, "=": SAME, "-": WORSE}
RHO = 0.3
"""The correlation between goals that goal attainment scaling takes for granted."""


class Point(NamedTuple):
    """A value of a goal on a day; `second` is the lower number of a blood pressure. `told`: it was said as progress."""

    date: date
    value: float
    second: float | None = None
    told: bool = False


class Standing(NamedTuple):
    """How a goal goes (FHIR Goal.achievementStatus), since when, and who says so: "person", "values" or "" (nobody)."""

    code: str
    on: date | None
    by: str


class Measured(Protocol):
    """What is looked at of a goal."""

    @property
    def direction(self) -> str | None: ...
    @property
    def baseline(self) -> float | None: ...
    @property
    def target(self) -> float | None: ...
    @property
    def target2(self) -> float | None: ...
    @property
    def start(self) -> date | None: ...
    @property
    def achievement(self) -> str: ...
    @property
    def achievement_on(self) -> date | None: ...


def way(goal: Measured) -> str | None:
    """Returns on which side the goal is met, "below" or "above"; None where nobody can tell."""
    if goal.direction is not None or goal.target is None or goal.baseline is None:
        return goal.direction
    if goal.target == goal.baseline:
        return None
    return "below" if goal.target < goal.baseline else "above"


def is_met(goal: Measured, point: Point) -> bool:
    """Tells whether a value meets the target; of a blood pressure both numbers have to."""
    side = way(goal)
    if goal.target is None or side is None:
        return False
    pairs = [(point.value, goal.target)]
    if goal.target2 is not None and point.second is not None:
        pairs.append((point.second, goal.target2))
    return all(value <= target if side == "below" else value >= target for value, target in pairs)


def since_start(goal: Measured, points: Iterable[Point]) -> list[Point]:
    """Returns the values that came after the goal began; one said as progress counts on its first day too."""
    return [one for one in points if goal.start is None or one.date > goal.start or one.told]


def said_by_values(goal: Measured, points: Sequence[Point]) -> Standing | None:
    """Returns what the values say, oldest first; None where they say nothing.

    The last one decides: met is achieved, met again after an earlier one is sustaining; else it is held against the
    one before it, or against the baseline.
    """
    new = since_start(goal, points)
    side = way(goal)
    if not new or side is None:
        return None
    last = new[-1]
    if is_met(goal, last):
        again = len(new) > 1 and is_met(goal, new[-2])
        return Standing("sustaining" if again else "achieved", last.date, "values")
    before: Point | None = points[-2] if len(points) > 1 else None
    if len(new) == 1 and goal.baseline is not None:
        before = Point(last.date, goal.baseline)
    if before is None:
        return Standing("in-progress", last.date, "values")
    moved = (last.value > before.value) - (last.value < before.value)
    if not moved and last.second is not None and before.second is not None:
        moved = (last.second > before.second) - (last.second < before.second)
    if not moved:
        return Standing(SAME, last.date, "values")
    return Standing(BETTER if (moved < 0) == (side == "below") else WORSE, last.date, "values")


def standing(goal: Measured, points: Sequence[Point]) -> Standing:
    """Returns how the goal goes: the person's own word stands until a newer value says something."""
    values = said_by_values(goal, points)
    said = Standing(goal.achievement, goal.achievement_on, "person")
    if goal.achievement_on is None and goal.achievement == "in-progress":
        said = said._replace(by="")
    if values is None or values.on is None:
        return said
    if goal.achievement_on is not None and values.on <= goal.achievement_on:
        return said
    return values


def turn(points: Sequence[Point]) -> int | None:
    """Returns 1, -1 or 0 for a last value that rose, fell or stayed; None when there is nothing before it."""
    if len(points) < 2:
        return None
    last, before = points[-1], points[-2]
    now, then = (last.value, last.second or 0), (before.value, before.second or 0)
    return (now > then) - (now < then)


def t_score(scaled: Iterable[tuple[float, float]]) -> float | None:
    """Returns the T score of goal attainment scaling for (weight, step from -2 to 2) of each goal; None without any.

    T = 50 + 10 Σwx / √((1 - ρ) Σw² + ρ (Σw)²), with ρ = 0.3: three goals at 0 give 50.0, three at +1 give 63.7.
    """
    pairs = [(weight, step) for weight, step in scaled if weight > 0]
    if not pairs:
        return None
    total = sum(weight * step for weight, step in pairs)
    squares = sum(weight * weight for weight, _ in pairs)
    whole = sum(weight for weight, _ in pairs) ** 2
    return 50 + 10 * total / sqrt((1 - RHO) * squares + RHO * whole)


def number(value: float) -> str:
    """'8.4', '135': a value without needless digits."""
    return f"{round(value, 2):g}" if abs(value) < 1e6 else f"{value:.0f}"


def value_words(value: float, second: float | None = None, unit: str = "") -> str:
    """'8.4 %', '132/84 mmHg', '4 days a week'"""
    both = number(value) if second is None else f"{number(value)}/{number(second)}"
    return f"{both} {unit}".rstrip()
