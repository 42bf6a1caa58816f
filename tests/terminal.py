"""A real terminal for the tests: a program on a pseudo-terminal, its screen as text, its keys by name.

with Terminal.start([sys.executable, "-m", "cmp_tui", "demo"], columns=80, rows=24) as terminal:
    terminal.wait("Today")
    terminal.press("c", "v", "ctrl+s")
    assert "saved" in terminal.text()
"""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import select
import signal
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pexpect
import pyte

from tests.slow_line import SlowLine

PATIENCE = 30.0
"""Seconds after which a wait is a failure. Only a hang takes this long."""

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "esc": "\x1b",
    "escape": "\x1b",
    "space": " ",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
}

# What pyte does not know and would print, or trip over: private modes, queries, strings for the terminal.
STRANGE = re.compile(
    r"\x1b\[[<=>][0-9;:]*[ -/]*[@-~]|\x1b\[\??[0-9;]*\$[@-~]|\x1b\[\?[0-9;]*[unc]|\x1b[P_^X].*?(?:\x1b\\|\x9c)"
    r"|\x1b\].*?(?:\x1b\\|\x07|\x9c)",
    re.DOTALL,
)
MODES = {1049: False, 1000: False, 1003: False, 1004: False, 1006: False, 2004: False, 25: True, 7: True}
"""Private modes that a program switches, and how a terminal wants them back."""
SWITCHED = re.compile(rb"\x1b\[\?(\d+)([hl])")
UNFINISHED = re.compile(r"\x1b(?:\[[0-9;:<=>?$ ]*|[P_^X\]][^\x1b\x07]*\x1b?)?$", re.DOTALL)


def bytes_of(key: str) -> str:
    """The bytes that a terminal sends for a key, by Textual's name ("ctrl+s", "alt+x", "enter", "c")."""
    if key in KEYS:
        return KEYS[key]
    if key.startswith("ctrl+") and len(key) == 6:
        return chr(ord(key[5].lower()) & 0x1F)
    if key.startswith("alt+"):
        return "\x1b" + bytes_of(key[4:])
    if len(key) == 1:
        return key
    raise ValueError(f"no such key: {key}")


class Terminal:
    """A program that runs on a pseudo-terminal of its own."""

    def __init__(self, child: Any, columns: int, rows: int) -> None:
        self._child = child
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._status: int | None = None
        self._slow: SlowLine | None = None
        self.raw = b""
        self._attributes = termios.tcgetattr(child.child_fd)

    @classmethod
    def start(
        cls,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 36,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Self:
        """Starts a command. `env` is added to this process's environment; TERM and a UTF-8 locale are set."""
        whole = {
            **os.environ,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LC_ALL": "C.UTF-8",
            **(env or {}),
        }
        for name in ("NO_COLOR", "COLUMNS", "LINES"):  # they would be believed more than the terminal
            whole.pop(name, None)
        child = pexpect.spawn(command[0], list(command[1:]), dimensions=(rows, columns), env=whole, cwd=cwd)
        return cls(child, columns, rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- keys

    def press(self, *keys: str, between: float = 0.05) -> None:
        """Presses keys by name, with a pause for the program to keep up; what it wrote meanwhile is read."""
        for key in keys:
            self.send(bytes_of(key).encode())
            self._read(between)

    def type(self, text: str) -> None:
        """Types text in one go, as a paste without brackets does."""
        self.send(text.encode())
        self._read(0.05)

    def send(self, data: bytes) -> None:
        """Sends bytes as they are (a wrong encoding, a broken sequence)."""
        while data:
            data = data[os.write(self._line, data) :]

    # -- the screen

    def text(self) -> str:
        """Returns what the screen shows now: its lines without blanks at their ends."""
        self._read(0.05)
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        """Returns the lines of the screen as last read."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def cursor(self) -> tuple[int, int]:
        """The cursor's column and row, from 0."""
        return self._screen.cursor.x, self._screen.cursor.y

    def wait(self, wanted: str | re.Pattern[str], timeout: float = PATIENCE) -> str:
        """Waits until the screen shows a text (or matches a pattern) and returns the screen.

        Fails with the screen as it is when the time is over or the program has ended.
        """
        return self._wait(wanted, timeout, there=True)

    def wait_gone(self, unwanted: str | re.Pattern[str], timeout: float = PATIENCE) -> str:
        """Waits until the screen no longer shows a text and returns the screen."""
        return self._wait(unwanted, timeout, there=False)

    def settle(self, quiet: float = 0.3, timeout: float = PATIENCE) -> str:
        """Waits until the program has written nothing for a while and returns the screen."""
        until = time.monotonic() + timeout
        while self._read(quiet) and time.monotonic() < until:
            pass
        return "\n".join(self.lines())

    def resize(self, columns: int, rows: int) -> None:
        """Makes the terminal larger or smaller; the program is told by SIGWINCH."""
        self._child.setwinsize(rows, columns)
        self._screen.resize(rows, columns)
        self._read(0.05)

    def resize_unseen(self, columns: int, rows: int, seconds: float = 0.01) -> int:
        """As `resize`, but what the program draws is thrown away; returns how many bytes that was.

        For sizes and numbers that a screen in Python can't follow. Then `resize`, and ask for the screen anew.
        """
        self._child.setwinsize(rows, columns)
        return self.skip(seconds)

    def skip(self, seconds: float) -> int:
        """Throws away what the program writes until it has paused for so long; returns how many bytes that was."""
        count = 0
        until = time.monotonic() + PATIENCE
        with contextlib.suppress(OSError):
            while (
                self._line >= 0
                and time.monotonic() < until
                and select.select([self._line], [], [], seconds)[0]
            ):
                data = os.read(self._line, 65536)
                if not data:
                    break
                count += len(data)
        return count

    def slow_down(self, round_trip: float, kilobits: float) -> None:
        """Puts a slow line between the program and here: round trip in seconds, kilobits a second."""
        self._slow = SlowLine(self._line, round_trip, kilobits)

    # -- what it did to the terminal

    def in_line_mode(self) -> bool:
        """Whether the terminal is set as it was before the program began, as far as programs set it."""
        now = termios.tcgetattr(self._child.child_fd)
        return now[:4] == self._attributes[:4]

    def left_on(self) -> list[str]:
        """The modes of the screen that the program has switched and not switched back."""
        last = {int(number): state == b"h" for number, state in SWITCHED.findall(self.raw)}
        wrong = [str(number) for number, state in last.items() if number in MODES and state != MODES[number]]
        if self.raw.count(b"\x1b[>") > self.raw.count(b"\x1b[<u"):
            wrong.append("keyboard protocol")
        return wrong

    # -- the end

    @property
    def pid(self) -> int:
        """The program's process number."""
        return int(self._child.pid)

    def hang_up(self) -> None:
        """Closes the terminal under the program, as a dropped connection does: it gets SIGHUP from the kernel."""
        self._read(0)
        self._let_go()

    def signal(self, number: signal.Signals) -> None:
        """Sends the program a signal."""
        os.kill(self.pid, number)

    def running(self) -> bool:
        """Returns whether the program still runs."""
        return self._ended(0) is None

    def wait_end(self, timeout: float = PATIENCE) -> int:
        """Waits for the program's end; returns its exit status (negative: the signal that ended it)."""
        status = self._ended(timeout)
        assert status is not None, f"still running after {timeout} s; it shows:\n{self.text()}"
        return status

    def close(self) -> None:
        """Ends the program if it still runs."""
        if self.running():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._ended(PATIENCE)
        self._let_go()
        self._child.terminated = True

    # -- inside

    @property
    def _line(self) -> int:
        """The number to read from and write to; below 0 when the terminal is closed."""
        number: int = self._child.child_fd
        return number if self._slow is None or number < 0 else self._slow.near.fileno()

    def _let_go(self) -> None:
        if self._slow is not None:
            self._slow.close()
            self._slow = None
        if self._child.child_fd >= 0:
            self._child.ptyproc.fileobj.close()  # closing the bare number would close a stranger's file later
            self._child.ptyproc.closed = self._child.closed = True
            self._child.child_fd = self._child.ptyproc.fd = -1

    def _wait(self, wanted: str | re.Pattern[str], timeout: float, *, there: bool) -> str:
        until = time.monotonic() + timeout
        while True:
            self._read(0.05)
            screen = "\n".join(self.lines())
            found = wanted in screen if isinstance(wanted, str) else wanted.search(screen) is not None
            if found is there:
                return screen
            ended = self._child.child_fd < 0 or not self.running()
            if time.monotonic() > until or (ended and not self._read(0.1)):
                how = f"the program has ended with {self._status}" if ended else f"not in {timeout} s"
                raise AssertionError(f"{wanted!r} {'did not come' if there else 'stayed'} ({how}):\n{screen}")

    def _read(self, seconds: float) -> bool:
        """Reads what the program has written until it pauses for so long; whether there was anything."""
        some = False
        while self._child.child_fd >= 0:
            if not select.select([self._line], [], [], seconds)[0]:
                break
            try:
                data = os.read(self._line, 65536)
            except OSError:  # Linux says so when the program has ended
                break
            if not data:
                break
            some = True
            self.raw += data
            text = self._rest + self._decode.decode(data)
            held = UNFINISHED.search(text)
            self._rest = text[held.start() :] if held else ""
            self._stream.feed(STRANGE.sub("", text[: held.start()] if held else text))
            seconds = min(seconds, 0.02)
        return some

    def _ended(self, timeout: float) -> int | None:
        until = time.monotonic() + timeout
        while self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
                self._child.terminated = True
                break
            if time.monotonic() >= until:
                return None
            self._read(0.05)
            if self._child.child_fd < 0:
                time.sleep(0.02)
        return self._status
