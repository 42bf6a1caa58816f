"""X12 files as segments: the signs that separate them stand in the first one (ISA)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TextIO

PIECE = 1 << 20
LONGEST = 20_000
"""Characters of a segment; those of claims have some hundred."""
HEAD = 110
OnRead = Callable[[int], None]


class Broken(Exception):
    """A file is no X12 after all, or cut off. Its text is a sentence."""


class Segment(NamedTuple):
    """One segment: its place in the file, its parts (the first is its name), and what separates parts of a part."""

    number: int
    parts: list[str]
    within: str

    def part(self, place: int) -> str:
        """The part at a place, "" when there is none."""
        return self.parts[place].strip() if place < len(self.parts) else ""

    def split(self, place: int) -> list[str]:
        """The parts of a part."""
        return self.part(place).split(self.within)


def is_x12(first: str) -> bool:
    """Tells whether a file begins as X12 does."""
    return first.lstrip("\ufeff \r\n\t").startswith("ISA")


def segments(file: TextIO, on_read: OnRead) -> Iterator[Segment]:
    """Gives the segments of a file. Raises Broken; what came before it stands."""
    text = file.read(PIECE).lstrip("\ufeff \r\n\t")
    sign, within, end = _signs(text)
    number, done = 0, len(text)
    while text:
        pieces = text.split(end)
        more = file.read(PIECE)
        rest = pieces.pop() if more else ""
        for piece in pieces:
            bare = piece.strip()
            if bare:
                number += 1
                yield Segment(number, bare.split(sign), within)
        if len(rest) > LONGEST:
            raise Broken("It holds a segment that does not end; the rest was not read.")
        done += len(more)
        on_read(done)
        text = rest + more


def _signs(text: str) -> tuple[str, str, str]:
    """What separates parts, parts of parts, and segments. ISA has sixteen parts, the last of one sign."""
    head = text[: 3 * HEAD]
    sign = head[3:4]
    if not head.startswith("ISA") or not sign or sign.isalnum():
        raise Broken("Its first segment (ISA) can't be read.")
    parts = head.split(sign, 16)
    if len(parts) < 17 or len(parts[16]) < 2:
        raise Broken("Its first segment (ISA) is not whole.")
    within, end = parts[16][0], parts[16][1]
    if end in "\r\n":
        end = "\n"
    if len({sign, within, end}) < 3 or within.isalnum() or end.isalnum():
        raise Broken("Its first segment (ISA) does not tell what separates its parts.")
    return sign, within, end
