"""Files are there whole or not at all."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.files.aside import PREFIX, SUFFIX, CannotWrite, clear_leftovers, refuse_target, write_aside
from cmp_tui.files.digest import sha256_of


def run_apart(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Starts Python code in a process of its own, which knows the package."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    )


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_the_name_appears_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "log.csv"
    with write_aside(target) as file:
        file.write(b"a,b\n")
        assert not target.exists()
        (hidden,) = names(tmp_path)
        assert hidden.startswith(".") and stat.S_IMODE((tmp_path / hidden).stat().st_mode) == 0o600
    assert target.read_bytes() == b"a,b\n"
    assert names(tmp_path) == ["log.csv"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError])
def test_after_an_error_the_old_file_stays(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "log.csv"
    target.write_bytes(b"old")
    with pytest.raises(error), write_aside(target) as file:
        file.write(b"new")
        raise error
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["log.csv"]


def test_the_check_sees_the_whole_file_and_may_refuse_it(tmp_path: Path) -> None:
    target = tmp_path / "log.csv"
    seen = []

    def refuse(hidden: Path) -> None:
        seen.append(hidden.read_bytes())
        raise ClinicError("Not like this.")

    with pytest.raises(ClinicError, match="Not like this"), write_aside(target, check=refuse) as file:
        file.write(b"complete")
    assert seen == [b"complete"] and names(tmp_path) == []


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o027, 0o077, 0o777])
@pytest.mark.parametrize("mode", [0o600, 0o660])
def test_the_mode_is_the_one_asked_for(tmp_path: Path, umask: int, mode: int) -> None:
    target = tmp_path / "log.csv"
    before = os.umask(umask)
    try:
        with write_aside(target, mode) as file:
            file.write(b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == mode


def test_an_old_file_with_wider_rights_is_replaced_by_a_narrow_one(tmp_path: Path) -> None:
    target = tmp_path / "log.csv"
    target.write_bytes(b"old")
    target.chmod(0o644)
    with write_aside(target) as file:
        file.write(b"new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_links_folders_and_devices_are_refused(tmp_path: Path) -> None:
    real, link, dangling = tmp_path / "real", tmp_path / "link", tmp_path / "dangling"
    real.write_bytes(b"mine")
    link.symlink_to(real)
    dangling.symlink_to(tmp_path / "nowhere")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for target, why in (
        (link, "is a link"),
        (dangling, "is a link"),
        (tmp_path, "is a folder"),
        (tmp_path / "..", "is a folder"),
        (pipe, "not an ordinary file"),
        (Path("/dev/null"), "not an ordinary file"),
        (tmp_path / "missing" / "log.csv", "no folder"),
        (real / "log.csv", "no folder"),
    ):
        with pytest.raises(CannotWrite, match=why), write_aside(target):
            pytest.fail("the block must not run")
    assert real.read_bytes() == b"mine" and not (tmp_path / "nowhere").exists()


def test_the_clinic_file_and_its_companions_are_never_replaced(tmp_path: Path) -> None:
    clinic = tmp_path / "clinic.cmp"
    clinic.write_bytes(b"the clinic")
    (tmp_path / "through").symlink_to(tmp_path)
    os.link(clinic, tmp_path / "twin")
    for name in (
        "clinic.cmp",
        "clinic.cmp-wal",
        "clinic.cmp-shm",
        "through/clinic.cmp",
        "through/clinic.cmp-wal",
        "twin",
    ):
        with pytest.raises(CannotWrite, match="clinic file"), write_aside(tmp_path / name, never=[clinic]):
            pytest.fail("the block must not run")
    assert clinic.read_bytes() == b"the clinic"
    refuse_target(tmp_path / "log.csv", [clinic])


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (errno.EACCES, "You may not write in"),
        (errno.EROFS, "can only be read"),
        (errno.ENOSPC, "The disk is full"),
        (errno.EDQUOT, "The disk is full"),
        (errno.EIO, "could not be written in"),
    ],
)
@pytest.mark.parametrize("step", ["open", "fchmod", "fsync", "replace"])
def test_what_the_system_refuses_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, why: str, step: str
) -> None:
    def refuse(*arguments: object, **options: object) -> int:
        raise OSError(number, os.strerror(number))

    target = tmp_path / "log.csv"
    target.write_bytes(b"old")
    with monkeypatch.context() as patched:
        patched.setattr(os, step, refuse)
        with pytest.raises(CannotWrite, match=why), write_aside(target) as file:
            file.write(b"new")
    assert target.read_bytes() == b"old" and names(tmp_path) == ["log.csv"]


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="too long"), write_aside(tmp_path / ("x" * 300)):
        pytest.fail("the block must not run")


def test_hostile_names_reach_no_terminal(tmp_path: Path) -> None:
    target = tmp_path / "a\x1b[2J\u202e"
    target.mkdir()
    with pytest.raises(CannotWrite) as told, write_aside(target):
        pass
    assert "\\x1b[2J\\u202e" in str(told.value) and str(told.value).isprintable()


FULL = """
import pathlib, resource, signal, sys
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.files.aside import write_aside
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    with write_aside(pathlib.Path(sys.argv[1])) as file:
        for _ in range(int(sys.argv[2])):
            file.write(b"x" * 1000)
except ClinicError as told:
    print(told)
"""


@pytest.mark.parametrize("size", [100, 51])  # full while writing, and only when the last bytes are flushed
def test_a_full_disk_is_a_sentence_and_leaves_the_old_file(tmp_path: Path, size: int) -> None:
    target = tmp_path / "log.csv"
    target.write_bytes(b"old")
    told, _ = run_apart(FULL, target, size).communicate()
    assert (
        told.strip() == f"The disk is full: there is no room for log.csv in {tmp_path}, nothing was written."
    )
    assert target.read_bytes() == b"old" and names(tmp_path) == ["log.csv"]


KILLED = """
import pathlib, sys
from cmp_tui.files.aside import write_aside
turn = 0
while True:
    turn += 1
    with write_aside(pathlib.Path(sys.argv[1])) as file:
        for _ in range(200):
            file.write(b"%08d\\n" % turn)
        if turn == 1:
            print("started", flush=True)
"""


def test_killed_while_writing_the_name_is_absent_or_whole(tmp_path: Path) -> None:
    for number in range(6):
        target = tmp_path / f"log-{number}.csv"
        writer = run_apart(KILLED, target)
        assert writer.stdout
        writer.stdout.readline()
        with suppress(subprocess.TimeoutExpired):
            writer.wait(0.005 * number)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        if target.exists():
            lines = target.read_text().splitlines()
            assert len(lines) == 200 and len(set(lines)) == 1
    with write_aside(tmp_path / "another.csv") as file:
        file.write(b"x")
    assert not [name for name in names(tmp_path) if name.startswith(".")]


HELD = """
import pathlib, sys
from cmp_tui.files.aside import write_aside
with write_aside(pathlib.Path(sys.argv[1])) as file:
    file.write(b"x")
    print("open", flush=True)
    sys.stdin.readline()
"""


def test_only_what_nobody_writes_is_cleared(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}0{SUFFIX}").write_bytes(b"left over")
    (tmp_path / f"{PREFIX}1{SUFFIX}").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "notes.part").write_bytes(b"somebody's own")
    (tmp_path / "elsewhere").write_bytes(b"somebody's own")
    with write_aside(tmp_path / "log.csv") as file:
        file.write(b"one")
        assert clear_leftovers(tmp_path) == 0  # cleared already when the file was opened
        assert len([name for name in names(tmp_path) if name.endswith(SUFFIX) and name.startswith(".")]) == 2
    assert (tmp_path / "log.csv").read_bytes() == b"one"
    assert names(tmp_path) == [f"{PREFIX}1{SUFFIX}", "elsewhere", "log.csv", "notes.part"]


def test_what_another_process_writes_is_left_alone(tmp_path: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", HELD, str(tmp_path / "theirs.csv")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout
    writer.stdout.readline()
    assert clear_leftovers(tmp_path) == 0
    writer.communicate("go on\n")
    assert (tmp_path / "theirs.csv").read_bytes() == b"x"


def test_two_writers_of_one_name_leave_one_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "log.csv"
    with write_aside(target) as one, write_aside(target) as other:
        one.write(b"one")
        other.write(b"other")
    assert target.read_bytes() == b"one"
    assert names(tmp_path) == ["log.csv"]


def test_digest(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_of(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
