"""The form about a patient's risk tier: the points with what is behind them, and a clinician's own tier."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cmp_tui.assessments.risk_actions import clear_tier, set_tier, write_tiers
from cmp_tui.assessments.risk_behind import Teller
from cmp_tui.assessments.risk_grid import HEADS, grid_rows
from cmp_tui.assessments.risk_queries import Behind, Result, risk_of
from cmp_tui.assessments.risk_words import points_words
from cmp_tui.clinic.errors import Gone
from cmp_tui.patients.form_fields import Args
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.grid import GridField
from cmp_tui.ui.fields.tell import TellField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, given, its_patient
from cmp_tui.ui.words import day_words

OWN = ("set_tier", "set_why", "review_on")
"""What a clinician says; the other parts of the form only show."""


async def tier_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """What the rules see now, point by point, and the clinician's own tier. Saving also keeps the points of now."""
    patient = its_patient(patient)
    card = await context.live.ask(patient_card, patient)
    if card.deceased:
        raise Gone("This patient has died; no risk tier is kept any more.")
    behind = await context.live.ask(risk_of, patient)
    today = context.here.today()
    tell = Teller(behind, context.reference, lambda day: day_words(day, today))
    kept, risk = behind.kept, behind.risk
    clinician = "clinician" in context.me.roles
    result = Result(patient, risk.tier, risk.points, risk.given())

    async def submit(submission: Submission) -> Any:
        own: dict[str, Any] = {name: submission.values.get(name) for name in OWN}
        was = kept.set_tier if kept is not None else None
        if clinician and own["set_tier"] and (was is None or set(submission.changes) & set(OWN)):
            tier, seen = int(own["set_tier"]), submission.seen
            return await context.live.do(set_tier, patient, tier, own["set_why"], own["review_on"], seen)
        if clinician and was is not None and not own["set_tier"]:
            return await context.live.do(clear_tier, patient, submission.seen)
        await context.live.do(write_tiers, [result])
        return None

    def said(row: Any) -> str:
        if row is not None and row.set_tier is not None:
            return f"Tier {row.set_tier} holds until the review {tell.day(row.review_on)}."
        holds = kept.set_tier if row is None and kept is not None and kept.set_tier is not None else None
        if holds is not None:
            return f"Tier {holds}, set by a clinician, still holds; the rules say {risk.tier}."
        return f"Tier {risk.tier} by {points_words(risk.points)}."

    spec = FormSpec(
        name="tier",
        title="Risk tier",
        fields=_fields(behind, tell, clinician),
        identity=identity(card, today),
    )
    values: dict[str, object] = {}
    if kept is not None and kept.set_tier is not None:
        values = {"set_tier": str(kept.set_tier), "set_why": kept.set_why, "review_on": kept.review_on}
    return Opening(spec, submit, {**values, **given(args)}, kept.version if kept else None, said)


def _fields(behind: Behind, tell: Teller, clinician: bool) -> tuple[Field, ...]:
    points = GridField(name="points", label="", heads=HEADS, rows=grid_rows(behind, tell))
    if not clinician:
        return (points, _told("Only a clinician sets another tier: ask one, with a task (n on Today)."))
    own = tuple(Option(str(one.tier), f"{one.tier} {one.words}") for one in reversed(behind.book.tiers))

    def is_set(values: Mapping[str, object]) -> bool:
        return bool(values.get("set_tier"))

    return (
        points,
        ChoiceField(
            name="set_tier", label="Own tier", options=own,
            help="stands before the computed one; empty: the computed one holds",
        ),
        TextField(name="set_why", label="Why", limit=500, required=True, when=is_set, help="stays with the tier"),
        DateField(
            name="review_on", label="Review on", required=True, when=is_set, only="future",
            help="when you will look at it again: +3m, 2027-02-01",
        ),
    )  # fmt: skip


def _told(text: str) -> TellField:
    return TellField(name="told", label="", lines=lambda values: [(text, "dim")])


FORMS: Mapping[str, FormMaker] = MappingProxyType({"tier": tier_form})
"""The forms of this file."""
