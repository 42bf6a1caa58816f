"""Files that are there whole or not at all.

What is written goes into a hidden file in the same folder, is synced to the disk, may be checked, and only
then takes the final name. Whatever happens before leaves the old file as it was.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.clinic.text import terminal_safe

PREFIX, SUFFIX = ".cmp-tui-", ".part"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DATABASE_TAILS = ("", "-wal", "-shm", "-journal")


class CannotWrite(ClinicError):
    """A file could not be written; what was there before is unchanged."""


@contextmanager
def write_aside(
    path: Path,
    mode: int = 0o600,
    *,
    check: Callable[[Path], None] | None = None,
    never: Iterable[Path] = (),
) -> Iterator[BinaryIO]:
    """Yields a binary file; when the block ends well, its content takes the name `path` at once.

    `mode` is the file's mode, whatever the umask says. `check` gets the path of the finished hidden file and
    raises when it is not as it should be. `never` names files that must not be replaced (the clinic file;
    what SQLite keeps beside it is included); they are never opened. Left-over hidden files of killed runs in
    the folder are removed.

    Raises CannotWrite with a sentence when `path` is a link, a folder or anything but an ordinary file, when
    the folder is missing or closed to us, or when the disk is full; errors of the block pass through.
    """
    path = Path(path)
    refuse_target(path, never)
    clear_leftovers(path.parent)
    with _sentences(path):
        file, hidden = _make_hidden(path.parent)
    try:
        with _sentences(path, own=False):
            yield file
        with _sentences(path):
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        if check is not None:
            check(hidden)
        with _sentences(path):
            hidden.replace(path)
    except BaseException:
        with suppress(OSError):
            hidden.unlink()
        raise
    finally:
        with suppress(OSError):  # closing writes what is left, which fails again on a full disk
            file.close()
    _sync_folder(path.parent)


def refuse_target(path: Path, never: Iterable[Path] = ()) -> None:
    """Raises CannotWrite with a sentence when a file must not be written under this name.

    For asking early: before a long report is made, and before the person is asked to confirm.
    """
    folder, shown = path.parent, terminal_safe(str(path))
    if not path.name or path.name == "..":
        raise CannotWrite(f"{shown} is a folder. Name a file in it.")
    try:
        is_folder = folder.is_dir()
        for_target = path.lstat() if is_folder else None
    except FileNotFoundError:
        for_target = None
    except OSError as error:
        raise CannotWrite(_sentence(error, path)) from error
    if not is_folder:
        raise CannotWrite(f"There is no folder {terminal_safe(str(folder))}. Make it first, or name another.")
    if for_target is not None:
        if stat.S_ISLNK(for_target.st_mode):
            raise CannotWrite(f"{shown} is a link to another file. Name the file itself, or remove the link.")
        if stat.S_ISDIR(for_target.st_mode):
            raise CannotWrite(f"{shown} is a folder. Name a file in it.")
        if not stat.S_ISREG(for_target.st_mode):
            raise CannotWrite(f"{shown} is not an ordinary file. Name another.")
    if any(belongs_to(path, kept, for_target) for kept in never):
        raise CannotWrite(f"{shown} is the clinic file or belongs to it. Name another file.")


def belongs_to(path: Path, kept: Path, found: os.stat_result | None = None) -> bool:
    """Tells whether a path is the clinic file, or what SQLite keeps beside it, by whatever name; opens neither.

    Opening the clinic file by hand would drop the locks that this process holds on it.
    """
    if found is None:
        with suppress(OSError, ValueError):
            found = path.stat()
    return any(_is_same(path, found, Path(f"{kept}{tail}")) for tail in _DATABASE_TAILS)


def clear_leftovers(folder: Path) -> int:
    """Removes the hidden files that killed runs left in a folder, not those that are being written now.

    Returns how many were removed. What can't be looked at or removed stays, silently.
    """
    removed = 0
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX) and entry.name.endswith(SUFFIX):
                removed += _remove_if_left(Path(entry.path))
    return removed


def _remove_if_left(hidden: Path) -> bool:
    try:
        handle = os.open(hidden, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        # Its writer holds a lock until it ends, however it ends.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return False
        hidden.unlink()
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def _make_hidden(folder: Path) -> tuple[BinaryIO, Path]:
    while True:
        hidden = folder / f"{PREFIX}{secrets.token_hex(8)}{SUFFIX}"
        handle = os.open(hidden, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with suppress(OSError):  # some file systems have no locks; there nothing is cleared either
            fcntl.flock(handle, fcntl.LOCK_EX)
        # Another run may have taken it for a left-over before the lock was held: then make a new one.
        if os.fstat(handle).st_nlink:
            return os.fdopen(handle, "w+b"), hidden
        os.close(handle)


def _is_same(path: Path, found: os.stat_result | None, kept: Path) -> bool:
    if found is not None:
        with suppress(OSError):
            return os.path.samestat(found, kept.stat())
    return os.path.realpath(path) == os.path.realpath(kept)


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # some file systems can't sync a folder; the file itself is synced
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _sentences(path: Path, own: bool = True) -> Iterator[None]:
    """Turns the system's errors into sentences; in the caller's block (not `own`) only those of the disk."""
    try:
        yield
    except OSError as error:
        if own or error.errno in (*_FULL, errno.EIO):
            raise CannotWrite(_sentence(error, path)) from error
        raise


def _sentence(error: OSError, path: Path) -> str:
    name, folder = terminal_safe(path.name), terminal_safe(str(path.parent))
    if error.errno in _FULL:
        return f"The disk is full: there is no room for {name} in {folder}, nothing was written."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"You may not write in {folder}, so {name} was not written. Name another folder."
    if error.errno == errno.EROFS:
        return f"{folder} can only be read, so {name} was not written. Name another folder."
    if error.errno == errno.ENAMETOOLONG:
        return f"The name {name[:40]}… is too long. Nothing was written; name a shorter one."
    reason = terminal_safe(error.strerror or "unknown error")
    return f"{name} could not be written in {folder}: {reason}. What was there before is unchanged."
