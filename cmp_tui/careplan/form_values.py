"""What stands in the forms of a care plan, as what its actions take. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Required, TypedDict

from cmp_tui.careplan.goal_rules import SAID_SIGNS
from cmp_tui.careplan.scale_rules import STEPS, kept_steps
from cmp_tui.clinic.errors import Invalid

_VALUE = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*(?:/\s*(\d+(?:\.\d+)?))?\s*([^\d/]*)\s*")
_LEADING = re.compile(r"(\d+(?:\.\d+)?)(?:\s*/\s*(\d+(?:\.\d+)?))?(?=\s|$|[,;:%])")


def parse_value(text: str | None) -> tuple[float, float | None] | None:
    """Reads '8.2', '132/84' or '8.2 %'; None for nothing. Raises Invalid on "value"."""
    if not (text or "").strip():
        return None
    found = _VALUE.fullmatch(text or "")
    if found is None:
        raise Invalid({"value": "That is not a value: write 8.2, or 132/84 for a blood pressure."})
    return float(found[1]), None if found[2] is None else float(found[2])


def plain(values: Mapping[str, object]) -> dict[str, Any]:
    """Returns a form's values as actions take them: nothing for empty text, floats for decimals."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return None if value == "" else value


def goal_values(values: Mapping[str, object]) -> dict[str, Any]:
    """Returns what add_goal and edit_goal take of the goal form's values (or of its changes)."""
    found = plain(values)
    about = found.pop("about", None)
    if "about" in values:
        found["condition"] = bytes.fromhex(about) if isinstance(about, str) and about else None
        if found["condition"] is not None:
            found["problem"] = None
    if "scaled" in values:
        scaled = found.pop("scaled", None)
        found["weight"] = (found.get("weight") or 1) if scaled else None
    steps = {name: found.pop(name, None) for name in STEPS if name in found}
    if steps:
        found["steps"] = kept_steps(steps) if found.get("weight", 1) is not None else None
    if isinstance(found.get("measure"), str) and not found["measure"]:
        found["measure"] = None
    return found


def about_of(condition: bytes | None) -> str:
    """Returns the value of the field that says what a goal is about."""
    return "" if condition is None else condition.hex()


class GoalSaid(TypedDict, total=False):
    """What a contact said of a goal: better, the same or worse, a value (of a blood pressure two), a note."""

    goal: Required[bytes]
    achievement: str | None
    value: float | None
    second: float | None
    note: str | None


def parse_said(goal: bytes, text: str, counts: int) -> GoalSaid | None:
    """Reads '+ walks to the mailbox', '8.1', '= 132/84 at home'; None for nothing.

    `counts`: whether the goal takes no number (0), one, or two. Raises Invalid on "value".
    """
    words = text.strip()
    if not words:
        return None
    said: GoalSaid = {"goal": goal}
    if words[0] in SAID_SIGNS:
        said["achievement"] = SAID_SIGNS[words[0]]
        words = words[1:].strip()
    found = _LEADING.match(words) if counts else None
    if found is not None:
        if counts == 2 and found[2] is None:
            raise Invalid({"value": "a blood pressure has two numbers, such as 132/84."})
        said["value"] = float(found[1])
        said["second"] = None if found[2] is None or counts < 2 else float(found[2])
        words = words[found.end() :].strip()
    if words:
        said["note"] = words
    return said
