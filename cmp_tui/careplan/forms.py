"""The forms of a care plan besides its goals: what matters, warning signs, steps, barriers, striking out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from cmp_tui.careplan import actions
from cmp_tui.careplan.form_values import plain
from cmp_tui.careplan.goal_forms import Args
from cmp_tui.careplan.queries import (
    plan_line,
)
from cmp_tui.careplan.template_book import ACTS
from cmp_tui.clinic.errors import Conflict
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, its_patient, its_record

NO_PLAN = 1
"""The version that a form names where it showed no plan: what somebody else begins meanwhile is not lost."""
TEXTS = (
    ("matters", "What matters", "what matters most to the patient, in their own words"),
    ("outlook", "What to expect", "the expected outcome and prognosis, as it was talked over"),
    ("function", "Mind, daily life", "memory, mood, what they do on their own, what they need help with"),
    ("home", "Home", "how they live: stairs, bathroom, kitchen, heating, neighbors"),
    ("caregiver", "Caregiver", "who helps, with what, and how it goes for them; or that nobody has to"),
    ("outside", "Others who help", "specialists, agencies, services, and what they do"),
)
ACT_LABELS: Mapping[str, str] = MappingProxyType(
    {"911": "Call 911", "988": "Call 988", "call-now": "Call us now", "call-us": "Call us that day"}
)


Act = Callable[..., Any]
EDIT_PLAN: Act = actions.edit_plan


async def matters_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """What matters to the patient, and what else a plan says in words."""
    patient = its_patient(patient)
    card = await context.live.ask(patient_card, patient)
    line = await context.live.ask(plan_line, patient)

    async def submit(submission: Submission) -> Any:
        return await context.live.do(EDIT_PLAN, patient, submission.seen, **plain(submission.changes))

    spec = FormSpec(
        name="plan-matters",
        title="The plan in words",
        identity=identity(card, context.here.today()),
        fields=tuple(
            LongTextField(name=name, label=label, lines=4, limit=1000, help=help)
            for name, label, help in TEXTS
        ),
    )
    values = {} if line is None else {name: getattr(line, name) for name, _, _ in TEXTS}
    return Opening(
        spec,
        submit,
        values,
        NO_PLAN if line is None else line.version,
        lambda _: "The plan's words are saved.",
    )


async def signs_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """The warning signs, by what the patient does then."""
    patient = its_patient(patient)
    card = await context.live.ask(patient_card, patient)
    line = await context.live.ask(plan_line, patient)
    acts = sorted(ACTS, key=lambda act: list(ACT_LABELS).index(act) if act in ACT_LABELS else len(ACT_LABELS))

    async def submit(submission: Submission) -> Any:
        signs = {act: str(submission.values.get(_sign(act)) or "") for act in acts}
        try:
            return await context.live.do(EDIT_PLAN, patient, submission.seen, signs=signs)
        except Conflict as conflict:  # beside the fields, each act's signs for themselves
            theirs = conflict.theirs.get("signs")
            lists = theirs if isinstance(theirs, dict) else {}
            texts = {act: "\n".join(lists.get(act, ())) for act in acts}
            differing = {_sign(act): text for act, text in texts.items() if text != signs[act].strip()}
            raise Conflict(conflict.who, conflict.at, conflict.version, differing) from None

    spec = FormSpec(
        name="plan-signs",
        title="Warning signs",
        identity=identity(card, context.here.today()),
        fields=tuple(
            LongTextField(
                name=_sign(act), label=ACT_LABELS.get(act, act), lines=6, limit=2000, phrases=False,
                help="one sign on each line, as the patient notices it; ctrl+j begins a line",
            )
            for act in acts
        ),
    )  # fmt: skip
    values = {} if line is None else {_sign(act): "\n".join(some) for act, some in line.signs.items()}
    return Opening(
        spec,
        submit,
        values,
        NO_PLAN if line is None else line.version,
        lambda _: "The warning signs are saved.",
    )


async def strike_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Strikes a goal with all that hangs on it, a step or a barrier out. `args`: `what`, `words`."""
    patient, record = its_patient(patient), its_record(record)
    card = await context.live.ask(patient_card, patient)
    what, words = str(args["what"]), str(args.get("words") or "")
    strike: Any = actions.strike_record
    more = "; its steps and barriers go with it" if what == "goal" else ""

    async def submit(submission: Submission) -> Any:
        return await context.live.do(strike, what, record, str(submission.values["why"]))

    spec = FormSpec(
        name="plan-strike",
        title="Strike out",
        identity=identity(card, context.here.today()),
        fields=(
            TextField(
                name="why", label="Why", required=True, limit=200,
                help=f"{words}{more}. For what was a mistake: what has ended has a state (s)",
            ),
        ),
    )  # fmt: skip
    return Opening(spec, submit, said=lambda _: f"Struck out: {words}. u brings it back.")


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {
        "plan-matters": matters_form,
        "plan-signs": signs_form,
        "plan-strike": strike_form,
    }
)


def _sign(act: str) -> str:
    """The name of the field with the signs for which one does this; a name never begins with a digit."""
    return f"act-{act}"
