"""What was chosen of templates, as the goals, steps, barriers and warning signs that a plan begins with. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from cmp_tui.careplan.template_book import GoalTemplate, Template

TEACH_WITHIN = 30
"""Days within which a topic of a template is taught."""


class ChosenGoal(NamedTuple):
    """A goal that was taken: its key, and what was made of its words and numbers."""

    template: GoalTemplate
    id: bytes
    title: str
    target: float | None
    target2: float | None
    due: date | None
    own_words: str | None = None
    baseline: float | None = None


class Chosen(NamedTuple):
    """What was taken of one template. `steps` and `signs` are (place there, words), `topics` (name, words)."""

    template: Template
    condition: bytes | None
    problem: str
    goals: Sequence[ChosenGoal]
    steps: Sequence[tuple[int, str]]
    topics: Sequence[tuple[str, str]]
    barriers: Sequence[str]
    signs: Sequence[tuple[int, str]]


def begun(
    chosen: Sequence[Chosen],
    today: date,
    review_on: date | None,
    outlook: str | None,
    signs: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """Returns what begin_plan takes. `signs` are those that the plan has already: nothing of them is lost.

    Steps of goals that were not taken are left out. A topic becomes a step of the care manager that names it.
    """
    goals: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    barriers: list[dict[str, Any]] = []
    for one in chosen:
        keys = {goal.template.name: goal.id for goal in one.goals}
        goals += [_goal(one, goal, review_on) for goal in one.goals]
        first = one.goals[0].id if one.goals else None
        for place, words in one.steps:
            step = one.template.interventions[place]
            if step.goal and step.goal not in keys:
                continue
            steps.append(
                {
                    "title": words,
                    "goal": keys.get(step.goal),
                    "topic": one.template.name,
                    "responsible": step.responsible,
                    "due": today + timedelta(days=step.within),
                    "every": step.every or None,
                }
            )
        by = today + timedelta(days=TEACH_WITHIN)
        steps += [
            {"title": words, "topic": topic, "responsible": "care-manager", "due": by, "goal": first}
            for topic, words in one.topics
        ]
        barriers += [{"kind": kind, "goal": first} for kind in one.barriers]
    texts: dict[str, Any] = {}
    if outlook:
        texts["outlook"] = outlook
    if any(one.signs for one in chosen):
        texts["signs"] = _signs(chosen, signs)
    return {"goals": goals, "interventions": steps, "barriers": barriers, "texts": texts}


def _goal(one: Chosen, goal: ChosenGoal, review_on: date | None) -> dict[str, Any]:
    template = goal.template
    return {
        "id": goal.id,
        "title": goal.title,
        "own_words": goal.own_words,
        "condition": one.condition,
        "problem": None if one.condition is not None else one.problem,
        "topic": one.template.name,
        "measure": template.measure or None,
        "unit": template.unit.en or None,
        "direction": template.direction or None,
        "target": goal.target,
        "target2": goal.target2,
        "baseline": goal.baseline,
        "due": goal.due,
        "responsible": template.responsible,
        "review_on": review_on,
    }


def _signs(chosen: Sequence[Chosen], known: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    lists = {act: list(some) for act, some in known.items()}
    for one in chosen:
        for place, words in one.signs:
            some = lists.setdefault(one.template.signs[place].act, [])
            if words not in some:
                some.append(words)
    return lists
