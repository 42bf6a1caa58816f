"""Pieces of the forms about referrals: what is asked, of whom, whose it is; who said so and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from textual.content import Content

from cmp_tui.careplan.lines import GoalLine
from cmp_tui.clinic.staff import StaffRow
from cmp_tui.patients.directory_forms import provider_pick
from cmp_tui.patients.panel import identity
from cmp_tui.patients.queries import patient_card
from cmp_tui.referrals.lines import ReferralLine
from cmp_tui.referrals.queries import referral_line
from cmp_tui.tasks.actions import WORKERS
from cmp_tui.ui.fields.base import Field
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.combo import Match
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.makers import FormContext, its_record

When = Callable[[Mapping[str, object]], bool]
Act = Callable[..., Any]
Args = dict[str, Any]
RARE_KINDS = frozenset({"home-health", "equipment", "other"})
SHORT: Mapping[str, str] = MappingProxyType({"community": "community"})
"""Kinds that stand in a line with a shorter word than elsewhere."""
RARE_WAYS = frozenset({"record", "letter", "email"})


def kind_options(context: FormContext) -> tuple[Option, ...]:
    """The kinds; the less common ones stand behind "more"."""
    return tuple(
        Option(one.code, SHORT.get(one.code, one.label), one.code in RARE_KINDS)
        for one in context.reference.codes("referral_kind")
    )


def how_options(context: FormContext, rare: frozenset[str] = RARE_WAYS) -> tuple[Option, ...]:
    """How something is sent or said."""
    return tuple(Option(one.code, one.label, one.code in rare) for one in context.reference.codes("said_how"))


def order_fields(
    context: FormContext, staff: Sequence[StaffRow], goals: Sequence[GoalLine], *, new: bool
) -> tuple[Field, ...]:
    """What is asked for, of whom, how urgently, and whose it is."""
    codes = context.reference.codes

    def helps(values: Mapping[str, object]) -> bool:
        return values.get("kind") == "community"

    def sent(values: Mapping[str, object]) -> bool:
        return bool(values.get("sent_how"))

    fields: list[Field] = [
        ChoiceField(name="kind", label="Kind", required=True, options=kind_options(context), other="more"),
        TextField(
            name="what",
            label="What",
            required=True,
            limit=200,
            help="cardiology, eye exam, walker, rides to dialysis",
        ),
        provider_pick(context, "provider", "To"),
        ChoiceField(
            name="urgency",
            label="Urgency",
            required=True,
            options=tuple(Option(one.code, one.label) for one in codes("referral_urgency")),
        ),
        LongTextField(
            name="question",
            label="Question",
            limit=1000,
            lines=4,
            least=2,
            help="what we want to know or get; it stands in the letter",
        ),
        TextField(
            name="need",
            label="Need",
            limit=40,
            when=helps,
            help="what it is to help with: getting there, food, rent",
        ),
        TextField(name="ordered_by", label="Ordered by", limit=120, row="order", width=34),
        DateField(name="ordered_on", label="On", required=True, only="past", row="order", width=26),
        *((_goal_field(goals),) if goals else ()),
    ]
    if new:
        ways = (Option(None, "not yet"), *how_options(context, RARE_WAYS | {"in-person"}))
        fields.append(
            ChoiceField(name="sent_how", label="Sent", options=ways, other="more", help="sent already: how")
        )
    else:
        sent = _always
    fields += [
        TextField(
            name="records",
            label="Records",
            limit=500,
            when=sent,
            help="what was sent with it: last note, ECG, labs",
        ),
        ChoiceField(
            name="owner", label="Whose", options=(Option(None, "the care manager's"), *_workers(staff))
        ),
        DateField(
            name="check_on",
            label="Ask on",
            toward="future",
            help="empty: when the clinic's targets say so",
        ),
    ]
    return tuple(fields)


def _always(values: Mapping[str, object]) -> bool:
    return True


def _goal_field(goals: Sequence[GoalLine]) -> ChoiceField:
    found = (Option("", "no goal"), *(Option(one.id.hex(), one.title) for one in goals))
    return ChoiceField(name="goal", label="For goal", options=found, help="type to find a goal")


def _workers(staff: Sequence[StaffRow]) -> tuple[Option, ...]:
    return tuple(Option(one.id, one.name) for one in staff if one.active and one.roles & WORKERS)


def staff_name(staff: Sequence[StaffRow], stored: str | None) -> str:
    """The name behind a username; a name outside as it stands."""
    return next((one.name for one in staff if one.username == stored), stored or "")


def username(staff: Sequence[StaffRow], typed: object) -> str | None:
    """The username of one of the staff whose name was typed; else the text itself."""
    text = str(typed or "").strip()
    wanted = text.casefold()
    return next((one.username for one in staff if one.name.casefold() == wanted), text) or None


def key_of(value: object) -> bytes | None:
    """The key that was chosen; keys of goals stand in the form as text."""
    value = value.value if isinstance(value, Match) else value
    if isinstance(value, str) and value:
        return bytes.fromhex(value)
    return value if isinstance(value, bytes) else None


async def line_of(context: FormContext, record: bytes | None) -> tuple[ReferralLine, Content]:
    """Returns the referral that a form is about, and who and what it is. Raises Gone."""
    line = await context.live.ask(referral_line, its_record(record))
    person = await context.live.ask(patient_card, line.patient)
    to = f", {line.to}" if line.to else ""
    head = identity(person, context.here.today()).plain
    return line, Content(f"{head} · {line.what}{to}")
