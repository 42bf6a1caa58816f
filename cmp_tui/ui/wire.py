"""What goes over the line to the terminal: of each picture only the cells that differ from what is there already.

Textual draws whole widgets, and each piece of one style with its full colours. Over SSH that is what a person
waits for. Here is known what the terminal shows; a picture is compared with it, cell by cell, and what is the same
is not sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from unicodedata import category

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from cmp_tui.ui.pen import PLAIN, Look, change, look_of

NEAR = 6
"""Cells that are the same between two that differ are sent too when they are fewer: a jump costs as much."""
ERASE = 4
"""Empty cells at the end of a line, from which on it is shorter to let the terminal erase."""
STYLES_KEPT = TEXTS_KEPT = 4_000
RESET = "\x1b[m"
UNKNOWN = Look(None, "?")
"""The look of a cell of which nobody knows what it shows; it is like no other."""


class Line(NamedTuple):
    """A line as the terminal shows it, cell by cell."""

    chars: str
    looks: list[Look]


class Piece(NamedTuple):
    """A piece of a picture: where it begins, how wide it is, and what is in it.

    `line` is None when it holds something that is not one cell wide on every terminal.
    """

    x: int
    width: int
    strip: Strip
    line: Line | None


class Wire:
    """What the terminal shows now, and how to get from there to the next picture in few bytes."""

    def __init__(self, *, erases: bool = False) -> None:
        """`erases` says that the terminal erases with the colour of the ground (terminfo's "bce")."""
        self._erases = erases
        self._width = 0
        self._unknown = Line("", [])
        self._lines: list[Line] = []
        self._looks: dict[Style, Look] = {}
        self._narrow: dict[str, bool] = {}
        self._pen = PLAIN
        self._out: list[str] = []

    def forget(self) -> None:
        """Nobody knows what the terminal shows: it has another size, or somebody else wrote to it."""
        self._width = 0
        self._lines = []

    def sequence(self, update: LayoutUpdate | ChopsUpdate, console: Console) -> str:
        """Returns what to write so that the terminal shows a picture, or a part of one."""
        colours = console._color_system or ColorSystem.TRUECOLOR
        self._out, self._pen = [], PLAIN
        width, height = _size(update)
        if (width, height) != (self._width, len(self._lines)):
            self._width, self._unknown = width, Line("\0" * width, [UNKNOWN] * width)
            self._lines = [self._unknown] * height
        for y, parts in _parts(update):
            self._line(y, [self._piece(x, strip, colours) for x, strip in parts], colours)
        if self._pen != PLAIN:
            self._out.append(RESET)
        return "".join(self._out)

    # -- reading a picture

    def _piece(self, x: int, strip: Strip, colours: ColorSystem) -> Piece:
        chars: list[str] = []
        looks: list[Look] = []
        sure = True
        for text, style, _ in strip:
            sure = sure and self._is_narrow(text) and not (style is not None and style.link)
            look = self._look(style, colours)
            if not sure:
                continue
            chars.append(text)
            if " " in text:
                blank = look.on_blanks()
                looks += [blank if char == " " else look for char in text]
            else:
                looks += [look] * len(text)
        sure = sure and len(looks) == strip.cell_length
        return Piece(x, strip.cell_length, strip, Line("".join(chars), looks) if sure else None)

    def _look(self, style: Style | None, colours: ColorSystem) -> Look:
        if style is None:
            return PLAIN
        look = self._looks.get(style)
        if look is None:
            if len(self._looks) >= STYLES_KEPT:
                self._looks.clear()
            look = self._looks[style] = look_of(Strip.render_ansi(style, colours))
        return look

    def _is_narrow(self, text: str) -> bool:
        """Whether each character surely fills one cell, on this terminal and any other."""
        if text.isascii():
            return True
        known = self._narrow.get(text)
        if known is None:
            if len(self._narrow) >= TEXTS_KEPT:
                self._narrow.clear()
            known = self._narrow[text] = all(
                cell_len(char) == 1 and category(char)[0] not in "MC" for char in text
            )
        return known

    # -- writing a line

    def _line(self, y: int, pieces: Sequence[Piece], colours: ColorSystem) -> None:
        if y >= len(self._lines):
            return
        if any(piece.line is None for piece in pieces):
            self._lines[y] = self._unknown
            for piece in pieces:
                self._whole(y, piece, colours)
            return
        there = self._lines[y]
        chars, looks = there
        for x, width, _, line in pieces:
            if line is not None:
                chars = chars[:x] + line.chars + chars[x + width :]
                looks = [*looks[:x], *line.looks, *looks[x + width :]]
        if chars == there.chars and looks == there.looks:
            return
        new = self._lines[y] = Line(chars[: self._width], looks[: self._width])
        for start, end in _differing(there, new):
            self._span(y, start, end, new)

    def _whole(self, y: int, piece: Piece, colours: ColorSystem) -> None:
        """A piece with characters of other widths on some terminals: all of it, and back to its place after each."""
        self._go(y, piece.x)
        x = piece.x
        for text, style, _ in piece.strip:
            self._style(self._look(style, colours))
            link = style.link if style is not None else None
            self._out.append(f"\x1b]8;;{link}\x1b\\{text}\x1b]8;;\x1b\\" if link else text)
            x += cell_len(text)
            if not self._is_narrow(text):
                self._out.append(f"\x1b[{x + 1}G")

    def _span(self, y: int, start: int, end: int, line: Line) -> None:
        self._go(y, start)
        last = end
        if self._erases and end == self._width:
            ground = line.looks[end - 1]
            while last > start and line.chars[last - 1] == " " and line.looks[last - 1] == ground:
                last -= 1
            if ground.fore is not None or end - last < ERASE:
                last = end
        self._cells(line.chars[start:last], line.looks[start:last])
        if last < end:
            self._style(line.looks[end - 1])
            self._out.append("\x1b[K")

    def _cells(self, chars: str, looks: Sequence[Look]) -> None:
        at = 0
        for look, run in groupby(looks):
            length = sum(1 for _ in run)
            self._style(look)
            self._out.append(chars[at : at + length])
            at += length

    def _style(self, look: Look) -> None:
        codes, self._pen = change(self._pen, look)
        if codes:
            self._out.append(codes)

    def _go(self, y: int, x: int) -> None:
        self._out.append(f"\x1b[{y + 1}H" if x == 0 else f"\x1b[{y + 1};{x + 1}H")


def _differing(old: Line, new: Line) -> Iterator[tuple[int, int]]:
    """The stretches of a line that have to be sent."""
    start = end = -1
    pairs = zip(old.chars, new.chars, old.looks, new.looks, strict=True)
    for at, (was, char, looked, look) in enumerate(pairs):
        if was == char and looked == look:
            continue
        if start >= 0 and at - end < NEAR:
            end = at + 1
            continue
        if start >= 0:
            yield start, end
        start, end = at, at + 1
    if start >= 0:
        yield start, end


def _size(update: LayoutUpdate | ChopsUpdate) -> tuple[int, int]:
    """Columns and lines of the screen that an update is for."""
    if isinstance(update, LayoutUpdate):
        return update.region.width, update.region.height
    return max((ends[-1] for ends in update.chop_ends if ends), default=0), len(update.chops)


def _parts(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, Iterable[tuple[int, Strip]]]]:
    """The lines of an update, each with its strips and where they begin; as Textual's own updates are drawn."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            x, found = update.region.x, []
            for strip in strips:
                found.append((x, strip))
                x += strip.cell_length
            yield y, found
        return
    for y, first, last in update.spans:
        found = []
        for end, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if chop is None or x > last or end <= first:
                continue
            whole = first <= x < last and end <= last
            found.append((x, chop if whole else chop.crop(0, min(end, last) - x)))
        yield y, found


class Lean(CompositorUpdate):
    """An update that is drawn through a wire."""

    def __init__(self, update: LayoutUpdate | ChopsUpdate, wire: Wire) -> None:
        self._update, self._wire = update, wire

    def render_segments(self, console: Console) -> str:
        """Returns what to write to the terminal."""
        return self._wire.sequence(self._update, console)
