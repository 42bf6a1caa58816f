"""The eligibility checklist as a form: what the rules say of every program, and what a person decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from cmp_tui.enrollment import eligibility_queries as queries
from cmp_tui.enrollment.eligibility_actions import decide_eligibility
from cmp_tui.enrollment.eligibility_grid import Drawer
from cmp_tui.enrollment.eligibility_queries import Checklist
from cmp_tui.enrollment.eligibility_rules import NO, YES
from cmp_tui.patients.form_fields import Args, Edit
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.grid import GridField
from cmp_tui.ui.fields.tell import TellField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.fields.yesno import YesNoField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, FormMaker, Opening, given, its_patient, own_key

ASKED = ("program", "eligible", "why")
"""The fields that are saved; the others only say something."""


async def eligibility_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """The checklist, and a decision about one program. Decisions are not edited: another one is made."""
    patient = its_patient(patient)
    card = await context.live.ask(patient_card, patient)
    found = await context.live.ask(queries.checklist, patient)
    before = await context.live.ask(queries.decisions, patient)
    key = own_key(context, args)
    decide: Edit = decide_eligibility

    async def submit(submission: Submission) -> Any:
        if any(one.id == key for one in await context.live.ask(queries.decisions, patient)):
            return Again()
        values = {name: value for name, value in submission.values.items() if name in ASKED}
        return await context.live.do(decide, patient, id=key, **values)

    def said(row: Any) -> str:
        if isinstance(row, Again):
            return AGAIN
        against = ", against the rules" if row.overruled else ""
        return f"{row.program}: decided {'yes' if row.eligible else 'no'}{against}."

    of_record = next((one.program for one in before if one.id == record), None)
    start = {"program": of_record or _first(found), **given(args)}
    spec = FormSpec(
        name="eligibility",
        title="Eligibility",
        fields=_fields(context, found, str(start["program"])),
        identity=identity(card, context.here.today()),
    )
    return Opening(spec, submit, start, said=said)


def _first(found: Checklist) -> str:
    """The program that the form begins with: the first that the rules say yes to."""
    programs = found.judged.programs
    return next((one.program for one in programs if one.verdict == YES), "CCM")


def _fields(context: FormContext, found: Checklist, program: str) -> tuple[Field, ...]:
    reference, today = context.reference, context.here.today()
    drawer = Drawer(found, reference, today)
    heads = drawer.heads()
    if heads:
        at = heads.index(program) if program in heads else 0
        rules: Field = GridField(name="rules", label="", heads=heads, rows=drawer.rows(), begin_at=(0, at))
    else:
        rules = told(
            "rules",
            f"The programs' rules cover the days until {found.book.last_day}; of today they say nothing.",
        )
    codes = reference.codes("program")
    return (
        rules,
        ChoiceField(
            name="program",
            label="Program",
            required=True,
            options=tuple(Option(one.code, f"{one.code} {one.label}") for one in codes),
        ),
        YesNoField(name="eligible", label="Eligible", required=True, help="what you decide; y or n"),
        *_against(context, found),
        TextField(
            name="why", label="Why", limit=500, help="needed when you decide otherwise than the rules say"
        ),
    )


def told(name: str, text: str, when: Callable[[Mapping[str, object]], bool] | None = None) -> TellField:
    """A sentence that stands in a form while it applies. It has no value."""
    return TellField(name=name, label="", lines=lambda values: [(text, "amber")], when=when)


def _against(context: FormContext, found: Checklist) -> tuple[Field, ...]:
    """What is said as soon as a decision goes against the rules."""
    verdicts = {one.program: one.verdict for one in found.judged.programs}
    clinician = "clinician" in context.me.roles
    yes = "The rules say no. To overrule them needs your reason." if clinician else (
        "The rules say no. Only a clinician may overrule them: ask one, or decide no."
    )  # fmt: skip

    def goes(eligible: bool, verdict: str, values: Mapping[str, object]) -> bool:
        return values.get("eligible") is eligible and verdicts.get(str(values.get("program"))) == verdict

    return (
        told("against-no", yes, lambda values: goes(True, NO, values)),
        told(
            "against-yes",
            "The rules say yes. To decide no needs your reason.",
            lambda values: goes(False, YES, values),
        ),
    )


FORMS: Mapping[str, FormMaker] = MappingProxyType({"eligibility": eligibility_form})
"""The forms of this file."""
