"""The forms about a referral letter: it is printed, then it is said that it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cmp_tui.referrals.form_parts import Act, Args, line_of
from cmp_tui.referrals.letter_actions import send_letter
from cmp_tui.referrals.letter_out import LetterFile, letter_file
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.said import SaidField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, own_key

FORMATS = (Option("pdf", "PDF"), Option("text", "plain text, for a portal"))
SEND: Act = send_letter
NO_NUMBER = "The clinic's numbers are not all set (cmp-tui settings phone …, fax …): the letter leaves a line for them."
PRINTED = "Written to {where}. Printing is not sending: say how it went out, or leave with esc."


async def letter_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Writes the letter of a referral; then the form opens that asks how it was sent."""
    line, who = await line_of(context, record)

    async def submit(submission: Submission) -> tuple[LetterFile, str]:
        records = str(submission.values.get("records") or "")
        written = await context.live.ask_long(
            letter_file, context.live.clinic, line.id, records, plain=submission.values["format"] == "text"
        )
        return written, records

    def then(result: tuple[LetterFile, str]) -> tuple[str, bytes | None, bytes | None, dict[str, Any]]:
        return "letter-sent", line.patient, line.id, {"where": result[0].paper.shown, "records": result[1]}

    missing = [] if line.question else ["The referral has no question: the letter only names what it is for."]
    if not (context.settings.phone and context.settings.fax):
        missing.append(NO_NUMBER)
    notes: tuple[Field, ...] = (SaidField(name="told", label="", sentences=missing),) if missing else ()
    spec = FormSpec(
        name="referral-letter",
        title="Referral letter",
        fields=(
            ChoiceField(name="format", label="As", required=True, options=FORMATS),
            TextField(name="records", label="Enclosed", limit=500, help="last note, ECG, labs: what goes with it"),
            *notes,
        ),
        identity=who,
        button="Print",
    )  # fmt: skip
    return Opening(spec, submit, {"format": "pdf", "records": line.records}, said=_said, then=then)


async def letter_sent_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Records that the letter went out. `args`: `where` it lies, `records` that go with it."""
    line, who = await line_of(context, record)
    key = own_key(context, args)

    async def submit(submission: Submission) -> Any:
        values: dict[str, Any] = submission.values
        return await context.live.do(
            SEND, line.id, id=key, to=values.get("to") or None, how=values["how"], day=values["day"],
            records=str(args.get("records") or "") or None,
        )  # fmt: skip

    told = [PRINTED.format(where=args["where"])] if args.get("where") else []
    spec = FormSpec(
        name="letter-sent",
        title="Letter sent",
        fields=(
            TextField(name="to", label="To", limit=200),
            ChoiceField(name="how", label="How", required=True, options=options(context.reference.codes("given_how")),
                        help=f"fax {line.fax}" if line.fax else "no fax number in the directory"),
            DateField(name="day", label="On", required=True, only="past"),
            *((SaidField(name="told", label="", sentences=told),) if told else ()),
        ),
        identity=who,
    )  # fmt: skip
    begin = {"to": line.to or "", "how": "fax" if line.fax else "mail", "day": context.here.today()}
    return Opening(
        spec, submit, begin,
        said=lambda row: f"Recorded: sent {context.reference.label('given_how', row.how)} on {row.day}.",
    )  # fmt: skip


def _said(result: tuple[LetterFile, str]) -> str:
    written = result[0]
    left = f" Left out, as the font lacks it: {' '.join(written.dropped)}" if written.dropped else ""
    return f"Written to {written.paper.shown}.{left}"


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {"referral-letter": letter_form, "letter-sent": letter_sent_form}
)
"""The forms of this file."""
