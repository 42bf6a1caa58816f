"""export charges: what to bill in a month."""

from __future__ import annotations

from pathlib import Path

import click

from cmp_tui.cli.context import Session
from cmp_tui.cli.handing import form_of, hand_out, refuse_early
from cmp_tui.cli.month import read_month
from cmp_tui.clinic.calendar import Month

FORMATS = ("csv", "xlsx", "json")


@click.command("charges")
@click.option(
    "--month", required=True, callback=read_month, metavar="YYYY-MM", help="The month, such as 2026-10."
)
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: by the file's name, else csv.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Default: standard output."
)
@click.pass_obj
def charges_command(session: Session, month: Month, form: str | None, output: Path | None) -> None:
    """Write what to bill in a month: patient, codes and units, diagnoses, minutes, dates, NPIs and place of service.

    Only what nothing blocks is in it; `cmp-tui month` says what is not, and why.

    \b
    Example:
      cmp-tui export charges --month 2026-10 -o charges.csv
    """
    from cmp_tui.billing.charges import charge_sheet, charges

    clinic = session.clinic
    form = form_of(form, output, FORMATS)
    refuse_early(clinic, output)
    sheet = charge_sheet(clinic.read(charges, month))
    hand_out(clinic, [sheet], form, output, what="charges", month=str(month))
