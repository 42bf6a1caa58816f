"""Pieces that the forms of this room and of the rooms above share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cmp_tui.clinic.staff import StaffRow
from cmp_tui.patients.form_values import OUTSIDE
from cmp_tui.patients.rules import warnings
from cmp_tui.ui.fields.base import Field, Here, Reading
from cmp_tui.ui.fields.choice import ChoiceField, Option
from cmp_tui.ui.fields.text import TextField

NOT_ASKED = "not asked"
Edit = Callable[..., Any]
"""An action whose arguments are the values of a form."""
Args = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ToldField(TextField):
    """A line of text with words behind it: what it means, or what looks wrong. Nothing is refused."""

    tell: Callable[[str], str]

    def parse(self, text: str, here: Here) -> Reading:
        return Reading(text, self.tell(text))

    def echo(self, value: object, here: Here) -> str:
        return self.tell(str(value)) if value else ""


def odd(name: str) -> Callable[[str], str]:
    """Returns what tells that the value of a field looks wrong."""
    return lambda text: warnings({name: text}).get(name, "")


def practitioner_options(staff: Sequence[StaffRow]) -> tuple[Option, ...]:
    """The clinic's billing practitioners, and someone outside."""
    own = tuple(Option(one.username, one.name) for one in staff if one.may_bill)
    return (*own, Option(OUTSIDE, "someone outside"))


def practitioner_pair(staff: Sequence[StaffRow], name: str = "billing_practitioner") -> tuple[Field, Field]:
    """The choice of a billing practitioner, and the name of one outside."""
    return (
        ChoiceField(name=name, label="Bills for it", options=practitioner_options(staff)),
        TextField(
            name="outside_name",
            label="Their name",
            limit=120,
            when=lambda values: values.get(name) == OUTSIDE,
        ),
    )
