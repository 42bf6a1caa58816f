"""Closed months: what is written into one is a dated amendment, with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from cmp_tui.clinic.calendar import Month, day_of
from cmp_tui.clinic.change import Change
from cmp_tui.clinic.errors import Invalid
from cmp_tui.clinic.model import Staff
from cmp_tui.clinic.records import rows
from cmp_tui.clinic.scope import Scope
from cmp_tui.contacts.model import ClosedMonth, TimeEntry, closed_spans


class Closed(NamedTuple):
    """A closed month: when, by whom (a name), why past what stood in its way, and by which rules it was judged."""

    key: bytes
    month: Month
    at: datetime
    by: str
    reason: str | None
    passed: list[dict[str, Any]]
    rules_checked_on: date
    rules_digest: str


def closed_months(scope: Scope) -> list[Closed]:
    """Returns the closed months, the last first."""
    c = ClosedMonth
    query = (
        c.live(c.id, c.month, c.closed_at, Staff.name, c.reason, c.passed, c.rules_checked_on, c.rules_digest)
        .join(Staff, on=(Staff.id == c.closed_by))
        .order_by(c.month.desc())
    )
    return [
        Closed(key, Month.parse(month), at, by, reason, passed or [], checked, digest)
        for key, month, at, by, reason, passed, checked, digest in rows(query)
    ]


def closed_month(scope: Scope, month: Month) -> Closed | None:
    """Returns how a month was closed; None when it is open."""
    return next((one for one in closed_months(scope) if one.month == month), None)


def amendment(change: Change, moments: Iterable[datetime], why: str | None) -> dict[str, Any]:
    """Returns who amends a record of these moments, when and why; nothing when none lies in a closed month.

    Raises Invalid on "amend_why" when one does and no reason is given.
    """
    closed = {span.month for span in closed_spans(change.zone)}
    touched = sorted({Month.of(day_of(at, change.zone)) for at in moments} & closed) if closed else []
    if not touched:
        return {}
    if not (why or "").strip():
        raise Invalid(
            {
                "amend_why": f"{touched[0].label} is closed. Say why this is added now; "
                "the reason stays with it, and it is marked as an amendment."
            }
        )
    try:
        reason = TimeEntry.amended_why.check(why, change.reference)
    except ValueError as error:
        raise Invalid({"amend_why": str(error)}) from None
    return {"amended_at": change.now, "amended_by": change.who.id, "amended_why": reason}
