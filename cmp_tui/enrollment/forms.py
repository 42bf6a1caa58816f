"""The forms about consent and enrollment; and the patient's own form, whose saving ends programs at a death."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.staff import StaffRow, staff_list
from cmp_tui.enrollment import actions, queries
from cmp_tui.enrollment.exclusion_fields import exclusion_fields, without_told
from cmp_tui.enrollment.form_values import (
    ENDS,
    EXPLAINED,
    PAUSES,
    consent_values,
    enrollment_changes,
    enrollment_values,
    practitioner_shown,
)
from cmp_tui.enrollment.rules import OPEN, may_become
from cmp_tui.patients import forms as patient_forms
from cmp_tui.patients.form_fields import Args, Edit, practitioner_pair
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import Card, patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.multi import MultiField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, FormMaker, Opening, given, own_key

USUAL = "CCM"
"""The program that the forms begin with."""


async def consent_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A patient's decision about a program. Decisions are not edited: another one is recorded."""
    card, staff = await _about(context, patient)
    reference = context.reference
    points = tuple(Option(code.code, code.label) for code in reference.codes("consent_point"))
    fields: tuple[Field, ...] = (
        ChoiceField(name="program", label="Program", required=True, options=_programs(context)),
        ChoiceField(
            name="decision", label="Decision", required=True, options=options(reference.codes("decision"))
        ),
        DateField(name="date", label="On", required=True, only="past", default=context.here.today()),
        ChoiceField(
            name="mode", label="Given", required=True, options=options(reference.codes("consent_mode"))
        ),
        MultiField(
            name="points",
            label="Explained",
            options=points,
            help="space ticks what you explained; an agreement needs all of them",
            when=lambda values: values.get("decision") in EXPLAINED,
        ),
        *practitioner_pair(staff, "practitioner"),
        TextField(
            name="script_version", label="Script", limit=40, help="the version of the text that was read"
        ),
        TextField(name="remarks", label="Remarks", limit=500),
    )
    key = own_key(context, args)
    record_consent: Edit = actions.record_consent

    async def submit(submission: Submission) -> Any:
        if any(one.id == key for one in await context.live.ask(queries.consents, card.id)):
            return Again()
        values = consent_values(submission.values)
        return await context.live.do(record_consent, card.id, id=key, **values)

    enrolled = {
        one.program for one in await context.live.ask(queries.enrollments, card.id) if one.status in OPEN
    }

    def then(consent: Any) -> tuple[str, bytes | None, bytes | None, dict[str, Any]] | None:
        if isinstance(consent, Again) or consent.decision != "accepted" or consent.program in enrolled:
            return None
        return "enrollment", card.id, None, {"program": consent.program}

    def said(consent: Any) -> str:
        if isinstance(consent, Again):
            return AGAIN
        words = f"Consent to {consent.program} {reference.label('decision', consent.decision)}."
        return f"{words} In force until {consent.effective_to}." if consent.effective_to else words

    spec = FormSpec(
        name="consent", title="Consent", fields=fields, identity=identity(card, context.here.today())
    )
    shown = practitioner_shown(card.billing_practitioner, _usernames(staff))
    return Opening(spec, submit, {"program": USUAL, **shown, **given(args)}, said=said, then=then)


async def enrollment_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A patient's time in a program: its start, or how it goes on and ends."""
    card, staff = await _about(context, patient)
    if record is None:
        programs = [code.code for code in context.reference.codes("program")]
        told = await exclusion_fields(context, card.id, programs, _usernames(staff))
        return _new_enrollment(context, card, staff, args, told)
    lines = await context.live.ask(queries.enrollments, card.id)
    line = next((one for one in lines if one.id == record), None)
    if line is None:
        raise Gone("This enrollment is no longer there; it was struck out or undone.")
    edit: Edit = actions.edit_enrollment

    async def submit(submission: Submission) -> Any:
        changes = enrollment_changes(without_told(submission.changes), submission.values)
        return await context.live.do(edit, record, submission.seen, **changes)

    shown = practitioner_shown(line.practitioner, _usernames(staff))
    spec = FormSpec(
        name="enrollment",
        title=f"Enrollment in {line.program}",
        fields=(
            *_enrollment_fields(context, staff, line.status),
            *await exclusion_fields(context, card.id, [line.program], _usernames(staff)),
        ),
        identity=identity(card, context.here.today()),
    )
    held = {"paused": line.ended} if line.status == "onhold" else {}
    return Opening(spec, submit, {**line._asdict(), **shown, **held}, line.version)


def _new_enrollment(
    context: FormContext, card: Card, staff: Sequence[StaffRow], args: Args, told: Sequence[Field]
) -> Opening:
    key = own_key(context, args)
    enroll: Edit = actions.enroll

    async def submit(submission: Submission) -> Any:
        if any(one.id == key for one in await context.live.ask(queries.enrollments, card.id)):
            return Again()
        return await context.live.do(
            enroll, card.id, id=key, **enrollment_values(without_told(submission.values))
        )

    spec = FormSpec(
        name="enrollment",
        title="Enroll",
        fields=(
            ChoiceField(name="program", label="Program", required=True, options=_programs(context)),
            *told,
            *_enrollment_fields(context, staff, None),
        ),
        identity=identity(card, context.here.today()),
    )
    shown = practitioner_shown(card.billing_practitioner, _usernames(staff))
    values = {"program": USUAL, "status": "active", **shown, **given(args)}

    def said(row: Any) -> str:
        return AGAIN if isinstance(row, Again) else f"{row.program}: {_label(context, row.status)}."

    return Opening(spec, submit, values, said=said)


def _enrollment_fields(
    context: FormContext, staff: Sequence[StaffRow], status: str | None
) -> tuple[Field, ...]:
    begins = ("planned", "waitlist", "active")
    codes = [
        code
        for code in context.reference.codes("enrollment_status")
        if (code.code in begins if status is None else may_become(status, code.code))
    ]
    return (
        ChoiceField(name="status", label="Status", required=True, options=options(codes)),
        DateField(name="start", label="From", default=context.here.today() if status is None else None),
        DateField(
            name="end", label="Until", help="the last day; empty is today",
            when=lambda values: values.get("status") == "finished",
        ),
        DateField(
            name="hold_until", label="Goes on", required=True, only="future", help="+2w, 1/15; Today asks then",
            when=lambda values: values.get("status") == "onhold",
        ),
        *_ended_fields(context),
        TextField(
            name="reason", label="Reason", limit=300,
            when=lambda values: values.get("status") not in ("active", "planned"),
        ),
        *practitioner_pair(staff, "practitioner"),
    )  # fmt: skip


def _ended_fields(context: FormContext) -> tuple[Field, ...]:
    """The coded reason of an end, or of a pause: each asks for its own."""
    codes = context.reference.codes("program_end")

    def asked(status: str) -> Callable[[Mapping[str, object]], bool]:
        return lambda values: values.get("status") == status

    return tuple(
        ChoiceField(
            name=name,
            label="Because",
            required=True,
            options=options([code for code in codes if code.code in known]),
            when=asked(status),
            help=help,
        )
        for name, status, known, help in (
            ("ended", "finished", ENDS, "died, moved, withdrew: all that is due for them ends too"),
            ("paused", "onhold", PAUSES, "why it rests"),
        )
    )


async def patient_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """The patient's own form; saving that they have died ends their programs."""
    return await patient_forms.patient_form(context, patient, record, args, edit=actions.edit_patient)


async def _about(context: FormContext, patient: bytes | None) -> tuple[Card, list[StaffRow]]:
    if patient is None:
        raise Gone("This form needs a patient. Open it from a chart or a list.")
    return await context.live.ask(patient_card, patient), await context.live.ask(staff_list)


def _programs(context: FormContext) -> tuple[Option, ...]:
    return tuple(
        Option(code.code, f"{code.code} {code.label}") for code in context.reference.codes("program")
    )


def _usernames(staff: Sequence[StaffRow]) -> list[str]:
    return [one.username for one in staff if one.may_bill]


def _label(context: FormContext, status: str) -> str:
    return context.reference.label("enrollment_status", status)


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {"consent": consent_form, "enrollment": enrollment_form, "patient": patient_form}
)
"""The forms of this room. Its "patient" stands for the one of the room below."""
