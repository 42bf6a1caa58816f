"""import records: the plain-text folder that `export records` writes, or a hand-written one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cmp_tui.cli.bring_parts import is_wanted, teller, uncollected
from cmp_tui.cli.context import Session, json_option, print_json, say, yes_option
from cmp_tui.clinic.clinic import Clinic

if TYPE_CHECKING:
    from cmp_tui.exchange.records.plan import FilePlan, RecordsPlan, Told
    from cmp_tui.exchange.records.reading import OnBytes

FIRST_REFUSED = 40
FIRST_NOTES = 20
FIRST_DIFFERENCES = 40
LONGEST_VALUE = 60


@click.command("records")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@yes_option
@json_option
@click.pass_context
def records_command(ctx: click.Context, folder: Path, yes: bool, as_json: bool) -> None:
    """Import a records folder: what `export records` wrote, or CSV files written by hand.

    Any of the files will do, with any of their columns in any order. Rows are matched by id where there is one, else
    by record number (mrn), username and what they say; an empty cell never empties what is known here. A preview says
    what is new, changed or the same, and names each row that can't be read; the others are imported all the same.
    Everything but staff.csv is one change, and can be undone as a whole. New people of the staff can't sign in until
    an administrator binds them (cmp-tui staff add USERNAME --os-user NAME). Exit status 1 when a row was refused.

    \b
    Example:
      cmp-tui import records lakeside-2026-11-30
    """
    from cmp_tui.exchange.records.queries import records_plan
    from cmp_tui.exchange.records.reading import open_folder

    session: Session = ctx.obj
    clinic = session.clinic
    found = open_folder(folder)
    with _progress("Reading", found.size) as tell, uncollected():
        plan = clinic.read(records_plan, found, tell)
    if not as_json:
        for line in preview(plan):
            say(line)
    done = _apply(clinic, plan, yes, as_json)
    if as_json:
        print_json({**as_object(plan), "imported": done})
    if plan.wrong:
        ctx.exit(1)


def _apply(clinic: Clinic, plan: RecordsPlan, yes: bool, as_json: bool) -> bool:
    """Imports if the person wants it; returns whether anything was written."""
    from cmp_tui.exchange.records.actions import import_records, import_staff

    tell = teller(as_json)
    if plan.empty:
        read = any(one.read for one in plan.files.values())
        tell("\nThere is nothing new; nothing was changed." if read else "\nNothing was imported.")
        return False
    if not is_wanted(tell, yes, as_json):
        return False
    if sys.stderr.isatty():
        click.echo("Writing ...", err=True)
    staff = clinic.run(import_staff, plan)
    with uncollected():
        done = clinic.run(import_records, plan)
    tell(f"\nImported: {done.rows + staff.rows:,} rows added, {done.changed + staff.changed:,} changed.")
    if staff.rows:
        tell(
            "The new people of the staff can't sign in yet. Bind each: cmp-tui staff add USERNAME --os-user NAME"
        )
    if done.rows or done.changed:
        but = ", but for the staff" if staff.rows or staff.changed else ""
        tell(f"u in the app takes it back as a whole{but}, as long as nothing newer belongs to it.")
    return True


# -- the preview


def preview(plan: RecordsPlan) -> Iterator[str]:
    """What the import would do, line by line."""
    yield f"{'':22}{'new':>9}{'changed':>9}{'same':>9}{'refused':>9}"
    for one in plan.files.values():
        if one.read or one.refused or one.made:
            yield _counts(one)
    if plan.staff.adds or plan.staff.edits:
        yield "The people of staff.csv come in first, in a change of their own that an undo leaves."
    heaps = (
        ("Changes:", [_difference(each) for each in plan.differences], FIRST_DIFFERENCES),
        ("Refused:", [_where(told) for told in plan.refusals], FIRST_REFUSED),
        ("Look at these:", [_where(told) for told in plan.notes], FIRST_NOTES),
        ("Left alone:", [f"{name}: {why}" for name, why in plan.left.items()], FIRST_NOTES),
    )
    for heading, lines, first in heaps:
        if lines:
            yield ""
            yield heading
            yield from lines[:first]
            if len(lines) > first:
                yield f"... and {len(lines) - first:,} more; --json lists them all"
    if plan.untold:
        yield f"{plan.untold:,} more refusals and notes are only counted."
    if not any(one.read or one.refused for one in plan.files.values()):
        yield ""
        yield "There is no file of a records folder in there. Their names: staff.csv, patients.csv, conditions.csv ..."


def _counts(one: FilePlan) -> str:
    more = [f"{one.struck:,} struck out here"] if one.struck else []
    more += [f"{one.made:,} more out of time_entries.csv"] if one.made else []
    numbers = f"{one.new:>9,}{one.changed:>9,}{one.same:>9,}{one.refused:>9,}"
    return f"{one.layout.file:22}{numbers}   {', '.join(more)}".rstrip()


def _difference(each: Any) -> str:
    old, new = (_short(value) for value in (each.old, each.new))
    return f"{each.file}, line {each.line:,}: {each.record}: {each.column}: {old} -> {new}"


def _short(value: str) -> str:
    if not value:
        return "(nothing)"
    return f"{value[:LONGEST_VALUE]}…" if len(value) > LONGEST_VALUE else value


def _where(told: Told) -> str:
    return f"{told.file}, line {told.line:,}: {told.says}" if told.line else f"{told.file}: {told.says}"


def as_object(plan: RecordsPlan) -> dict[str, Any]:
    """The preview for programs."""
    counts = ("new", "changed", "same", "struck", "refused", "made")
    return {
        "files": {
            one.layout.file: {name: getattr(one, name) for name in counts}
            for one in plan.files.values()
            if one.read or one.refused or one.made
        },
        "refused": [told._asdict() for told in plan.refusals],
        "notes": [told._asdict() for told in plan.notes],
        "changes": [each._asdict() for each in plan.differences],
        "left": plan.left,
        "only_counted": plan.untold,
    }


@contextmanager
def _progress(label: str, size: int) -> Iterator[OnBytes | None]:
    """A progress bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=size, label=label, file=sys.stderr, update_min_steps=1 << 16) as bar:
        yield bar.update
