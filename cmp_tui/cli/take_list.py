"""export list: Today or the caseload as a file, the same rows and columns that the app saves by key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cmp_tui.cli.context import Session
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.text import terminal_safe

if TYPE_CHECKING:
    from cmp_tui.ui.listing import Listing


class Unmasked:
    """Nobody looks over the shoulder of a command."""

    masked = False

    def shown_name(self, family: str, given: str) -> str:
        """The name."""
        from cmp_tui.ui.words import name_words

        return name_words(family, given)


@click.command("list")
@click.argument("name", type=click.Choice(["today", "caseload"]))
@click.option(
    "--view", default="mine", show_default=True, metavar="VIEW", help="mine, team or cover:USERNAME."
)
@click.option(
    "--filter", "filter_text", default="", metavar="TEXT", help="Caseload: such as 'has:copd min:<20'."
)
@click.option(
    "--sort",
    default="name",
    show_default=True,
    metavar="COLUMN",
    help="Caseload: name, age, minutes, due, reached, manager, program or payer; -minutes turns it around.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A .csv or .xlsx file.",
)
@click.pass_obj
def list_command(session: Session, name: str, view: str, filter_text: str, sort: str, output: Path) -> None:
    """Write Today or the caseload as it is shown: its columns, view, filter and order, all its rows.

    \b
    Example:
      cmp-tui export list caseload --filter 'due:overdue' --sort -minutes -o overdue.xlsx
    """
    from cmp_tui.frame.list_file import SUFFIXES, Progress, list_file

    clinic = session.clinic
    if output.suffix.lower() not in SUFFIXES:
        raise click.UsageError(f"{terminal_safe(output.name)}: end the name with .csv or .xlsx.")
    if name == "today" and (filter_text or sort != "name"):
        raise click.UsageError("Today has one order and no filter. Use: cmp-tui export list caseload")
    listing = today_list(clinic, view) if name == "today" else caseload_list(clinic, view, filter_text, sort)
    written = clinic.read(list_file, clinic, listing, output, Progress(0))
    where = terminal_safe(str(output.resolve()))
    click.echo(f"{where}: {written.rows:,} rows, sha256 {written.sha256}", err=True)


def today_list(clinic: Clinic, view: str) -> Listing:
    """Returns Today as a list for a file."""
    from cmp_tui.queue.listing import queue_cells
    from cmp_tui.queue.queries import every
    from cmp_tui.ui.listing import Listing

    cells = queue_cells(Unmasked(), _today(clinic))
    batches = partial(every, whose=view)
    return Listing("Today", tuple(one for some in cells.values() for one in some), batches, 0)


def caseload_list(clinic: Clinic, view: str, filter_text: str, sort: str) -> Listing:
    """Returns the caseload as a list for a file. Raises NotUnderstood for a filter that is none."""
    from cmp_tui.caseload.language import parse
    from cmp_tui.caseload.listing import case_cells
    from cmp_tui.caseload.queries import SORTS, every
    from cmp_tui.patients.coding import load_condition_tables
    from cmp_tui.ui.listing import Listing

    parse(filter_text)
    column, descending = sort.removeprefix("-"), sort.startswith("-")
    if column not in SORTS:
        raise click.BadParameter(f"{sort!r} is not one of: {', '.join(SORTS)}.", param_hint="--sort")
    names = {group.id: group.short for group in load_condition_tables(clinic.reference.folder).groups()}

    def short(groups: str) -> str:
        return " ".join(names.get(group, group) for group in groups.split())

    cells = case_cells(Unmasked(), short, _today(clinic))
    batches = partial(every, whose=view, filter_text=filter_text, sort=column, descending=descending)
    return Listing("Caseload", tuple(one for some in cells.values() for one in some), batches, 0)


def _today(clinic: Clinic) -> Callable[[], date]:
    from cmp_tui.clinic.staff import settings_list

    zone = clinic.read(settings_list).zone
    return lambda: clinic.clock.today(zone)
