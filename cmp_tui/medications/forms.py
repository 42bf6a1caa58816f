"""The forms about one medicine: what was ordered, what is taken, stopping and holding it, a slip."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

from textual.content import Content

from cmp_tui.medications import actions
from cmp_tui.medications.queries import MedicationLine, medication, medications
from cmp_tui.medications.rules import AS_ORDERED, CURRENT, DIFFERENTLY, LONGEST
from cmp_tui.patients.form_fields import Args
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.patients.record_forms import Part, open_part
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.partial import PartialDateField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.fields.yesno import YesNoField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, given, its_record

TAKEN_HELP = "in the words of who told it: half a tablet, only when the leg swells"
Act = Callable[..., Any]
SAY: Act = actions.say_taking


async def medication_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A medicine as it was ordered. `args` of a new one: what it begins with (`display`, `told_by` …)."""
    if record is not None and patient is None:
        patient, _ = await context.live.ask(medication, record)
    codes = context.reference.codes
    status = [code for code in codes("medication_status") if code.code != "not-taken"]

    def has_ended(values: Mapping[str, object]) -> bool:
        return values.get("status") not in CURRENT

    fields: tuple[Field, ...] = (
        TextField(
            name="display", label="Medicine", required=True, limit=LONGEST,
            help="with its strength, as it stands on the label: lisinopril 10 mg tablet",
        ),
        TextField(name="dosage", label="How ordered", limit=LONGEST, help="1 tablet by mouth once daily"),
        TextField(name="reason", label="For", limit=300, help="what it is for: blood pressure"),
        TextField(name="prescriber", label="Ordered by", limit=200, row="a"),
        ChoiceField(
            name="told_by", label="Named by", options=options(codes("medicine_source")), row="a",
            help="which list or person named it first",
        ),
        PartialDateField(name="started", label="Since", row="b", help="2024, 2024-03 or 2024-03-15"),
        PartialDateField(name="last_ordered", label="Last ordered", row="b"),
        ChoiceField(name="status", label="State", options=options(status), default="active"),
        PartialDateField(name="stopped", label="Until", when=has_ended),
        YesNoField(name="as_needed", label="Only as needed", row="c", unknown="not said"),
        ChoiceField(name="with_food", label="Food", options=options(codes("with_food")), row="c"),
    )  # fmt: skip
    part = Part(
        "medication", "Medicine", medications, actions.add_medication, actions.edit_medication, fields
    )
    return await open_part(context, patient, record, args, part)


async def taking_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """What the patient really does: as ordered, differently, not at all; since when, and who said so."""
    codes = context.reference.codes

    def not_as_ordered(values: Mapping[str, object]) -> bool:
        return values.get("taking") not in (None, AS_ORDERED)

    def fields(line: MedicationLine) -> tuple[Field, ...]:
        return (
            ChoiceField(name="taking", label="Takes it", required=True, options=options(codes("taking"))),
            TextField(name="taken_how", label="How", limit=LONGEST, when=not_as_ordered, help=TAKEN_HELP),
            ChoiceField(
                name="taken_why", label="Why", options=options(codes("not_taken_why")), when=not_as_ordered,
                help="type to find it",
            ),
            DateField(name="taken_on", label="Said on", only="past", row="a", width=26),
            ChoiceField(name="taken_told", label="By", options=options(codes("with_whom")), row="a"),
        )  # fmt: skip

    def values(line: MedicationLine) -> dict[str, object]:
        return {
            "taking": line.taking or (DIFFERENTLY if line.taken_how else None),
            "taken_how": line.taken_how or "",
            "taken_why": line.taken_why,
            "taken_on": context.here.today(),
            "taken_told": line.taken_told or "patient",
        }

    async def save(line: MedicationLine, submission: Submission) -> Any:
        said = {name: value or None for name, value in submission.values.items()}
        return await context.live.do(SAY, line.id, submission.seen, **said)

    return await _about(
        context, record, args, "taking", "As taken", fields, values, save, "{}: what is taken is noted."
    )


async def stop_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """Takes a medicine off the list: stopped, with the reason, or finished."""

    def fields(line: MedicationLine) -> tuple[Field, ...]:
        return (
            YesNoField(
                name="finished", label="Finished", default=False,
                help="yes: it came to its end as it was meant to (an antibiotic); no: it was stopped",
            ),
            TextField(
                name="why", label="Why, who said", limit=300,
                help="Dr. Osei stopped it, cough; it stays with the medicine",
            ),
            PartialDateField(name="on", label="On", help="may be a month or a year only"),
        )  # fmt: skip

    async def save(line: MedicationLine, submission: Submission) -> Any:
        values = submission.values
        return await context.live.do(
            actions.stop_medication, line.id, submission.seen, on=str(values["on"] or "") or None,
            why=str(values["why"] or "") or None, finished=values["finished"] is True,
        )  # fmt: skip

    def first(line: MedicationLine) -> dict[str, object]:
        return {"on": context.here.today().isoformat(), "finished": False}

    return await _about(
        context, record, args, "stop-medication", "Off the list", fields, first, save,
        "{} is off the list. u brings it back.",
    )  # fmt: skip


async def hold_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """Puts a medicine on hold, with the reason; one on hold is taken again."""

    def fields(line: MedicationLine) -> tuple[Field, ...]:
        again = line.status == "on-hold"
        help = (
            "nothing has to be written" if again else "who said so, until when: held for the biopsy on 2 Dec"
        )
        return (
            TextField(name="why", label="Note" if again else "Why", limit=300, required=not again, help=help),
        )

    async def save(line: MedicationLine, submission: Submission) -> Any:
        return await context.live.do(
            actions.hold, line.id, submission.seen, why=str(submission.values["why"] or "") or None
        )

    return await _about(
        context, record, args, "hold-medication", "Hold", fields, lambda line: {}, save, "{}: saved."
    )


async def strike_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Strikes a medicine out that was recorded by mistake."""

    def fields(line: MedicationLine) -> tuple[Field, ...]:
        help = "only what was recorded by mistake; a medicine that is no longer taken is stopped (d)"
        return (TextField(name="why", label="Why", limit=200, required=True, help=help),)

    async def save(line: MedicationLine, submission: Submission) -> Any:
        why = str(submission.values["why"])
        return await context.live.do(actions.strike_medication, line.id, why, submission.seen)

    return await _about(
        context, record, args, "strike-medication", "Strike out", fields, lambda line: {}, save,
        "Struck out: {}. u brings it back.",
    )  # fmt: skip


async def _about(
    context: FormContext,
    record: bytes | None,
    args: Args,
    name: str,
    title: str,
    fields: Callable[[MedicationLine], tuple[Field, ...]],
    values: Callable[[MedicationLine], Mapping[str, object]],
    save: Callable[[MedicationLine, Submission], Awaitable[Any]],
    said: str,
) -> Opening:
    """A form about one medicine, which it names."""
    patient, line = await context.live.ask(medication, its_record(record))
    card = await context.live.ask(patient_card, patient)
    if name == "hold-medication" and line.status == "on-hold":
        title = "Taken again"

    async def submit(submission: Submission) -> Any:
        return await save(line, submission)

    who = identity(card, context.here.today()).plain
    spec = FormSpec(name=name, title=title, identity=Content(f"{who} · {line.words}"), fields=fields(line))
    return Opening(
        spec, submit, {**values(line), **given(args)}, line.version, lambda row: said.format(row.display)
    )


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {
        "medication": medication_form,
        "taking": taking_form,
        "stop-medication": stop_form,
        "hold-medication": hold_form,
        "strike-medication": strike_form,
    }
)
"""The forms of this room about one medicine."""
