"""The form about a preventive measure: done elsewhere, declined, not suitable, and until when that holds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cmp_tui.measurements import preventive_actions, preventive_queries
from cmp_tui.measurements.preventive_book import preventive_book
from cmp_tui.measurements.preventive_rules import ELSEWHERE
from cmp_tui.patients.form_fields import Args
from cmp_tui.patients.record_forms import Part, open_part
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.makers import FormContext, FormMaker, Opening


async def preventive_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """What is known of a measure. `args`: `measure`, its name."""
    measures = preventive_book(context.reference).measures
    named = measures.get(str(args.get("measure") or ""))
    ways = tuple(Option(one.title.en, one.title.en) for one in named.choices) if named else ()
    fields: list[Field] = [
        ChoiceField(
            name="measure", label="Measure", required=True,
            options=tuple(Option(one.name, one.title.en) for one in measures.values()),
        ),
        ChoiceField(
            name="answer", label="Answer", required=True,
            options=options(context.reference.codes("preventive_answer")),
        ),
        DateField(name="date", label="On", required=True, only="past", default=context.here.today()),
        DateField(
            name="until", label="Holds until",
            help="empty: done holds as long as the measure says, declined a year, not suitable for good",
        ),
        TextField(name="remarks", label="Remarks", limit=300, help="where, by whom, why not"),
    ]  # fmt: skip
    if record is None and len(ways) > 1:
        done = ChoiceField(
            name="choice", label="What", options=ways, default=ways[0].value,
            when=lambda values: (values.get("answer"), values.get("measure"))
            == (ELSEWHERE, args.get("measure")),
        )  # fmt: skip
        fields.insert(2, done)
    part = Part(
        "preventive", "Preventive care", preventive_queries.preventive_answers,
        preventive_actions.answer_preventive, preventive_actions.edit_preventive_answer, tuple(fields),
    )  # fmt: skip
    return await open_part(context, patient, record, args, part)


FORMS: Mapping[str, FormMaker] = MappingProxyType({"preventive": preventive_form})
"""The form of this file."""
