"""export: what leaves the clinic as files."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cmp_tui.cli.context import Session
from cmp_tui.clinic.calendar import Month
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.text import terminal_safe

if TYPE_CHECKING:
    from cmp_tui.files.sheet import Sheet

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
    from cmp_tui.billing.export import patient_sheet, span_sheet
    from cmp_tui.billing.queries import by_patient, time_log

    clinic = session.clinic
    form = form or _form_of(output)
    if form == "xlsx" and output is None:
        raise click.UsageError("A spreadsheet needs a file: add -o FILE.xlsx")
    if program is not None and not clinic.reference.known("program", program):
        known = ", ".join(code.code for code in clinic.reference.codes("program"))
        raise click.BadParameter(f"{program!r} is not one of: {known}.", param_hint="--program")
    staff = _known_staff(clinic, staff)
    _refuse_early(clinic, output)
    spans = clinic.read(time_log, month, program=program, staff=staff, practitioner=practitioner)
    months = by_patient(clinic.reference, month, spans)
    sheets = [span_sheet(spans, notes=notes), patient_sheet(months)]
    if by == "patient":
        sheets.reverse()
    _hand_out(clinic, sheets, form, output, month=str(month), by=by, notes=notes)


def _hand_out(
    clinic: Clinic, sheets: list[Sheet], form: str, output: Path | None, *, month: str, by: str, notes: bool
) -> None:
    """Writes the file or standard output, logs it, and says on standard error what was written."""
    from cmp_tui.billing.export import encode_log, write_log
    from cmp_tui.clinic.audit import audit_head
    from cmp_tui.files.digest import sha256_of

    facts: dict[str, Any] = {"what": "time-log", "month": month, "by": by, "notes": notes, "format": form}
    if output is None:
        chunks = list(encode_log(form, sheets[0]))
        digest = hashlib.sha256(b"".join(chunks)).hexdigest()
        count = len(chunks) - 1  # CSV has its headings besides, JSON its closing bracket
        clinic.look("export", **facts, rows=count, sha256=digest)
        sys.stdout.buffer.writelines(chunks)
        sys.stdout.buffer.flush()
    else:
        digest = ""

        def log(hidden: Path, rows: int) -> None:
            nonlocal digest
            digest = sha256_of(hidden)
            clinic.look("export", **facts, rows=rows, sha256=digest)

        # What can't be logged does not leave the house, and leaves an older file as it was.
        count = write_log(output, form, sheets, never=[clinic.path], then=log)
    head = clinic.read(audit_head)
    where = terminal_safe(str(output.resolve())) if output else "standard output"
    click.echo(f"{where}: {count:,} rows, sha256 {digest}", err=True)
    click.echo(f"Audit chain: {head.seq} entries, head {head.seq}:{head.hash}", err=True)


def _form_of(output: Path | None) -> str:
    suffix = output.suffix.lower().lstrip(".") if output else ""
    if output is not None and suffix not in FORMATS:
        raise click.UsageError(
            f"{terminal_safe(output.name)} does not say what it is: add --format csv, xlsx or json."
        )
    return suffix or "csv"


def _known_staff(clinic: Clinic, username: str | None) -> str | None:
    """The username if it is one of the staff's, also of those whose access has ended."""
    from cmp_tui.clinic.staff import staff_list

    if username is None:
        return None
    if username.lower() not in {row.username for row in clinic.read(staff_list, everyone=True)}:
        raise click.UsageError(f"There is no {username!r} among the staff. See: cmp-tui staff list --all")
    return username.lower()


def _refuse_early(clinic: Clinic, output: Path | None) -> None:
    """Raises before the log is made when the person may not export, or the file can't be written."""
    from cmp_tui.clinic.staff import me
    from cmp_tui.files.aside import refuse_target

    clinic.rights.require(clinic.read(me).roles, "look.export")
    if output is not None:
        refuse_target(output, [clinic.path])
