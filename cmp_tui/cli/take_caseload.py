"""export caseload: everyone in the shape of a clinic's own tracker, for a spreadsheet program."""

from __future__ import annotations

from pathlib import Path

import click

from cmp_tui.cli.context import Session
from cmp_tui.cli.handing import form_of, hand_out, refuse_early

FORMATS = ("csv", "xlsx")


@click.command("caseload")
@click.option("--year", type=click.IntRange(2000, 2099), help="The year of the months. Default: this one.")
@click.option(
    "--filter", "filter_text", default="", metavar="TEXT", help="Only some, such as 'cm:me has:copd'."
)
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: by the file's name, else csv.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Default: standard output."
)
@click.pass_obj
def caseload_command(
    session: Session, year: int | None, filter_text: str, form: str | None, output: Path | None
) -> None:
    """Write the caseload as a tracker: one row a patient, the year's months of minutes, and the words that came in
    with a spreadsheet under their own headings.

    Without a filter everyone is in it, also who has died. `import caseload` of the file finds nothing new.

    \b
    Example:
      cmp-tui export caseload --year 2026 -o caseload.xlsx
    """
    from cmp_tui.clinic.staff import settings_list
    from cmp_tui.exchange.caseload.export import caseload_sheet
    from cmp_tui.exchange.caseload.queries_out import caseload_table, staff_names
    from cmp_tui.exchange.caseload.words import load_words

    clinic = session.clinic
    form = form_of(form, output, FORMATS)
    refuse_early(clinic, output)
    today = clinic.clock.today(clinic.read(settings_list).zone)
    wanted = year or today.year
    table = clinic.read(caseload_table, wanted, filter_text)
    words = load_words(clinic.reference.folder)
    sheet = caseload_sheet(table, wanted, clinic.reference, words, clinic.read(staff_names), today)
    hand_out(clinic, [sheet], form, output, what="caseload", year=wanted, filtered=bool(filter_text))
