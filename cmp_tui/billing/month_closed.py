"""A closed month in the list: what was kept of each patient, and whether it would come out otherwise now."""

from __future__ import annotations

from typing import Any, NamedTuple

from cmp_tui.billing.engine.result import MonthResult
from cmp_tui.billing.model import ClosedResult
from cmp_tui.billing.month_queries import patient_object
from cmp_tui.billing.month_rows import MonthRow
from cmp_tui.clinic.records import rows
from cmp_tui.contacts.closed import Closed


class Kept(NamedTuple):
    """What a closed month keeps of a patient: the lines and the minutes, as `month --json` has them."""

    lines: list[dict[str, Any]]
    minutes: dict[str, dict[str, int]]

    def words(self) -> str:
        """'99490 + 99439×2'"""
        return " + ".join(
            line["code"] if line["units"] == 1 else f"{line['code']}×{line['units']}" for line in self.lines
        )


def kept_month(closed: Closed, among: Any = None) -> dict[bytes, Kept]:
    """Returns what a closed month keeps, by patient; `among` narrows it (keys or a subquery).

    Of two records that were merged since, it is what both kept.
    """
    r = ClosedResult
    query = r.live(r.patient, r.result).where(r.closed == closed.key)
    if among is not None:
        query = query.where(r.patient.in_(among))
    found: dict[bytes, Kept] = {}
    for key, result in rows(query.order_by(r.id)):
        before = found.get(bytes(key), Kept([], {}))
        minutes = dict(before.minutes)
        for program, theirs in result["minutes"].items():
            mine = minutes.get(program, {})
            minutes[program] = {who: mine.get(who, 0) + count for who, count in theirs.items()}
        found[bytes(key)] = Kept([*before.lines, *result["lines"]], minutes)
    return found


def as_kept(row: MonthRow, result: MonthResult, kept: Kept | None) -> MonthRow:
    """Returns a row as the closed month keeps it: billed, nothing, or otherwise by now (`says` tells what)."""
    then = kept or Kept([], {})
    now = patient_object(result)
    minutes = sum(theirs["staff"] + theirs["practitioner"] for theirs in then.minutes.values())
    shown = row._replace(
        lines=then.words(), minutes=minutes if then.minutes else row.minutes, missing=0, mend="", says=""
    )
    if (then.lines, then.minutes) == (now["lines"], now["minutes"]):
        return shown._replace(state="ready" if then.lines else "none")
    if then.lines == now["lines"]:
        return shown._replace(state="amended", says=f"{row.minutes} min by now, the same codes")
    return shown._replace(
        state="amended", says=f"by now {row.lines}" if row.lines else "nothing to bill by now"
    )
