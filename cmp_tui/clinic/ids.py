"""Keys made by the client: UUIDs of version 7 (RFC 9562), kept as 16 bytes.

A key exists before the row does, so a save that is tried twice can't make two rows.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID


class IdMaker:
    """Makes keys that sort in the order in which they were made, also within one millisecond."""

    def __init__(self) -> None:
        self._last = 0

    def new(self, now: datetime) -> bytes:
        """Returns a new key whose first 48 bits are `now` in milliseconds."""
        milliseconds = int(now.timestamp() * 1000)
        tail = secrets.randbits(62)
        value = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | tail
        if value <= self._last and value >> 80 == self._last >> 80:
            value = self._next_after_last()
        self._last = max(self._last, value)
        return value.to_bytes(16, "big")

    def _next_after_last(self) -> int:
        """The last key plus a small random step, within the 62 free bits; the version bits stay."""
        step = 1 + secrets.randbits(20)
        low = (self._last & (1 << 62) - 1) + step
        if low >> 62:  # the tail ran over: go on in the 12 bits above the variant
            return ((self._last >> 64) + 1) << 64 | 0b10 << 62 | low & (1 << 62) - 1
        return (self._last >> 62) << 62 | low


def shown(key: bytes) -> str:
    """The key as people see it in the command line and in exports."""
    return str(UUID(bytes=key))


def read(text: str) -> bytes:
    """Reads a key that `shown` wrote. Raises ValueError."""
    return UUID(text).bytes
