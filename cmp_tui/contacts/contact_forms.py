"""The forms about a saved contact: amending it, striking it out."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from cmp_tui.clinic.calendar import local
from cmp_tui.clinic.errors import Conflict, Invalid
from cmp_tui.contacts import actions
from cmp_tui.contacts.form_parts import Act, Args, saved_contact, why_field
from cmp_tui.contacts.form_values import instant
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.fields.choice import ChoiceField, options
from cmp_tui.ui.fields.clock import TimeField
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import FormContext, Opening
from cmp_tui.ui.words import clock_words, day_words, minutes_words


async def contact_form(
    context: FormContext,
    patient: bytes | None,
    record: bytes | None,
    args: Args,
    *,
    edit: Act = actions.edit_contact,
) -> Opening:
    """Amends a signed contact, with a reason; the signed text stays readable in its history. `edit` saves it."""
    line = await saved_contact(context, record)
    card = await context.live.ask(patient_card, line.patient)
    zone, codes = context.settings.zone, context.reference.codes
    began = local(line.at, zone)
    plain = ("outcome", "mode", "with_whom", "why", "changed", "did", "next")

    async def submit(submission: Submission) -> Any:
        changes, given = submission.changes, submission.values
        values = {name: changes[name] for name in plain if name in changes}
        if {"day", "at_time"} & set(changes):
            day, at = given["day"], given["at_time"]
            assert isinstance(day, date) and isinstance(at, time)
            values["at"] = instant(day, at, zone, "at_time")
        reason = str(given.get("amend_why") or "")
        try:
            return await context.live.do(edit, line.id, submission.seen, reason, **values)
        except Invalid as invalid:
            raise Invalid(
                {"at_time" if name == "at" else name: says for name, says in invalid.fields.items()}
            ) from None
        except Conflict as conflict:
            theirs = {name: value for name, value in conflict.theirs.items() if name != "at"}
            at_theirs = conflict.theirs.get("at")
            if isinstance(at_theirs, datetime):
                moved = local(at_theirs, zone)
                theirs |= {"day": moved.date(), "at_time": moved.time().replace(second=0)}
            raise Conflict(conflict.who, conflict.at, conflict.version, theirs) from None

    spec = FormSpec(
        name="contact-edit",
        title="Change contact",
        identity=identity(card, context.here.today()),
        fields=(
            ChoiceField(name="outcome", label="Outcome", required=True, options=options(codes("outcome"))),
            ChoiceField(name="mode", label="How", required=True, options=options(codes("mode"))),
            ChoiceField(name="with_whom", label="With", required=True, options=options(codes("with_whom"))),
            DateField(name="day", label="Day", required=True, only="past", row="at"),
            TimeField(name="at_time", label="At", required=True, row="at"),
            LongTextField(name="why", label="Why", limit=1000),
            LongTextField(name="changed", label="What changed", limit=4000),
            LongTextField(name="did", label="What I did", limit=4000),
            LongTextField(name="next", label="Next", limit=1000),
            why_field("Why the change", "amend_why"),
        ),
        keys_hint=f"signed {line.signed_as}; its first text stays readable",
    )
    values: dict[str, object] = {name: getattr(line, name) for name in plain}
    values |= {"day": began.date(), "at_time": began.time().replace(second=0)}
    return Opening(spec, submit, values, line.version, lambda _: "Contact changed; it is marked amended.")


async def strike_contact_form(
    context: FormContext,
    patient: bytes | None,
    record: bytes | None,
    args: Args,
    *,
    strike: Act = actions.strike_contact,
) -> Opening:
    """Strikes a contact out together with its time, with a reason. `strike` saves it."""
    line = await saved_contact(context, record)
    card = await context.live.ask(patient_card, line.patient)
    zone, today = context.settings.zone, context.here.today()
    day = day_words(local(line.at, zone).date(), today)
    mode = context.reference.label("mode", line.mode)
    time_too = f" and its {minutes_words(line.seconds)}" if line.seconds else ""
    what = f"the contact of {day} {clock_words(line.at, zone)} ({mode}){time_too}"

    async def submit(submission: Submission) -> Any:
        return await context.live.do(strike, line.id, str(submission.values["why"]), submission.seen)

    spec = FormSpec(
        name="strike-contact",
        title="Strike contact out",
        identity=identity(card, today),
        fields=(why_field("Why", help=f"{what}: gone from every list, stays in History"),),
    )
    return Opening(spec, submit, {}, line.version, lambda _: f"Struck out: {what}. u brings it back.")
