"""The terminal that the other tests look through shows what a real one would."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal, bytes_of

ECHO = """
import os, signal, sys, time, tty
def size(*_):
    found = os.get_terminal_size()
    print(f"\\r\\nsize {found.columns}x{found.lines}", end="\\r\\n", flush=True)
def hung(*_):
    open(sys.argv[1], "w").write("hung up")
    sys.exit(3)
signal.signal(signal.SIGWINCH, size)
signal.signal(signal.SIGHUP, hung)
tty.setraw(0)
print("\\x1b[>1u\\x1b[?2026$p\\x1b[?u\\x1b]0;a title\\x07\\x1bP+q544e\\x1b\\\\\\x1b[2J\\x1b[H", end="")
print("ready é 山 \\x1b[1;31mred\\x1b[0m\\x1b[5;10Hthere", end="\\r\\n", flush=True)
size()
def read():
    try:
        return os.read(0, 100)
    except OSError:  # the terminal is gone; the signal is on its way
        while True:
            time.sleep(0.05)
while (data := read()) and data != b"q":
    print(repr(data), end="\\r\\n", flush=True)
sys.exit(7)
"""


def started(tmp_path: Path, **more: int) -> Terminal:
    return Terminal.start([sys.executable, "-c", ECHO, str(tmp_path / "said")], **more)


def test_the_screen_is_read_as_text(tmp_path: Path) -> None:
    with started(tmp_path, columns=60, rows=20) as terminal:
        terminal.wait("size 60x20")
        lines = terminal.lines()
        assert lines[0].split() == ["ready", "é", "山", "red"]
        assert lines[4] == "         there"
        assert "title" not in terminal.text()


def test_keys_resize_and_the_exit_status(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        terminal.wait("size 120x36")
        terminal.press("ctrl+s", "up", "enter", "x")
        terminal.type("na é")
        screen = terminal.wait(r"b'na \xc3\xa9'")
        for shown in (r"b'\x13'", r"b'\x1b[A'", r"b'\r'", "b'x'"):
            assert shown in screen
        terminal.resize(80, 24)
        terminal.wait("size 80x24")
        assert terminal.running()
        terminal.press("q")
        assert terminal.wait_end() == 7
        with pytest.raises(AssertionError, match="has ended with 7"):
            terminal.wait("never")


def test_hanging_up_and_signals(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        terminal.wait("size")
        terminal.hang_up()
        assert terminal.wait_end() == 3
    assert (tmp_path / "said").read_text() == "hung up"
    with started(tmp_path) as terminal:
        terminal.wait("size")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_end() == -signal.SIGTERM


@pytest.mark.parametrize(
    ("key", "sent"), [("ctrl+c", "\x03"), ("alt+x", "\x1bx"), ("esc", "\x1b"), ("ä", "ä")]
)
def test_keys_by_name(key: str, sent: str) -> None:
    assert bytes_of(key) == sent


def test_a_key_that_is_none() -> None:
    with pytest.raises(ValueError, match="no such key"):
        bytes_of("hyper+q")
