"""The forms about what belongs to a patient: telephones, conditions, allergies, people around them, care team."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cmp_tui.clinic.errors import Gone
from cmp_tui.patients import actions, queries
from cmp_tui.patients.coding import load_condition_tables
from cmp_tui.patients.form_fields import NOT_ASKED, Args, ToldField, odd
from cmp_tui.patients.form_values import condition_values, filled, saved_words, say_code, tidy
from cmp_tui.patients.panel import identity
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.number import NumberField
from cmp_tui.ui.fields.partial import PartialDateField
from cmp_tui.ui.fields.phone import PhoneField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.fields.yesno import YesNoField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, Opening, given, its_patient, own_key


async def phone_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A telephone number."""
    fields = (
        PhoneField(name="number", label="Number", required=True),
        ChoiceField(
            name="use", label="Kind", options=options(context.reference.codes("phone_use")), default="home"
        ),
        NumberField(
            name="rank", label="Called as no.", least=1, most=20, help="1 is called first; empty is last"
        ),
        TextField(name="remarks", label="Remarks", limit=200),
    )
    part = Part("phone", "Telephone", queries.phones, actions.add_phone, actions.edit_phone, fields)
    return await open_part(context, patient, record, args, part)


async def condition_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A condition, coded or in own words. A code tells its group and whether it is chronic."""
    tables = await asyncio.to_thread(load_condition_tables, context.reference.folder)
    groups = tuple(Option(group.id, group.name) for group in tables.groups())
    reference = context.reference
    fields = (
        TextField(name="display", label="Condition", required=True, limit=300),
        ToldField(
            name="code",
            label="Code",
            limit=40,
            tell=lambda text: say_code(tables, text),
            help="ICD-10-CM or SNOMED CT; empty when you have none",
        ),
        TextField(name="own_words", label="In own words", limit=300, help="how the patient or you call it"),
        ChoiceField(name="group", label="Group", options=groups, help="empty: the code tells it"),
        YesNoField(name="chronic", label="Chronic", unknown="by the code"),
        ChoiceField(
            name="status",
            label="Status",
            options=options(reference.codes("condition_status")),
            default="active",
        ),
        PartialDateField(name="onset", label="Since"),
        PartialDateField(
            name="resolved",
            label="Until",
            when=lambda values: values.get("status") in ("resolved", "remission"),
        ),
        TextField(
            name="confirmed_by", label="Confirmed by", limit=120, help="the practitioner who confirmed it"
        ),
        DateField(name="confirmed_on", label="Confirmed on", only="past"),
    )
    part = Part(
        "condition",
        "Condition",
        queries.conditions,
        actions.add_condition,
        actions.edit_condition,
        fields,
        condition_values,
        {"tables": tables},
    )
    return await open_part(context, patient, record, args, part)


async def allergy_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """An allergy or intolerance."""
    reference = context.reference
    fields = (
        TextField(name="substance", label="Allergic to", required=True, limit=300),
        TextField(name="reaction", label="Reaction", limit=300),
        ChoiceField(name="severity", label="Severity", options=options(reference.codes("severity"))),
        ChoiceField(
            name="status",
            label="Status",
            options=options(reference.codes("allergy_status")),
            default="active",
        ),
        PartialDateField(name="onset", label="Since"),
    )
    part = Part("allergy", "Allergy", queries.allergies, actions.add_allergy, actions.edit_allergy, fields)
    return await open_part(context, patient, record, args, part)


async def person_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Someone around the patient: a caregiver, or someone we may talk to."""
    fields = (
        TextField(name="name", label="Name", required=True, limit=200),
        ChoiceField(
            name="relationship",
            label="Relation",
            options=options(context.reference.codes("relationship")),
            default="other",
        ),
        PhoneField(name="phone", label="Telephone"),
        TextField(name="language", label="Language", limit=60),
        YesNoField(name="caregiver", label="Caregiver", default=False),
        YesNoField(name="may_talk", label="We may talk to", unknown=NOT_ASKED),
        TextField(name="remarks", label="Remarks", limit=300),
    )
    part = Part("person", "Family or friend", queries.people, actions.add_person, actions.edit_person, fields)
    return await open_part(context, patient, record, args, part)


async def team_member_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Someone else who cares for the patient."""
    fields = (
        TextField(name="name", label="Name", required=True, limit=200),
        ChoiceField(
            name="role", label="Part", options=options(context.reference.codes("team_role")), default="other"
        ),
        TextField(name="specialty", label="Specialty", limit=200),
        TextField(name="organization", label="Organization", limit=200),
        PhoneField(name="phone", label="Telephone"),
        PhoneField(name="fax", label="Fax"),
        ToldField(name="npi", label="NPI", limit=10, tell=odd("npi")),
        DateField(name="until", label="Until", help="the last day, when they no longer care for the patient"),
    )
    part = Part(
        "team-member", "Care team", queries.team, actions.add_team_member, actions.edit_team_member, fields
    )
    return await open_part(context, patient, record, args, part)


@dataclass(frozen=True)
class Part:
    """A form over one of a patient's records: how it is read, added and changed."""

    name: str
    title: str
    read: Callable[..., Sequence[Any]]
    add: Callable[..., Any]
    edit: Callable[..., Any]
    fields: tuple[Field, ...]
    values: Callable[[Mapping[str, object]], dict[str, Any]] = tidy
    extra: Mapping[str, Any] = field(default_factory=dict)
    shown: Callable[[Any], dict[str, Any]] = lambda line: dict(line._asdict())
    """How a line stands in the form."""


async def open_part(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args, part: Part
) -> Opening:
    """The form over a part: a new record of the patient, or changes to one of theirs."""
    patient = its_patient(patient)
    card = await context.live.ask(queries.patient_card, patient)
    line = None
    if record is not None:
        line = next((one for one in await context.live.ask(part.read, patient) if one.id == record), None)
        if line is None:
            raise Gone("This record is no longer there; it was struck out or undone.")
    key = record or own_key(context, args)
    submit = _submit(context, part, patient, key, is_new=line is None)
    title = f"New: {part.title.lower()}" if line is None else part.title
    spec = FormSpec(
        name=part.name, title=title, fields=part.fields, identity=identity(card, context.here.today())
    )
    if line is None:
        words = saved_words(f"{part.title} added.")
        return Opening(
            spec, submit, given(args), said=lambda row: AGAIN if isinstance(row, Again) else words(row)
        )
    return Opening(spec, submit, part.shown(line), line.version, saved_words(f"{part.title} saved."))


def _submit(
    context: FormContext, part: Part, patient: bytes, key: bytes, *, is_new: bool
) -> Callable[[Submission], Awaitable[Any]]:
    async def submit(submission: Submission) -> Any:
        if is_new:
            if any(one.id == key for one in await context.live.ask(part.read, patient)):
                return Again()
            values = filled(part.values(submission.values))
            return await context.live.do(part.add, patient, id=key, **values, **part.extra)
        values = part.values(submission.changes)
        return await context.live.do(part.edit, key, submission.seen, **values, **part.extra)

    return submit
