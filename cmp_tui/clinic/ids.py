"""Keys made by the client: UUIDs of version 7 (RFC 9562), kept as 16 bytes.

A key exists before the row does, so a save that is tried twice can't make two rows.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

_TAIL = (1 << 62) - 1


class IdMaker:
    """Makes keys that sort in the order in which they were made, also within one millisecond.

    Only the keys of one maker sort so; `_last` is its last key without the six fixed bits.
    """

    def __init__(self) -> None:
        self._last = 0

    def new(self, now: datetime) -> bytes:
        """Returns a new key whose first 48 bits are `now` in milliseconds (while the clock goes forward)."""
        return self.several(now, 1)[0]

    def several(self, now: datetime, number: int) -> list[bytes]:
        """Returns as many new keys, as if each had been asked for in the same millisecond."""
        count = int(now.timestamp() * 1000) << 74 | secrets.randbits(74)
        if count <= self._last:  # the same millisecond, or the clock went back: a small random step further
            count = self._last + 1 + secrets.randbits(20)
        keys = []
        steps = memoryview(secrets.token_bytes(4 * number)).cast("I")
        for step in steps:
            milliseconds, high, tail = count >> 74, count >> 62 & 0xFFF, count & _TAIL
            value = milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | tail
            keys.append(value.to_bytes(16, "big"))
            self._last = count
            count += 1 + (step & 0xFFFFF)
        return keys


def following(key: bytes, number: int) -> bytes:
    """Returns the key of the row `number` (0: the key itself) among those that one key stands for.

    The same key and number give the same key, so rows that are saved together can be saved twice without harm.
    """
    value = int.from_bytes(key, "big")
    # Far enough from the keys that a maker gives within the same millisecond.
    return (value & ~_TAIL | (value + (number << 40)) & _TAIL).to_bytes(16, "big")


def shown(key: bytes) -> str:
    """The key as people see it in the command line and in exports."""
    return str(UUID(bytes=key))


def read(text: str) -> bytes:
    """Reads a key that `shown` wrote. Raises ValueError."""
    return UUID(text).bytes
