"""The forms about consent and enrollment; and the patient's own form, whose saving ends programs at a death."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.staff import StaffRow
from cmp_tui.enrollment import actions, queries
from cmp_tui.enrollment.consent_form import consent_form
from cmp_tui.enrollment.exclusion_fields import exclusion_fields, without_told
from cmp_tui.enrollment.form_parts import USUAL, about, programs, usernames
from cmp_tui.enrollment.form_values import (
    ENDS,
    PAUSES,
    enrollment_changes,
    enrollment_values,
    practitioner_shown,
)
from cmp_tui.enrollment.rules import OPEN, may_become
from cmp_tui.patients import forms as patient_forms
from cmp_tui.patients.form_fields import Args, Edit, practitioner_pair
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import Card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, FormMaker, Opening, given, own_key


async def enrollment_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A patient's time in a program: its start, or how it goes on and ends."""
    card, staff = await about(context, patient)
    if record is None:
        programs = [code.code for code in context.reference.codes("program")]
        told = await exclusion_fields(context, card.id, programs, usernames(staff))
        return _new_enrollment(context, card, staff, args, told)
    lines = await context.live.ask(queries.enrollments, card.id)
    line = next((one for one in lines if one.id == record), None)
    if line is None:
        raise Gone("This enrollment is no longer there; it was struck out or undone.")
    edit: Edit = actions.edit_enrollment

    async def submit(submission: Submission) -> Any:
        changes = enrollment_changes(without_told(submission.changes), submission.values)
        return await context.live.do(edit, record, submission.seen, **changes)

    shown = practitioner_shown(line.practitioner, usernames(staff))
    spec = FormSpec(
        name="enrollment",
        title=f"Enrollment in {line.program}",
        fields=(
            *_enrollment_fields(context, staff, line.status),
            *await exclusion_fields(context, card.id, [line.program], usernames(staff)),
        ),
        identity=identity(card, context.here.today()),
    )
    held = {"paused": line.ended} if line.status == "onhold" else {}
    consented = (await context.live.ask(queries.consent_given, card.id)).get(line.program)

    def then(row: Any) -> tuple[str, bytes | None, bytes | None, dict[str, Any]] | None:
        """Another practitioner bills: the consent is asked for anew."""
        bills = row.practitioner or card.billing_practitioner
        moved = row.practitioner != line.practitioner and row.status in OPEN
        if moved and consented and consented.practitioner and bills and consented.practitioner != bills:
            return "consent", card.id, None, {"program": row.program}
        return None

    return Opening(spec, submit, {**line._asdict(), **shown, **held}, line.version, then=then)


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
            ChoiceField(name="program", label="Program", required=True, options=programs(context)),
            *told,
            *_enrollment_fields(context, staff, None),
        ),
        identity=identity(card, context.here.today()),
    )
    shown = practitioner_shown(card.billing_practitioner, usernames(staff))
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


def _label(context: FormContext, status: str) -> str:
    return context.reference.label("enrollment_status", status)


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {"consent": consent_form, "enrollment": enrollment_form, "patient": patient_form}
)
"""The forms of this room. Its "patient" stands for the one of the room below."""
