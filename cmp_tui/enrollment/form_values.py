"""What stands in the forms about consent and enrollment, as arguments of the actions. Knows no screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cmp_tui.patients.form_values import OUTSIDE, practitioner_value, tidy

ENDS = (
    "graduated", "moved", "withdrawn", "deceased", "lost", "declined-financial", "declined-interest", "declined-other",
    "ineligible-conditions", "ineligible-practice", "ineligible-program", "ineligible-health", "ineligible-insurance",
)  # fmt: skip
"""Why a time in a program ends."""
PAUSES = ("hold", "unable-to-reach", "ineligible-health", "ineligible-insurance")
"""Why it rests."""
EXPLAINED = ("accepted", "declined")
"""The decisions before which the points are explained."""


def consent_values(values: Mapping[str, object]) -> dict[str, Any]:
    """Returns the arguments for `record_consent`. Raises Invalid when someone outside bills and is not named."""
    found = practitioner_value(tidy(values), values, "practitioner")
    found["points"] = tuple(found.get("points") or ())
    found.setdefault("mode", None)
    return found


def enrollment_values(values: Mapping[str, object]) -> dict[str, Any]:
    """Returns the arguments for `enroll`; an empty end is left out, since a new enrollment has none."""
    found = practitioner_value(tidy(values), values, "practitioner")
    found.pop("end", None)
    found.setdefault("start", None)
    return found


def enrollment_changes(changes: Mapping[str, object], whole: Mapping[str, object]) -> dict[str, Any]:
    """Returns the arguments for `edit_enrollment`: what was changed. A pause's reason stands where an end's does."""
    found = practitioner_value(tidy(changes), whole, "practitioner")
    if "paused" in found:
        found["ended"] = found.pop("paused")
    return found


def practitioner_shown(stored: str | None, usernames: list[str]) -> dict[str, object]:
    """Returns how a stored practitioner stands in these forms."""
    if not stored or stored in usernames:
        return {"practitioner": stored, "outside_name": None}
    return {"practitioner": OUTSIDE, "outside_name": stored}
