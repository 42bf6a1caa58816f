"""The field of the contact form in which goals are moved."""

from __future__ import annotations

from collections.abc import Mapping

from cmp_tui.careplan.goal_field import GoalChoice, GoalsField
from cmp_tui.careplan.goal_rules import WORKED_ON
from cmp_tui.careplan.goal_words import numbers_words
from cmp_tui.careplan.queries import bare_goals
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.makers import FormContext

MOST = 8
"""Goals that are offered: those that are due first, and no more than can be gone through in a call."""


async def goals_field(context: FormContext, patient: bytes) -> tuple[Field, ...]:
    """Returns the field with the goals that are worked on; nothing for a patient without any."""
    found = [one for one in await context.live.ask(bare_goals, patient) if one.lifecycle in WORKED_ON]
    if not found:
        return ()
    arrow = "->" if context.here.marks.more == "~" else "→"
    goals = tuple(
        GoalChoice(
            one.id,
            one.title,
            numbers_words(one, arrow),
            0 if not one.measured else 2 if one.kind == "bp" else 1,
        )
        for one in found[:MOST]
    )
    return (GoalsField(name="goals", label="Goals", goals=goals, when=_spoke),)


def _spoke(values: Mapping[str, object]) -> bool:
    """Whether somebody was reached, who can tell how the goals go."""
    return values.get("outcome") == "reached"
