"""Whether a practitioner has approved the plans of patients who have something to bill: the second signature."""

from __future__ import annotations

from collections.abc import Iterator

from cmp_tui.billing.close_rules import Stand, bills
from cmp_tui.billing.month_queries import MonthView
from cmp_tui.careplan.model import PlanVersion
from cmp_tui.clinic.records import rows


def missing_signatures(view: MonthView) -> Iterator[Stand]:
    """The patients who have something to bill, and whose plan as it stood at the month's end nobody has approved."""
    billed = {result.facts.key: result.facts for result in view.patients if bills(result)}
    v = PlanVersion
    query = v.live(v.id, v.patient, v.number, v.date, v.signed_as, v.approved_on).where(
        v.date <= view.month.last
    )
    latest = {row[1]: row for row in rows(query.order_by(v.number, v.id)) if row[1] in billed}
    for key, patient, number, day, signed, approved in latest.values():
        if approved is None:
            facts = billed[patient]
            by = f"signed by {signed or 'nobody'} on {day}"
            says = f"Version {number} of the plan, {by}, awaits the second signature."
            yield Stand("signature", says, "approval", patient, facts.mrn, facts.name, rows=(key,))
