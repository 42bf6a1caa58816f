"""The forms that begin a plan from templates: which ones, then everything they suggest, to be edited before saving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from cmp_tui.assessments.queries import latest_of_each
from cmp_tui.careplan import actions
from cmp_tui.careplan.copy_words import TEACH
from cmp_tui.careplan.form_ticks import Suggestion, SuggestionsField
from cmp_tui.careplan.goal_forms import LOOK_WEEKS, Args
from cmp_tui.careplan.goal_rules import WORKED_ON
from cmp_tui.careplan.goal_start import begun
from cmp_tui.careplan.goal_start_fields import Suggested, chosen_of, day_of, start_fields, start_values
from cmp_tui.careplan.queries import goals_of, interventions_of, plan_line
from cmp_tui.careplan.rules import OPEN_STEPS
from cmp_tui.careplan.template_book import Template, TemplateBook, template_book
from cmp_tui.clinic.errors import Gone, Invalid
from cmp_tui.medications.queries import medications
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import ConditionLine, conditions, patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.said import SaidField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, its_patient
from cmp_tui.ui.words import plural

MOST = 5
"""Templates that are taken at once."""


async def templates_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Which templates: those that fit the patient stand first, and are ticked."""
    patient = its_patient(patient)
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
    left_out = f"; {plural(len(book.problems), 'file')} left out: tab says why" if book.problems else ""
    fields: list[Field] = [
        SuggestionsField(
            name="templates", label="Templates", lines=lines, fixed=True,
            help=f"space takes one, up to {MOST}{left_out or '; nothing is saved yet'}",
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
    patient = its_patient(patient)
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
    had = await _had(context, patient)
    for one in templates:
        about = _condition_of(one, found)
        fields += start_fields(context, one, about, had)
        values |= start_values(one, about, today, had)
        measures = frozenset(goal.measure for goal in one.goals if goal.measure)
        had = Suggested(had.measures | measures, had.topics | frozenset(one.education))
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
        chosen = [chosen_of(one, given, ids, _condition_of(one, found)) for one in templates]
        if not any(one.goals for one in chosen):
            raise Invalid({f"goals-{templates[0].name}": "Take at least one goal, or leave with esc."})
        now = await context.live.ask(plan_line, patient)
        begin = begun(
            chosen,
            today,
            day_of(given.get("review_on")),
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


async def _fitting(context: FormContext, patient: bytes, book: TemplateBook) -> tuple[Template, ...]:
    groups = {
        one.group for one in await context.live.ask(conditions, patient, current_only=True) if one.group
    }
    taken = await context.live.ask(latest_of_each, patient)
    flags = {flag for line in taken.values() for flag in line.flags}
    return book.fitting(groups, flags, len(await context.live.ask(medications, patient, current_only=True)))


async def _had(context: FormContext, patient: bytes) -> Suggested:
    """What the patient's goals measure, and what the plan teaches, already."""
    goals = await context.live.ask(goals_of, patient)
    steps = await context.live.ask(interventions_of, patient)
    return Suggested(
        frozenset(one.measure for one in goals if one.measure and one.lifecycle in WORKED_ON),
        frozenset(
            one.topic
            for one in steps
            if one.topic and one.title.startswith(TEACH) and one.status in OPEN_STEPS
        ),
    )


def _condition_of(template: Template, found: Sequence[ConditionLine]) -> ConditionLine | None:
    return next((one for one in found if one.group in template.groups), None)
