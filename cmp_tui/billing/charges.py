"""What to bill in a month, one row a line, with what a claim asks for: CSV, XLSX or JSON. Two runs give the same bytes.

No published layout of a care-management claim was found (billing-rules, section 8): these are any claim's fields.
"""

from __future__ import annotations

from collections.abc import Iterable

from cmp_tui.billing.charge_lines import Charge, beside, charges_of
from cmp_tui.billing.closing import closed_view
from cmp_tui.billing.month_queries import month_view
from cmp_tui.clinic.calendar import Month, local
from cmp_tui.clinic.scope import Scope
from cmp_tui.files.sheet import Column, Sheet

COLUMNS = (
    Column("mrn", width=14),
    Column("patient", width=26),
    Column("birth_date", width=12),
    Column("mbi", width=14),
    Column("payer"),
    Column("code"),
    Column("units", "integer"),
    Column("program"),
    Column("minutes", "integer"),
    Column("date_of_service", "date"),
    Column("place_of_service"),
    Column("diagnoses", width=34),
    Column("practitioner", width=20),
    Column("rendering_npi", width=12),
    Column("billing_npi", width=12),
    Column("warnings", "integer"),
    Column("status"),
    Column("amended_at", "local"),
)


def charges(scope: Scope, month: Month) -> list[Charge]:
    """Returns the month's lines, by MRN, in the order in which the month shows them.

    Of a closed month those that were kept, and after a patient's those that differ now.
    """
    closed = closed_view(scope, month)
    if closed is None:
        npi = scope.settings.npi or None
        return [charge for result in month_view(scope, month).patients for charge in charges_of(result, npi)]
    found: list[Charge] = []
    for one in closed.patients:
        at = local(one.amended_at, scope.zone).replace(tzinfo=None) if one.amended_at else None
        found += one.charges if one.now is None else beside(one.charges, one.charges_now, at)
    return found


def charge_sheet(found: Iterable[Charge]) -> Sheet:
    """Returns the charges as a sheet."""
    return Sheet("Charges", COLUMNS, found)
