"""What several imports share: asking and applying, whose panel new people join, progress, a resting collector."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from cmp_tui.cli.context import say
from cmp_tui.clinic.clinic import Clinic

OnProgress = Callable[[int, int], None]
Tell = Callable[[str], None]


def teller(as_json: bool) -> Tell:
    """Returns what says a line; beside JSON nothing is said."""
    return (lambda text: None) if as_json else say


def is_wanted(tell: Tell, yes: bool, as_json: bool) -> bool:
    """Asks whether to import, unless it was said; in a pipe, or beside JSON, only `yes` says it."""
    if yes:
        return True
    if as_json or not sys.stdin.isatty():
        tell("\nNothing was imported: this was the preview. Add --yes to import it.")
        return False
    if not click.confirm("\nImport this?"):
        tell("Nothing was imported.")
        return False
    return True


def said_columns(said: Sequence[str], example: str) -> dict[str, str]:
    """What columns mean, as options say it: HEADING=MEANING each."""
    wanted = {}
    for one in said:
        heading, sign, meaning = one.rpartition("=")
        if not sign:
            raise click.BadParameter(
                f"{one!r} is not HEADING=MEANING, such as {example}.", param_hint="--column"
            )
        wanted[heading.strip()] = meaning
    return wanted


def import_people(
    clinic: Clinic,
    action: Callable[..., Any],
    plan: Any,
    manager: bytes | None,
    yes: bool,
    as_json: bool,
    known: bool,
) -> bool:
    """Does an import of people and their records if the person wants it; returns whether anything was written.

    `known` says that the input held somebody who is here already.
    """
    from cmp_tui.clinic.staff import me

    tell = teller(as_json)
    if plan.empty:
        tell("\nThere is nothing new; nothing was changed." if known else "\nNothing was imported.")
        return False
    if manager is None and plan.of("new") and "care-manager" not in clinic.read(me).roles:
        sentence = "You are no care manager. Say whose panel the new people join: --care-manager USERNAME"
        if yes:
            raise click.UsageError(sentence)
        tell(f"\nNothing was imported. {sentence}")
        return False
    if not is_wanted(tell, yes, as_json):
        return False
    with uncollected():
        done = clinic.run(action, plan, manager)
    people = "1 new patient" if done.patients == 1 else f"{done.patients:,} new patients"
    tell(f"\nImported: {people}; {done.rows:,} rows added, {done.changed:,} changed.")
    tell("u in the app takes it back as a whole, as long as nothing newer belongs to it.")
    return True


def care_manager_of(clinic: Clinic, username: str | None) -> bytes | None:
    """The key of the care manager who was named."""
    from cmp_tui.clinic.staff import staff_list

    if username is None:
        return None
    for row in clinic.read(staff_list):
        if row.username == username.lower():
            if "care-manager" not in row.roles:
                raise click.UsageError(f"{row.name} is no care manager. See: cmp-tui staff list")
            return row.id
    raise click.UsageError(f"There is no {username!r} among the staff. See: cmp-tui staff list")


@contextmanager
def progress(label: str) -> Iterator[OnProgress | None]:
    """A progress bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield tell


@contextmanager
def uncollected() -> Iterator[None]:
    """Puts the cycle collector to rest: an import makes millions of objects and no cycles among them.

    It does not look at them later either: not at the next pause, and not when the command ends.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
