"""What several imports share: whose panel new people join, a progress bar, and a resting cycle collector."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from cmp_tui.clinic.clinic import Clinic

OnProgress = Callable[[int, int], None]


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
