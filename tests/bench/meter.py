"""A program on a pseudo-terminal, measured: what it wrote when, as written and as `ssh -C` would send it."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import pyte

from tests.terminal import STRANGE, UNFINISHED, bytes_of

COLUMNS, ROWS = 120, 36
QUIET = 0.35
"""Seconds of silence after which an answer is over: longer than a preview waits to be drawn."""
GAP = 0.06
"""Seconds of silence that part the answer to a key from what comes by itself later (a preview)."""
ASKED = re.compile(rb"\x1b\[\?2026\$p")
ANSWER = b"\x1b[?2026;2$y"
"""As terminals of today do: synchronized output is known to it, and off."""


class Wrote(NamedTuple):
    """A piece of output: seconds since the measurement began, and the bytes, plain and deflated."""

    at: float
    data: bytes
    deflated: int


NOTHING = re.compile(rb"\x1b\[\?2026[hl]|\x1b\[[0-9;]*H|\x1b\]22;[a-z]*\x07")
"""What a frame holds that draws nothing: its brackets, the cursor's place, the mouse pointer's form."""


class Answer(NamedTuple):
    """What came after a key: seconds to its first and to its last byte that draws, and all bytes."""

    first: float
    last: float
    plain: int
    deflated: int

    @classmethod
    def of(cls, pieces: Sequence[Wrote]) -> Answer:
        if not pieces:
            return cls(0.0, 0.0, 0, 0)
        drawn = [piece.at for piece in pieces if NOTHING.sub(b"", piece.data)] or [pieces[-1].at]
        plain = sum(len(piece.data) for piece in pieces)
        return cls(drawn[0], drawn[-1], plain, sum(piece.deflated for piece in pieces))


class Meter:
    """A program that runs on a pseudo-terminal of its own. Times run from the start, or from the key."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], cwd: Path) -> None:
        self._deflate = zlib.compressobj(6)
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.Stream(self._screen)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        whole = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", **env}
        for name in ("NO_COLOR", "PYTHONDONTWRITEBYTECODE", "CMP_TUI_DB"):
            whole.pop(name, None)
        self._began = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(cwd)
                os.execvpe(command[0], list(command), whole)
            finally:
                os._exit(127)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the program."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        until = time.perf_counter() + 5
        while time.perf_counter() < until:
            self._read(0.02)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._fd)

    def key(self, name: str, quiet: float = QUIET, limit: float = 5.0) -> list[Wrote]:
        """Presses a key by name; returns what was written until there was silence (nothing, after `limit` seconds)."""
        self.press(name)
        return self.settle(quiet, limit)

    def press(self, name: str) -> None:
        """Presses a key by name; times run from here."""
        self._began = time.perf_counter()
        os.write(self._fd, bytes_of(name).encode())

    def settle(self, quiet: float = QUIET, limit: float = 60.0) -> list[Wrote]:
        """Returns what is written until there is silence; for the first byte it waits up to `limit` seconds."""
        pieces: list[Wrote] = []
        heard = began = time.perf_counter()
        while time.perf_counter() - heard < (quiet if pieces else limit):
            piece = self._read(0.01)
            if piece is None:
                break
            if piece.data:
                heard = time.perf_counter()
                pieces.append(piece)
            if heard - began > 4 * limit:
                raise RuntimeError("the program does not come to rest")
        for piece in pieces:
            self._show(piece)
        return pieces

    def until(self, wanted: re.Pattern[str], limit: float = 120.0) -> tuple[float, list[Wrote]]:
        """Reads until the screen shows what is wanted; returns when it did, and all that was written till then.

        Raises RuntimeError with the screen when it does not come.
        """
        pieces: list[Wrote] = []
        while time.perf_counter() - self._began < limit:
            piece = self._read(0.01)
            if piece is None:
                break
            if piece.data:
                pieces.append(piece)
                self._show(piece)
                if wanted.search(self.text()):
                    return piece.at, pieces
        raise RuntimeError(f"{wanted.pattern!r} did not come; the screen shows:\n{self.text()}")

    def text(self) -> str:
        """The screen as it was last read."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def memory(self) -> float:
        """The program's resident memory in MB."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1000
        return 0.0

    def _show(self, piece: Wrote) -> None:
        text = self._rest + self._decode.decode(piece.data)
        held = UNFINISHED.search(text)
        self._rest = text[held.start() :] if held else ""
        self._stream.feed(STRANGE.sub("", text[: held.start()] if held else text))

    def _read(self, seconds: float) -> Wrote | None:
        """The next piece; an empty one when nothing came in time, None when the program has ended."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return Wrote(0.0, b"", 0)
        try:
            data = os.read(self._fd, 1 << 20)
        except OSError:
            return None
        at = time.perf_counter() - self._began
        if ASKED.search(data):
            os.write(self._fd, ANSWER)
        squeezed = self._deflate.compress(data) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        return Wrote(at, data, len(squeezed))


def parted(pieces: Sequence[Wrote]) -> tuple[Answer, Answer]:
    """The answer to a key, and what came by itself later, after a silence."""
    cut = len(pieces)
    for place in range(1, len(pieces)):
        if pieces[place].at - pieces[place - 1].at > GAP:
            cut = place
            break
    return Answer.of(pieces[:cut]), Answer.of(pieces[cut:])


def painted(pieces: Sequence[Wrote]) -> Answer:
    """A whole screen: the time until it stood, which is the first silence after half of all bytes; and all bytes.

    What comes after that silence is a preview that waited until the cursor rested.
    """
    whole = Answer.of(pieces)
    so_far = 0
    for place in range(1, len(pieces)):
        so_far += len(pieces[place - 1].data)
        if so_far > whole.plain / 2 and pieces[place].at - pieces[place - 1].at > GAP:
            return whole._replace(last=Answer.of(pieces[:place]).last)
    return whole
