"""The form that writes the summary of a plan for another provider."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cmp_tui.careplan.copy_actions import SUMMARY
from cmp_tui.careplan.copy_forms import ELSE, SMALL, about_paper, card_of, said_of_paper
from cmp_tui.careplan.copy_out import Written, written_as
from cmp_tui.careplan.copy_queries import team_names
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.scope import Scope
from cmp_tui.desk.summary_queries import summary_document
from cmp_tui.patients.panel import identity
from cmp_tui.patients.paper_out import plain_name
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening

Args = dict[str, Any]


async def plan_summary_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Writes the summary for another provider; then the form opens that asks how it went out. `args`: `name`."""
    card = await card_of(context, patient)
    names = await context.live.ask(team_names, card.id)
    wanted = str(args.get("name") or "")
    if wanted and wanted not in names:
        names.insert(0, wanted)
    someone = Option(ELSE, "someone else", key="e")

    async def submit(submission: Submission) -> tuple[str, Written]:
        values = submission.values
        name = str(values["name"] if values["who"] == ELSE else values["who"])
        plain = values["format"] == "text"
        written = await context.live.ask_long(summary_file, context.live.clinic, card.id, name, plain=plain)
        return name, written

    def then(result: tuple[str, Written]) -> tuple[str, bytes | None, bytes | None, Args]:
        about = {**about_paper(result[1]), "kind": SUMMARY, "to": "provider", "name": result[0]}
        return "give-copy", card.id, None, about

    spec = FormSpec(
        name="plan-summary",
        title="Summary for another provider",
        fields=(
            ChoiceField(
                name="who", label="For", required=True,
                options=(*(Option(one, one) for one in names), someone),
                help="the care team, and who got one before; what is new to them is marked",
            ),
            TextField(
                name="name", label="Name", required=True, limit=200,
                when=lambda values: values.get("who") == ELSE, help="a person or a practice",
            ),
            ChoiceField(name="format", label="As", required=True, options=SMALL),
        ),
        identity=identity(card, context.here.today()),
        button="Print",
    )  # fmt: skip
    values: dict[str, object] = {"format": "pdf", "who": wanted or (None if names else ELSE)}
    return Opening(spec, submit, values, said=lambda result: said_of_paper(result[1]), then=then)


def summary_file(scope: Scope, clinic: Clinic, patient: bytes, to: str, *, plain: bool = False) -> Written:
    """Writes the summary for someone, who is named. Raises ClinicError; then there is no file."""
    document = summary_document(scope, patient, to)
    stem = f"plan-summary-{plain_name(patient_card(scope, patient).mrn)}"
    return written_as(scope, clinic, patient, document, stem, plain, {"what": "plan-summary"})


FORMS: Mapping[str, FormMaker] = MappingProxyType({"plan-summary": plan_summary_form})
"""The form of this file."""
