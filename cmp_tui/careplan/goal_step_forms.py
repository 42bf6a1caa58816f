"""The forms about what is done for goals and what stands in their way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from textual.content import Content

from cmp_tui.careplan import actions
from cmp_tui.careplan.form_values import plain
from cmp_tui.careplan.goal_forms import Args
from cmp_tui.careplan.goal_words import barrier_words
from cmp_tui.careplan.lines import GoalLine
from cmp_tui.careplan.queries import barrier_line, barriers_of, goals_of, intervention_line, interventions_of
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.number import NumberField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, FormMaker, Opening, its_patient, its_record, own_key

Act = Callable[..., Any]
EVERY_HELP = "days after which it is done again: 7, 30, 90; empty: once"
EDIT_INTERVENTION: Act = actions.edit_intervention
ADD_INTERVENTION: Act = actions.add_intervention
EDIT_BARRIER: Act = actions.edit_barrier
ADD_BARRIER: Act = actions.add_barrier


async def intervention_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """What someone does. `args` of a new one: `goal` (key)."""
    patient = its_patient(patient)
    card = await context.live.ask(patient_card, patient)
    goals = await context.live.ask(goals_of, patient)
    line = None if record is None else await context.live.ask(intervention_line, record)
    codes = context.reference.codes
    fields: tuple[Field, ...] = (
        TextField(name="title", label="Step", required=True, limit=300, help="what is done, so that one sees it"),
        _goal_field(goals),
        ChoiceField(name="responsible", label="Whose", required=True, options=options(codes("responsible"))),
        TextField(name="who", label="Who", limit=120, help="a name, where the word alone does not say it: Lucía"),
        DateField(name="due", label="Due", row="a", width=26, toward="future", help="fri, +1w, eom"),
        NumberField(
            name="every", label="Again after", least=1, most=730, row="a", width=10, unit="days", help=EVERY_HELP
        ),
        ChoiceField(name="status", label="State", required=True, options=options(codes("intervention_status"))),
        TextField(name="remarks", label="Remarks", limit=300),
    )  # fmt: skip
    spec = FormSpec(
        name="intervention",
        title="New step" if line is None else "Step",
        identity=identity(card, context.here.today()),
        fields=fields,
    )
    if line is not None:
        key = line.id

        async def change(submission: Submission) -> Any:
            changes = _with_goal(plain(submission.changes))
            return await context.live.do(EDIT_INTERVENTION, key, submission.seen, **changes)

        values = {**line._asdict(), "goal": line.goal.hex() if line.goal else ""}
        return Opening(spec, change, values, line.version, lambda step: f"Saved: {step.title}.")
    new = own_key(context, args)

    async def add(submission: Submission) -> Any:
        if any(one.id == new for one in await context.live.ask(interventions_of, patient)):
            return Again()
        given = _with_goal(plain(submission.values))
        values = {name: value for name, value in given.items() if value is not None}
        return await context.live.do(ADD_INTERVENTION, patient, id=new, **values)

    first = {"goal": args.get("goal", ""), "responsible": "patient", "status": "not-started"}
    return Opening(
        spec, add, first, said=lambda step: AGAIN if isinstance(step, Again) else f"Step added: {step.title}."
    )


async def barrier_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """What stands in the way. `args` of a new one: `goal` (key)."""
    patient = its_patient(patient)
    card = await context.live.ask(patient_card, patient)
    goals = await context.live.ask(goals_of, patient)
    line = None if record is None else await context.live.ask(barrier_line, record)
    kinds = options(context.reference.codes("barrier"))
    fields: tuple[Field, ...] = (
        ChoiceField(
            name="kind",
            label="Barrier",
            required=True,
            options=kinds,
            help="space lists them; or type a part of one",
        ),
        TextField(
            name="words",
            label="In words",
            limit=300,
            help="for this patient: strips are 40 dollars",
        ),
        _goal_field(goals),
        DateField(name="solved_on", label="Solved on", only="past", help="empty while it stands in the way"),
    )
    spec = FormSpec(
        name="barrier",
        title="New barrier" if line is None else "Barrier",
        identity=identity(card, context.here.today()),
        fields=fields,
    )
    if line is not None:
        key = line.id

        async def change(submission: Submission) -> Any:
            changes = _with_goal(plain(submission.changes))
            return await context.live.do(EDIT_BARRIER, key, submission.seen, **changes)

        values = {**line._asdict(), "goal": line.goal.hex() if line.goal else ""}
        return Opening(spec, change, values, line.version, lambda _: "Barrier saved.")
    new = own_key(context, args)

    async def add(submission: Submission) -> Any:
        if any(one.id == new for one in await context.live.ask(barriers_of, patient)):
            return Again()
        given = _with_goal(plain(submission.values))
        values = {name: value for name, value in given.items() if value is not None}
        return await context.live.do(ADD_BARRIER, patient, id=new, **values)

    first = {"goal": args.get("goal", "")}
    return Opening(
        spec, add, first,
        said=lambda row: AGAIN if isinstance(row, Again) else f"Barrier added: {_named(row, context)}.",
    )  # fmt: skip


async def step_state_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """The state of a step."""
    record = its_record(record)
    line = await context.live.ask(intervention_line, record)
    card = await context.live.ask(patient_card, line.patient)

    def done(values: Mapping[str, object]) -> bool:
        return values.get("status") == "completed"

    async def submit(submission: Submission) -> Any:
        values = plain(submission.values)
        return await context.live.do(
            actions.settle_intervention,
            line.id,
            values["status"],
            values.get("done_on"),
            values.get("remarks"),
            submission.seen,
        )

    spec = FormSpec(
        name="step-state",
        title="State of a step",
        identity=Content(f"{identity(card, context.here.today()).plain} · {line.title}"),
        fields=(
            ChoiceField(
                name="status", label="State", required=True,
                options=options(context.reference.codes("intervention_status")),
            ),
            TextField(name="remarks", label="Remarks", limit=300),
            DateField(name="done_on", label="Done on", only="past", when=done),
        ),
    )  # fmt: skip
    values = {"status": line.status, "done_on": context.here.today(), "remarks": line.remarks or ""}
    label = context.reference.label
    return Opening(
        spec,
        submit,
        values,
        line.version,
        lambda step: f"{step.title}: {label('intervention_status', step.status)}.",
    )


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {"intervention": intervention_form, "barrier": barrier_form, "step-state": step_state_form}
)


def _goal_field(goals: list[GoalLine]) -> ChoiceField:
    found = (Option("", "the whole plan"), *(Option(one.id.hex(), one.title) for one in goals))
    return ChoiceField(
        name="goal", label="For", options=found, help="space lists the goals; empty: the whole plan"
    )


def _with_goal(values: dict[str, Any]) -> dict[str, Any]:
    if "goal" in values:
        values["goal"] = bytes.fromhex(values["goal"]) if values["goal"] else None
    return values


def _named(row: Any, context: FormContext) -> str:
    return barrier_words(row, context.reference)
