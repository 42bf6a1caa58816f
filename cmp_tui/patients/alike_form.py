"""The question before a new person is saved who may be here already. Any form that adds a person by typing asks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from textual.content import Content

from cmp_tui.clinic.errors import Invalid
from cmp_tui.patients import queries
from cmp_tui.patients.alike import Lookalike
from cmp_tui.patients.form_values import AskOnce
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.rows import RowOption, RowsField
from cmp_tui.ui.form import FormSpec, Left
from cmp_tui.ui.makers import FormContext
from cmp_tui.ui.words import age_words, name_words, phone_words

NEW = "new"
BACK = "Nothing is saved yet. Change what is wrong, or save and say that it is someone else."
HOW = (Option("open", "open their chart"), Option("merge", "save this too, then merge the two"))


class Said(NamedTuple):
    """What the person said: a new one, or (`same`) someone who is here, into whose record the new one goes."""

    same: bytes | None = None


class Same(NamedTuple):
    """A new person who is someone that is here already (`same`): the record that was added is merged with theirs."""

    same: bytes
    added: bytes


def then_merge(result: object) -> tuple[str, bytes | None, bytes | None, dict[str, Any]] | None:
    """Returns the form that follows what saving returned (Opening.then): that of merging, after `Same`."""
    return ("merge", result.same, result.added, {}) if isinstance(result, Same) else None


SAID_SAME = "Added. Now say what is to be kept of both."
"""What is said then."""


class Asking:
    """Asks once who it is; who was said to be someone else is not asked about again. One for each opening of a form."""

    def __init__(self, context: FormContext) -> None:
        self._context = context
        self._others: set[bytes] = set()
        self._once = AskOnce()

    async def __call__(self, values: Mapping[str, Any]) -> Said:
        """Looks who is like the person that is about to be added (family, given, birth_date, phone, mbi), and asks.

        Returns what was said; raises Left with the patient whose chart is to be opened instead of saving, and Invalid
        when the person goes back to the form. Nothing that was typed is lost.
        """
        alike = await find_alike(self._context, values)
        if self._context.ask is None:  # nobody can be asked here: the form says it, and saves the next time
            self._once(alike)
            return Said()
        alike = [one for one in alike if one.patient.id not in self._others]
        if not alike:
            return Said()
        result = await self._context.ask(alike_spec(self._context, values, alike), {"how": "open"})
        if not result.saved or not isinstance(result.value, dict):
            raise Invalid({"": BACK})
        who, how = result.value["who"], result.value.get("how")
        if who == NEW:
            self._others |= {one.patient.id for one in alike}
            return Said()
        chosen = bytes.fromhex(str(who))
        if how == "merge":
            return Said(chosen)
        raise Left(chosen)


async def find_alike(context: FormContext, values: Mapping[str, Any]) -> list[Lookalike]:
    """Returns who is like someone whose values stand in a form."""
    found: list[Lookalike] = await context.live.ask_long(
        queries.lookalikes,
        str(values.get("family") or ""),
        values.get("given"),
        values.get("birth_date"),
        values.get("phone"),
        mbi=values.get("mbi"),
        names=context.names,
    )
    return found


def alike_spec(context: FormContext, values: Mapping[str, Any], alike: Sequence[Lookalike]) -> FormSpec:
    """Returns the question: who is alike and why, and that it is someone else."""
    name = name_words(str(values.get("family") or ""), str(values.get("given") or ""))
    born = values.get("birth_date") or "no birth date"
    rows = [
        RowOption(one.patient.id.hex(), _cells(context, one), _hint(one), str(number))
        for number, one in enumerate(alike, 1)
    ]
    rows.append(RowOption(NEW, ("It's someone else: save the new patient",), "", "s"))
    return FormSpec(
        name="alike",
        title="Perhaps here already",
        identity=Content(f"{name}, {born}"),
        button="Take",
        fields=(
            RowsField(
                name="who",
                label="It is",
                options=tuple(rows),
                help="arrows or a number choose, s is someone else, esc goes back",
            ),
            ChoiceField(
                name="how",
                label="Then",
                options=HOW,
                required=True,
                when=lambda now: now.get("who") != NEW,
                help="merging shows both beside each other: you pick field by field",
            ),
        ),
    )


def _cells(context: FormContext, one: Lookalike) -> tuple[str, ...]:
    """Who it is: name, age and sex, birth date, record number."""
    person = one.patient
    years = age_words(person.birth_date, context.here.today()) if person.birth_date else ""
    who = "died" if person.deceased else f"{years:>3} {person.sex}"
    name = name_words(person.family, person.given or "")
    return name, who, person.birth_date or "no birth date", f"MRN {person.mrn}"


def _hint(one: Lookalike) -> str:
    """Why, and the number that is called."""
    return f"{one.why}; {phone_words(one.phone)}" if one.phone else f"{one.why}; no phone"
