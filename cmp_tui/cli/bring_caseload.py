"""import caseload: a clinic's own spreadsheet, its columns guessed, shown, corrected and remembered."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cmp_tui.cli.bring_parts import care_manager_of, import_people, said_columns, uncollected
from cmp_tui.cli.context import Session, json_option, print_json, say, yes_option
from cmp_tui.clinic.clinic import Clinic

if TYPE_CHECKING:
    from cmp_tui.exchange.caseload.headings import Columns
    from cmp_tui.exchange.caseload.plan import Choices
    from cmp_tui.exchange.caseload.reading import SheetIn


@click.command("caseload")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--sheet", metavar="NAME", help="The sheet of a workbook. Default: the likeliest that is not hidden."
)
@click.option(
    "--heading-row", type=click.IntRange(0), metavar="N", help="Where the headings are; 0: there are none."
)
@click.option(
    "--year",
    type=int,
    metavar="YYYY",
    help="The year of months such as Jan, where their headings do not say it.",
)
@click.option(
    "--column",
    "said",
    multiple=True,
    metavar="HEADING=MEANING",
    help="What a column means, such as DOB=birth_date, Misc=ignore, M1=minutes:2026-01. Again for more.",
)
@click.option(
    "--dates",
    type=click.Choice(["month-first", "day-first"]),
    help="How 3/4/26 is meant. Default: told by the columns.",
)
@click.option(
    "--overwrite", is_flag=True, help="Where the sheet differs from what is here, the sheet goes before."
)
@click.option(
    "--same",
    multiple=True,
    metavar="ROW=MRN",
    help="This row is that patient. MRN alone: whoever looks like them; all: all.",
)
@click.option(
    "--new",
    multiple=True,
    metavar="ROW",
    help="This row is somebody new, whoever it looks like; all: all of them.",
)
@click.option("--out", multiple=True, type=int, metavar="ROW", help="Leave this row out.")
@click.option("--care-manager", metavar="USERNAME", help="Whose panel the new people join. Default: yours.")
@yes_option
@json_option
@click.pass_context
def caseload_command(
    ctx: click.Context,
    file: Path,
    sheet: str | None,
    heading_row: int | None,
    year: int | None,
    said: tuple[str, ...],
    dates: str | None,
    overwrite: bool,
    same: tuple[str, ...],
    new: tuple[str, ...],
    out: tuple[int, ...],
    care_manager: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Import a caseload that was kept in a spreadsheet: CSV or XLSX, one row a patient, any column names.

    What the columns mean is guessed, shown, corrected with --column, and remembered for sheets with the same headings.
    A column that has no place is kept word by word with the patient. Minutes of a month come in as one total, which is
    shown and never billable. What is empty here is filled; what differs stays, unless you say --overwrite. Rows that
    look like somebody, and rows that can't be read, are named and left out; the rest comes in as one change, which can
    be undone as a whole. Exit status 1 when a row was refused.

    \b
    Example:
      cmp-tui import caseload tracker.xlsx --year 2026 --column "Misc=ignore"
    """
    from cmp_tui.cli.bring_caseload_report import as_object, mapping_lines, preview
    from cmp_tui.exchange.caseload.actions import import_caseload
    from cmp_tui.exchange.caseload.headings import KEPT_AS
    from cmp_tui.exchange.caseload.queries import caseload_plan
    from cmp_tui.exchange.caseload.reading import read_caseload
    from cmp_tui.exchange.caseload.words import load_words

    session: Session = ctx.obj
    clinic = session.clinic
    manager = care_manager_of(clinic, care_manager)
    choices = _choices(overwrite, same, new, out, dates)
    with uncollected():
        book = read_caseload(file, load_words(clinic.reference.folder), sheet, heading_row, never=clinic.path)
        columns = _columns(clinic, book, said, year)
        if not as_json:
            for line in mapping_lines(book, columns):
                say(line)
        columns = _with_year(columns, yes, as_json)
        plan = clinic.read(caseload_plan, book, columns, choices)
    if not as_json:
        for line in preview(plan):
            say(line)
    clinic.keep(KEPT_AS, columns.signature, columns.to_keep())
    done = import_people(clinic, import_caseload, plan, manager, yes, as_json, known=bool(plan.of("same")))
    if as_json:
        print_json({**as_object(book, columns, plan), "imported": done})
    if plan.wrong:
        ctx.exit(1)


def _columns(clinic: Clinic, book: SheetIn, said: tuple[str, ...], year: int | None) -> Columns:
    """What the columns mean, as last time where it was said then, and as is said now."""
    from cmp_tui.clinic.staff import settings_list
    from cmp_tui.exchange.caseload.headings import KEPT_AS, corrected, guess, with_year
    from cmp_tui.exchange.caseload.words import load_words

    kept = {one.key: one.data for one in clinic.kept(KEPT_AS)}
    today: date = clinic.clock.today(clinic.read(settings_list).zone)
    columns = guess(book, load_words(clinic.reference.folder), kept, today=today)
    columns = corrected(columns, said_columns(said, "DOB=birth_date"))
    return columns if year is None else with_year(columns, year)


def _with_year(columns: Columns, yes: bool, as_json: bool) -> Columns:
    """Asks the year of the months when the headings do not say it."""
    from cmp_tui.exchange.caseload.headings import with_year

    if not columns.needs_year:
        return columns
    if yes or as_json or not sys.stdin.isatty():
        raise click.UsageError("The headings do not say the months' year. Add --year, such as --year 2026")
    asked = click.prompt(
        "\nWhich year are the months of", type=click.IntRange(2000, 2099), default=columns.year_guess
    )
    return with_year(columns, asked)


def _choices(
    overwrite: bool, same: tuple[str, ...], new: tuple[str, ...], out: tuple[int, ...], dates: str | None
) -> Choices:
    from cmp_tui.exchange.caseload.plan import Choices

    rows: dict[int, str] = {}
    numbers = set()
    for one in same:
        row, sign, mrn = one.partition("=")
        if not sign:
            numbers.add(one.strip())
        elif row.strip().isdecimal():
            rows[int(row)] = mrn.strip()
        else:
            raise click.BadParameter(f"{one!r} is not ROW=MRN, such as 17=T-12.", param_hint="--same")
    wanted = set()
    for one in new:
        if one != "all" and not one.isdecimal():
            raise click.BadParameter(f"{one!r} is not the number of a row.", param_hint="--new")
        wanted |= set() if one == "all" else {int(one)}
    day_first = None if dates is None else dates == "day-first"
    mrns = frozenset(numbers - {"all"})
    every = ("all" in new, "all" in numbers)
    return Choices(overwrite, rows, mrns, frozenset(wanted), frozenset(out), *every, day_first)
