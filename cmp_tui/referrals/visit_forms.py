"""The form that asks how an appointment ended, and what follows when it was missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from cmp_tui.clinic.ids import shown as key_text
from cmp_tui.clinic.staff import staff_list
from cmp_tui.encounters.appointment_forms import appointment_line
from cmp_tui.encounters.appointment_queries import AppointmentLine
from cmp_tui.encounters.appointment_rules import ENDED, OPEN, OWN
from cmp_tui.encounters.appointment_values import when_words
from cmp_tui.encounters.form_values import with_practitioner
from cmp_tui.patients.form_fields import Args, Edit, practitioner_options
from cmp_tui.patients.form_values import OUTSIDE
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.referrals.referral_book import help_form, referral_book
from cmp_tui.referrals.visit_actions import end_visit
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.fields.yesno import YesNoField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, FormMaker, Opening

Next = tuple[str, bytes | None, bytes | None, dict[str, Any]]
AGAIN, HELP, NOTHING = "again", "help", "nothing"


class Done(NamedTuple):
    """What was said: the outcome, why it was missed, and what is to follow."""

    status: str
    why: str | None
    next: str


async def appointment_end_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """How an appointment ended. `args`: `status`. One of ours asks what the visit was; one of a referral, who said
    so and how; a missed one, why, and offers another day or what would have helped. `args` too: `visit_kind`, `mdm`."""
    line = await appointment_line(context, record)
    card = await context.live.ask(patient_card, line.patient)
    staff = await context.live.ask(staff_list)
    today = context.here.today()
    end: Edit = end_visit

    async def submit(submission: Submission) -> Done:
        values = with_practitioner(submission.values)
        follows = str(values.pop("next", None) or NOTHING)
        await context.live.do(end, line.id, submission.seen, **values)
        return Done(str(values["status"]), values.get("missed_why"), follows)

    def then(done: Done) -> Next | None:
        if done.next == AGAIN:
            return "appointment", line.patient, None, _again(line)
        if done.next != HELP:
            return None
        return help_form(referral_book(context.reference), done.why, line.patient, line.what)

    def said(done: Done) -> str:
        return f"{line.what}: {context.reference.label('appointment_status', done.status)}."

    usual = next((one.username for one in staff if one.may_bill and one.name == line.with_whom), None)
    begin: dict[str, Any] = {
        "status": args.get("status") or (line.status if line.status in ENDED else "fulfilled"),
        "visit_kind": args.get("visit_kind") or "em", "mdm": args.get("mdm"),
        "practitioner": usual or (OUTSIDE if line.with_whom else None),
        "outside_name": None if usual else line.with_whom, "said_by": "patient", "how": "phone",
        "missed_why": line.missed_why, "ended_why": line.ended_why, "next": AGAIN,
    }  # fmt: skip
    spec = FormSpec(
        name="appointment-end",
        title="What became of it",
        fields=_fields(context, line, practitioner_options(staff)),
        identity=identity(card, today),
        keys_hint=f"{line.what}, {when_words(line.day, line.time, today)}",
    )
    return Opening(spec, submit, begin, line.version, said, then)


def _fields(
    context: FormContext, line: AppointmentLine, practitioners: Sequence[Option]
) -> tuple[Field, ...]:
    codes, label = context.reference.codes, context.reference.label
    is_first = line.status in OPEN

    def was_ours(values: Mapping[str, object]) -> bool:
        return line.kind == OWN and values.get("status") == "fulfilled"

    def missed(values: Mapping[str, object]) -> bool:
        return values.get("status") == "noshow"

    def told(values: Mapping[str, object]) -> bool:
        return line.referral is not None and is_first

    def outside(values: Mapping[str, object]) -> bool:
        return was_ours(values) and values.get("practitioner") == OUTSIDE

    when = when_words(line.day, line.time, context.here.today())
    return (
        ChoiceField(
            name="status", label="Patient", required=True, help=f"{line.what}, {when}",
            options=tuple(
                Option(code, label("appointment_status", code), key=letter)
                for code, letter in zip(ENDED, "wdc", strict=True)
            ),
        ),
        ChoiceField(name="missed_why", label="Why", required=True, when=missed, options=options(codes("missed_why"))),
        TextField(
            name="ended_why", label="What was said", limit=300, when=lambda values: values.get("status") != "fulfilled"
        ),
        ChoiceField(name="visit_kind", label="Visit", when=was_ours, options=options(codes("visit_kind")),
                    help="it is written with this, so that billing counts it"),
        ChoiceField(name="practitioner", label="With", when=was_ours, options=tuple(practitioners)),
        TextField(name="outside_name", label="Their name", limit=120, when=outside),
        ChoiceField(name="mdm", label="Complexity", when=was_ours, options=options(codes("mdm"))),
        YesNoField(name="discussed", label="Program discussed", when=was_ours, unknown="not known",
                   help="was care management talked about?"),
        TextField(name="said_by", label="Who said so", limit=200, when=told, required=True),
        ChoiceField(name="how", label="How", when=told, required=True, options=options(codes("said_how"))),
        ChoiceField(
            name="next", label="Then", when=missed,
            options=(
                Option(AGAIN, "another day"), Option(HELP, "what would help"), Option(NOTHING, "nothing now"),
            ),
            help="what would help: a ride, interpreter, respite … by the reason, as a referral or a task",
        ),
    )  # fmt: skip


def _again(line: AppointmentLine) -> dict[str, Any]:
    """Another appointment begins with what the missed one was."""
    names = ("kind", "what", "with_whom", "place", "phone", "transport", "remarks")
    found = {name: getattr(line, name) for name in names if getattr(line, name)}
    keys = {name: getattr(line, name) for name in ("provider", "referral") if getattr(line, name)}
    return found | {name: key_text(key) for name, key in keys.items()}


FORMS: Mapping[str, FormMaker] = MappingProxyType({"appointment-end": appointment_end_form})
"""The form of this file."""
