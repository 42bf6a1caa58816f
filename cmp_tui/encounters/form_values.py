"""What stands in the forms about visits, stays and services, as arguments of the actions. Knows no screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cmp_tui.encounters.rules import is_code
from cmp_tui.patients.form_values import OUTSIDE, practitioner_value, tidy


def with_practitioner(values: Mapping[str, object]) -> dict[str, Any]:
    """Returns the arguments for a visit or a service: the practitioner, or the name of the one outside.

    Raises Invalid when someone outside was chosen and not named.
    """
    return practitioner_value(tidy(values), values, "practitioner")


def shown_with(usernames: Sequence[str]) -> Callable[[Any], dict[str, Any]]:
    """Returns what puts a line with a practitioner into its form."""

    def shown(line: Any) -> dict[str, Any]:
        values = dict(line._asdict())
        stored = values["practitioner"]
        if stored and stored not in usernames:
            values |= {"practitioner": OUTSIDE, "outside_name": stored}
        return values

    return shown


def say_billed(code: str) -> str:
    """Returns what looks wrong with a typed code; '' when nothing does."""
    return "" if is_code(code.strip().upper()) else "five signs, such as 99490 or G0506"
