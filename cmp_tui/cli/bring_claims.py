"""import claims: candidates, stays, visits and conditions out of payers' claim files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cmp_tui.cli.bring_parts import care_manager_of, is_wanted, progress, teller, uncollected
from cmp_tui.cli.context import Session, json_option, print_json, say, yes_option
from cmp_tui.clinic.clinic import Clinic

if TYPE_CHECKING:
    from cmp_tui.exchange.claims.actions import Imported
    from cmp_tui.exchange.claims.plan import ClaimsPlan


@click.command("claims")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--names", is_flag=True, help="Name everyone who is not taken in too, with why.")
@click.option(
    "--same",
    multiple=True,
    metavar="MRN",
    help="Whoever looks like this patient is them; all: all. Again for more.",
)
@click.option("--new", "all_new", is_flag=True, help="Whoever only looks like somebody is somebody new.")
@click.option(
    "--care-manager", metavar="USERNAME", help="Who gets the new people and candidates. Default: nobody yet."
)
@yes_option
@json_option
@click.pass_context
def claims_command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    names: bool,
    same: tuple[str, ...],
    all_new: bool,
    care_manager: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Import claim files and folders of them: CMS RIF files (inpatient, outpatient, carrier, SNF, home health, hospice,
    beneficiaries) and X12 837, professional and institutional. Give several months together: what counts is use in
    half a year.

    Patients get the stays, emergency visits, visits, conditions (marked as from claims, confirmed by nobody) and the
    services that exclude yours. Who is not here comes in only as a candidate, by the rule of data/claims.toml, with
    what the claims show as the reason; who is enrolled or on the way is not taken in again. Of adjusted claims the last
    version holds. The import is one change, and can be undone as a whole. Exit status 1 when a file or a line could not
    be read, or when someone looks like somebody and it is for you to say.

    \b
    Example:
      cmp-tui import claims claims/2026-06 --care-manager ben
    """
    from cmp_tui.cli.bring_claims_report import as_object, preview
    from cmp_tui.clinic.staff import settings_list
    from cmp_tui.exchange.caseload.plan import Choices
    from cmp_tui.exchange.claims.book import claims_book
    from cmp_tui.exchange.claims.queries import claims_plan
    from cmp_tui.exchange.claims.reading import read_claims

    session: Session = ctx.obj
    clinic = session.clinic
    manager = care_manager_of(clinic, care_manager)
    book = claims_book(clinic.reference)
    choices = Choices(
        same_mrns=frozenset(one.strip() for one in same) - {"all"}, all_same="all" in same, all_new=all_new
    )
    today = clinic.clock.today(clinic.read(settings_list).zone)
    with progress("Reading") as tell, uncollected():
        reading = read_claims(paths, book.marks, today, tell, never=clinic.path)
        plan = clinic.read(claims_plan, reading, book, choices)
    if not as_json:
        for line in preview(plan, names=names):
            say(line)
    done = _apply(clinic, plan, manager, yes, as_json)
    if as_json:
        print_json({**as_object(plan), "imported": done is not None})
    if plan.wrong:
        ctx.exit(1)


def _apply(
    clinic: Clinic, plan: ClaimsPlan, manager: bytes | None, yes: bool, as_json: bool
) -> Imported | None:
    """Imports if the person wants it; returns what was written, None for nothing."""
    from cmp_tui.exchange.claims.actions import import_claims

    tell = teller(as_json)
    if plan.empty:
        known = any(one.key is not None for one in plan.people)
        tell("\nThere is nothing new; nothing was changed." if known else "\nNothing was imported.")
        return None
    if not is_wanted(tell, yes, as_json):
        return None
    with uncollected():
        done = clinic.run(import_claims, plan, manager)
    people = "1 new patient" if done.patients == 1 else f"{done.patients:,} new patients"
    taken = "1 candidate" if done.intakes == 1 else f"{done.intakes:,} candidates"
    tell(f"\nImported: {people}, {taken}; {done.rows:,} rows added, {done.changed:,} changed.")
    tell("u in the app takes it back as a whole, as long as nothing newer belongs to it.")
    return done
