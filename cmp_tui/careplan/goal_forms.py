"""The forms about goals: a goal, how it goes, its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from textual.content import Content

from cmp_tui.careplan import actions
from cmp_tui.careplan.form_values import about_of, goal_values, parse_value, plain
from cmp_tui.careplan.goal_words import measure_name, numbers_words
from cmp_tui.careplan.lines import GoalLine
from cmp_tui.careplan.queries import goal_line, goals_of
from cmp_tui.careplan.scale_rules import LABELS, LONGEST, STEPS, step_words, steps_of
from cmp_tui.measurements.kinds import measurement_tables
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import conditions, patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.number import NumberField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.fields.yesno import YesNoField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import (
    AGAIN,
    Again,
    FormContext,
    FormMaker,
    Opening,
    given,
    its_patient,
    its_record,
    own_key,
)

Args = dict[str, Any]
USUAL_WEEKS, LOOK_WEEKS = 12, 4
"""When a new goal is due, and when it is looked at again, unless somebody says otherwise."""
STEP_WORDS = (Option("improving", "better"), Option("no-change", "same"), Option("worsening", "worse"))
MORE_WORDS = ("achieved", "sustaining", "not-achieved", "not-attainable")
TITLE_HELP = "as the patient would say it, something that can be seen: walk to the mailbox every day"


Act = Callable[..., Any]
EDIT_GOAL: Act = actions.edit_goal
ADD_GOAL: Act = actions.add_goal


async def goal_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """A goal. `args` of a new one: `condition` (key) or `problem`."""
    patient = its_patient(patient)
    who = identity(await context.live.ask(patient_card, patient), context.here.today())
    line = None if record is None else await context.live.ask(goal_line, record)
    fields = await _goal_fields(context, patient, line)
    if line is not None:
        key, was = line.id, line
        spec = FormSpec(name="goal", title="Goal", identity=who, fields=fields)

        async def change(submission: Submission) -> Any:
            changes = dict(submission.changes)
            if "weight" in changes and "scaled" not in changes:
                changes["scaled"] = True
            if set(changes) & set(STEPS):
                changes |= {name: submission.values.get(name) for name in STEPS}
            if "problem" in changes and "about" not in changes:
                changes["about"] = about_of(was.condition)
            return await context.live.do(EDIT_GOAL, key, submission.seen, **goal_values(changes))

        return Opening(spec, change, _shown(line), line.version, lambda goal: f"Saved: {goal.title}.")
    new = own_key(context, args)

    async def add(submission: Submission) -> Any:
        if any(one.id == new for one in await context.live.ask(goals_of, patient)):
            return Again()
        values = {name: value for name, value in goal_values(submission.values).items() if value is not None}
        return await context.live.do(ADD_GOAL, patient, id=new, **values)

    today = context.here.today()
    first: dict[str, object] = {
        "about": args.get("condition", ""),
        "problem": args.get("problem", ""),
        "measure": "",
        "responsible": "patient",
        "due": today + timedelta(weeks=USUAL_WEEKS),
        "review_on": today + timedelta(weeks=LOOK_WEEKS),
        "scaled": False,
    }
    spec = FormSpec(name="goal", title="New goal", identity=who, fields=fields)
    return Opening(
        spec, add, first, said=lambda goal: AGAIN if isinstance(goal, Again) else f"Goal added: {goal.title}."
    )


def _shown(line: GoalLine) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(line, name) for name in GoalLine._fields}
    numbers = {name: values[name] for name in ("baseline", "target", "target2")}
    return {
        **values,
        **{name: Decimal(f"{number:g}") for name, number in numbers.items() if isinstance(number, float)},
        "about": about_of(line.condition),
        "measure": line.measure or "",
        "scaled": line.weight is not None,
        **{name: steps_of(line.steps).get(step, "") for name, step in STEPS.items()},
    }


async def _goal_fields(context: FormContext, patient: bytes, line: GoalLine | None) -> tuple[Field, ...]:
    reference = context.reference
    found = await context.live.ask(conditions, patient, current_only=True)
    known = {one.id for one in found}
    about = [Option(one.id.hex(), one.words) for one in found if one.chronic]
    about += [Option(one.id.hex(), one.words) for one in found if not one.chronic]
    if line is not None and line.condition is not None and line.condition not in known:
        about.append(Option(line.condition.hex(), "a condition of the past"))
    about.append(Option("", "a problem in words"))
    kinds = [
        Option(one.kind, one.name) for one in measurement_tables(reference).measures.values() if not one.coded
    ]
    measures = (Option("", "a count of its own, or nothing"), *kinds)

    def in_words(values: Mapping[str, object]) -> bool:
        return not values.get("about")

    def of_pressure(values: Mapping[str, object]) -> bool:
        return values.get("measure") == "bp"

    def is_scaled(values: Mapping[str, object]) -> bool:
        return values.get("scaled") is True

    return (
        TextField(name="title", label="Goal", required=True, limit=300, help=TITLE_HELP),
        LongTextField(name="own_words", label="Own words", lines=3, limit=500, help="word by word"),
        ChoiceField(name="about", label="About", options=tuple(about), help="type to find a condition"),
        TextField(name="problem", label="Problem", limit=200, when=in_words, help="what it is about, in a few words"),
        ChoiceField(
            name="measure", label="Measured by", options=measures,
            help="values of this kind move the goal by themselves, imported ones too",
        ),
        TextField(name="unit", label="Unit", limit=40, row="a", width=30, help="days a week, minutes; of a weight: lb"),
        ChoiceField(name="direction", label="Met", row="a", options=options(reference.codes("goal_direction"))),
        NumberField(name="baseline", label="At first", places=2, row="b", width=10, help="the value it begins with"),
        NumberField(name="target", label="Target", places=2, row="b", width=10),
        NumberField(name="target2", label="Lower", places=2, row="b", width=8, when=of_pressure),
        DateField(name="due", label="By", row="c", width=26, toward="future", help="+12w, 2/28, eom"),
        DateField(name="review_on", label="Look again", row="c", width=26, toward="future"),
        NumberField(
            name="importance", label="Importance", least=0, most=10, row="d", width=6,
            help="0 to 10: how much does it matter to you?",
        ),
        NumberField(
            name="confidence", label="Confidence", least=0, most=10, row="d", width=6,
            help="0 to 10: how sure are you that you can do it? Below 7: make it smaller",
        ),
        ChoiceField(name="responsible", label="Whose", options=options(reference.codes("responsible"))),
        YesNoField(
            name="scaled", label="Own scale", row="e",
            help="goal attainment scaling: each look is rated from -2 to +2, 0 is what was expected",
        ),
        NumberField(name="weight", label="Weight", least=1, most=9, row="e", width=6, when=is_scaled),
        *(
            TextField(
                name=name, label=LABELS[step], limit=LONGEST, when=is_scaled,
                help="what this step looks like, in a few words; may stay empty",
            )
            for name, step in STEPS.items()
        ),
    )  # fmt: skip


async def progress_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """How a goal goes: a value, a word, a note."""
    record = its_record(record)
    line = await context.live.ask(goal_line, record)
    card = await context.live.ask(patient_card, line.patient)
    label = context.reference.label
    words = tuple(Option(code, label("goal_achievement", code), rare=True) for code in MORE_WORDS)
    now = label("goal_achievement", line.standing.code)
    key = own_key(context, args)
    fields: list[Field] = []
    if line.measured:
        name = measure_name(line, context.reference)
        last = numbers_words(line._replace(target=None), "") if line.points else ""
        help = (
            f"{name}"
            + (f", last {last}" if last else "")
            + ("; both numbers: 132/84" if line.kind == "bp" else "")
        )
        fields.append(TextField(name="value", label="Value", limit=20, row="a", width=14, help=help))
    fields += [
        ChoiceField(
            name="achievement", label="It goes", row="a", options=(*STEP_WORDS, *words),
            help=f"now: {now}; a value says it by itself",
        ),
        LongTextField(name="note", label="Note", lines=4, limit=500),
        DateField(name="day", label="Day", only="past", width=26),
    ]  # fmt: skip
    if line.weight is not None:
        steps = tuple(Option(str(step), step_words(line.steps, step)) for step in STEPS.values())
        fields.insert(2, ChoiceField(name="scale", label="Own scale", options=steps))

    async def submit(submission: Submission) -> Any:
        if any(one.id == key for one in (await context.live.ask(goal_line, line.id)).progress):
            return Again()
        values = plain(submission.values)
        number = parse_value(values.pop("value", None))
        scale = values.pop("scale", None)
        day = values.pop("day", None)
        return await context.live.do(
            actions.record_progress,
            line.id,
            id=key,
            value=None if number is None else number[0],
            second=None if number is None else number[1],
            scale=None if scale is None else float(scale),
            day=day if isinstance(day, date) else None,
            seen=submission.seen,
            **values,
        )

    spec = FormSpec(
        name="goal-progress",
        title="How it goes",
        identity=Content(f"{identity(card, context.here.today()).plain} · {line.title}"),
        fields=tuple(fields),
    )
    return Opening(
        spec,
        submit,
        {"day": context.here.today(), **given(args)},
        line.version,
        lambda row: AGAIN if isinstance(row, Again) else f"{line.title}: recorded. u takes it back.",
    )


async def state_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Whether a goal is worked on, or how it ended. `args`: `lifecycle`, the state to begin with."""
    record = its_record(record)
    line = await context.live.ask(goal_line, record)
    card = await context.live.ask(patient_card, line.patient)

    async def submit(submission: Submission) -> Any:
        values = submission.values
        why = str(values.get("why") or "") or None
        return await context.live.do(
            actions.set_state, line.id, str(values["lifecycle"]), why, submission.seen
        )

    spec = FormSpec(
        name="goal-state",
        title="State of a goal",
        identity=Content(f"{identity(card, context.here.today()).plain} · {line.title}"),
        fields=(
            ChoiceField(
                name="lifecycle", label="State", required=True,
                options=options(context.reference.codes("goal_lifecycle")),
            ),
            TextField(name="why", label="Why", limit=300, help="how it ended, where it has"),
        ),
    )  # fmt: skip
    label = context.reference.label
    return Opening(
        spec,
        submit,
        {"lifecycle": line.lifecycle, "why": line.ended_why or "", **given(args)},
        line.version,
        lambda goal: f"{goal.title}: {label('goal_lifecycle', goal.lifecycle)}.",
    )


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {"goal": goal_form, "goal-progress": progress_form, "goal-state": state_form}
)
