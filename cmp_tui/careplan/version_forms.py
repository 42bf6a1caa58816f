"""The forms about the plan's reviews: finish one, and record the second signature."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from cmp_tui.careplan import version_actions as actions
from cmp_tui.careplan.goal_forms import LOOK_WEEKS, Args
from cmp_tui.careplan.lines import WholePlan
from cmp_tui.careplan.queries import changes_since, version_line, versions_of, whole_plan
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.staff import staff_list
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import Card, patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.said import SaidField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, FormMaker, Opening, its_patient, its_record, own_key

MOST_SAID = 12
HOW = ("by phone", "in a message", "on paper", "at the visit")


async def review_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Finishes a review: says what has changed, takes the approval if there is one, makes a version."""
    patient = its_patient(patient)
    card = await context.live.ask(patient_card, patient)
    whole = await context.live.ask(whole_plan, patient)
    if not whole.goals and not whole.ended:
        raise Gone("There is no goal yet. A plan has at least one: n adds it, or takes it from a template.")
    key = own_key(context, args)
    first = not whole.versions
    clinician = "clinician" in context.me.roles
    today = context.here.today()

    async def submit(submission: Submission) -> Any:
        if any(one.id == key for one in await context.live.ask(versions_of, patient)):
            return Again()
        values = submission.values
        approved = values.get("approved") == "now"
        return await context.live.do(
            actions.finish_review,
            patient,
            id=key,
            review_on=_day(values.get("review_on")),
            approval=_approval(values) if approved else None,
            remarks=str(values.get("remarks") or "") or None,
        )

    def said(version: Any) -> str:
        if isinstance(version, Again):
            return AGAIN
        signed = "approved" if version.approved_on else "A records the practitioner's approval"
        return f"Version {version.number} is signed; {signed}."

    fields: list[Field] = [
        SaidField(name="changed", label="The plan" if first else "What changed",
            sentences=_sentences(whole, context),
        ),
        TextField(name="remarks", label="Remarks", limit=300, help="what the review was: yearly, with her daughter"),
        DateField(
            name="review_on", label="Goals again", toward="future",
            help="when the goals whose own look is due are looked at next",
        ),
    ]  # fmt: skip
    if not clinician:
        fields += await _approval_fields(context, card, asked=True)
    spec = FormSpec(
        name="plan-review",
        title="Make the plan" if first else "Finish the review",
        identity=identity(card, today),
        fields=tuple(fields),
        button="Sign",
    )
    values = {"review_on": today + timedelta(weeks=LOOK_WEEKS * 3), "approved": "later", "day": today}
    values["by"] = card.practitioner_name or ""
    return Opening(spec, submit, values, said=said)


async def approval_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A practitioner's approval of a version: the second signature."""
    patient, record = its_patient(patient), its_record(record)
    card = await context.live.ask(patient_card, patient)
    line = await context.live.ask(version_line, record)
    clinician = "clinician" in context.me.roles
    today = context.here.today()

    async def submit(submission: Submission) -> Any:
        given = {} if clinician else _approval(submission.values)
        return await context.live.do(actions.approve_version, line.id, submission.seen, **given)

    about = [f"Version {line.number}, signed by {line.signed_as or 'nobody'}.", *line.changes]
    fields: list[Field] = [SaidField(name="changed", label="Version", sentences=about)]
    if not clinician:
        fields += await _approval_fields(context, card, asked=False)
    spec = FormSpec(
        name="plan-approval",
        title=f"Approve version {line.number}",
        identity=identity(card, today),
        fields=tuple(fields),
        button="Approve",
        keys_hint=f"signs it as {context.me.signature}" if clinician else "",
    )
    values = {"by": card.practitioner_name or "", "how": HOW[0], "day": today}
    return Opening(
        spec, submit, values, line.version, lambda version: f"Version {version.number} is approved."
    )


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {"plan-review": review_form, "plan-approval": approval_form}
)


def _sentences(whole: WholePlan, context: FormContext) -> list[str]:
    empty = [
        one.words.lower()
        for one in whole.elements
        if not one.filled and one.name not in ("review", "revision")
    ]
    found = list(whole.changes) if whole.versions else changes_since(whole, context.reference)
    more = len(found) - MOST_SAID
    said = found[:MOST_SAID] or ["Nothing since the last version."]
    if more > 0:
        said.append(f"And {more} more.")
    if empty:
        said.append(f"Not written yet: {', '.join(empty)}.")
    return said


async def _approval_fields(context: FormContext, card: Card, *, asked: bool) -> list[Field]:
    staff = await context.live.ask(staff_list)
    names = [one.name for one in staff if "clinician" in one.roles]
    help = "who approved it" + (f": {', '.join(names[:3])}" if names else "")

    def now(values: Mapping[str, object]) -> bool:
        return not asked or values.get("approved") == "now"

    fields: list[Field] = []
    if asked:
        fields.append(
            ChoiceField(
                name="approved", label="Approved", required=True,
                options=(Option("later", "not yet"), Option("now", "by the practitioner")),
                help="not yet: the month's close asks for it; A records it",
            )
        )  # fmt: skip
    return [
        *fields,
        TextField(name="by", label="By", limit=120, required=True, when=now, help=help),
        ChoiceField(
            name="how", label="How", required=True, when=now, default=HOW[0],
            options=tuple(Option(one, one) for one in HOW),
        ),
        DateField(name="day", label="On", only="past", required=True, when=now),
    ]  # fmt: skip


def _approval(values: Mapping[str, object]) -> dict[str, Any]:
    return {
        "by": str(values.get("by") or ""),
        "how": str(values.get("how") or ""),
        "day": _day(values.get("day")),
    }


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
