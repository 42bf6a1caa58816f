"""The form about a risk score that came from a payer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cmp_tui.assessments import payer_actions, payer_queries
from cmp_tui.patients.form_fields import Args
from cmp_tui.patients.record_forms import Part, open_part
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.makers import FormContext, FormMaker, Opening


async def payer_score_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A risk score as a payer sent it: what it is called, its value, from whom, of which day."""
    fields = (
        TextField(
            name="kind", label="Score", required=True, limit=60, help="as the payer calls it: HCC, tier"
        ),
        TextField(name="value", label="Value", required=True, limit=60, help="as it came: 2.31, high"),
        TextField(name="payer", label="From", limit=120, help="the payer, or whoever sent it"),
        DateField(name="date", label="Of", required=True, only="past", help="the day that stands on it"),
    )
    part = Part(
        "payer-score", "Payer's score", payer_queries.payer_scores, payer_actions.add_payer_score,
        payer_actions.edit_payer_score, fields,
    )  # fmt: skip
    return await open_part(context, patient, record, args, part)


FORMS: Mapping[str, FormMaker] = MappingProxyType({"payer-score": payer_score_form})
"""The forms of this file."""
