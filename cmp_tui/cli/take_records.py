"""export records: everything, one CSV file a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cmp_tui.cli.bring_parts import progress
from cmp_tui.cli.context import Session, json_option, print_json
from cmp_tui.clinic.text import terminal_safe

if TYPE_CHECKING:
    pass


@click.command("records")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--with-history", is_flag=True, help="Also every earlier version and the audit trail. Never imported."
)
@json_option
@click.pass_obj
def records_command(session: Session, folder: Path, with_history: bool, as_json: bool) -> None:
    """Write everything into a folder, one CSV file a table, in an order that never changes.

    It imports back without loss (cmp-tui import records), and two runs over the same records give the same bytes.
    The folder must be new or empty, or hold an earlier export, whose files are replaced. What was struck out stays
    out of the tables; --with-history adds history.csv and audit.csv, for an administrator or auditor.

    \b
    Example:
      cmp-tui export records lakeside-2026-11-30
    """
    from cmp_tui.clinic.audit import audit_head
    from cmp_tui.clinic.staff import me
    from cmp_tui.exchange.records.export import left_of_before, refuse_folder, write_records

    clinic = session.clinic
    clinic.rights.require(clinic.read(me).roles, "look.export")
    folder = folder.expanduser().absolute()
    refuse_folder(folder)
    with progress("Writing") as tell:
        written = write_records(clinic, folder, history=with_history, tell=tell)
    left = left_of_before(folder, written)
    head = clinic.read(audit_head)
    if as_json:
        chain = {"seq": head.seq, "hash": head.hash}
        print_json({"folder": str(folder), "files": written, "left": left, "audit": chain})
        return
    for one in written:
        click.echo(f"{one.name:22}{one.rows:>11,}  {one.sha256}")
    if left:
        click.echo(f"Of an earlier export, and not written this time: {', '.join(left)}")
    total = sum(one.rows for one in written)
    click.echo(f"{terminal_safe(str(folder))}: {len(written)} files, {total:,} rows", err=True)
    click.echo(f"Audit chain: {head.seq} entries, head {head.seq}:{head.hash}", err=True)
