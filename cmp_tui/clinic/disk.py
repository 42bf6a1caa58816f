"""What the clinic file lies on: the kind of file system, the file's modes, the room that is left."""

from __future__ import annotations

import os
import re
import shutil
import stat
from pathlib import Path

from cmp_tui.clinic.errors import Stopped

NETWORK = (
    *("nfs", "nfs4", "cifs", "smb", "smbfs", "smb2", "smb3", "9p", "virtiofs", "vboxsf", "prl_fs"),
    *("afs", "ceph", "glusterfs", "lustre", "gpfs", "ncpfs", "davfs"),
)
ESCAPED = re.compile(r"\\([0-7]{3})")


def file_system(path: Path, mounts: str | None = None) -> str:
    """Returns the type of the file system that holds `path` ("ext4"), or "" where the system does not tell.

    `mounts` is the text of Linux's mount table (proc(5), mountinfo); it is read when not given.
    """
    if mounts is None:
        try:
            mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
    target = os.path.realpath(path)
    best, kind = "", ""
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        fields, types = left.split(), right.split()
        if len(fields) < 5 or not types:
            continue
        point = ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[4])
        inside = target == point or target.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, types[0]
    return kind


def refuse_network(path: Path, mounts: str | None = None) -> None:
    """Raises Stopped when `path` lies where several programs can't share a file safely."""
    kind = file_system(path, mounts)
    if kind in NETWORK or kind.startswith("fuse"):
        raise Stopped(
            f"{path} lies on a network or shared file system ({kind}), where a clinic file can be damaged. "
            "Keep it on a local disk and let people come to that machine over SSH."
        )


def make_file(path: Path) -> None:
    """Makes an empty file that only its owner may read; in a setgid folder also its group.

    SQLite's own files beside it take over these modes, whatever the umask says.
    """
    folder = path.parent
    mode = folder.stat().st_mode
    shared = bool(mode & stat.S_ISGID and mode & stat.S_IWGRP)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.fchmod(handle, 0o660 if shared else 0o600)
    finally:
        os.close(handle)


def room_left(path: Path) -> int:
    """Returns the bytes that are free where `path` lies."""
    return shutil.disk_usage(path.parent).free
