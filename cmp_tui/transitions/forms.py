"""The form about a stay, which shows the clocks that its discharge starts, and the one about the discharge summary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from cmp_tui.contacts.form_parts import patient_field
from cmp_tui.encounters import actions, queries
from cmp_tui.encounters.queries import StayLine
from cmp_tui.patients.form_fields import Args
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.patients.record_forms import Part, open_part
from cmp_tui.transitions.form_values import echo, stays_beside
from cmp_tui.transitions.queries import around_patient, transition_rules
from cmp_tui.transitions.use_rules import EMERGENCY
from cmp_tui.ui.fields.choice import ChoiceField, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.partial import PartialDateField
from cmp_tui.ui.fields.tell import TellField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.fields.yesno import YesNoField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, its_patient, its_record


async def stay_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """A stay in a hospital or facility, or an emergency visit; with the clocks that the discharge starts."""
    patient = its_patient(patient)
    codes, today = context.reference.codes, context.here.today()
    rules = await context.live.ask(transition_rules)
    others = stays_beside(await context.live.ask(queries.stays, patient), record)
    around = await context.live.ask(around_patient, patient)

    def is_stay(values: Mapping[str, object]) -> bool:
        return values.get("kind") != EMERGENCY

    def has_left(values: Mapping[str, object]) -> bool:
        return values.get("discharged") is not None and is_stay(values)

    fields = (
        ChoiceField(name="kind", label="Stay", required=True, options=options(codes("stay_kind"))),
        TextField(name="facility", label="Where", limit=200),
        DateField(name="admitted", label="From", required=True, only="past"),
        ChoiceField(name="admitted_from", label="Came from", options=options(codes("admitted_from")), when=is_stay),
        YesNoField(
            name="emergency", label="Emergency", unknown="not known", when=is_stay,
            help="came in as an emergency; no: it was planned",
        ),
        TextField(name="reason", label="Reason", limit=300),
        DateField(
            name="discharged", label="Until", only="past",
            help="empty while they are still there; an emergency visit ends on its day",
        ),
        ChoiceField(name="discharged_to", label="Left for", options=options(codes("discharged_to")), when=has_left),
        ChoiceField(
            name="complexity", label="Complexity", options=options(codes("mdm")), when=has_left,
            help="of the decisions after it, as the practitioner sees it; high: the visit by day 7",
        ),
        TellField(
            name="clocks", label="Clocks", lines=echo(rules, others, around, today, context.reference.label),
            when=lambda values: bool(values.get("kind")), follows=True,
        ),
        DateField(name="heard_on", label="Heard of it", only="past"),
        TextField(name="heard_from", label="From whom", limit=200, help="a message, the patient, a relative"),
        DateField(
            name="summary_on", label="Summary came", only="past", when=has_left,
            help="the discharge summary; empty until it is here: Today asks for it",
        ),
        PartialDateField(
            name="medications_reconciled_on", label="Medicines checked", when=has_left,
            help="a reconciliation that is signed writes this by itself",
        ),
        LongTextField(name="remarks", label="Remarks", limit=1000, when=is_stay),
    )  # fmt: skip
    part = Part("stay", "Stay", queries.stays, actions.add_stay, actions.edit_stay, fields)
    return await open_part(context, patient, record, args, part)


async def new_stay_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Whose stay it is, where the form is opened without a patient; the form of the stay follows."""

    async def submit(submission: Submission) -> Any:
        return submission.values["patient"]

    spec = FormSpec(
        name="new-stay", title="New stay", fields=(patient_field(context),), button="Go on",
        keys_hint="name, birth date, MRN or telephone; the stay comes next",
    )  # fmt: skip
    return Opening(spec, submit, said=lambda _: "", then=lambda found: ("stay", found, None, {}))


async def summary_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """When the discharge summary of a stay came."""
    patient, record = its_patient(patient), its_record(record)
    card = await context.live.ask(patient_card, patient)
    today = context.here.today()
    lines = await context.live.ask(queries.stays, patient)
    line: StayLine | None = next((one for one in lines if one.id == record), None)
    at = f" of {line.facility}" if line is not None and line.facility else ""
    spec = FormSpec(
        name="stay-summary", title=f"Discharge summary{at}", identity=identity(card, today),
        fields=(
            DateField(
                name="summary_on", label="Came on", only="past", required=True,
                help="not here yet? esc; z puts the asking off",
            ),
        ),
    )  # fmt: skip

    edit: Callable[..., Any] = actions.edit_stay

    async def submit(submission: Submission) -> Any:
        day = submission.values["summary_on"]
        return await context.live.do(edit, record, submission.seen, summary_on=day)

    seen = line.version if line is not None else None
    return Opening(spec, submit, {"summary_on": today}, seen, lambda row: "Discharge summary received.")


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {"stay": stay_form, "new-stay": new_stay_form, "stay-summary": summary_form}
)
"""The forms of this room."""
