"""The form about a patient's decision: the script is read from it, what it changes is said before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.staff import StaffRow
from cmp_tui.enrollment import actions, queries
from cmp_tui.enrollment.consent_book import Script, said, scripts
from cmp_tui.enrollment.exclusion_fields import TOLD, without_told
from cmp_tui.enrollment.form_parts import USUAL, about, programs, usernames
from cmp_tui.enrollment.form_values import EXPLAINED, consent_values, practitioner_shown
from cmp_tui.enrollment.intake_book import intake_book
from cmp_tui.enrollment.queries import EnrollmentLine, Given, consent_given
from cmp_tui.enrollment.rules import OPEN, revoked_to
from cmp_tui.enrollment.script_field import ScriptField
from cmp_tui.enrollment.wording import Tongue, tongue_of
from cmp_tui.patients.form_fields import Args, Edit, practitioner_pair
from cmp_tui.patients.form_values import OUTSIDE
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import Card
from cmp_tui.tasks.actions import WORKERS
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.multi import MultiField
from cmp_tui.ui.fields.tell import TellField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, Opening, given, own_key
from cmp_tui.ui.words import day_words

POINTS = "points"
SCRIPT = "points-"
"""The field of the points of the usual program, and what those of the other programs begin with."""


class Known(NamedTuple):
    """What the form knows of the patient before anything is typed."""

    card: Card
    staff: Sequence[StaffRow]
    enrolled: Mapping[str, EnrollmentLine]
    """The program's open enrollment, by program."""
    given: Mapping[str, Given]
    tongue: Tongue

    def name(self, practitioner: str | None) -> str:
        """The name of whoever bills: the column holds a username, or the name of someone outside."""
        return next((one.name for one in self.staff if one.username == practitioner), practitioner or "")

    def bills(self, program: str) -> str | None:
        """Who bills for a program now."""
        enrolled = self.enrolled.get(program)
        return (enrolled.practitioner if enrolled else None) or self.card.billing_practitioner


async def consent_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A patient's decision about a program. Decisions are not edited: another one is recorded."""
    card, staff = await about(context, patient)
    lines = await context.live.ask(queries.enrollments, card.id)
    held = await context.live.ask(consent_given, card.id)
    open_ones = {one.program: one for one in reversed(lines) if one.status in OPEN}
    known = Known(card, staff, open_ones, held, tongue_of(card.language))
    reference, key = context.reference, own_key(context, args)
    record_consent: Edit = actions.record_consent

    async def submit(submission: Submission) -> Any:
        if any(one.id == key for one in await context.live.ask(queries.consents, card.id)):
            return Again()
        values = _values(submission.values, context)
        try:
            return await context.live.do(record_consent, card.id, id=key, **values)
        except Invalid as wrong:
            raise _at_points(wrong, str(values["program"])) from wrong

    def then(consent: Any) -> tuple[str, bytes | None, bytes | None, dict[str, Any]] | None:
        if isinstance(consent, Again) or consent.decision != "accepted" or consent.program in known.enrolled:
            return None
        return "enrollment", card.id, None, {"program": consent.program}

    def words(consent: Any) -> str:
        if isinstance(consent, Again):
            return AGAIN
        if consent.decision == "asked":
            days = intake_book(reference).limits["asked"]
            return f"Asked for consent to {consent.program}. Today reminds you in {days} days."
        text = f"Consent to {consent.program} {reference.label('decision', consent.decision)}."
        return f"{text} In force until {consent.effective_to}." if consent.effective_to else text

    spec = FormSpec(
        name="consent",
        title="Consent",
        fields=tuple(_fields(context, known)),
        identity=identity(card, context.here.today()),
    )
    begin = given(args)
    bills = known.bills(str(begin.get("program", USUAL)))
    values = {
        "program": USUAL,
        "taken_by": context.me.id if any(one.id == context.me.id for one in staff) else None,
        **practitioner_shown(bills, usernames(staff)),
        **begin,
    }
    return Opening(spec, submit, values, said=words, then=then)


def _fields(context: FormContext, known: Known) -> list[Field]:
    reference = context.reference
    people = tuple(Option(one.id, one.name) for one in known.staff if one.roles & WORKERS)
    return [
        ChoiceField(name="program", label="Program", required=True, options=programs(context)),
        *_new_practitioner(context, known),
        ChoiceField(
            name="decision", label="Decision", required=True, options=options(reference.codes("decision"))
        ),
        DateField(name="date", label="On", required=True, only="past", default=context.here.today()),
        TellField(
            name=f"{TOLD}revoked", label="", lines=lambda values: _revoking(context, known, values),
            when=lambda values: values.get("decision") == "revoked", help="enter goes on: this is what saving does",
        ),
        ChoiceField(
            name="mode", label="Given", required=True, options=options(reference.codes("consent_mode")),
            when=lambda values: values.get("decision") != "asked",
        ),
        TextField(
            name="paper", label="Paper", limit=200, help="where the signed paper is kept: folder, cabinet, number",
            when=lambda values: values.get("mode") == "written" and values.get("decision") in EXPLAINED,
        ),
        *_scripts(context, known),
        ChoiceField(name="taken_by", label="Taken by", required=True, options=people),
        *practitioner_pair(known.staff, "practitioner"),
        TextField(name="remarks", label="Remarks", limit=500),
    ]  # fmt: skip


def _new_practitioner(context: FormContext, known: Known) -> list[Field]:
    """Says that the consent in force was given to somebody else than who bills now."""
    found: list[Field] = []
    for program, one in known.given.items():
        bills = known.bills(program)
        if not one.practitioner or not bills or known.name(one.practitioner) == known.name(bills):
            continue
        when = day_words(one.date, context.here.today())
        text = (
            f"The consent of {when} was given to {known.name(one.practitioner)}; {known.name(bills)} bills now. "
            "Ask again: a new consent is taken before the service goes on."
        )
        found.append(_told(f"{TOLD}again-{program}", text, program))
    return found


def _told(name: str, text: str, program: str) -> TellField:
    return TellField(
        name=name, label="", lines=lambda values: [(text, "amber")],
        when=lambda values: values.get("program") == program,
    )  # fmt: skip


def _revoking(context: FormContext, known: Known, values: Mapping[str, object]) -> list[tuple[str, str]]:
    """What saving a revocation does: until when it holds, and what ends with it."""
    program, day = str(values.get("program") or ""), values.get("date")
    last = revoked_to(day if isinstance(day, date) else context.here.today())
    until = day_words(last, context.here.today())
    lines = [f"It holds until {until}, the month's end; work until then may still be billed, later work not."]
    others = [one for name, one in known.enrolled.items() if name != program]
    if program in known.enrolled:
        lines.append(f"The enrollment in {program} ends on that day.")
    if not others:
        lines.append("No other program goes on: open tasks, half-done assessments and the way in end now.")
    return [(line, "amber") for line in lines]


def _scripts(context: FormContext, known: Known) -> list[Field]:
    """For each program the points of its script; where there is no script, the points and a field for a version."""
    book, reference = scripts(context.reference), context.reference
    fields: list[Field] = []
    for code in reference.codes("program"):
        script = book.by_program.get(code.code)
        if script is not None:
            fields.append(_script(context, known, code.code, script))
    scriptless = tuple(code.code for code in reference.codes("program") if code.code not in book.by_program)

    def plain(values: Mapping[str, object]) -> bool:
        return values.get("decision") in EXPLAINED and values.get("program") in scriptless

    if book.problems:
        fields.append(
            TellField(
                name=f"{TOLD}problems", label="", lines=lambda values: [(one, "amber") for one in book.problems],
                when=plain,
            )
        )  # fmt: skip
    points = tuple(Option(one.code, one.label) for one in reference.codes("consent_point"))
    fields += [
        MultiField(
            name=f"{SCRIPT}none" if USUAL not in scriptless else POINTS, label="Explained", options=points,
            help="space ticks what you explained", when=plain,
        ),
        TextField(
            name="script_version", label="Script", limit=40, help="the version of the text that was read", when=plain
        ),
    ]  # fmt: skip
    return fields


def _script(context: FormContext, known: Known, program: str, script: Script) -> ScriptField:
    points = {point.code: point for point in script.points}
    tongue = script.tongue(known.tongue)

    def say(code: object, values: Mapping[str, object]) -> str:
        who = known.name(str(values.get("practitioner") or "") or known.bills(program))
        if values.get("practitioner") == OUTSIDE:
            who = str(values.get("outside_name") or "")
        fields = {
            "practitioner": who or "your practitioner",
            "clinic": context.settings.name,
            "program": context.reference.label("program", program),
        }
        return said(points[str(code)], tongue, fields)

    def label(code: str) -> str:
        needed = "" if points[code].required else " (not required)"
        return f"{context.reference.label('consent_point', code)}{needed}"

    return ScriptField(
        name=_field_of(program), label="Explained", options=tuple(Option(code, label(code)) for code in points),
        saying=say, depends=("practitioner", "outside_name"), when=_explaining(program),
        help=f"say it, space ticks it; script {script.edition}{', in Spanish' if tongue == 'es' else ''}",
    )  # fmt: skip


def _explaining(program: str) -> Callable[[Mapping[str, object]], bool]:
    return lambda values: values.get("decision") in EXPLAINED and values.get("program") == program


def _field_of(program: str) -> str:
    return POINTS if program == USUAL else f"{SCRIPT}{program}"


def _values(shown: Mapping[str, object], context: FormContext) -> dict[str, Any]:
    """The arguments of `record_consent`: the points of the program that is chosen, and the edition of its script."""
    values = without_told(shown)
    program = str(values["program"])
    ticks = {name: values.pop(name) for name in list(values) if name == POINTS or name.startswith(SCRIPT)}
    found = consent_values({**values, "points": next(iter(ticks.values()), ())})
    script = scripts(context.reference).by_program.get(program)
    if ticks and script is not None:
        found["script_version"] = script.edition
    return found


def _at_points(wrong: Invalid, program: str) -> Invalid:
    """The sentences at the fields of this form."""
    return Invalid(
        {_field_of(program) if name == POINTS else name: text for name, text in wrong.fields.items()}
    )
