"""The forms that put asking off, end a referral, take it up again, or strike it or a step out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cmp_tui.clinic.calendar import add_business_days
from cmp_tui.clinic.errors import Gone
from cmp_tui.referrals import actions
from cmp_tui.referrals.form_parts import Act, Args, line_of
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.fields.yesno import YesNoField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, Opening, given
from cmp_tui.ui.words import day_words

LATER: Act = actions.check_later
END: Act = actions.end_referral
REOPEN: Act = actions.reopen_referral
STRIKE: Act = actions.strike_referral
STRIKE_STEP: Act = actions.strike_step


async def later_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Until when asking can wait, and why; the words stay with the referral."""
    line, who = await line_of(context, record)
    today = context.here.today()

    async def submit(submission: Submission) -> Any:
        values = submission.values
        until, why = values["until"], str(values["why"])
        return await context.live.do(LATER, line.id, until=until, why=why, seen=submission.seen)

    spec = FormSpec(
        name="referral-later",
        title="Ask later",
        identity=who,
        fields=(
            DateField(
                name="until", label="Ask on", required=True, toward="future", help="fri, +3, +1w, 11/30"
            ),
            TextField(
                name="why",
                label="Why",
                required=True,
                limit=500,
                help="they said by Friday; the patient is away",
            ),
        ),
    )
    return Opening(
        spec,
        submit,
        {"until": add_business_days(today, 1)},
        line.version,
        lambda row: f"{row.what}: we ask on {day_words(row.check_on, today)}.",
    )


def end_fields(
    context: FormContext, ends: Sequence[str] | None = None, *, when: Any = None
) -> tuple[Field, ...]:
    """How it ended, and the words that belong to it."""
    shown = when or (lambda values: True)

    def asks_met(values: Mapping[str, object]) -> bool:
        return bool(shown(values)) and values.get("end") not in ("met", "not-met", None)

    codes = [one for one in context.reference.codes("referral_end") if ends is None or one.code in ends]
    return (
        ChoiceField(
            name="end",
            label="Ends as",
            required=True,
            options=options(codes),
            when=when,
            help="space lists all",
        ),
        YesNoField(
            name="end_met",
            label="Need met",
            unknown="not known",
            when=asks_met,
            help="met elsewhere, or gone?",
        ),
        TextField(
            name="end_why",
            label="Words",
            limit=500,
            when=when,
            help="why not; what we learn from it" if when is None else "what was said",
        ),
    )


async def end_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """Ends a referral with a coded reason."""
    line, who = await line_of(context, record)

    async def submit(submission: Submission) -> Any:
        values = submission.values
        met = values.get("end_met")
        return await context.live.do(
            END,
            line.id,
            submission.seen,
            end=values["end"],
            why=values.get("end_why") or None,
            need_met=met if met is not True or values["end"] == "met" else None,
        )

    spec = FormSpec(name="end-referral", title="End", identity=who, fields=end_fields(context))
    usual = "died" if line.deceased else {"declined": "declined", "told": "met"}.get(line.stage, "not-needed")
    return Opening(
        spec,
        submit,
        {"end": usual, **given(args)},
        line.version,
        lambda row: f"{row.what}: {context.reference.label('referral_end', row.end)}. u takes it back.",
    )


async def reopen_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Takes up again what was ended."""
    line, who = await line_of(context, record)
    if line.ended_on is None:
        raise Gone(f"{line.what} has not ended.")

    async def submit(submission: Submission) -> Any:
        return await context.live.do(REOPEN, line.id, str(submission.values["why"]), submission.seen)

    how = context.reference.label("referral_end", line.end)
    spec = FormSpec(
        name="reopen-referral",
        title="Take up again",
        identity=who,
        fields=(TextField(name="why", label="Why", required=True, limit=500, help=f"it ended: {how}"),),
    )
    today = context.here.today()
    return Opening(
        spec,
        submit,
        {},
        line.version,
        lambda row: f"{row.what}: taken up again. We ask on {day_words(row.check_on, today)}.",
    )


async def strike_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Strikes out a referral that was recorded by mistake."""
    line, who = await line_of(context, record)

    async def submit(submission: Submission) -> Any:
        return await context.live.do(STRIKE, line.id, str(submission.values["why"]), submission.seen)

    help = "only what never was; what came to nothing is ended with a reason"
    spec = FormSpec(
        name="strike-referral",
        title="Strike out",
        identity=who,
        fields=(TextField(name="why", label="Why", required=True, limit=200, help=help),),
    )
    return Opening(spec, submit, {}, line.version, lambda _: f"Struck out: {line.what}. u brings it back.")


async def strike_step_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Strikes out the last step that was taken by mistake. `args`: `which` (the step's key as hex)."""
    _, who = await line_of(context, record)
    if not args.get("which"):
        raise Gone("This form needs a step. Open it from the list.")
    step = bytes.fromhex(str(args["which"]))

    async def submit(submission: Submission) -> Any:
        return await context.live.do(STRIKE_STEP, step, str(submission.values["why"]))

    spec = FormSpec(
        name="strike-referral-step",
        title="Strike out a step",
        identity=who,
        fields=(
            TextField(name="why", label="Why", required=True, limit=200, help=str(args.get("words", ""))),
        ),
    )
    label = context.reference.label
    return Opening(
        spec,
        submit,
        {},
        None,
        lambda row: f"Struck out. {row.what}: {label('referral_stage', row.stage)}. u brings it back.",
    )
