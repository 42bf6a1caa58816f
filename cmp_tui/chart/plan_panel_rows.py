"""The rows of the chart's Plan: the plan, its problems, their goals, what is done for them, and its versions. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, NamedTuple

from cmp_tui.careplan.lines import (
    BarrierLine,
    GoalLine,
    InterventionLine,
    ProblemLine,
    VersionLine,
    WholePlan,
)

Kind = Literal["plan", "problem", "goal", "step", "barrier", "version"]
Line = WholePlan | ProblemLine | GoalLine | InterventionLine | BarrierLine | VersionLine
LONG = 6
"""From more goals than this on a plan begins with its goals folded."""
ENDED, VERSIONS, WHOLE = "ended", "versions", "whole"


class Row(NamedTuple):
    """One row. `folded`: it holds rows that are hidden (True) or shown (False), or holds none (None).

    `under` is the key of the row that it hangs on.
    """

    kind: Kind
    key: str
    line: Line
    depth: int = 0
    folded: bool | None = None
    under: str = ""


class Tree(NamedTuple):
    """The rows that are shown, and the headings: (place of the row below, words)."""

    rows: list[Row]
    headings: list[tuple[int, str]]


def first_folds(whole: WholePlan) -> frozenset[str]:
    """Returns what is folded at first: the goals of a long plan, and those that have ended."""
    goals = whole.goals if len(whole.goals) > LONG else ()
    return frozenset(goal.id.hex() for goal in (*goals, *whole.ended))


def foldable(whole: WholePlan) -> frozenset[str]:
    """Returns everything that can be folded."""
    keys = {problem.key for problem in whole.problems if problem.goals}
    keys |= {goal.id.hex() for goal in (*whole.goals, *whole.ended) if goal.interventions or goal.barriers}
    return frozenset(keys)


def tree(whole: WholePlan, folded: Collection[str]) -> Tree:
    """Returns the rows of a plan without those that are folded away."""
    rows = [Row("plan", "plan", whole)]
    headings: list[tuple[int, str]] = []
    for problem in whole.problems:
        shut = problem.key in folded
        rows.append(Row("problem", problem.key, problem, 0, shut if problem.goals else None))
        if not shut:
            for goal in problem.goals:
                rows += _goal(goal, folded, 1, problem.key)
    if whole.interventions or whole.barriers:
        headings.append((len(rows), "For the whole plan"))
        rows += [Row("step", one.id.hex(), one, 1) for one in whole.interventions]
        rows += [Row("barrier", one.id.hex(), one, 1) for one in whole.barriers]
    if whole.ended:
        headings.append((len(rows), "Ended"))
        for goal in whole.ended:
            rows += _goal(goal, folded, 1, "")
    if whole.versions:
        headings.append((len(rows), "Versions"))
        rows += [Row("version", one.id.hex(), one, 1) for one in whole.versions]
    return Tree(rows, headings)


def _goal(goal: GoalLine, folded: Collection[str], depth: int, under: str) -> list[Row]:
    key = goal.id.hex()
    some = bool(goal.interventions or goal.barriers)
    shut = key in folded
    rows = [Row("goal", key, goal, depth, shut if some else None, under)]
    if some and not shut:
        rows += [Row("barrier", one.id.hex(), one, depth + 1, None, key) for one in goal.barriers]
        rows += [Row("step", one.id.hex(), one, depth + 1, None, key) for one in goal.interventions]
    return rows


def about_of(row: Row | None) -> dict[str, str]:
    """What a new goal, step or barrier is added to: the problem or the goal under the cursor."""
    if row is None:
        return {}
    if isinstance(row.line, ProblemLine):
        if row.line.condition is not None:
            return {"condition": row.line.condition.hex()}
        return {"problem": row.line.words} if row.line.words else {}
    if isinstance(row.line, GoalLine):
        return {"goal": row.line.id.hex(), **_problem_of(row.line)}
    return {"goal": row.under} if row.kind in ("step", "barrier") and row.under else {}


def _problem_of(goal: GoalLine) -> dict[str, str]:
    if goal.condition is not None:
        return {"condition": goal.condition.hex()}
    return {"problem": goal.problem} if goal.problem else {}


def title_of(row: Row) -> str:
    line = row.line
    if isinstance(line, WholePlan):
        return line.plan.matters or "Plan" if line.plan else "Plan"
    if isinstance(line, ProblemLine):
        return line.words
    if isinstance(line, BarrierLine):
        return line.words or line.kind
    if isinstance(line, VersionLine):
        return f"Version {line.number}"
    return line.title


def due_of(row: Row) -> object:
    line = row.line
    if isinstance(line, WholePlan):
        return line.review_due
    return getattr(line, "due", None)
