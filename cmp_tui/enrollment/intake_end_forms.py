"""The forms that end an intake, put it on hold, or bring it back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.staff import staff_list
from cmp_tui.enrollment import intake_actions as actions
from cmp_tui.enrollment.intake_book import intake_book
from cmp_tui.enrollment.intake_form_parts import (
    card_of,
    end_field,
    is_there,
    key_of,
    owner_field,
    words_or_none,
)
from cmp_tui.enrollment.intake_queries import IntakeCard
from cmp_tui.patients.form_fields import Edit
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, Opening, given, own_key
from cmp_tui.ui.words import day_words

Args = dict[str, Any]


async def end_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """Ends an intake with a coded reason; says when it comes back."""
    card, who = await card_of(context, record)
    today = context.here.today()
    end: Edit = actions.end_intake

    async def submit(submission: Submission) -> Any:
        values = submission.values
        comes = values.get("comes")
        return await context.live.do(
            end,
            card.id,
            submission.seen,
            end=values["end"],
            back_on=values.get("back_on") if comes == "day" else None,
            never=comes == "never",
            **words_or_none(values, "why"),
        )

    spec = FormSpec(
        name="end-intake",
        title="End",
        identity=who,
        fields=(
            end_field(context, intake_book(context.reference).back, but=("hold", "graduated", "merged")),
            ChoiceField(
                name="comes",
                label="Comes back",
                required=True,
                options=(Option("usual", "as usual"), Option("day", "on a day"), Option("never", "never")),
            ),
            DateField(
                name="back_on", label="On", required=True, only="future", help="+90, +6m, 1/1",
                when=lambda values: values.get("comes") == "day",
            ),
            TextField(name="why", label="Words", limit=500, help="what they said; it stands there when it comes back"),
        ),
    )  # fmt: skip

    def said(row: Any) -> str:
        words = context.reference.label("program_end", row.end).capitalize()
        back = f"comes back {day_words(row.back_on, today)}" if row.back_on else "does not come back"
        return f"{words}; {back}. u takes it back."

    usual = {"end": _likely(card), "comes": "usual", **given(args)}
    return Opening(spec, submit, usual, card.version, said)


async def hold_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """Puts an intake on hold until a day."""
    card, who = await card_of(context, record)
    today = context.here.today()
    hold: Edit = actions.hold_intake

    async def submit(submission: Submission) -> date:
        values = submission.values
        until = values["until"]
        assert isinstance(until, date)
        await context.live.do(hold, card.id, submission.seen, until=until, why=str(values["why"]))
        return until

    spec = FormSpec(
        name="hold-intake",
        title="Put on hold",
        identity=who,
        fields=(
            DateField(name="until", label="Until", required=True, only="future", help="+2w, 1/15; it comes back then"),
            TextField(name="why", label="Why", required=True, limit=500, help="in hospital until …, away until …"),
        ),
    )  # fmt: skip
    values = {"until": today + timedelta(days=30)}
    return Opening(
        spec, submit, values, card.version, lambda until: f"On hold; comes back {day_words(until, today)}."
    )


async def reopen_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Brings an ended intake back: a new one that names the earlier one."""
    card, who = await card_of(context, record)
    if card.stage != "ended":
        raise Gone("This one is not ended; enter does its next step.")
    staff = await context.live.ask(staff_list)
    key = own_key(context, args)
    reopen: Edit = actions.reopen_intake

    async def submit(submission: Submission) -> Any:
        if await is_there(context, key):
            return Again()
        values = submission.values
        return await context.live.do(
            reopen, card.id, owner=key_of(values.get("owner")), id=key, **words_or_none(values, "reason")
        )

    label = context.reference.label
    ended = (
        f"{label('program_end', card.end)}, {day_words(card.ended_on or card.received, context.here.today())}"
    )
    spec = FormSpec(
        name="reopen-intake",
        title="Bring back",
        identity=who,
        fields=(
            TextField(
                name="reason",
                label="Why",
                limit=500,
                help=f"{ended}{': ' + card.end_why if card.end_why else ''}",
            ),
            owner_field(staff),
        ),
    )

    def said(row: Any) -> str:
        return AGAIN if isinstance(row, Again) else f"Back: {label('intake_stage', row.stage)}."

    return Opening(spec, submit, {"reason": card.reason, "owner": context.me.id}, said=said)


def _likely(card: IntakeCard) -> str | None:
    """The end that the facts speak for."""
    if card.eligible is False:
        return "ineligible-conditions"
    if card.consent in ("declined", "revoked"):
        return "declined-interest" if card.consent == "declined" else "withdrawn"
    if card.tries.enough and card.reached_on is None:
        return "unable-to-reach"
    return None
