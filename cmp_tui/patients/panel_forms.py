"""The forms about panels: lending mine for some days, ending a loan, moving patients to a colleague."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.staff import StaffRow, staff_list
from cmp_tui.patients.actions import end_loan, lend_panel, move_panel
from cmp_tui.patients.queries import loans
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening
from cmp_tui.ui.words import day_words, plural

CARERS = frozenset({"care-manager", "clinician"})
Args = Mapping[str, Any]


async def lend_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """Lends my panel: to whom, from when to when. My patients stay mine and show in the colleague's Today."""
    others = [one for one in await _carers(context) if one.id != context.me.id]
    if not others:
        raise Gone("Nobody else here cares for patients. Add a colleague first: cmp-tui staff add")
    today = context.here.today()

    async def submit(submission: Submission) -> Any:
        given = submission.values
        cover, starts, ends = given["cover"], given["starts"], given["ends"]
        assert isinstance(cover, bytes) and isinstance(starts, date) and isinstance(ends, date)
        why = str(given.get("why") or "") or None
        return await context.live.do(lend_panel, context.me.id, cover, starts, ends, why)

    spec = FormSpec(
        name="lend",
        title="Lend my panel",
        fields=(
            ChoiceField(name="cover", label="To", required=True, options=_options(others)),
            DateField(name="starts", label="From", required=True, only="future", row="days", width=24),
            DateField(name="ends", label="to", required=True, only="future", row="days", help="the last day"),
            TextField(name="why", label="Why", limit=200, help="holiday, training"),
        ),
    )
    names = {one.id: one.name for one in others}
    return Opening(
        spec,
        submit,
        values={"starts": today},
        said=lambda loan: f"Lent to {names[loan.cover]} until {day_words(loan.ends, today)}.",
    )


async def end_loan_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Ends a loan of mine, or one to me."""
    mine = [loan for loan in await context.live.ask(loans) if context.me.id in (loan.owner, loan.cover)]
    if not mine:
        raise Gone("No panel is lent by you or to you.")
    choices = tuple(
        Option(loan.id, f"{loan.owner_name} to {loan.cover_name}, until {loan.ends}") for loan in mine
    )

    async def submit(submission: Submission) -> Any:
        key = submission.values["loan"]
        assert isinstance(key, bytes)
        return await context.live.do(end_loan, key)

    spec = FormSpec(
        name="end-loan",
        title="End a loan",
        fields=(ChoiceField(name="loan", label="Which", required=True, options=choices),),
    )
    return Opening(spec, submit, values={"loan": mine[0].id}, said=lambda loan: "The loan has ended.")


async def move_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """Moves a care manager's patients to another; one undo takes it back."""
    carers = await _carers(context)
    owners = [one for one in await context.live.ask(staff_list, everyone=True) if one.roles & CARERS]

    async def submit(submission: Submission) -> int:
        owner, to = submission.values["owner"], submission.values["to"]
        assert isinstance(owner, bytes) and isinstance(to, bytes)
        return await context.live.do(move_panel, owner, to)

    spec = FormSpec(
        name="move",
        title="Move a panel",
        fields=(
            ChoiceField(name="owner", label="Of", required=True, options=_options(owners)),
            ChoiceField(name="to", label="To", required=True, options=_options(carers)),
        ),
        keys_hint="all patients of the one become patients of the other; u takes it back",
    )
    return Opening(
        spec, submit, values={"owner": context.me.id}, said=lambda count: f"{plural(count, 'patient')} moved."
    )


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {"lend": lend_form, "end-loan": end_loan_form, "move": move_form}
)
"""The forms about panels, by the name under which `OpenForm` and drafts know them."""


async def _carers(context: FormContext) -> list[StaffRow]:
    return [one for one in await context.live.ask(staff_list) if one.roles & CARERS]


def _options(staff: Sequence[StaffRow]) -> tuple[Option, ...]:
    return tuple(Option(one.id, one.name) for one in staff)
