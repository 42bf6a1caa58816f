"""What to bill in a month, one row a line, with what a claim asks for: CSV, XLSX or JSON. Two runs give the same bytes.

No published layout of a care-management claim was found (billing-rules, section 8): these are any claim's fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from cmp_tui.billing.engine.result import MonthResult
from cmp_tui.billing.month_queries import month_view
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.scope import Scope
from cmp_tui.files.sheet import Column, Sheet


class Charge(NamedTuple):
    """One line to bill. `rendering_npi` is the practitioner's, `billing_npi` the clinic's."""

    mrn: str
    patient: str
    birth_date: str | None
    mbi: str | None
    payer: str | None
    code: str
    units: int
    program: str
    minutes: int | None
    date_of_service: date
    place_of_service: str
    diagnoses: str
    practitioner: str | None
    rendering_npi: str | None
    billing_npi: str | None
    warnings: int


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
)


def charges(scope: Scope, month: Month) -> list[Charge]:
    """Returns the month's lines, by MRN, in the order in which the month shows them."""
    view = month_view(scope, month)
    return [charge for result in view.patients for charge in _of(result, scope.settings.npi or None)]


def charge_sheet(found: Iterable[Charge]) -> Sheet:
    """Returns the charges as a sheet."""
    return Sheet("Charges", COLUMNS, found)


def _of(result: MonthResult, billing_npi: str | None) -> Iterator[Charge]:
    facts = result.facts
    for line in result.lines:
        person = facts.staff.get(line.practitioner or "")
        warned = sum(note.program in (None, line.program) for note in result.warnings)
        yield Charge(
            facts.mrn, facts.name, facts.birth_date, facts.mbi, facts.payer, line.code, line.units, line.program,
            line.minutes, line.date_of_service, line.place_of_service, ";".join(line.diagnoses),
            person.name if person else line.practitioner, person.npi if person else None, billing_npi, warned,
        )  # fmt: skip
