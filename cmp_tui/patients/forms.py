"""The form about a patient, and all forms of this room by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.staff import StaffRow, staff_list
from cmp_tui.patients import actions, queries
from cmp_tui.patients.alike_form import SAID_SAME, Asking, Same, then_merge
from cmp_tui.patients.form_fields import NOT_ASKED, Args, Edit, ToldField, odd, practitioner_pair
from cmp_tui.patients.form_values import (
    filled,
    practitioner_fields,
    practitioner_value,
    saved_words,
    tidy,
)
from cmp_tui.patients.panel import identity
from cmp_tui.patients.record_forms import (
    allergy_form,
    condition_form,
    person_form,
    phone_form,
    team_member_form,
)
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.partial import PartialDateField
from cmp_tui.ui.fields.phone import PhoneField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.fields.yesno import YesNoField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, FormMaker, Opening, given, own_key
from cmp_tui.ui.words import name_words


async def patient_form(
    context: FormContext,
    patient: bytes | None,
    record: bytes | None,
    args: Args,
    *,
    edit: Edit = actions.edit_patient,
) -> Opening:
    """A new patient (without a key), or the changes to one. `edit` is the action that saves changes.

    A new one who may be here already is asked about once.
    """
    key = record or patient
    staff = await context.live.ask(staff_list)
    if key is None:
        return _new_patient(context, staff, args)
    card = await context.live.ask(queries.patient_card, key)
    stored = card.billing_practitioner
    choice = practitioner_fields(stored, [one.username for one in staff if one.may_bill])
    values: dict[str, object] = {**card._asdict(), **choice._asdict()}

    async def submit(submission: Submission) -> Any:
        changes = practitioner_value(tidy(submission.changes), submission.values)
        return await context.live.do(edit, key, submission.seen, **changes)

    fields = (*_names(context), *_reach(context), *_pays(context), *_carers(staff), *_death(), _remarks())
    spec = FormSpec(
        name="patient", title="Patient", fields=fields, identity=identity(card, context.here.today())
    )
    return Opening(spec, submit, values, card.version, saved_words("Patient saved."))


def _new_patient(context: FormContext, staff: Sequence[StaffRow], args: Args) -> Opening:
    asking = Asking(context)
    add: Edit = actions.add_patient
    key = own_key(context, args)

    async def submit(submission: Submission) -> Any:
        if await _is_here(context, key):
            return Again()
        values = practitioner_value(filled(submission.values), submission.values)
        # Nobody's patient is a choice that must reach the action.
        values.setdefault("care_manager", None)
        said = await asking(values)
        person = await context.live.do(add, key, **values)
        return person if said.same is None else Same(said.same, person.id)

    phone = PhoneField(name="phone", label="Telephone")
    fields = (*_names(context), phone, *_reach(context), *_pays(context), *_carers(staff), _remarks())
    mine = context.me.id if "care-manager" in context.me.roles else None
    spec = FormSpec(name="patient", title="New patient", fields=fields)
    return Opening(
        spec,
        submit,
        {"care_manager": mine, **given(args)},
        said=lambda person: (
            AGAIN
            if isinstance(person, Again)
            else SAID_SAME
            if isinstance(person, Same)
            else f"{name_words(person.family, person.given or '')} added, record number {person.mrn}."
        ),
        then=then_merge,
        opens=lambda person: None if isinstance(person, Again | Same) else person.id,
    )


async def _is_here(context: FormContext, key: bytes) -> bool:
    """Whether a patient with this key was added before."""
    try:
        await context.live.ask(queries.patient_card, key)
    except Gone:
        return False
    return True


def _names(context: FormContext) -> tuple[Field, ...]:
    return (
        TextField(name="family", label="Family name", required=True, limit=120),
        TextField(name="given", label="Given names", limit=120),
        PartialDateField(
            name="birth_date", label="Born", help="2/11/1948, or only 1948 when that is all you know"
        ),
        ChoiceField(name="sex", label="Sex", options=options(context.reference.codes("sex")), default="U"),
        TextField(
            name="preferred", label="Called", limit=120, help="the name that they like to be called by"
        ),
        TextField(
            name="other_names", label="Other names", limit=300, help="earlier names; search finds them too"
        ),
        TextField(
            name="mrn", label="Record number", limit=64, empty="made for you", help="your EHR's number"
        ),
    )


def _reach(context: FormContext) -> tuple[Field, ...]:
    return (
        TextField(name="best_time", label="Best time", limit=120, empty="after 10"),
        YesNoField(name="may_leave_message", label="Leave a message", unknown=NOT_ASKED),
        TextField(name="language", label="Language", limit=60),
        YesNoField(name="interpreter", label="Interpreter", unknown=NOT_ASKED),
        TextField(name="street", label="Street", limit=200),
        TextField(name="city", label="City", limit=120, width=24, row="city"),
        TextField(name="state", label="State", limit=40, width=6, row="city"),
        ToldField(name="postal_code", label="ZIP", limit=20, width=12, row="city", tell=odd("postal_code")),
        TextField(name="email", label="Email", limit=200),
    )


def _pays(context: FormContext) -> tuple[Field, ...]:
    return (
        ChoiceField(name="payer", label="Payer", options=options(context.reference.codes("payer"))),
        ToldField(name="mbi", label="Medicare number", limit=20, tell=odd("mbi")),
        YesNoField(
            name="qmb",
            label="QMB",
            unknown="not known",
            help="Qualified Medicare Beneficiary: never pays a share",
        ),
    )


def _carers(staff: Sequence[StaffRow]) -> tuple[Field, ...]:
    carers = tuple(Option(one.id, one.name) for one in staff if one.roles & {"care-manager", "clinician"})
    return (
        ChoiceField(name="care_manager", label="Care manager", options=(*carers, Option(None, "nobody yet"))),
        *practitioner_pair(staff),
    )


def _death() -> tuple[Field, ...]:
    return (
        YesNoField(name="deceased", label="Has died"),
        PartialDateField(
            name="deceased_on", label="Died", when=lambda values: values.get("deceased") is True
        ),
    )


def _remarks() -> Field:
    return LongTextField(name="remarks", label="Remarks", limit=2000, lines=4, phrases=False)


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {
        "patient": patient_form,
        "phone": phone_form,
        "condition": condition_form,
        "allergy": allergy_form,
        "person": person_form,
        "team-member": team_member_form,
    }
)
"""The forms of this room, by the name under which `OpenForm` and drafts know them."""
