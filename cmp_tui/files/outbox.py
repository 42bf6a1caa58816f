"""The folder in which the program puts a person's files, closed to everybody else, and the way from there."""

from __future__ import annotations

import os
import shlex
import socket
import stat
from collections.abc import Mapping
from pathlib import Path

from cmp_tui.clinic.text import terminal_safe
from cmp_tui.files.aside import CannotWrite

MOST_NAMES = 1000


def outbox_path() -> Path:
    """Returns the person's outbox; it need not be there yet."""
    import platformdirs

    return Path(platformdirs.user_data_dir("cmp-tui", appauthor=False)) / "outbox"


def make_outbox() -> Path:
    """Makes the outbox if it is missing, closed to others (0700), and returns it.

    Raises CannotWrite when it can't be made, is a link, or belongs to somebody else.
    """
    path = outbox_path()
    shown = terminal_safe(str(path))
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise CannotWrite(f"{shown} is not a folder of yours. Remove it, or name another folder.")
        if stat.S_IMODE(found.st_mode) & 0o077:
            path.chmod(0o700)
    except OSError as error:
        reason = terminal_safe(error.strerror or "unknown error")
        raise CannotWrite(f"The folder {shown} can't be made: {reason}. Name another one.") from error
    return path


def free_name(folder: Path, stem: str, suffix: str) -> str:
    """Returns a name that no file of the folder has yet: 'caseload-2026-11-23.csv', else with -2, -3 …"""
    for number in range(1, MOST_NAMES):
        name = f"{stem}{suffix}" if number == 1 else f"{stem}-{number}{suffix}"
        if not (folder / name).exists():
            return name
    raise CannotWrite(f"{terminal_safe(str(folder))} is full of files of this name. Remove some.")


def home_short(path: Path) -> str:
    """Returns a path as people write it, with ~ for their home; safe for a terminal."""
    try:
        return terminal_safe(f"~/{path.relative_to(Path.home())}")
    except (ValueError, RuntimeError):
        return terminal_safe(str(path))


def scp_line(path: Path, environ: Mapping[str, str], user: str) -> str:
    """Returns the line that fetches a file of this machine from another one.

    Over SSH it names the address at which this machine was reached, else its host name.
    """
    reached = environ.get("SSH_CONNECTION", "").split()
    host = reached[2] if len(reached) == 4 else socket.gethostname()
    host = f"[{host}]" if ":" in host else host
    return terminal_safe(f"scp {shlex.quote(f'{user}@{host}:{path}')} .")
