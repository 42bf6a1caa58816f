"""A slow line between a program's terminal and the test: every byte has its delay, and only so many go a second."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable
from queue import Queue
from threading import Event, Thread
from typing import NamedTuple

PIECE = 512


class _Parcel(NamedTuple):
    due: float
    data: bytes


class SlowLine:
    """Relays both ways between a terminal's number and `near`, with half of the round trip each way.

    What the program writes is taken off the terminal no faster than the line carries it, so a full line is felt by
    the program as over SSH.
    """

    def __init__(self, terminal: int, round_trip: float, kilobits: float) -> None:
        """`round_trip` in seconds, `kilobits` a second each way."""
        self.near, self._far = socket.socketpair()
        self._terminal = terminal
        self._delay = round_trip / 2
        self._rate = kilobits * 1000 / 8
        self._over = Event()
        for read, put in ((terminal, self._far.sendall), (self._far.fileno(), self._type)):
            parcels: Queue[_Parcel | None] = Queue()
            Thread(target=self._load, args=(read, parcels), daemon=True).start()
            Thread(target=self._bring, args=(parcels, put), daemon=True).start()

    def close(self) -> None:
        """Ends the relay."""
        self._over.set()
        self.near.close()

    def _type(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._terminal, data) :]

    def _load(self, number: int, parcels: Queue[_Parcel | None]) -> None:
        while not self._over.is_set():
            if not select.select([number], [], [], 0.1)[0]:
                continue
            try:
                data = os.read(number, PIECE)
            except OSError:
                data = b""
            if not data:
                break
            time.sleep(len(data) / self._rate)
            parcels.put(_Parcel(time.monotonic() + self._delay, data))
        parcels.put(None)

    def _bring(self, parcels: Queue[_Parcel | None], put: Callable[[bytes], None]) -> None:
        while (parcel := parcels.get()) is not None:
            time.sleep(max(0.0, parcel.due - time.monotonic()))
            try:
                put(parcel.data)
            except OSError:
                break
