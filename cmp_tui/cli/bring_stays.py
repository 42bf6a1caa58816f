"""import stays: admissions and discharges out of a hospital's or an exchange's list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cmp_tui.cli.bring_parts import is_wanted, said_columns, teller, uncollected
from cmp_tui.cli.context import Session, json_option, print_json, say, yes_option
from cmp_tui.clinic.clinic import Clinic

if TYPE_CHECKING:
    from cmp_tui.exchange.stays.plan import StaysPlan


@click.command("stays")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--sheet", metavar="NAME", help="The sheet of a workbook. Default: the likeliest that is not hidden."
)
@click.option(
    "--column", "said", multiple=True, metavar="HEADING=MEANING",
    help="What a column means, such as Adm=admitted, Misc=ignore. Again for more.",
)  # fmt: skip
@click.option(
    "--dates",
    type=click.Choice(["month-first", "day-first"]),
    help="How 3/4/26 is meant. Default: told by the columns.",
)
@click.option(
    "--same",
    multiple=True,
    metavar="MRN",
    help="Whoever looks like this patient is them; all: all. Again for more.",
)
@yes_option
@json_option
@click.pass_context
def stays_command(
    ctx: click.Context,
    file: Path,
    sheet: str | None,
    said: tuple[str, ...],
    dates: str | None,
    same: tuple[str, ...],
    yes: bool,
    as_json: bool,
) -> None:
    """Import a list of admissions and discharges (ADT): CSV or XLSX, any column names, one row a stay or an event.

    A row says who (a record number, or a name and a birth date) and when (admitted and discharged, or an event such as
    A01 and A03 and its day); where, which kind, from where and where to, why, as far as it knows. What the columns mean
    is guessed, shown, corrected with --column, and remembered for lists with the same headings. Only patients who are
    here get stays; others are named and left out. What is empty here is filled, what differs stays as it is here. A
    discharge that counts starts its clocks. The same list twice changes nothing. The import is one change, and can be
    undone as a whole. Exit status 1 when a row could not be taken: a discharge before its admission or still to come,
    a stay that lies over another one, somebody who only looks like a patient.

    \b
    Example:
      cmp-tui import stays adt-2026-11-23.csv --column "Loc=facility"
    """
    from cmp_tui.cli.bring_stays_report import as_object, preview
    from cmp_tui.exchange.caseload.headings import signature
    from cmp_tui.exchange.caseload.plan import Choices
    from cmp_tui.exchange.caseload.reading import read_caseload
    from cmp_tui.exchange.stays.book import stay_words
    from cmp_tui.exchange.stays.columns import KEPT_AS, guessed, to_keep
    from cmp_tui.exchange.stays.queries import stays_plan

    session: Session = ctx.obj
    clinic = session.clinic
    words = stay_words(clinic.reference)
    mrns = frozenset(one.strip() for one in same)
    choices = Choices(
        same_mrns=mrns - {"all"},
        all_same="all" in mrns,
        day_first=None if dates is None else dates == "day-first",
    )
    with uncollected():
        book = read_caseload(file, words.sheet, sheet, never=clinic.path)
        name = signature(book.headings)
        kept = {one.key: one.data for one in clinic.kept(KEPT_AS)}.get(name)
        columns = guessed(book, words, kept and dict(kept), said_columns(said, "DOB=birth_date"))
        plan = clinic.read(stays_plan, book, columns, choices)
    clinic.keep(KEPT_AS, name, to_keep(columns))
    if not as_json:
        for line in preview(plan):
            say(line)
    done = _apply(clinic, plan, yes, as_json)
    if as_json:
        print_json({**as_object(plan), "imported": done})
    if plan.wrong:
        ctx.exit(1)


def _apply(clinic: Clinic, plan: StaysPlan, yes: bool, as_json: bool) -> bool:
    """Imports if the person wants it; returns whether anything was written."""
    from cmp_tui.exchange.stays.actions import import_stays

    tell = teller(as_json)
    if plan.empty:
        known = bool(plan.of("same", "kept"))
        tell("\nThere is nothing new; nothing was changed." if known else "\nNothing was imported.")
        return False
    if not is_wanted(tell, yes, as_json):
        return False
    with uncollected():
        done = clinic.run(import_stays, plan)
    tell(
        f"\nImported: {done.added:,} {'stay' if done.added == 1 else 'stays'} added, {done.changed:,} filled in."
    )
    tell("u in the app takes it back as a whole, as long as nothing newer belongs to it.")
    return True
