"""When two values of a patient's record say the same. Pure."""

from __future__ import annotations

from typing import Any

from cmp_tui.clinic.partial import agree
from cmp_tui.clinic.text import fold
from cmp_tui.exchange.caseload.names import plain_given

_ONE_LINE = (
    "family",
    "given",
    "preferred",
    "best_time",
    "email",
    "language",
    "street",
    "city",
    "state",
    "postal_code",
)


def same_value(name: str, value: Any, now: Any) -> bool:
    """Tells whether two values of a patient's record say the same, but for case, accents and middle names."""
    if value == now:
        return True
    if not isinstance(value, str) or not isinstance(now, str):
        return False
    if name == "given":
        return (
            plain_given(value) == plain_given(now)
            or plain_given(value).split()[:1] == plain_given(now).split()[:1]
        )
    if name == "birth_date":
        return len(now) > len(value) and agree(now, value)
    return name in (*_ONE_LINE, "billing_practitioner", "pcp", "mrn") and fold(value) == fold(now)


def completes(name: str, value: Any, now: Any) -> bool:
    """Tells whether a birth date says more than the one that is known."""
    return name == "birth_date" and len(value) > len(now) and agree(value, now)
