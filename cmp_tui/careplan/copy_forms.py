"""The forms about a plan on paper: the patient's copy, the summary for another provider, and that it was given."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cmp_tui.careplan.copy_actions import PATIENT, give_copy
from cmp_tui.careplan.copy_book import copy_book
from cmp_tui.careplan.copy_out import Written, copy_file
from cmp_tui.careplan.queries import changes_since, whole_plan
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.reference_rows import spoken
from cmp_tui.clinic.staff import os_user
from cmp_tui.files.outbox import scp_line
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import Card, patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.said import SaidField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening, its_patient, own_key
from cmp_tui.ui.words import day_words

Args = dict[str, Any]
TONGUES = (Option("en", "English"), Option("es", "Spanish"))
LARGE = (Option("pdf", "PDF in large letters"), Option("text", "plain text, for the portal or the EHR"))
SMALL = (Option("pdf", "PDF, one page"), Option("text", "plain text"))
LOGS = (Option("no", "none"), Option("yes", "log one too"))
ELSE = "-"
"""Stands for someone who is not among the known names."""
HOW_KEYS: Mapping[str, str] = MappingProxyType(
    {"in-person": "i", "mail": "m", "portal": "p", "email": "e", "fax": "f"}
)
"""The letter of each way in which a copy is given: most of their words begin with the same one."""
OWN_TO = ("patient", "caregiver", "agency", "other")
OTHERS = ("provider", "agency", "pharmacy", "payer", "caregiver", "other")
FETCH = "From your own computer: {line}"
PRINTED = "Written to {where}. Printing is not giving: say who got it and how, or leave with esc."


async def plan_copy_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Writes the patient's copy; then the form opens that asks who got it."""
    card = await card_of(context, patient)
    whole = await context.live.ask(whole_plan, card.id)
    if whole.plan is None and not whole.goals:
        raise Gone("There is no plan to print yet. n begins it: from templates, or with a goal.")
    notes = []
    if spoken(card.language) == "en" and not (card.language or "en").casefold().startswith("en"):
        notes.append(f"There are no texts in {card.language} yet: choose English or Spanish.")
    if not (context.settings.phone and context.settings.phone_always):
        notes.append(
            "The clinic's numbers are not all set (cmp-tui settings phone …, phone_always …): the copy leaves a line "
            "to write them on."
        )
    if not whole.versions:
        notes.append("No version is signed yet: R finishes a review. What is printed is a draft.")
    elif changes_since(whole, context.reference):
        notes.append(
            f"The plan has changed since version {whole.versions[0].number}; the copy shows it as it is now."
        )
    notes += copy_book(context.reference).problems

    async def submit(submission: Submission) -> Written:
        plain, tongue = submission.values["format"] == "text", str(submission.values["tongue"])
        return await context.live.ask_long(
            copy_file, context.live.clinic, card.id, tongue, plain=plain
        )  # fmt: skip

    def then(written: Written) -> tuple[str, bytes | None, bytes | None, Args]:
        return (
            "give-copy",
            card.id,
            None,
            {**about_paper(written), "kind": PATIENT, "to": str(args.get("to") or PATIENT)},
        )

    spec = FormSpec(
        name="plan-copy",
        title="The patient's copy",
        fields=(
            ChoiceField(
                name="tongue", label="In", required=True, options=TONGUES,
                help="people's own words stay as they were written",
            ),
            ChoiceField(name="format", label="As", required=True, options=LARGE),
            *_notes(notes),
        ),
        identity=identity(card, context.here.today()),
        button="Print",
    )  # fmt: skip
    values = {"tongue": spoken(card.language), "format": "pdf"}
    return Opening(spec, submit, values, said=said_of_paper, then=then)


async def give_copy_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Records that a copy was given. `args`: kind, to, name, and of a paper just written its language, digest,
    version and where it lies."""
    card = await card_of(context, patient)
    key = own_key(context, args)
    kind = str(args.get("kind") or PATIENT)
    people = ", ".join(one.name for one in card.people if one.caregiver)
    version = bytes.fromhex(str(args["of_version"])) if args.get("of_version") else None

    async def submit(submission: Submission) -> Any:
        values: dict[str, Any] = submission.values
        language = values.get("tongue") or args.get("language")
        return await context.live.do(
            give_copy, card.id, id=key, kind=kind, to=str(values["to"]), name=str(values.get("name") or "") or None,
            how=str(values["how"]), day=values["day"], language=str(language) if language else None,
            digest=args.get("digest"), of_version=version, contact=values["contact"] == "yes",
        )  # fmt: skip

    known = [one for one in context.reference.codes("with_whom") if one.code in _whom(kind)]
    fields: list[Field] = [
        ChoiceField(name="to", label="Given to", required=True, options=options(known)),
        TextField(
            name="name", label="Name", required=True, limit=200,
            when=lambda values: values.get("to") != PATIENT, help=people or "who got it",
        ),
        ChoiceField(
            name="how", label="How", required=True, options=options(context.reference.codes("given_how"), HOW_KEYS),
            help="i in person, m by mail, p by portal, e by email, f by fax",
        ),
        DateField(name="day", label="When", required=True, only="past"),
    ]  # fmt: skip
    if kind == PATIENT and not args.get("language"):
        fields.append(ChoiceField(name="tongue", label="In", required=True, options=TONGUES))
    fields.append(ChoiceField(name="contact", label="Contact", required=True, options=LOGS))
    if args.get("where"):
        fetch = [FETCH.format(line=args["fetch"])] if args.get("fetch") else []
        fields += _notes([PRINTED.format(where=args["where"]), *fetch])
    spec = FormSpec(
        name="give-copy",
        title="Given: the patient's copy" if kind == PATIENT else "Sent: summary of the plan",
        fields=tuple(fields),
        identity=identity(card, context.here.today()),
    )
    values = {
        "to": args.get("to") or (PATIENT if kind == PATIENT else "provider"), "name": args.get("name") or "",
        "day": context.here.today(), "tongue": spoken(card.language), "contact": "no",
    }  # fmt: skip
    return Opening(spec, submit, values, said=lambda copy: _given_words(context, copy))


def about_paper(written: Written) -> Args:
    """What the next form needs of a paper: which plan it tells of, and where it lies."""
    return {
        "digest": written.digest,
        "of_version": written.of_version.hex() if written.of_version else None,
        "language": written.language,
        "where": written.paper.shown,
        "fetch": scp_line(written.paper.path, os.environ, os_user())
        if "SSH_CONNECTION" in os.environ
        else "",
    }


def said_of_paper(written: Written) -> str:
    left = f" Left out, as the font lacks it: {' '.join(written.dropped)}" if written.dropped else ""
    return f"Written to {written.paper.shown}.{left}"


def _given_words(context: FormContext, copy: Any) -> str:
    how = context.reference.label("given_how", copy.how)
    whom = copy.name or f"the {context.reference.label('with_whom', copy.to)}"
    return f"Recorded: given to {whom} {how}, {day_words(copy.date, context.here.today())}."


def _whom(kind: str) -> tuple[str, ...]:
    return OWN_TO if kind == PATIENT else OTHERS


def _notes(notes: list[str]) -> tuple[Field, ...]:
    return (SaidField(name="told", label="", sentences=notes),) if notes else ()


async def card_of(context: FormContext, patient: bytes | None) -> Card:
    patient = its_patient(patient)
    return await context.live.ask(patient_card, patient)


FORMS: Mapping[str, FormMaker] = MappingProxyType({"plan-copy": plan_copy_form, "give-copy": give_copy_form})
"""The forms of this file."""
