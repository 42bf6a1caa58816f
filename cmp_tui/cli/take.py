"""export: what leaves the clinic as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cmp_tui.cli.context import Session
from cmp_tui.cli.handing import form_of, hand_out, refuse_early
from cmp_tui.cli.take_caseload import caseload_command
from cmp_tui.cli.take_charges import charges_command
from cmp_tui.cli.take_list import list_command
from cmp_tui.cli.take_records import records_command
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic

if TYPE_CHECKING:
    from cmp_tui.files.table_out import Save

FORMATS = ("csv", "xlsx", "json")


def _read_month(ctx: click.Context, param: click.Parameter, value: str) -> Month:
    """Reads a month as it is typed: 2026-10."""
    try:
        return Month.parse(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.group("export")
def export_command() -> None:
    """Write what the clinic hands out. Each export stands in the audit trail."""


export_command.add_command(caseload_command)
export_command.add_command(charges_command)
export_command.add_command(list_command)
export_command.add_command(records_command)


@export_command.command("time-log")
@click.option(
    "--month", required=True, callback=_read_month, metavar="YYYY-MM", help="The month, such as 2026-10."
)
@click.option(
    "--by",
    type=click.Choice(["span", "patient"]),
    default="span",
    show_default=True,
    help="One row for each span of time, or totals for each patient.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: by the file's name, else csv.")
@click.option("--notes", is_flag=True, help="With the notes. They are left out unless you ask.")
@click.option("--program", metavar="CODE", help="Only time for this program, such as CCM.")
@click.option("--staff", metavar="USERNAME", help="Only this person's time.")
@click.option(
    "--practitioner", metavar="NAME", help="Only time for this billing practitioner (username or name)."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Default: standard output."
)
@click.pass_obj
def time_log_command(
    session: Session,
    month: Month,
    by: str,
    form: str | None,
    notes: bool,
    program: str | None,
    staff: str | None,
    practitioner: str | None,
    output: Path | None,
) -> None:
    """Write the month's time log: who worked when, for whom, on what, and whether it can be billed.

    Two runs over the same records give the same bytes. A spreadsheet (xlsx) has both sheets, by span and by
    patient.

    \b
    Example:
      cmp-tui export time-log --month 2026-10 -o october.xlsx
    """
    from cmp_tui.billing.export import time_log_sheets

    clinic = session.clinic
    form = form_of(form, output, FORMATS)
    if program is not None and not clinic.reference.known("program", program):
        known = ", ".join(code.code for code in clinic.reference.codes("program"))
        raise click.BadParameter(f"{program!r} is not one of: {known}.", param_hint="--program")
    staff = _known_staff(clinic, staff)
    refuse_early(clinic, output)
    narrow = {"program": program, "staff": staff, "practitioner": practitioner}

    def log(save: Save) -> int:
        both = form == "xlsx"
        return clinic.read(time_log_sheets, save, month, by=by, both=both, notes=notes, **narrow)

    hand_out(clinic, log, form, output, what="time-log", month=str(month), by=by, notes=notes)


def _known_staff(clinic: Clinic, username: str | None) -> str | None:
    """The username if it is one of the staff's, also of those whose access has ended."""
    from cmp_tui.clinic.staff import staff_list

    if username is None:
        return None
    if username.lower() not in {row.username for row in clinic.read(staff_list, everyone=True)}:
        raise click.UsageError(f"There is no {username!r} among the staff. See: cmp-tui staff list --all")
    return username.lower()
