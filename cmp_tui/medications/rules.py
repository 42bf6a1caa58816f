"""What may be written about a medicine, and when its taking differs from its order. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

CURRENT = ("active", "intended", "on-hold")
"""States of a medicine that belongs to the present list."""
PAST = ("stopped", "completed", "not-taken", "unknown")
"""States of a medicine that does not."""
AS_ORDERED, DIFFERENTLY, NOT_TAKING = "as-ordered", "differently", "not-taking"
LONGEST = 500
"""Characters that the name of a medicine has room for, and those that its directions have."""


def taking_wrong(
    taking: str | None, how: str | None, why: str | None, on: date | None, today: date
) -> dict[str, str]:
    """Returns what is wrong with what somebody says of taking a medicine: field -> sentence."""
    wrong: dict[str, str] = {}
    if taking is None:
        wrong["taking"] = "Say whether it is taken as ordered, differently, or not at all."
    if taking == DIFFERENTLY and not (how or "").strip():
        wrong["taken_how"] = "Say how it is taken, in the words of who told it."
    if taking == NOT_TAKING and why is None and not (how or "").strip():
        wrong["taken_why"] = "Say why it is not taken; “other” with a few words will do."
    if why == "other" and not (how or "").strip():
        wrong["taken_how"] = "Say in a few words why."
    if on is not None and on > today:
        wrong["taken_on"] = "This day is still to come."
    return wrong


def dates_wrong(values: Mapping[str, Any], today: date) -> dict[str, str]:
    """Returns what is wrong with the dates of a medicine: field -> sentence. They may be partial."""
    wrong: dict[str, str] = {}
    started, stopped = (str(values.get(name) or "") for name in ("started", "stopped"))
    now = today.isoformat()
    if stopped and stopped > now[: len(stopped)]:
        wrong["stopped"] = "This day is still to come. Put it on hold, or stop it when it has come."
    shared = min(len(started), len(stopped))
    if shared and stopped[:shared] < started[:shared]:
        wrong["stopped"] = f"It was stopped before it began ({started})."
    last = str(values.get("last_ordered") or "")
    if last and last > now[: len(last)]:
        wrong["last_ordered"] = "This day is still to come."
    return wrong


def too_long(words: str) -> str:
    """Returns the sentence for a name that does not fit; "" when it does."""
    if len(words.strip()) <= LONGEST:
        return ""
    return (
        f"This has {len(words.strip()):,} characters; {LONGEST} fit. Nothing was cut off: write the name here and "
        "the rest into the directions."
    )


def is_current(status: str) -> bool:
    """Whether a medicine in this state belongs to the present list."""
    return status in CURRENT


def differs(status: str, taking: str | None) -> bool:
    """Whether what the patient does is something else than what was ordered."""
    return is_current(status) and taking in (DIFFERENTLY, NOT_TAKING)
