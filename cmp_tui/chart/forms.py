"""The forms of the chart: striking a record out, and time that knows the patient's usual program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from cmp_tui.assessments.payer_actions import strike_payer_score
from cmp_tui.careplan.copy_actions import strike_copy
from cmp_tui.contacts import time_forms
from cmp_tui.contacts.time_forms import Usual
from cmp_tui.desk.rules import usual_program
from cmp_tui.education.actions import strike_class, strike_teaching
from cmp_tui.encounters.actions import strike_service, strike_stay, strike_visit
from cmp_tui.encounters.appointment_actions import strike_appointment
from cmp_tui.enrollment.actions import strike_consent, strike_enrollment
from cmp_tui.enrollment.eligibility_actions import strike_eligibility
from cmp_tui.enrollment.queries import enrollments
from cmp_tui.measurements.preventive_actions import strike_preventive_answer
from cmp_tui.medications.actions import strike_medication
from cmp_tui.patients.actions import strike_record
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening

Args = Mapping[str, Any]
Act = Callable[..., Any]
OWN: Mapping[str, Act] = MappingProxyType(
    {
        "consent": strike_consent, "enrollment": strike_enrollment, "eligibility": strike_eligibility,
        "visit": strike_visit, "stay": strike_stay, "service": strike_service, "payer-score": strike_payer_score,
        "copy": strike_copy, "appointment": strike_appointment,
        "medication": strike_medication, "teaching": strike_teaching, "class": strike_class,
        "preventive": strike_preventive_answer,
    }
)  # fmt: skip
"""Records that their own rooms strike out; all others are the patients room's."""


async def strike_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Strikes a record out, with a reason. `args`: `what` (phone, condition …, consent, stay) and `words`."""
    assert patient is not None and record is not None
    card = await context.live.ask(patient_card, patient)
    what, words = str(args["what"]), str(args.get("words") or "")

    async def submit(submission: Submission) -> Any:
        why = str(submission.values["why"])
        own = OWN.get(what)
        if own is not None:
            return await context.live.do(own, record, why)
        return await context.live.do(strike_record, what, record, why)

    spec = FormSpec(
        name="strike",
        title="Strike out",
        identity=identity(card, context.here.today()),
        fields=(
            TextField(
                name="why",
                label="Why",
                required=True,
                limit=200,
                help=f"{words}: leaves the lists, stays readable in History",
            ),
        ),
    )
    return Opening(spec, submit, said=lambda _: f"Struck out: {words}. u brings it back.")


async def usual_of(context: FormContext, patient: bytes, day: date) -> Usual:
    """Returns the one program in which the patient is on a day, and the practitioner who bills for it."""
    card = await context.live.ask(patient_card, patient)
    usual = usual_program(await context.live.ask(enrollments, patient), day)
    return Usual(usual.program, usual.practitioner or card.billing_practitioner)


async def time_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """Time without a contact, for the patient's usual program."""
    return await time_forms.time_form(context, patient, record, args, usual=usual_of)


FORMS: Mapping[str, FormMaker] = MappingProxyType({"strike": strike_form, "time": time_form})
"""The forms of this room. Its "time" stands for the one of the contacts room."""
