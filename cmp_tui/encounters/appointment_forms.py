"""The forms about appointments: booked and changed, the patient told or reminded, the ride. How one ended is asked by
the room of referrals, since a loop may move with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from cmp_tui.clinic import ids
from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.staff import staff_list
from cmp_tui.encounters import appointment_actions as actions
from cmp_tui.encounters import appointment_queries as queries
from cmp_tui.encounters.appointment_queries import AppointmentLine
from cmp_tui.encounters.appointment_values import (
    clash_words,
    first_values,
    is_elsewhere,
    is_own,
    shown,
    to_action,
    when_words,
)
from cmp_tui.patients.directory_forms import ProviderOf, provider_match, provider_pick
from cmp_tui.patients.form_fields import Args, Edit
from cmp_tui.patients.form_values import filled
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.clock import TimeField
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.phone import PhoneField
from cmp_tui.ui.fields.tell import Saying, TellField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, FormMaker, Opening, its_patient, own_key

LOGS = (Option("yes", "log the call as a contact, too"), Option("no", "nothing more"))
REMINDER = "reminder"
RARE = frozenset({"procedure", "community", "other"})
"""Kinds that stand behind "other"."""


async def appointment_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """An appointment, with us or elsewhere. `args` of a new one: its fields as text, keys and days too."""
    line = await appointment_line(context, record) if record is not None else None
    patient = its_patient(line.patient if line is not None else patient)
    card = await context.live.ask(patient_card, patient)
    others = await context.live.ask(queries.appointments_of, patient)
    key, today, provider_of = record or own_key(context, args), context.here.today(), ProviderOf(context)
    begin: dict[str, Any] = shown(line) if line is not None else {"kind": "office", **first_values(args)}
    add: Edit = actions.book
    edit: Edit = actions.edit_appointment
    begin["provider"] = await provider_match(context, begin.get("provider"))

    async def submit(submission: Submission) -> Any:
        values = to_action(submission.values if line is None else submission.changes)
        if "provider" in values:
            values["provider"] = await provider_of(values["provider"])
        if line is not None:
            return await context.live.do(edit, key, submission.seen, **values)
        if await context.live.ask(queries.appointment, key) is not None:
            return Again()
        values |= {"referral": ids.read(str(args["referral"]))} if args.get("referral") else {}
        return await context.live.do(add, patient, id=key, **filled(values))

    def clashes(values: Mapping[str, object]) -> list[tuple[str, str]]:
        waiting = [one for one in others if one.ended_on is None]
        return clash_words(values, waiting, key, today)

    def said(row: Any) -> str:
        if isinstance(row, Again):
            return AGAIN
        when = when_words(row.day, row.time, today)
        return f"Booked: {row.what}, {when}." if line is None else f"Appointment saved: {when}."

    spec = FormSpec(
        name="appointment",
        title="New appointment" if line is None else "Appointment",
        fields=await _fields(context, begin, clashes),
        identity=identity(card, today),
    )
    return Opening(spec, submit, begin, line.version if line is not None else None, said)


async def told_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """The patient was told of an appointment; with `mark` = "reminder" they were reminded of it."""
    line = await appointment_line(context, record)
    reminder = args.get("mark") == REMINDER
    today = context.here.today()

    async def submit(submission: Submission) -> bool:
        values: dict[str, Any] = submission.values
        if reminder:
            await context.live.do(actions.remind, line.id, submission.seen, day=values["day"])
        else:
            how = values["how"]
            await context.live.do(actions.tell, line.id, submission.seen, day=values["day"], how=how)
        return bool(values["contact"] == "yes")

    how = ChoiceField(name="how", label="How", options=options(context.reference.codes("said_how")))
    spec = FormSpec(
        name="appointment-told",
        title="Reminded" if reminder else "Told",
        fields=(
            DateField(name="day", label="On", required=True, only="past", help=_about(line, context)),
            *(() if reminder else (how,)),
            ChoiceField(name="contact", label="And", required=True, options=LOGS),
        ),
        identity=await _identity(context, line),
    )

    def then(contact: bool) -> tuple[str, bytes | None, bytes | None, dict[str, Any]] | None:
        return ("contact", line.patient, None, {}) if contact else None

    words = "Reminded of" if reminder else "Told of"
    begin = {"day": today, "how": "phone", "contact": "yes" if reminder else "no"}
    return Opening(
        spec, submit, begin, line.version, lambda _: f"{words} {_about(line, context)}.", then=then
    )


async def ride_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """How the patient gets to an appointment."""
    line = await appointment_line(context, record)

    async def submit(submission: Submission) -> str:
        values: dict[str, Any] = submission.values
        transport, who = str(values["transport"]), str(values.get("transport_who") or "") or None
        await context.live.do(actions.arrange_ride, line.id, submission.seen, who=who, transport=transport)
        return transport

    ride, who = _ride(context)
    spec = FormSpec(
        name="appointment-ride",
        title="Ride",
        fields=(ride, who),
        identity=await _identity(context, line),
        keys_hint=_about(line, context),
    )
    begin = {"transport": "arranged", "transport_who": line.transport_who}
    return Opening(
        spec, submit, begin, line.version,
        lambda code: f"Ride: {context.reference.label('transport', code)}. {_about(line, context)}.",
    )  # fmt: skip


async def appointment_line(context: FormContext, record: bytes | None) -> AppointmentLine:
    """Returns the appointment of a form. Raises Gone."""
    line = await context.live.ask(queries.appointment, record) if record is not None else None
    if line is None:
        raise Gone("This appointment is no longer there; it was struck out or undone.")
    return line


async def _fields(context: FormContext, begin: Mapping[str, Any], clashes: Saying) -> tuple[Field, ...]:
    codes = context.reference.codes
    names = [one.name for one in await context.live.ask(staff_list) if one.may_bill]
    if (own := begin.get("own_with")) and own not in names:
        names.append(own)
    told: Callable[[Mapping[str, object]], bool] = lambda values: values.get("told_on") is not None  # noqa: E731
    kinds = tuple(Option(one.code, one.label, one.code in RARE) for one in codes("appointment_kind"))
    return (
        TextField(name="what", label="What for", required=True, limit=300),
        ChoiceField(
            name="kind", label="Kind", required=True, options=kinds,
            help="one here becomes a visit when the patient was there",
        ),
        DateField(name="day", label="On", required=True, toward="future", row="when", width=30),
        TimeField(name="time", label="At", row="when"),
        TellField(name="told", label="", lines=clashes, when=lambda values: bool(clashes(values))),
        ChoiceField(
            name="own_with", label="With", when=is_own, options=tuple(Option(one, one) for one in names)
        ),
        provider_pick(context, when=is_elsewhere),
        TextField(name="with_whom", label="Person there", limit=200, when=is_elsewhere,
                  help="empty: as in the directory"),
        TextField(name="place", label="Where", limit=300, when=is_elsewhere, help="empty: as in the directory"),
        PhoneField(name="phone", label="Their number", when=is_elsewhere, help="empty: as in the directory"),
        *_ride(context),
        DateField(name="told_on", label="Patient told", only="past", row="told", width=30,
                  help="empty: not told yet"),
        ChoiceField(name="told_how", label="How", row="told", when=told, options=options(codes("said_how"))),
        DateField(name="remind_on", label="Remind on", toward="future", help="empty: the business day before"),
        TextField(name="remarks", label="Remarks", limit=500, help="what to bring, fasting, the entrance"),
    )  # fmt: skip


def _ride(context: FormContext) -> tuple[Field, Field]:
    return (
        ChoiceField(
            name="transport", label="Ride", options=options(context.reference.codes("transport")),
            help="one that is needed and not arranged comes to Today",
        ),
        TextField(
            name="transport_who", label="Ride with", limit=200,
            when=lambda values: values.get("transport") == "arranged",
        ),
    )  # fmt: skip


def _about(line: AppointmentLine, context: FormContext) -> str:
    return f"{line.what}, {when_words(line.day, line.time, context.here.today())}"


async def _identity(context: FormContext, line: AppointmentLine) -> Any:
    return identity(await context.live.ask(patient_card, line.patient), context.here.today())


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {"appointment": appointment_form, "appointment-told": told_form, "appointment-ride": ride_form}
)
"""The forms of this file."""
