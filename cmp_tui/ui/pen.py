"""What a cell of the terminal looks like, and the shortest way to make the terminal draw so. Knows no widget."""

from __future__ import annotations

from typing import NamedTuple

BOLD, DIM, ITALIC, UNDERLINE, BLINK, FAST_BLINK, REVERSE, CONCEAL, STRIKE = (1 << bit for bit in range(9))
UNDERLINE2, FRAME, CIRCLE, OVERLINE = (1 << bit for bit in range(9, 13))
ON = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")
"""The codes that switch the attributes on, by their bit."""
OFF = (
    ("22", BOLD | DIM),
    ("23", ITALIC),
    ("24", UNDERLINE | UNDERLINE2),
    ("25", BLINK | FAST_BLINK),
    ("27", REVERSE),
    ("28", CONCEAL),
    ("29", STRIKE),
    ("54", FRAME | CIRCLE),
    ("55", OVERLINE),
)
"""The codes that switch them off, each with all that it takes away."""
SEEN_ON_BLANKS = UNDERLINE | UNDERLINE2 | REVERSE | STRIKE | OVERLINE | FRAME | CIRCLE
"""What is seen of a cell that holds nothing."""


class Look(NamedTuple):
    """Colours as the codes that set them ("" is the terminal's own), and attributes as bits.

    `fore` None means that any will do: the cell is empty and shows its ground only.
    """

    fore: str | None = ""
    back: str = ""
    bits: int = 0

    def on_blanks(self) -> Look:
        """What matters of it where there is nothing to read."""
        seen = self.bits & SEEN_ON_BLANKS
        return self if seen else Look(None, self.back, 0)


PLAIN = Look()
"""How the terminal draws after a reset."""


def look_of(codes: str) -> Look:
    """Reads the codes of one style ("1;38;2;213;218;225;48;5;17")."""
    fore = back = ""
    bits = 0
    parts = codes.split(";") if codes else []
    at = 0
    while at < len(parts):
        code = parts[at]
        if code in ("38", "48"):
            length = 5 if parts[at + 1 : at + 2] == ["2"] else 3
            colour = ";".join(parts[at : at + length])
            if code == "38":
                fore = colour
            else:
                back = colour
            at += length
            continue
        if code in ON:
            bits |= 1 << ON.index(code)
        elif code in ("39", "49"):
            fore, back = ("", back) if code == "39" else (fore, "")
        elif code.isdigit() and (30 <= int(code) <= 37 or 90 <= int(code) <= 97):
            fore = code
        elif code.isdigit() and (40 <= int(code) <= 47 or 100 <= int(code) <= 107):
            back = code
        at += 1
    return Look(fore, back, bits)


def change(now: Look, wanted: Look) -> tuple[str, Look]:
    """Returns the sequence that takes the terminal from one look to another, and the look that it has then."""
    blank = wanted.fore is None
    fore = now.fore if blank else wanted.fore
    bits = now.bits & ~SEEN_ON_BLANKS if blank else wanted.bits
    after = Look(fore, wanted.back, bits)
    if after == now:
        return "", now
    codes = []
    held = now.bits
    for code, takes in OFF:
        if held & takes & ~bits:
            codes.append(code)
            held &= ~takes
    codes += [ON[bit] for bit in range(len(ON)) if (bits & ~held) >> bit & 1]
    if fore != now.fore:
        codes.append(fore or "39")
    if after.back != now.back:
        codes.append(after.back or "49")
    return f"\x1b[{';'.join(codes)}m", after
