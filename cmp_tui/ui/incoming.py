"""What the terminal sends, as Textual's messages: no byte, however wrong, ends it, and a paste arrives in one piece.

Textual's own reading ends the program at the first byte that is no UTF-8, and takes seconds for a paste of
megabytes, letter by letter. Here wrong bytes become U+FFFD, a sequence that the parser trips over is dropped alone,
and a paste is gathered beside the parser.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual._xterm_parser import XTermParser
    from textual.message import Message

    Reads = Generator[Message, None, str]
    """Yields messages and returns what it left of the text."""

TICK = 0.1
"""Seconds between two calls of `quiet` while nothing comes."""
CHARACTER_TICKS = 5
"""Half a second: the rest of a character that came in two packets was on its way no longer."""
PASTE_TICKS = 50
"""Five seconds: a paste whose end never comes must not swallow the keys for good."""
PASTE_MOST = 16_000_000
"""Characters of a paste that are kept; no field takes a hundredth of them, so nothing of such a paste is used."""
BULK = 512
"""So many characters at once were pasted, in a terminal that doesn't say so; nobody types that fast."""
MOST_COLUMNS = MOST_LINES = 1_000
"""The largest screen that is drawn."""

_START, _END = "\x1b[200~", "\x1b[201~"


class Incoming:
    """Turns bytes into messages. It belongs to the thread that reads."""

    def __init__(self, make_parser: Callable[[], XTermParser]) -> None:
        self._make_parser = make_parser
        self._parser = make_parser()
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._tail = ""
        """The end of what was read last: a paste's marks may come in two pieces."""
        self._paste: list[str] | None = None
        self._length = 0
        self._unmarked = False
        self._ticks = 0

    def take(self, data: bytes) -> Iterator[Message]:
        """Some bytes came."""
        self._ticks = 0
        yield from self._tick()
        text = self._decoder.decode(data)
        while text:
            if self._paste is None:
                text = yield from self._typed(text)
            else:
                text = yield from self._pasted(text)

    def quiet(self) -> Iterator[Message]:
        """Nothing came for another TICK."""
        self._ticks += 1
        if self._paste is not None:
            if self._unmarked:
                yield from self._end_paste("")
            elif self._ticks >= PASTE_TICKS:
                yield from self._end_paste(self._tail + self._rest_of_character())
                self._start_parser_again()
            return
        if self._ticks == CHARACTER_TICKS:
            yield from self._feed(self._rest_of_character())
        yield from self._tick()

    def _rest_of_character(self) -> str:
        rest = self._decoder.decode(b"", final=True)
        self._decoder.reset()
        return rest

    def _typed(self, text: str) -> Reads:
        if len(text) >= BULK and _is_plain(text):
            self._begin_paste(unmarked=True)
            return text
        seen = self._tail + text
        at = seen.find(_START)
        if at < 0:
            self._tail = seen[1 - len(_START) :]
            yield from self._feed(text)
            return ""
        end = at + len(_START) - len(self._tail)
        yield from self._feed(text[:end])
        self._begin_paste(unmarked=False)
        return text[end:]

    def _pasted(self, text: str) -> Reads:
        if self._unmarked:
            if _is_plain(text):
                self._keep(text)
                return ""
            yield from self._end_paste("")
            return text
        seen = self._tail + text
        at = seen.find(_END)
        if at < 0:
            cut = max(0, len(seen) - len(_END) + 1)
            self._keep(seen[:cut])
            self._tail = seen[cut:]
            return ""
        yield from self._end_paste(seen[:at])
        for _ in self._feed(_END):
            pass  # the parser saw an empty paste
        return seen[at + len(_END) :]

    def _begin_paste(self, *, unmarked: bool) -> None:
        self._paste, self._length, self._tail, self._unmarked = [], 0, "", unmarked

    def _keep(self, text: str) -> None:
        if self._paste is not None and self._length < PASTE_MOST:
            self._paste.append(text)
        self._length += len(text)

    def _end_paste(self, rest: str) -> Iterator[Message]:
        self._keep(rest)
        text = "".join(self._paste or ()).replace("\x00", "")
        self._paste, self._tail = None, ""
        if text:
            yield events.Paste(text)

    def _feed(self, text: str) -> Iterator[Message]:
        for character in text:
            try:
                found = list(self._parser.feed(character))
            except Exception:  # noqa: BLE001 - numbers in a broken sequence trip the parser in many ways
                self._start_parser_again()
            else:
                yield from filter(_is_sound, found)

    def _start_parser_again(self) -> None:
        old, self._parser = self._parser, self._make_parser()
        if old.mouse_pixels and all((*(old.terminal_size or (0,)), *(old.terminal_pixel_size or (0,)))):
            self._parser.mouse_pixels = True
            self._parser.terminal_size = old.terminal_size
            self._parser.terminal_pixel_size = old.terminal_pixel_size

    def _tick(self) -> Iterator[Message]:
        found: list[Message] = []
        with suppress(StopIteration):
            found = list(self._parser.tick())
        yield from filter(_is_sound, found)


def _is_plain(text: str) -> bool:
    """Whether this is text and line ends only, and no key with ctrl, alt or a name."""
    return text.translate({10: None, 13: None, 9: None}).isprintable()


def _is_sound(message: Message) -> bool:
    """Whether a message can be handed on: noise may look like a screen of a million lines, or half a character."""
    if isinstance(message, events.Resize):
        return 0 < message.size.width <= MOST_COLUMNS and 0 < message.size.height <= MOST_LINES
    if isinstance(message, events.Key):
        return not any("\ud800" <= letter <= "\udfff" for letter in f"{message.key}{message.character or ''}")
    return True
