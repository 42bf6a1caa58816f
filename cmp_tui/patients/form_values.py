"""What stands in the forms about people, as arguments of the actions. Knows no screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from cmp_tui.clinic.errors import Invalid
from cmp_tui.patients.alike import Lookalike
from cmp_tui.patients.coding import ConditionTables
from cmp_tui.patients.rules import CHECKED, warnings

OUTSIDE = "*outside"
"""Chosen for a billing practitioner who is not of the staff; the name stands in a field of its own."""
_SNOMED = re.compile(r"[0-9]{6,18}")
_ICD = re.compile(r"[A-Za-z][0-9][0-9A-Za-z.\s]*")


class Practitioner(NamedTuple):
    """A billing practitioner as the form holds them: one of the staff (a username), or a name."""

    billing_practitioner: str | None
    outside_name: str | None


def tidy(values: Mapping[str, object]) -> dict[str, Any]:
    """Returns the values with blank text as nothing."""
    return {name: None if value == "" or value == () else value for name, value in values.items()}


def filled(values: Mapping[str, object]) -> dict[str, Any]:
    """Returns the values of a new record: only those that hold something, so that defaults apply."""
    return {name: value for name, value in tidy(values).items() if value is not None}


def practitioner_fields(stored: str | None, usernames: Sequence[str]) -> Practitioner:
    """Returns how a stored billing practitioner stands in a form."""
    if not stored or stored in usernames:
        return Practitioner(stored or None, None)
    return Practitioner(OUTSIDE, stored)


def practitioner_value(
    values: dict[str, Any], whole: Mapping[str, object], name: str = "billing_practitioner"
) -> dict[str, Any]:
    """Puts the name of someone outside in the place of the choice. `whole` holds all values of the form.

    Raises Invalid when someone outside was chosen and not named.
    """
    outside = values.pop("outside_name", None)
    if whole.get(name) == OUTSIDE and (name in values or outside is not None):
        chosen = outside or whole.get("outside_name")
        if not chosen:
            raise Invalid({"outside_name": "Write the practitioner's name, or choose one of the clinic's."})
        values[name] = chosen
    return values


def code_system(code: str | None) -> str:
    """Returns the system that a typed code is of: a letter first is ICD-10-CM, digits are SNOMED CT."""
    text = (code or "").strip()
    if _SNOMED.fullmatch(text):
        return "snomed"
    return "icd-10-cm" if _ICD.fullmatch(text) else "other"


def condition_values(values: Mapping[str, object]) -> dict[str, Any]:
    """Returns the arguments for `add_condition` and `edit_condition`: the code's system is told by its shape.

    Raises Invalid for a code of neither system.
    """
    full = tidy(values)
    if "code" in full:
        full["system"] = code_system(full["code"])
        if full["code"] and full["system"] == "other":
            raise Invalid({"code": "Write an ICD-10-CM code (E11.9) or a SNOMED CT code, or leave it empty."})
    return full


def say_code(tables: ConditionTables, code: str) -> str:
    """Returns what a typed code means, for the dim words behind it: "Diabetes, chronic"."""
    system = code_system(code)
    if system == "other":
        return "not a code; own words need none"
    coded = tables.classify(system, code)
    if coded.kind in ("social", "admin"):
        return "a social need, no condition" if coded.kind == "social" else "no condition"
    group = next((group.name for group in tables.groups() if group.id == coded.group), "")
    chronic = {True: "chronic", False: "not chronic", None: ""}[coded.chronic]
    return ", ".join(part for part in (group, chronic) if part) or "not in our tables; kept as it is"


def say_lookalikes(alike: Sequence[Lookalike]) -> str:
    """Returns the sentence that asks whether a new patient is here already."""
    said = "; ".join(
        f"{one.patient.family}, {one.patient.given or '?'} {one.patient.birth_date or 'no birth date'} "
        f"(record number {one.patient.mrn}: {one.why})"
        for one in alike[:3]
    )
    more = f" and {len(alike) - 3} more" if len(alike) > 3 else ""
    return f"Perhaps here already: {said}{more}. ctrl+s again adds the new patient all the same."


class AskOnce:
    """Stops the first saving when the patient may be here already; the second one goes through.

    Someone alike who was not shown yet stops it again.
    """

    def __init__(self) -> None:
        self._shown: set[bytes] = set()

    def __call__(self, alike: Sequence[Lookalike]) -> None:
        """Raises Invalid while there is someone who was not shown."""
        new = {one.patient.id for one in alike} - self._shown
        if new:
            self._shown |= new
            raise Invalid({"": say_lookalikes(alike)})


def saved_words(what: str) -> Callable[[object], str]:
    """Returns what is said after saving: that it is saved, and what looks wrong in the saved row."""

    def said(row: object) -> str:
        values = {name: getattr(row, name, None) for name in CHECKED}
        return " ".join([what, *warnings(values).values()])

    return said
