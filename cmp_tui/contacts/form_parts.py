"""What the forms of this room share: their fields, and the saved records that they open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.errors import Gone
from cmp_tui.contacts import queries
from cmp_tui.contacts.closed import closed_months
from cmp_tui.contacts.lines import ContactLine, EntryLine
from cmp_tui.patients.queries import find_patients
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.clock import TimeField
from cmp_tui.ui.fields.combo import Match
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.minutes import MinutesField
from cmp_tui.ui.fields.pick import PickField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.fields.yesno import YesNoField
from cmp_tui.ui.makers import FormContext
from cmp_tui.ui.spans import Span
from cmp_tui.ui.words import birth_words, name_words

Args = Mapping[str, Any]
Act = Callable[..., Any]
"""An action whose arguments are the values of a form."""


def span_fields(context: FormContext, needed: bool = False) -> tuple[Field, ...]:
    """Day, beginning, minutes, and why so long where they are many. `needed`: the beginning must stand."""
    hours = context.settings.longest_entry_hours

    def long(values: Mapping[str, object]) -> bool:
        minutes = values.get("minutes")
        return isinstance(minutes, Span) and minutes.minutes > hours * 60

    return (
        DateField(name="day", label="Day", required=True, only="past", help="fri, -1, 11/20"),
        TimeField(
            name="begin", label="Began", required=needed, help="10:04, 9a, -10m; empty: the minutes end now"
        ),
        MinutesField(name="minutes", label="Minutes", required=True, help="12, 1h05, or 10:04-10:16"),
        TextField(
            name="long_why", label="Why so long", limit=300, when=long, help=f"longer than {hours} hours"
        ),
    )


def work_fields(context: FormContext) -> tuple[Field, ...]:
    """What was done, and for which program."""
    codes = context.reference.codes
    programs = tuple(Option(code.code, f"{code.code} {code.label}") for code in codes("program"))
    return (
        ChoiceField(name="activity", label="Activity", required=True, options=options(codes("activity"))),
        ChoiceField(name="program", label="Program", options=programs, help="empty: counts for no program"),
        YesNoField(name="face_to_face", label="Face to face", row="visit"),
        YesNoField(
            name="in_billed_visit",
            label="In a billed visit",
            row="visit",
            help="time of a billed visit counts once",
        ),
    )


def note_field() -> Field:
    """The note of time without a contact."""
    return LongTextField(name="note", label="Note", limit=4000, help="what was done")


def why_field(label: str, name: str = "why", help: str = "the reason stays with the record") -> Field:
    """The reason that is needed."""
    return TextField(name=name, label=label, required=True, limit=300, help=help)


async def amend_fields(context: FormContext) -> tuple[Field, ...]:
    """Asks why something is added to a month that is closed, while the form's day lies in one."""
    closed = {one.month: one for one in await context.live.ask(closed_months)}

    def in_closed(values: Mapping[str, object]) -> bool:
        day = values.get("day")
        return isinstance(day, date) and Month.of(day) in closed

    if not closed:
        return ()
    return (
        TextField(
            name="amend_why",
            label="Why now",
            required=True,
            limit=300,
            when=in_closed,
            help="the month is closed: this is marked as an amendment",
        ),
    )


def patient_field(
    context: FormContext,
    name: str = "patient",
    label: str = "Patient",
    *,
    required: bool = True,
    when: Callable[[Mapping[str, object]], bool] | None = None,
    help: str = "",
) -> Field:
    """Finds a patient, where the form is bound to none."""

    async def search(text: str) -> list[Match]:
        found = await context.live.ask_newest("pick-patient", find_patients, text, 12, context.names)
        return [
            Match(
                one.id,
                f"{name_words(one.family, one.given or '')} {birth_words(one.birth_date)}".strip(),
                one.mrn,
            )
            for one in found
        ]

    async def searched(text: str) -> None:
        await context.live.look("search", length=len(text))

    return PickField(
        name=name, label=label, required=required, search=search, searched=searched, when=when, help=help
    )


def text_or_none(value: object) -> str | None:
    """Typed text, or nothing."""
    return str(value) if value else None


async def saved_entry(context: FormContext, record: bytes | None) -> EntryLine:
    """Returns the entry that a form changes. Raises Gone."""
    line = None if record is None else await context.live.ask(queries.entry, record)
    if line is None:
        raise Gone("This time entry is no longer there; History shows what became of it.")
    return line


async def saved_contact(context: FormContext, record: bytes | None) -> ContactLine:
    """Returns the contact that a form changes. Raises Gone."""
    line = None if record is None else await context.live.ask(queries.contact, record)
    if line is None:
        raise Gone("This contact is no longer there; History shows what became of it.")
    return line
