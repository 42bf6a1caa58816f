"""The forms about referrals: order or change one, take a step, ask later, end, take up again, strike out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cmp_tui.careplan.goal_queries import bare_goals
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.staff import staff_list
from cmp_tui.contacts.form_parts import patient_field
from cmp_tui.patients.directory_forms import ProviderOf, provider_match
from cmp_tui.patients.form_values import filled, tidy
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.referrals import actions
from cmp_tui.referrals.duplicate_queries import before_saving
from cmp_tui.referrals.end_forms import end_form, later_form, reopen_form, strike_form, strike_step_form
from cmp_tui.referrals.form_parts import Act, Args, key_of, line_of, order_fields, staff_name, username
from cmp_tui.referrals.queries import is_referral
from cmp_tui.referrals.step_forms import step_form
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, FormMaker, Opening, given, its_patient, own_key
from cmp_tui.ui.words import day_words

ORDER: Act = actions.order
EDIT: Act = actions.edit_referral
TWICE: Act = before_saving
COMPARED = ("kind", "what", "urgency", "question", "provider", "ordered_by")
SAVE_AGAIN = "To order it all the same, save again."


async def referral_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A new referral of a patient, or changes to one. `args` of a new one: `kind`, `what`, `need`, `question`,
    `urgency`, `goal` and `stay` (keys as hex), `to_name`."""
    if record is not None:
        return await _edit(context, record)
    staff = await context.live.ask(staff_list)
    card = await context.live.ask(patient_card, patient) if patient is not None else None
    goals = await context.live.ask(bare_goals, patient) if patient is not None else []
    key, provider_of = own_key(context, args), ProviderOf(context)
    said_already: set[str] = set()

    async def submit(submission: Submission) -> Any:
        if await context.live.ask(is_referral, key):
            return Again()
        values = filled(submission.values)
        whom = its_patient(patient or key_of(values.pop("patient", None)))
        values["provider"] = await provider_of(values.get("provider"))
        values["goal"], values["owner"] = key_of(values.get("goal")), key_of(values.get("owner"))
        values["ordered_by"] = username(staff, values.get("ordered_by"))
        about = {name: values.get(name) for name in COMPARED}
        twice = await context.live.ask(TWICE, whom, **about, day=values["ordered_on"], own=key)
        if fresh := [one for one in twice if one not in said_already]:
            said_already.update(fresh)
            raise Invalid({"": " ".join([*fresh, SAVE_AGAIN])})
        if stay := args.get("stay"):
            values["stay"] = bytes.fromhex(str(stay))
        known = {name: value for name, value in values.items() if value is not None}
        return await context.live.do(ORDER, whom, id=key, **known)

    spec = FormSpec(
        name="referral",
        title="Referral",
        identity=identity(card, context.here.today()) if card else None,
        fields=(*(() if card else (patient_field(context),)), *order_fields(context, staff, goals, new=True)),
    )
    begins = {name: value for name, value in given(args).items() if name not in ("stay", "to_name")}
    values = {
        "kind": "specialist",
        "urgency": "routine",
        "ordered_by": (card.practitioner_name if card else None) or "",
        "ordered_on": context.here.today(),
        "sent_how": None,
        "owner": None,
        "goal": "",
        **begins,
    }
    return Opening(spec, submit, values, said=lambda row: _said(row, context))


async def _edit(context: FormContext, record: bytes) -> Opening:
    line, who = await line_of(context, record)
    staff = await context.live.ask(staff_list)
    goals = await context.live.ask(bare_goals, line.patient)
    provider_of = ProviderOf(context)

    async def submit(submission: Submission) -> Any:
        changes = tidy(submission.changes)
        if "provider" in changes:
            changes["provider"] = await provider_of(changes["provider"])
            if changes["provider"] is None:
                changes["to_name"] = None
        for name in ("goal", "owner"):
            if name in changes:
                changes[name] = key_of(changes[name])
        if "ordered_by" in changes:
            changes["ordered_by"] = username(staff, changes["ordered_by"])
        return await context.live.do(EDIT, line.id, submission.seen, **changes)

    spec = FormSpec(
        name="referral", title="Referral", identity=who, fields=order_fields(context, staff, goals, new=False)
    )
    names = ("kind", "what", "urgency", "question", "need", "ordered_on", "records", "owner", "check_on")
    values: dict[str, object] = {name: getattr(line, name) for name in names}
    values["provider"] = await provider_match(context, line.provider)
    values["ordered_by"] = staff_name(staff, line.ordered_by)
    values["goal"] = line.goal.hex() if line.goal else ""
    return Opening(spec, submit, values, line.version, lambda row: f"Referral changed: {row.what}.")


def _said(row: Any, context: FormContext) -> str:
    if isinstance(row, Again):
        return AGAIN
    stage = context.reference.label("referral_stage", row.stage)
    return f"{row.what}: {stage}. We ask on {day_words(row.check_on, context.here.today())}."


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {
        "referral": referral_form,
        "referral-step": step_form,
        "referral-later": later_form,
        "end-referral": end_form,
        "reopen-referral": reopen_form,
        "strike-referral": strike_form,
        "strike-referral-step": strike_step_form,
    }
)
"""The forms about referrals, by the name under which `OpenForm` and drafts know them."""
