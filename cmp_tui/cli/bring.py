"""import: people and their records from other systems."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cmp_tui.cli.bring_caseload import caseload_command
from cmp_tui.cli.bring_claims import claims_command
from cmp_tui.cli.bring_parts import care_manager_of, import_people, progress, uncollected
from cmp_tui.cli.bring_records import records_command
from cmp_tui.cli.bring_stays import stays_command
from cmp_tui.cli.context import Session, json_option, print_json, say, yes_option

if TYPE_CHECKING:
    pass


@click.group("import")
def import_command() -> None:
    """Bring people and their records in from other systems."""


import_command.add_command(caseload_command)
import_command.add_command(claims_command)
import_command.add_command(records_command)
import_command.add_command(stays_command)


@import_command.command("fhir")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@yes_option
@click.option("--care-manager", metavar="USERNAME", help="Whose panel the new people join. Default: yours.")
@json_option
@click.pass_context
def fhir(
    ctx: click.Context, paths: tuple[Path, ...], yes: bool, care_manager: str | None, as_json: bool
) -> None:
    """Import FHIR R4 files and folders: bundles, NDJSON, single resources, also packed with gzip.

    First a preview says what is new, changed, left as it is, and why. What was edited here since it came in stays
    as it is here. The import is one change, and can be undone as a whole. Exit status 1 when a file or a row could
    not be read; the rest is imported all the same.

    \b
    Example:
      cmp-tui import fhir exports/2026-11 --care-manager ben
    """
    from cmp_tui.cli.bring_report import as_object, preview
    from cmp_tui.exchange.actions import import_fhir
    from cmp_tui.exchange.fhir.reading import read_fhir
    from cmp_tui.exchange.queries import fhir_plan
    from cmp_tui.measurements.coding import load_measurement_tables

    session: Session = ctx.obj
    clinic = session.clinic
    manager = care_manager_of(clinic, care_manager)
    tables = load_measurement_tables(clinic.reference.folder)
    with progress("Reading") as tell, uncollected():
        plan = clinic.read(fhir_plan, read_fhir(paths, take=tables.take, on_progress=tell), tables)
    if not as_json:
        for line in preview(plan):
            say(line)
    done = import_people(clinic, import_fhir, plan, manager, yes, as_json, known=bool(plan.patients))
    if as_json:
        print_json({**as_object(plan), "imported": done})
    if plan.wrong:
        ctx.exit(1)
