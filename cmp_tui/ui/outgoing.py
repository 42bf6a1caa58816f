"""What is written to the terminal, by a thread of its own: one that is stuck or gone holds nothing up for good."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread

BACKLOG = 65_536
"""Characters that may wait. With more the program waits too: it draws less, and a slow line is not flooded."""
WAIT = 0.1
"""Seconds between two looks at whether to wait on."""
LAST_WORDS = 1.0
"""Seconds in which a terminal must take what is written last."""


class Outgoing(Thread):
    """Writes to a file number, without Python's buffers: those lock the end of a process that is stuck in them."""

    def __init__(self, number: int, lost: Callable[[], None]) -> None:
        """`lost` is called once, in this thread, when the terminal is gone."""
        super().__init__(daemon=True, name="cmp-tui-output")
        self._number = number
        self._lost = lost
        self._queue: SimpleQueue[str | None] = SimpleQueue()
        self._lock = Lock()
        self._waiting = 0
        self._room = Event()
        self._gone = False
        self._in_a_hurry = False

    def write(self, text: str) -> None:
        """Writes soon; waits while too much is still to be written."""
        while self._waiting > BACKLOG and not (self._in_a_hurry or self._gone):
            self._room.clear()
            self._room.wait(WAIT)
        if not self._gone:
            with self._lock:
                self._waiting += len(text)
            self._queue.put(text)

    def hurry(self) -> None:
        """The program ends: from now on nothing waits for the terminal. A signal's handler may call this."""
        self._in_a_hurry = True

    def stop(self) -> None:
        """Writes what waits and ends; a terminal that takes nothing any more is given up."""
        self._queue.put(None)
        self.join(LAST_WORDS if self._in_a_hurry else None)

    def run(self) -> None:
        """Writes until `stop`."""
        while (text := self._queue.get()) is not None:
            texts = [text]
            ends = False
            while not ends:
                try:
                    following = self._queue.get_nowait()
                except Empty:
                    break
                ends = following is None
                texts += [following] if following is not None else []
            whole = "".join(texts)
            self._put(whole.encode("utf-8", "replace"))
            with self._lock:
                self._waiting -= len(whole)
            self._room.set()
            if ends:
                break

    def _put(self, data: bytes) -> None:
        while data and not self._gone:
            try:
                data = data[os.write(self._number, data) :]
            except BlockingIOError:
                select.select([], [self._number], [], WAIT)
            except OSError:
                self._gone = True
                self._lost()
