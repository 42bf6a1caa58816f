"""What stands in the forms of a care plan, as what its actions take. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cmp_tui.clinic.errors import Invalid

_VALUE = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*(?:/\s*(\d+(?:\.\d+)?))?\s*([^\d/]*)\s*")


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
    if isinstance(found.get("measure"), str) and not found["measure"]:
        found["measure"] = None
    return found


def about_of(condition: bytes | None) -> str:
    """Returns the value of the field that says what a goal is about."""
    return "" if condition is None else condition.hex()
