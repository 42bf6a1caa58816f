"""The forms about keeping a medicine up: a refill, what the patient says, the moments of the day."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from textual.content import Content

from cmp_tui.clinic import ids
from cmp_tui.medications import adherence_actions as actions
from cmp_tui.medications.adherence_queries import answers_of, dosing_of, refills_of
from cmp_tui.medications.adherence_rules import MOST_DAYS, MOST_MISSED
from cmp_tui.medications.dosage_rules import MOMENTS, MOST
from cmp_tui.medications.queries import medication, medications
from cmp_tui.patients.form_fields import Args
from cmp_tui.patients.form_values import tidy
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.patients.record_forms import Part, open_part
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.number import NumberField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.fields.yesno import YesNoField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, its_patient, its_record
from cmp_tui.ui.words import fit

ALL = "all"


async def refill_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A medicine that was handed out. `args` of a new one: `medication`, its key in hex."""
    patient = its_patient(patient)
    fields: tuple[Field, ...] = (
        await _which(context, patient, everything=False),
        DateField(
            name="filled_on", label="Filled on", required=True, only="past", default=context.here.today()
        ),
        NumberField(name="days", label="For days", required=True, least=1, most=MOST_DAYS, help="30, 90"),
        NumberField(
            name="quantity", label="Number", places=2, least=0, most=10_000, help="tablets, puffs, mL"
        ),
        TextField(name="pharmacy", label="Pharmacy", limit=200),
    )
    part = Part(
        "refill", "Refill", refills_of, actions.add_refill, actions.edit_refill, fields, _keyed, shown=_shown
    )
    return await open_part(context, patient, record, args, part)


async def answer_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """What the patient says of taking a medicine, or all of them. `args` of a new one: `medication`, in hex."""
    patient = its_patient(patient)
    codes = context.reference.codes
    fields: tuple[Field, ...] = (
        await _which(context, patient, everything=True),
        NumberField(
            name="missed", label="Missed", least=0, most=MOST_MISSED, row="a", width=20,
            help="doses, as the patient says; 0 is an answer too",
        ),
        NumberField(name="days", label="of the last", unit="days", least=1, most=MOST_DAYS, default=7, row="a"),
        ChoiceField(
            name="barrier", label="In the way", options=options(codes("not_taken_why")), help="type to find it",
        ),
        ChoiceField(
            name="teach_back", label="Said back", options=options(codes("teach_back")),
            help="what it is for, and how to take it, in the patient's own words",
        ),
        DateField(name="date", label="Said on", only="past", default=context.here.today(), row="b", width=26),
        ChoiceField(name="told_by", label="By", options=options(codes("with_whom")), default="patient", row="b"),
        TextField(name="remarks", label="Words", limit=500),
    )  # fmt: skip
    part = Part(
        "medicine-answer", "Taking medicines", answers_of, actions.say_adherence, actions.edit_adherence, fields,
        _keyed, shown=_shown,
    )  # fmt: skip
    return await open_part(context, patient, record, args, part)


async def times_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """At which moments of the day a medicine is taken, as the patient's own list shows it."""
    owner, line = await context.live.ask(medication, its_record(record))
    card = await context.live.ask(patient_card, owner)
    dosing = dosing_of(line)
    read = (
        "" if line.grid else "read out of the directions; " if dosing.grid else "the directions do not tell; "
    )
    fields: tuple[Field, ...] = (
        *(
            NumberField(
                name=moment, label=moment.capitalize(), places=2, least=0, most=int(MOST), unit=dosing.unit,
                help=f"{read}empty: none" if at == 0 else "empty: none", row="a" if at < 2 else "b", width=30,
            )
            for at, moment in enumerate(MOMENTS)
        ),
        YesNoField(name="as_needed", label="Only as needed", default=False),
        ChoiceField(name="with_food", label="Food", options=options(context.reference.codes("with_food"))),
    )  # fmt: skip

    async def submit(submission: Submission) -> Any:
        values = submission.values
        grid = {moment: float(str(values[moment])) for moment in MOMENTS if values.get(moment) is not None}
        return await context.live.do(
            actions.set_times, line.id, submission.seen, grid=grid or None,
            with_food=str(values.get("with_food") or "") or None, as_needed=values["as_needed"] is True,
        )  # fmt: skip

    values: dict[str, object] = {
        moment: Decimal(f"{amount:g}") for moment, amount in (dosing.grid or {}).items() if amount
    }
    values |= {"as_needed": dosing.as_needed, "with_food": dosing.with_food}
    who = identity(card, context.here.today()).plain
    spec = FormSpec(
        name="medicine-times",
        title="Times of the day",
        identity=Content(f"{who} · {line.words}"),
        fields=fields,
    )
    return Opening(
        spec, submit, values, line.version, lambda row: f"{row.display}: the times of its day are noted."
    )


async def _which(context: FormContext, patient: bytes, *, everything: bool) -> Field:
    lines = await context.live.ask(medications, patient)
    choices = [Option(ids.shown(one.id), fit(one.display, 60)) for one in lines]
    if everything:
        choices.insert(0, Option(ALL, "all medicines"))
    return ChoiceField(
        name="medication", label="Medicine", required=True, options=tuple(choices),
        default=ALL if everything else None, help="type to find it",
    )  # fmt: skip


def _keyed(values: Mapping[str, object]) -> dict[str, Any]:
    found = tidy(values)
    if "medication" in found:
        key = found["medication"]
        found["medication"] = None if key in (None, ALL) else ids.read(str(key))
    if found.get("quantity") is not None:
        found["quantity"] = float(found["quantity"])
    return found


def _shown(line: Any) -> dict[str, Any]:
    values = dict(line._asdict())
    values["medication"] = ALL if line.medication is None else ids.shown(line.medication)
    if values.get("quantity") is not None:
        values["quantity"] = Decimal(f"{values['quantity']:g}")
    return values


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {"refill": refill_form, "medicine-answer": answer_form, "medicine-times": times_form}
)
"""The forms about keeping a medicine up."""
