"""The demo clinic's file on disk: whether one lies there, and putting a new one in its place."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cmp_tui.clinic.errors import Refused, Stopped
from cmp_tui.clinic.file import remove_file
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.clinic.records import Table
from cmp_tui.exchange.demo.making import make_demo_clinic
from cmp_tui.exchange.demo.queries import DemoState, demo_state


def demo_at(path: Path, tables: Sequence[type[Table]]) -> DemoState | None:
    """Returns the state of the demo clinic at `path`; None when nothing lies there.

    Raises Stopped when something else lies there (a real clinic, another file): that is never touched.
    """
    if not path.exists():
        return None
    clinic = open_clinic(path, tables)
    try:
        state = clinic.read(demo_state)
    except Refused:  # someone else's real clinic: what is in it does not matter
        state = None
    finally:
        clinic.close_here()
    if state is None:
        raise Stopped(
            f"{path} is a real clinic file, not a practice one. It was not touched. "
            "Name another place for the demo with --db, before the word demo."
        )
    return state


def put_demo(path: Path, tables: Sequence[type[Table]], now: datetime, seed: int) -> None:
    """Makes the demo clinic at `path`, in place of an earlier demo clinic there.

    It is made beside and then renamed: when it fails, the earlier one is still there. Raises Stopped when the
    earlier one is open in another program, or is no demo clinic.
    """
    demo_at(path, tables)
    _require_unused(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    remove_file(beside)
    make_demo_clinic(beside, tables, now, seed=seed)
    try:
        _require_unused(path)
        beside.replace(path)
    except BaseException as error:
        remove_file(beside)
        if isinstance(error, OSError):
            raise Stopped(
                f"{path} can't be written: {error.strerror}. Choose another place with --db."
            ) from error
        raise


def _require_unused(path: Path) -> None:
    """The last program that closes a clinic file takes its -wal file away; while it is there, someone works."""
    if path.exists() and Path(f"{path}-wal").exists():
        raise Stopped(
            f"The practice clinic {path} is open in another program. Leave it there first, then try again."
        )
