"""The forms of the way into a program: take in, take up, tell the referrer, end, put on hold, bring back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.staff import staff_list
from cmp_tui.enrollment import intake_actions as actions
from cmp_tui.enrollment.intake_end_forms import end_form, hold_form, reopen_form
from cmp_tui.enrollment.intake_form_parts import (
    NEW,
    card_of,
    is_there,
    key_of,
    owner_field,
    source_fields,
    who_fields,
    words_or_none,
)
from cmp_tui.enrollment.intake_queries import IntakeCard
from cmp_tui.patients.alike_form import SAID_SAME, Asking, Same, then_merge
from cmp_tui.patients.form_fields import Edit
from cmp_tui.patients.form_values import filled
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, FormMaker, Opening, given, own_key

Args = dict[str, Any]
ABOUT = ("source", "by", "mode", "reason", "received", "program", "owner")


async def intake_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A new intake: of someone in the records, of a new person, or of the patient it is opened for; or its changes."""
    if record is not None:
        return await _edit(context, record)
    staff = await context.live.ask(staff_list)
    card = await context.live.ask(patient_card, patient) if patient is not None else None
    key, new_patient = own_key(context, args), context.live.clinic.new_id()
    asking = Asking(context)
    add: Edit = actions.add_intake
    add_person: Edit = actions.add_person_intake

    async def submit(submission: Submission) -> Any:
        values = submission.values
        about = _about(values)
        chosen = patient or key_of(values.get("patient"))
        try:
            if await is_there(context, key):
                return Again()
            if chosen is None or values.get("who") == "new":
                person = filled({name: values.get(name) for name in NEW})
                told = await asking(person)
                intake = await context.live.do(add_person, person, patient=new_patient, id=key, **about)
                return intake if told.same is None else Same(told.same, new_patient)
            return await context.live.do(add, chosen, id=key, **about)
        except Invalid as invalid:
            raise _beside(invalid, values) from None

    def said(intake: Any) -> str:
        if isinstance(intake, Again | Same):
            return AGAIN if isinstance(intake, Again) else SAID_SAME
        return f"Taken in: {context.reference.label('intake_stage', intake.stage)}."

    spec = FormSpec(
        name="intake",
        title="Intake",
        identity=identity(card, context.here.today()) if card else None,
        fields=(*(() if card else who_fields(context)), *source_fields(context, staff)),
    )
    values = {
        "who": "known",
        "sex": "U",
        "source": "provider-referral",
        "received": context.here.today(),
        "owner": None,
        "program": None,
        **given(args),
    }
    return Opening(spec, submit, values, said=said, then=then_merge)


async def _edit(context: FormContext, record: bytes) -> Opening:
    card, spec_identity = await card_of(context, record)
    staff = await context.live.ask(staff_list)
    edit: Edit = actions.edit_intake

    async def submit(submission: Submission) -> Any:
        changes = {name: value or None for name, value in submission.changes.items()}
        try:
            return await context.live.do(edit, record, submission.seen, **changes)
        except Invalid as invalid:
            raise _beside(invalid, submission.values) from None

    spec = FormSpec(
        name="intake", title="Intake", identity=spec_identity, fields=source_fields(context, staff)
    )
    values = {name: getattr(card, name) for name in ABOUT if name != "owner"}
    values["owner"] = card.owner if card.taken else None
    return Opening(spec, submit, values, card.version, lambda _: "Intake changed.")


async def take_up_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Takes an intake up: from now on it is somebody's; then they are called at once, or later."""
    card, who = await card_of(context, record)
    staff = await context.live.ask(staff_list)
    take: Edit = actions.take_up

    async def submit(submission: Submission) -> bool:
        owner = key_of(submission.values.get("owner"))
        await context.live.do(take, card.id, submission.seen, owner=owner)
        return submission.values.get("now") == "call"

    spec = FormSpec(
        name="take-up",
        title="Take up",
        identity=who,
        fields=(
            ChoiceField(
                name="now",
                label="Now",
                required=True,
                options=(Option("call", "call them"), Option("later", "only take it up")),
                help="c opens the contact after saving; v and n there are quickest",
            ),
            owner_field(staff, required=True),
        ),
        keys_hint=_came(context, card),
    )
    return Opening(
        spec,
        submit,
        {"now": "call", "owner": context.me.id},
        card.version,
        lambda _: "Taken up.",
        then=lambda calls: ("contact", card.patient, None, {}) if calls else None,
    )


async def answer_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Whoever referred the patient was told what became of it: when and how."""
    card, who = await card_of(context, record)
    answer: Edit = actions.answer_intake

    async def submit(submission: Submission) -> Any:
        values = submission.values
        return await context.live.do(
            answer, card.id, submission.seen, day=values["answered_on"], how=values["answered_how"]
        )

    modes = [one for one in context.reference.codes("mode") if one.code not in ("none", "video")]
    spec = FormSpec(
        name="answer-intake",
        title="Answer",
        identity=who,
        fields=(
            ChoiceField(
                name="answered_how",
                label="How",
                required=True,
                options=options(modes),
                help=f"{card.by or 'the referrer'} was told what became of it",
            ),
            DateField(name="answered_on", label="On", required=True, only="past"),
        ),
    )
    values = {"answered_how": "phone", "answered_on": card.answered_on or context.here.today()}
    return Opening(
        spec, submit, values, card.version, lambda _: f"Noted: {card.by or 'the referrer'} was told."
    )


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {
        "intake": intake_form,
        "take-up": take_up_form,
        "answer-intake": answer_form,
        "end-intake": end_form,
        "hold-intake": hold_form,
        "reopen-intake": reopen_form,
    }
)
"""The forms about intakes, by the name under which `OpenForm` and drafts know them."""


def _about(values: Mapping[str, object]) -> dict[str, Any]:
    """The values of the intake itself; a field that is not shown gives none."""
    return words_or_none(values, *ABOUT)


def _beside(invalid: Invalid, values: Mapping[str, object]) -> Invalid:
    """What is wrong, at the field where it stands; what has no field here stands above the form."""
    fields: dict[str, str] = {}
    for name, says in invalid.fields.items():
        place = name if name in values else ""
        fields[place] = " ".join(part for part in (fields.get(place), says) if part)
    return Invalid(fields)


def _came(context: FormContext, card: IntakeCard) -> str:
    """'referred by a practitioner, Dr Kim'"""
    words = context.reference.label("intake_source", card.source)
    return f"{words}, {card.by}" if card.by else words
