"""Pieces of the forms about intakes: who it is, where the name came from, how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textual.content import Content

from cmp_tui.clinic.errors import Gone
from cmp_tui.clinic.staff import StaffRow
from cmp_tui.enrollment.intake_queries import IntakeCard, intake_card
from cmp_tui.enrollment.intake_rules import Back
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import find_patients, patient_card
from cmp_tui.tasks.actions import WORKERS
from cmp_tui.ui.fields.base import Board, Field
from cmp_tui.ui.fields.choice import ChoiceField, Option, options
from cmp_tui.ui.fields.combo import Combo, Match
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.editor import Editor
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.partial import PartialDateField
from cmp_tui.ui.fields.phone import PhoneField
from cmp_tui.ui.fields.pick import PickField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.makers import FormContext
from cmp_tui.ui.words import birth_words, name_words

When = Callable[[Mapping[str, object]], bool]
NEW = ("family", "given", "birth_date", "sex", "phone", "mbi")
"""The fields of a new person."""


def is_known(values: Mapping[str, object]) -> bool:
    """Whether someone is chosen whom the clinic knows."""
    return values.get("who") != "new"


def is_new(values: Mapping[str, object]) -> bool:
    """Whether someone is written down whom the clinic does not know."""
    return values.get("who") == "new"


def of_source(*sources: str) -> When:
    """Returns the condition that the name came from one of some sources."""
    return lambda values: values.get("source") in sources


def who_fields(context: FormContext) -> tuple[Field, ...]:
    """Someone in the records, found by typing, or a new person with what one asks first."""
    return (
        ChoiceField(
            name="who",
            label="Who",
            required=True,
            options=(Option("known", "in our records"), Option("new", "a new person", key="n")),
            help="n writes down someone who is not in the records yet",
        ),
        _pick(context),
        TextField(name="family", label="Family name", required=True, limit=120, when=is_new),
        TextField(name="given", label="Given names", limit=120, when=is_new),
        PartialDateField(name="birth_date", label="Born", when=is_new, row="born", width=30),
        ChoiceField(
            name="sex", label="Sex", when=is_new, row="born", options=options(context.reference.codes("sex"))
        ),
        PhoneField(name="phone", label="Telephone", when=is_new, row="reach", width=30),
        TextField(name="mbi", label="Medicare number", limit=20, when=is_new, row="reach"),
    )


def _pick(context: FormContext) -> PickField:
    async def search(text: str) -> list[Match]:
        found = await context.live.ask_newest("pick-patient", find_patients, text, 12, context.names)
        return [
            Match(
                one.id, f"{name_words(one.family, one.given or '')} {birth_words(one.birth_date)}".strip(), one.mrn
            )
            for one in found
        ]  # fmt: skip

    async def searched(text: str) -> None:
        await context.live.look("search", length=len(text))

    return PickField(
        name="patient", label="Patient", required=True, when=is_known, search=search, searched=searched,
        help="a part of the name, a birth date, a number",
    )  # fmt: skip


def source_fields(context: FormContext, staff: Sequence[StaffRow]) -> tuple[Field, ...]:
    """Where the name came from, why, for which program and whose it is."""
    codes = context.reference.codes
    return (
        ChoiceField(name="source", label="Source", required=True, options=options(codes("intake_source"))),
        TextField(
            name="by",
            label="From",
            limit=200,
            when=of_source("provider-referral", "claims", "list"),
            help="the practitioner who referred them, the list or the file",
        ),
        ChoiceField(
            name="mode",
            label="Asked",
            when=of_source("self-referral"),
            options=options([one for one in codes("mode") if one.code not in ("none", "video")]),
            help="in person or by phone: they are reached already",
        ),
        LongTextField(
            name="reason", label="Why", limit=500, lines=2, help="what the referrer, the list or the patient said"
        ),
        DateField(name="received", label="Received", required=True, only="past", row="when", width=30),
        ChoiceField(
            name="program",
            label="Program",
            row="when",
            options=(
                Option(None, "not settled"),
                *(Option(one.code, f"{one.code} {one.label}") for one in codes("program")),
            ),
        ),
        owner_field(staff),
    )  # fmt: skip


def owner_field(staff: Sequence[StaffRow], *, required: bool = False) -> ChoiceField:
    """Whose it is."""
    people = tuple(Option(one.id, one.name) for one in staff if one.active and one.roles & WORKERS)
    nobody = () if required else (Option(None, "nobody yet"),)
    return ChoiceField(name="owner", label="Whose", required=required, options=(*nobody, *people))


@dataclass(frozen=True, kw_only=True)
class EndField(ChoiceField):
    """How it ended; behind each end stands when it comes back."""

    hints: Mapping[str, str]

    @property
    def inline(self) -> bool:
        """There are too many to stand in the line."""
        return False

    def editor(self, board: Board) -> Editor:
        matches = tuple(
            Match(one.value, one.words, self.hints.get(str(one.value), "")) for one in self.options
        )
        return Combo(self, board, matches)


def end_field(context: FormContext, back: Mapping[str, Back], *, but: Sequence[str] = ()) -> EndField:
    """The coded ends, each with when it comes back."""
    return EndField(
        name="end",
        label="Ends as",
        required=True,
        options=options([one for one in context.reference.codes("program_end") if one.code not in but]),
        hints={end: back_words(after) for end, after in back.items()},
        help="space lists all; the dim words say when it comes back",
    )


def back_words(after: Back) -> str:
    """'comes back after 180 days'"""
    if after == "never":
        return "does not come back"
    return "comes back on 1 January" if after == "new-year" else f"comes back after {after} days"


def words_or_none(values: Mapping[str, object], *names: str) -> dict[str, Any]:
    """The values under some names, blank text as nothing."""
    return {name: values.get(name) or None for name in names if name in values}


async def card_of(context: FormContext, record: bytes | None) -> tuple[IntakeCard, Content]:
    """Returns the card that a form is about, and who it is. Raises Gone."""
    if record is None:
        raise Gone("This form needs a card. Open it from the Enrollment screen.")
    card = await context.live.ask(intake_card, record)
    person = await context.live.ask(patient_card, card.patient)
    return card, identity(person, context.here.today())


async def is_there(context: FormContext, key: bytes) -> bool:
    """Whether the form was saved before."""
    try:
        await context.live.ask(intake_card, key)
    except Gone:
        return False
    return True


def key_of(value: object) -> bytes | None:
    """The key that was chosen or picked."""
    value = value.value if isinstance(value, Match) else value
    return value if isinstance(value, bytes) else None
