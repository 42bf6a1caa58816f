"""What the file lies on: network file systems are refused, a full disk is told and loses nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cmp_tui.clinic.disk import NETWORK, file_system, make_file, refuse_network, room_left
from cmp_tui.clinic.errors import Stopped

LINE = "{number} 1 0:{number} / {point} rw,relatime shared:1 - {kind} {source} rw"


def mounts(*places: tuple[str, str]) -> str:
    return "\n".join(
        LINE.format(number=20 + number, point=point, kind=kind, source="x")
        for number, (point, kind) in enumerate((("/", "ext4"), *places))
    )


@pytest.mark.parametrize("kind", [*NETWORK, "fuse", "fuse.sshfs", "fuseblk"])
def test_a_network_file_system_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    here = mounts((str(tmp_path), kind))
    with pytest.raises(Stopped, match=rf"network or shared file system \({kind}\)"):
        refuse_network(tmp_path / "a.cmp", here)
    refuse_network(Path("/elsewhere/a.cmp"), here)


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "apfs", "f2fs"])
def test_a_local_one_is_not(tmp_path: Path, kind: str) -> None:
    refuse_network(tmp_path / "a.cmp", mounts((str(tmp_path), kind)))


def test_the_nearest_mount_decides() -> None:
    here = mounts(("/srv", "nfs4"), ("/srv/local", "ext4"), ("/srv/local/share", "cifs"), ("/srv2", "xfs"))
    assert file_system(Path("/srv/a.cmp"), here) == "nfs4"
    assert file_system(Path("/srv/local/a.cmp"), here) == "ext4"
    assert file_system(Path("/srv/local/share/deep/a.cmp"), here) == "cifs"
    assert file_system(Path("/srv2/a.cmp"), here) == "xfs"
    assert file_system(Path("/srv/localish/a.cmp"), here) == "nfs4"
    assert file_system(Path("/a.cmp"), here) == "ext4"


def test_a_later_mount_on_the_same_place_covers_the_earlier() -> None:
    assert file_system(Path("/srv/a"), mounts(("/srv", "ext4"), ("/srv", "nfs"))) == "nfs"


def test_names_with_blanks_and_links_are_followed(tmp_path: Path) -> None:
    share = tmp_path / "our share"
    share.mkdir()
    here = mounts((str(share).replace(" ", "\\040"), "cifs"))
    assert file_system(share / "a.cmp", here) == "cifs"
    (tmp_path / "link").symlink_to(share)
    assert file_system(tmp_path / "link" / "a.cmp", here) == "cifs"


def test_a_strange_mount_table_is_no_reason_to_stop() -> None:
    for text in ("", "nonsense", "1 2 3 - \n", "a b c d / f -", "\0\n - - -"):
        assert file_system(Path("/a"), text) == ""


def test_this_machines_own_table_is_read(tmp_path: Path) -> None:
    refuse_network(tmp_path / "a.cmp")
    assert room_left(tmp_path / "a.cmp") > 0


def test_a_file_is_made_once(tmp_path: Path) -> None:
    make_file(tmp_path / "a")
    with pytest.raises(FileExistsError):
        make_file(tmp_path / "a")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


FULL = """
import resource, sys
from pathlib import Path
from cmp_tui.clinic.errors import Stopped
from cmp_tui.clinic.file import copy_to
from cmp_tui.clinic.opening import open_clinic
from cmp_tui.patients.model import Patient
from cmp_tui.tables import TABLES
from tests.clinic import acts
from tests.clinic.conftest import person

path = Path(sys.argv[1])
clinic = open_clinic(path, TABLES, os_name="dana", rights=acts.RIGHTS)
clinic.run(acts.add, Patient, **person("before"))
wal = Path(f"{path}-wal").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (max(wal, path.stat().st_size) + 60_000, -1))
kept, says = 0, ""
for number in range(500):
    try:
        if number % 2:
            clinic.run(acts.add_many, Patient, [person(f"{number}-{n}", remarks="x" * 500) for n in range(20)])
        else:
            clinic.run(acts.add, Patient, **person(str(number), remarks="x" * 1500))
        kept += 20 if number % 2 else 1
    except Stopped as stopped:
        says = str(stopped)
        break
def keep():
    clinic.keep("draft", "big", {"text": "y" * 200_000})
def copy():
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, -1))
    copy_to(clinic._database, path.with_name("copy.cmp"))
for attempt in (keep, copy):
    try:
        attempt()
    except Stopped as stopped:
        assert "disk" in str(stopped) or "can't be written" in str(stopped), str(stopped)
    else:
        raise SystemExit(f"{attempt} wrote more than fits")
assert not [found.name for found in path.parent.iterdir() if "copy" in found.name]
assert clinic.read(acts.count, Patient) == kept + 1, (clinic.read(acts.count, Patient), kept)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
clinic.run(acts.add, Patient, **person("after"))
assert clinic.verify() == []
print(kept, says)
"""


def test_a_full_disk_is_told_and_nothing_is_lost(dana: object, tmp_path: Path) -> None:
    """The limit on a file's size stands for the full disk; it works wherever the tests run."""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "clinic.cmp")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"},
    )
    assert done.returncode == 0, done.stderr
    kept, _, says = done.stdout.partition(" ")
    assert int(kept) > 0
    assert "The disk is full or can't be written" in says
    assert "what you typed is still here" in says
