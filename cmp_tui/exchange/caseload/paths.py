"""Finding a spreadsheet by typing its path: what the folder holds that goes on as the typed words begin."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from cmp_tui.clinic.text import terminal_safe

SUFFIXES = (".xlsx", ".xlsm", ".csv", ".tsv", ".txt")
MOST_LOOKED_AT = 20_000
"""Names of a folder that are looked at; of a longer one the rest is not offered."""
MOST_OFFERED = 500


class Entry(NamedTuple):
    """A folder or a file that might be meant."""

    path: Path
    name: str
    """As it is shown: what a terminal could not show is written out."""
    folder: bool
    size: int
    changed: datetime
    """UTC."""

    @property
    def typable(self) -> bool:
        """Whether the name can stand in a line that is typed."""
        return self.name == self.path.name

    @property
    def typed(self) -> str:
        """What stands in the line when it is taken."""
        return str(self.path) + ("/" if self.folder else "")


class Offer(NamedTuple):
    """What goes on as the typed words begin; `why` says why there is nothing, '' when there is."""

    entries: list[Entry]
    why: str = ""


def offers(typed: str) -> Offer:
    """Returns the spreadsheets (newest first) and folders that begin as the last part of a typed path.

    Names that begin with a dot are offered when the dot is typed. Never raises. It may wait for the disk.
    """
    folder, prefix = split(typed)
    shown = terminal_safe(str(folder))
    try:
        with os.scandir(folder) as found:
            entries = _fitting(found, prefix)
    except FileNotFoundError:
        return Offer([], f"There is no folder {shown}.")
    except NotADirectoryError:
        return Offer([], f"{shown} is a file, not a folder.")
    except PermissionError:
        return Offer([], f"You may not look into {shown}.")
    except (OSError, ValueError):
        return Offer([], f"{shown} can't be read.")
    if not entries:
        return Offer(
            [],
            f"No CSV or XLSX file of this name in {shown}." if prefix else f"No CSV or XLSX file in {shown}.",
        )
    files = sorted(
        (one for one in entries if not one.folder), key=lambda one: (-one.changed.timestamp(), one.name)
    )
    folders = sorted((one for one in entries if one.folder), key=lambda one: one.name.casefold())
    return Offer([*files, *folders][:MOST_OFFERED])


def split(typed: str) -> tuple[Path, str]:
    """Returns the folder that a typed path names, and the beginning of the name in it. ~ is the person's home.

    What does not begin with / or ~ is looked for from the person's home. Quotes around it, which terminals
    put there when a file is dragged in, are taken off.
    """
    text = typed.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    for begins_anew in ("//", "/~"):  # typed on behind what stood there already
        text = text[max(text.rfind(begins_anew) + 1, 0) :]
    if text == "~":
        text = "~/"
    head, slash, prefix = text.rpartition("/")
    try:
        return Path.home() / Path(head + slash).expanduser(), prefix
    except RuntimeError:  # no such person's home
        return Path.home() / (head + slash), prefix


def whole(typed: str) -> Path:
    """Returns the path that was typed."""
    folder, name = split(typed)
    return folder / name


def _fitting(found: Iterator[os.DirEntry[str]], prefix: str) -> list[Entry]:
    entries = []
    for count, one in enumerate(found):
        if count >= MOST_LOOKED_AT:
            break
        name = one.name
        if not name.casefold().startswith(prefix.casefold()) or (
            name.startswith(".") and not prefix.startswith(".")
        ):
            continue
        try:
            facts = one.stat()
        except OSError:  # a link to nowhere, or gone meanwhile
            continue
        folder = stat.S_ISDIR(facts.st_mode)
        if folder or (stat.S_ISREG(facts.st_mode) and name.lower().endswith(SUFFIXES)):
            changed = datetime.fromtimestamp(facts.st_mtime, UTC)
            entries.append(Entry(Path(one.path), terminal_safe(name), folder, facts.st_size, changed))
    return entries
