"""The forms that begin a plan from templates: which ones, then everything they suggest, to be edited before saving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from cmp_tui.assessments.queries import latest_of_each
from cmp_tui.careplan import actions
from cmp_tui.careplan.form_ticks import Suggestion, SuggestionsField
from cmp_tui.careplan.form_values import parse_value
from cmp_tui.careplan.goal_forms import LOOK_WEEKS, Args
from cmp_tui.careplan.goal_rules import value_words
from cmp_tui.careplan.goal_start import Chosen, ChosenGoal, begun
from cmp_tui.careplan.goal_words import every_words
from cmp_tui.careplan.queries import goals_of, plan_line
from cmp_tui.careplan.template_book import GoalTemplate, Template, TemplateBook, template_book
from cmp_tui.clinic.errors import Gone, Invalid
from cmp_tui.education.topic_book import topic_book
from cmp_tui.measurements.kinds import measurement_tables
from cmp_tui.medications.queries import medications
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import ConditionLine, conditions, patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.multi import MultiField
from cmp_tui.ui.fields.said import SaidField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening
from cmp_tui.ui.words import plural

ACT_HEADS: Mapping[str, str] = MappingProxyType(
    {"911": "Call 911", "988": "Call 988", "call-now": "Call us at any hour", "call-us": "Call us that day"}
)
MOST = 5
"""Templates that are taken at once."""


async def templates_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Which templates: those that fit the patient stand first, and are ticked."""
    assert patient is not None
    card = await context.live.ask(patient_card, patient)
    book = template_book(context.reference)
    fitting = await _fitting(context, patient, book)
    taken = {goal.topic for goal in await context.live.ask(goals_of, patient)}
    names = [one.name for one in fitting if one.name not in taken]
    others = [one for one in book.templates.values() if one.name not in names]
    lines = [
        Suggestion(one.name, one.title.en, plural(len(one.goals), "goal"), "For this patient" if place < len(names) else
                   "Others", place < min(len(names), MOST))
        for place, one in enumerate([*(book.templates[name] for name in names), *others])
    ]  # fmt: skip
    fields: list[Field] = [
        SuggestionsField(
            name="templates", label="Templates", lines=lines,
            help=f"space takes one or leaves it out, up to {MOST}; what they suggest comes next",
        )
    ]  # fmt: skip
    if book.problems:
        fields.append(SaidField(name="problems", label="Left out", sentences=book.problems))

    async def submit(submission: Submission) -> list[str]:
        found = [name for name, _ in submission.values.get("templates") or ()]  # type: ignore[attr-defined]
        if not 1 <= len(found) <= MOST:
            raise Invalid({"templates": f"Take one to {MOST} templates."})
        return found

    spec = FormSpec(
        name="plan-templates",
        title="From templates",
        identity=identity(card, context.here.today()),
        fields=tuple(fields),
        button="Go on",
        keys_hint="nothing is saved yet",
    )
    return Opening(
        spec,
        submit,
        said=lambda names: "",
        then=lambda names: ("plan-start", patient, None, {"templates": names}),
    )


async def start_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Everything that templates suggest, ticked or not, each line to be rewritten; saved in one go."""
    assert patient is not None
    card = await context.live.ask(patient_card, patient)
    book = template_book(context.reference)
    templates = [one for name in args.get("templates", ()) if (one := book.get(str(name))) is not None]
    if not templates:
        raise Gone("These templates are no longer there. n, then t, shows those that are.")
    found = await context.live.ask(conditions, patient, current_only=True)
    plan = await context.live.ask(plan_line, patient)
    ids = args.setdefault("goals", {})
    today = context.here.today()
    fields: list[Field] = []
    values: dict[str, object] = {}
    for one in templates:
        about = _condition_of(one, found)
        fields += _fields(context, one, about)
        values |= _values(one, about, today)
        for goal in one.goals:
            ids.setdefault(f"{one.name}/{goal.name}", context.live.clinic.new_id().hex())
    fields += [
        LongTextField(name="outlook", label="What to expect", lines=5, limit=1000,
            help="the expected outcome, as it was talked over"),
        DateField(name="review_on", label="Look again", toward="future", width=26),
    ]  # fmt: skip
    outlook = (plan.outlook if plan else None) or "\n".join(one.outcome.en for one in templates)
    values |= {"outlook": outlook, "review_on": today + timedelta(weeks=LOOK_WEEKS)}

    async def submit(submission: Submission) -> int:
        given = submission.values
        chosen = [_chosen(one, given, ids, _condition_of(one, found)) for one in templates]
        if not any(one.goals for one in chosen):
            raise Invalid({f"goals-{templates[0].name}": "Take at least one goal, or leave with esc."})
        now = await context.live.ask(plan_line, patient)
        begin = begun(
            chosen,
            today,
            _day(given.get("review_on")),
            str(given.get("outlook") or "") or None,
            now.signs if now else {},
        )
        await context.live.do(actions.begin_plan, patient, **begin)
        return len(begin["goals"])

    spec = FormSpec(
        name="plan-start",
        title=" and ".join(one.title.en for one in templates[:2]) + (" …" if len(templates) > 2 else ""),
        identity=identity(card, today),
        fields=tuple(fields),
    )
    return Opening(
        spec, submit, values,
        said=lambda count: f"{plural(count, 'goal')} added with their steps. e changes each, R finishes the plan.",
    )  # fmt: skip


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {"plan-templates": templates_form, "plan-start": start_form}
)


class _Names(NamedTuple):
    """The names of a template's fields."""

    problem: str
    goals: str
    steps: str
    topics: str
    barriers: str
    signs: str


def _names(template: Template) -> _Names:
    return _Names(*(f"{part}-{template.name}" for part in _Names._fields))


def _of_goal(template: Template, goal: GoalTemplate, part: str) -> str:
    return f"{part}-{template.name}-{goal.name}"


async def _fitting(context: FormContext, patient: bytes, book: TemplateBook) -> tuple[Template, ...]:
    groups = {
        one.group for one in await context.live.ask(conditions, patient, current_only=True) if one.group
    }
    taken = await context.live.ask(latest_of_each, patient)
    flags = {flag for line in taken.values() for flag in line.flags}
    return book.fitting(groups, flags, len(await context.live.ask(medications, patient, current_only=True)))


def _condition_of(template: Template, found: Sequence[ConditionLine]) -> ConditionLine | None:
    return next((one for one in found if one.group in template.groups), None)


def _fields(context: FormContext, template: Template, about: ConditionLine | None) -> list[Field]:
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
            options=tuple(Option(goal.name, goal.title.en) for goal in template.goals),
            help="the goals that are taken: space ticks",
        )
    )
    for goal in template.goals:
        fields += _goal_fields(context, template, goal)
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
    teach = [Suggestion(one, f"Teach: {topics.title(one)}") for one in template.education]
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
            help="space leaves one out, enter rewrites it; those of goals that are not taken are left out",
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


def _goal_fields(context: FormContext, template: Template, goal: GoalTemplate) -> list[Field]:
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
        side = context.reference.label("goal_direction", goal.direction)
        parts = [part for part in (f"{side}, {unit}" if unit else side, goal.source) if part]
        if goal.agree:
            parts.append("the practitioner sets or confirms it")
        found += [
            TextField(
                name=_of_goal(template, goal, "base"), label="At first", limit=12, width=10, row=row, when=taken,
                help=f"the value it begins with, {unit}",
            ),
            TextField(
                name=_of_goal(template, goal, "target"), label="Target", limit=12, width=10, row=row, when=taken,
                help="; ".join(parts),
            ),
        ]  # fmt: skip
    found.append(
        DateField(
            name=_of_goal(template, goal, "due"), label="By", width=26, row=row, toward="future", when=taken
        )
    )
    return found


def _values(template: Template, about: ConditionLine | None, today: date) -> dict[str, object]:
    names = _names(template)
    values: dict[str, object] = {names.goals: tuple(goal.name for goal in template.goals)}
    if about is None:
        values[names.problem] = template.title.en
    for goal in template.goals:
        values[_of_goal(template, goal, "title")] = goal.title.en
        if goal.target is not None:
            values[_of_goal(template, goal, "target")] = value_words(goal.target, goal.second)
        values[_of_goal(template, goal, "due")] = today + timedelta(weeks=goal.weeks)
    return values


def _chosen(
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
                _day(given.get(_of_goal(template, goal, "due"))),
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


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
