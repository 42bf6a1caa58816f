"""The directory in forms: an entry of it, and the field by which other forms find one or add one in passing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from cmp_tui.clinic.errors import Gone
from cmp_tui.patients import directory_actions as actions
from cmp_tui.patients import directory_queries as queries
from cmp_tui.patients.form_fields import Args, Edit, ToldField, odd
from cmp_tui.patients.form_values import filled, saved_words, tidy
from cmp_tui.patients.lines import ProviderLine
from cmp_tui.ui.fields.choice import ChoiceField, options
from cmp_tui.ui.fields.combo import Match
from cmp_tui.ui.fields.date import DateField
from cmp_tui.ui.fields.longtext import LongTextField
from cmp_tui.ui.fields.phone import PhoneField
from cmp_tui.ui.fields.pick import PickField
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.makers import AGAIN, Again, FormContext, FormMaker, Opening, given, its_record, own_key

NEW = "new:"
"""What stands before a name that was typed and is not in the directory yet."""
SHOWN = 8


async def provider_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """A practitioner or an organization of the directory."""
    line = None
    if record is not None:
        line = await context.live.ask(queries.provider, record)
        if line is None:
            raise Gone("This entry is no longer there; it was struck out or undone.")
    key = record or own_key(context, args)
    add: Edit = actions.add_provider
    edit: Edit = actions.edit_provider

    async def submit(submission: Submission) -> Any:
        if line is not None:
            return await context.live.do(edit, key, submission.seen, **tidy(submission.changes))
        if await context.live.ask(queries.provider, key) is not None:
            return Again()
        return await context.live.do(add, id=key, **filled(submission.values))

    spec = FormSpec(
        name="provider",
        title="New in the directory" if line is None else "Directory",
        fields=(
            TextField(name="name", label="Name", required=True, limit=200, help="of the practitioner or organization"),
            ChoiceField(
                name="kind", label="Kind", options=options(context.reference.codes("provider_kind"))
            ),
            TextField(name="specialty", label="Specialty", limit=200, help="or what they offer"),
            TextField(name="organization", label="Organization", limit=200),
            PhoneField(name="phone", label="Telephone", row="reach", width=30),
            PhoneField(name="fax", label="Fax", row="reach"),
            TextField(name="hours", label="Hours", limit=200, help="when somebody answers: Mon-Thu 8-4"),
            TextField(name="address", label="Address", limit=300),
            ToldField(name="npi", label="NPI", limit=10, tell=odd("npi")),
            LongTextField(
                name="remarks", label="Notes", limit=1000, lines=True, least=2,
                help="whom to ask for, what they want with a referral",
            ),
            DateField(name="until", label="Until", help="the last day on which we send people there; empty: goes on"),
        ),
    )  # fmt: skip
    if line is None:
        words = saved_words("Added to the directory.")
        return Opening(
            spec, submit, given(args), said=lambda row: AGAIN if isinstance(row, Again) else words(row)
        )
    shown = {name: value for name, value in line._asdict().items() if name not in ("id", "version", "source")}
    return Opening(spec, submit, shown, line.version, saved_words("Directory: saved."))


async def find_form(context: FormContext, patient: bytes | None, record: bytes | None, args: Args) -> Opening:
    """Finds someone of the directory, though mistyped; a new name is added. Saving returns the entry's key."""
    provider_of = ProviderOf(context)

    async def submit(submission: Submission) -> bytes | None:
        return await provider_of(submission.values["provider"])

    spec = FormSpec(
        name="find-provider",
        title="Find in the directory",
        fields=(provider_pick(context, label="Name", required=True),),
        button="Go",
    )
    return Opening(spec, submit, said=lambda key: "Here it is.")


async def strike_form(
    context: FormContext, patient: bytes | None, record: bytes | None, args: Args
) -> Opening:
    """Strikes out an entry that was made by mistake."""
    line = await context.live.ask(queries.provider, its_record(record))
    if line is None:
        raise Gone("This entry is no longer there; it was struck out or undone.")

    async def submit(submission: Submission) -> Any:
        why = str(submission.values["why"])
        return await context.live.do(actions.strike_provider, line.id, why, submission.seen)

    help_line = "made by mistake; of one that is no longer used, e sets the last day"
    spec = FormSpec(
        name="strike-provider",
        title=f"Strike out {line.name}",
        fields=(TextField(name="why", label="Why", required=True, limit=200, help=help_line),),
    )
    return Opening(spec, submit, {}, line.version, lambda _: f"Struck out: {line.name}. u brings it back.")


def provider_pick(
    context: FormContext,
    name: str = "provider",
    label: str = "With",
    *,
    when: Callable[[Mapping[str, object]], bool] | None = None,
    required: bool = False,
    help: str = "a part of the name, the specialty or a number; a new name can be added",
) -> PickField:
    """Returns the field that finds someone of the directory; what it holds goes through `provider_of`."""

    async def search(text: str) -> list[Match]:
        found = await context.live.ask_newest("pick-provider", queries.find_providers, text, SHOWN)
        matches = [Match(one.id, one.words, _reach(one, context)) for one in found]
        return [*matches, Match(f"{NEW}{text.strip()}", text.strip(), "new: goes into the directory")]

    return PickField(name=name, label=label, required=required, search=search, when=when, help=help)


async def provider_match(context: FormContext, provider: bytes | None) -> Match | None:
    """Returns what a `provider_pick` shows for an entry; None for none."""
    line = await context.live.ask(queries.provider, provider) if provider is not None else None
    return Match(line.id, line.words) if line is not None else None


class ProviderOf:
    """Turns what a `provider_pick` holds into a key; a new name is written into the directory, once for each form."""

    def __init__(self, context: FormContext) -> None:
        self._context = context
        self._made: dict[str, bytes] = {}

    async def __call__(self, value: object) -> bytes | None:
        """Returns the key; None for an empty field. Raises ClinicError."""
        value = value.value if isinstance(value, Match) else value
        if isinstance(value, bytes):
            return value
        name = str(value or "").removeprefix(NEW).strip()
        if not name:
            return None
        if name not in self._made:
            add: Edit = actions.add_provider
            row = await self._context.live.do(add, name=name)
            self._made[name] = row.id
        return self._made[name]


def _reach(one: ProviderLine, context: FormContext) -> str:
    if one.until is not None and one.until < context.here.today():
        return "no longer used"
    return " ".join(part for part in (one.phone, one.hours) if part)


FORMS: Mapping[str, FormMaker] = MappingProxyType(
    {"provider": provider_form, "find-provider": find_form, "strike-provider": strike_form}
)
"""The forms of this file."""
