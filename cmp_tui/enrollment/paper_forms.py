"""The forms that print: the consent text of a program, and a letter that may be logged as a contact in the same go."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from cmp_tui.clinic import ids
from cmp_tui.enrollment.consent_book import scripts
from cmp_tui.enrollment.form_parts import USUAL, about
from cmp_tui.enrollment.letter_actions import log_letter
from cmp_tui.enrollment.letter_book import letters
from cmp_tui.enrollment.paper_out import consent_file, letter_file
from cmp_tui.enrollment.wording import Tongue, tongue_of
from cmp_tui.patients.form_fields import Args
from cmp_tui.patients.panel import identity
from cmp_tui.patients.paper_out import Paper
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.tell import TellField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, given, own_key

TONGUES = (Option("en", "English"), Option("es", "Spanish"))
FORMATS = (Option("pdf", "PDF in large letters"), Option("text", "plain text"))
LOGS = (Option("yes", "log it as a contact: it goes out today"), Option("no", "only print it"))


class Printed(NamedTuple):
    """What was printed, and whether it was logged."""

    paper: Paper
    logged: bool = False


async def consent_paper_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Prints the consent text of a program; with `consent` (a key) a copy of what was recorded."""
    card, _ = await about(context, patient)
    own = ids.read(str(args["consent"])) if args.get("consent") else None
    known = scripts(context.reference).by_program
    programs = tuple(
        Option(code.code, f"{code.code} {code.label}")
        for code in context.reference.codes("program")
        if code.code in known
    )

    async def submit(submission: Submission) -> Printed:
        values = submission.values
        paper = await context.live.ask_long(
            consent_file, context.live.clinic, card.id, str(values["program"]), _tongue(values),
            consent=own, plain=values["format"] == "text",
        )  # fmt: skip
        return Printed(paper)

    spec = FormSpec(
        name="consent-paper",
        title="Copy of the consent" if own else "Consent text",
        fields=(ChoiceField(name="program", label="Program", required=True, options=programs), *_printing()),
        identity=identity(card, context.here.today()),
        button="Print",
    )
    values = {
        "program": USUAL, "tongue": tongue_of(card.language), "format": "pdf",
        **{name: value for name, value in given(args).items() if name != "consent"},
    }  # fmt: skip
    return Opening(spec, submit, values, said=_said)


async def letter_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Prints a letter. The person says whether it is logged as a contact."""
    card, _ = await about(context, patient)
    shelf = letters(context.reference)
    key = own_key(context, args)
    program = str(args["program"]) if args.get("program") else None

    async def submit(submission: Submission) -> Printed:
        values = submission.values
        name = str(values["letter"])
        paper = await context.live.ask_long(
            letter_file, context.live.clinic, card.id, name, program, _tongue(values),
            plain=values["format"] == "text",
        )  # fmt: skip
        if values["log"] != "yes":
            return Printed(paper)
        await context.live.do(log_letter, card.id, letter=name, file=paper.path.name, id=key)
        return Printed(paper, logged=True)

    missing = "The clinic's telephone number is not set (cmp-tui settings phone …): the letter leaves a line for it."
    notes = [*([] if context.settings.phone else [missing]), *shelf.problems]
    fields: list[Field] = [
        ChoiceField(
            name="letter", label="Letter", required=True,
            options=tuple(Option(one.name, one.title) for one in shelf.by_name.values()),
        ),
        *_printing(),
        ChoiceField(
            name="log", label="Record", required=True, options=LOGS, help="nothing is logged unless you say so",
        ),
    ]  # fmt: skip
    if notes:
        fields.append(
            TellField(name="told", label="", lines=lambda values: [(one, "amber") for one in notes])
        )
    spec = FormSpec(
        name="letter",
        title="Letter",
        fields=tuple(fields),
        identity=identity(card, context.here.today()),
        button="Print",
    )
    first = next(iter(shelf.by_name), None)
    return Opening(
        spec, submit, {"letter": first, "tongue": tongue_of(card.language), "format": "pdf"}, said=_said
    )


def _printing() -> tuple[Field, ...]:
    return (
        ChoiceField(
            name="tongue", label="In", required=True, options=TONGUES, help="by the patient's language"
        ),
        ChoiceField(name="format", label="As", required=True, options=FORMATS),
    )


def _tongue(values: Mapping[str, Any]) -> Tongue:
    return "es" if values.get("tongue") == "es" else "en"


def _said(printed: Printed) -> str:
    written = f"ritten to {printed.paper.shown}."
    return f"Logged as a contact; w{written}" if printed.logged else f"W{written}"


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {"consent-paper": consent_paper_form, "letter": letter_form}
)
"""The forms of this file."""
