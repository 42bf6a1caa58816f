"""The fields in which what a template suggests is taken, left out or rewritten; and what was made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from rich.cells import cell_len

from cmp_tui.careplan.form_ticks import Suggestion, SuggestionsField
from cmp_tui.careplan.form_values import parse_value
from cmp_tui.careplan.goal_rules import value_words
from cmp_tui.careplan.goal_start import Chosen, ChosenGoal
from cmp_tui.careplan.goal_words import every_words
from cmp_tui.careplan.template_book import GoalTemplate, Template
from cmp_tui.clinic.errors import Invalid
from cmp_tui.education.topic_book import topic_book
from cmp_tui.measurements.kinds import measurement_tables
from cmp_tui.patients.queries import ConditionLine
from cmp_tui.ui.fields.base import Field, Here, Reading
from cmp_tui.ui.fields.choice import Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.multi import MultiField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.makers import FormContext
from cmp_tui.ui.words import fit

ACT_HEADS: Mapping[str, str] = MappingProxyType(
    {"911": "Call 911", "988": "Call 988", "call-now": "Call us at any hour", "call-us": "Call us that day"}
)


COUNTED = 30
"""Columns of what a target counts."""
SIDES: Mapping[str, str] = MappingProxyType({"above": "or more", "below": "or less"})


class Suggested(NamedTuple):
    """What the plan has, or a template before this one suggests: it is not suggested a second time.

    `measures` are kinds of measurement that a goal is about, `topics` what is taught.
    """

    measures: frozenset[str]
    topics: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class CountField(TextField):
    """A number as it is written (130/80), with what it counts behind it."""

    unit: str = ""

    def echo(self, value: object, here: Here) -> str:
        return self.unit if value else ""

    def parse(self, text: str, here: Here) -> Reading:
        return Reading(text, self.unit)


class Names(NamedTuple):
    """The names of a template's fields."""

    problem: str
    goals: str
    steps: str
    topics: str
    barriers: str
    signs: str


def _names(template: Template) -> Names:
    return Names(*(f"{part}-{template.name}" for part in Names._fields))


def _of_goal(template: Template, goal: GoalTemplate, part: str) -> str:
    return f"{part}-{template.name}-{goal.name}"


def start_fields(
    context: FormContext, template: Template, about: ConditionLine | None, had: Suggested
) -> list[Field]:
    """The fields of one template; what is there already (`had`) is not ticked, or not offered again."""
    names = _names(template)
    fields: list[Field] = []
    if about is None:
        fields.append(
            TextField(name=names.problem, label="Problem", limit=200, help="what the goals are about")
        )
    fields.append(
        MultiField(
            name=names.goals,
            label=about.words if about is not None else template.title.en,
            options=tuple(
                Option(
                    goal.name,
                    f"{goal.title.en}  (measured by another goal)"
                    if goal.measure in had.measures
                    else goal.title.en,
                )
                for goal in template.goals
            ),
            help="the goals that are taken: arrows go, space ticks",
        )
    )
    for goal in template.goals:
        fields += _of_one_goal(context, template, goal)
    titles = {goal.name: goal.title.en for goal in template.goals}
    label = context.reference.label
    steps = [
        Suggestion(
            str(place), one.title.en,
            ", ".join(part for part in (label("responsible", one.responsible), every_words(one.every)) if part),
            titles.get(one.goal, "For the whole problem"),
        )
        for place, one in enumerate(template.interventions)
    ]  # fmt: skip
    topics = topic_book(context.reference)
    teach = [
        Suggestion(one, f"Teach: {topics.title(one)}") for one in template.education if one not in had.topics
    ]
    acts = list(ACT_HEADS)
    signs = sorted(
        (
            Suggestion(str(place), one.sign.en, "", ACT_HEADS.get(one.act, one.act))
            for place, one in enumerate(template.signs)
        ),
        key=lambda one: acts.index(next((act for act in acts if ACT_HEADS[act] == one.head), acts[-1])),
    )
    fields.append(
        SuggestionsField(
            name=names.steps, label="Steps", lines=steps,
            help="space leaves a step out, enter rewrites it",
        )
    )  # fmt: skip
    if teach:
        fields.append(SuggestionsField(name=names.topics, label="Education", lines=teach))
    if signs:
        fields.append(SuggestionsField(name=names.signs, label="Warning signs", lines=signs))
    if template.barriers:
        kinds = options(context.reference.codes("barrier"))
        fields.append(
            MultiField(
                name=names.barriers, label="Barriers", help="what stands in the way: space ticks",
                options=tuple(one for one in kinds if one.value in template.barriers),
            )
        )  # fmt: skip
    return fields


def _of_one_goal(context: FormContext, template: Template, goal: GoalTemplate) -> list[Field]:
    names = _names(template)

    def taken(values: Mapping[str, object]) -> bool:
        ticked = values.get(names.goals)
        return isinstance(ticked, tuple) and goal.name in ticked

    row = f"row-{template.name}-{goal.name}"
    found: list[Field] = [
        TextField(
            name=_of_goal(template, goal, "title"), label="Goal", required=True, limit=300, when=taken,
            help="as the patient would say it",
        ),
        TextField(
            name=_of_goal(template, goal, "own"), label="Own words", limit=500, when=taken,
            help="what the patient said, word by word",
        ),
    ]  # fmt: skip
    if goal.measure or goal.unit.en:
        measure = measurement_tables(context.reference).measures.get(goal.measure)
        unit = measure.unit if measure is not None else goal.unit.en
        side = "" if goal.target == 0 else SIDES.get(goal.direction, "")
        # As one says it: '7 % or less', '5 or more days a week'.
        counted = " ".join(part for part in ((unit, side) if measure is not None else (side, unit)) if part)
        counted = fit(counted, COUNTED, context.here.marks.more)
        parts = [goal.source] if goal.source else []
        if goal.agree:
            parts.append("the practitioner sets or confirms it")
        found += [
            CountField(
                name=_of_goal(template, goal, "base"), label="At first", limit=12, width=8, row=row, when=taken,
                help=f"the value it begins with, {unit}",
            ),
            CountField(
                name=_of_goal(template, goal, "target"), label="Target", limit=12, row=row, when=taken,
                width=cell_len(counted) + 9, unit=counted, help="; ".join(parts),
            ),
        ]  # fmt: skip
    found.append(
        DateField(
            name=_of_goal(template, goal, "due"), label="By", width=26, row=row, toward="future", when=taken
        )
    )
    return found


def start_values(
    template: Template, about: ConditionLine | None, today: date, had: Suggested
) -> dict[str, object]:
    names = _names(template)
    taken = tuple(goal.name for goal in template.goals if goal.measure not in had.measures)
    values: dict[str, object] = {names.goals: taken}
    if about is None:
        values[names.problem] = template.title.en
    for goal in template.goals:
        values[_of_goal(template, goal, "title")] = goal.title.en
        if goal.target is not None:
            values[_of_goal(template, goal, "target")] = value_words(goal.target, goal.second)
        values[_of_goal(template, goal, "due")] = today + timedelta(weeks=goal.weeks)
    return values


def chosen_of(
    template: Template, given: Mapping[str, Any], ids: Mapping[str, str], about: ConditionLine | None
) -> Chosen:
    names = _names(template)
    ticked = given.get(names.goals) or ()
    goals = []
    for goal in template.goals:
        if goal.name not in ticked:
            continue
        target = _number(given, _of_goal(template, goal, "target"))
        base = _number(given, _of_goal(template, goal, "base"))
        goals.append(
            ChosenGoal(
                goal,
                bytes.fromhex(ids[f"{template.name}/{goal.name}"]),
                str(given[_of_goal(template, goal, "title")]),
                None if target is None else target[0],
                None if target is None else target[1],
                day_of(given.get(_of_goal(template, goal, "due"))),
                str(given.get(_of_goal(template, goal, "own")) or "") or None,
                None if base is None else base[0],
            )
        )
    return Chosen(
        template,
        None if about is None else about.id,
        str(given.get(names.problem) or template.title.en),
        goals,
        [(int(place), words) for place, words in given.get(names.steps) or ()],
        list(given.get(names.topics) or ()),
        list(given.get(names.barriers) or ()),
        [(int(place), words) for place, words in given.get(names.signs) or ()],
    )


def _number(given: Mapping[str, Any], name: str) -> tuple[float, float | None] | None:
    """A number of a field; its sentence stands beside it."""
    try:
        return parse_value(str(given.get(name) or ""))
    except Invalid as invalid:
        raise Invalid({name: invalid.fields["value"]}) from None


def day_of(value: object) -> date | None:
    return value if isinstance(value, date) else None
