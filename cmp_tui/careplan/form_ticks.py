"""Lines in a form that are ticked or not, each of which can be rewritten: what a template suggests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.ui.fields.base import Board, Field, Here, Raw, Reading
from cmp_tui.ui.fields.door import far_too_long, too_long, typed
from cmp_tui.ui.fields.editor import Editor
from cmp_tui.ui.words import fit

MARK = 2
"""Columns before a line, for its tick."""


class Suggestion(NamedTuple):
    """One line: its key, its words, dim words behind them, and the heading under which it stands."""

    key: str
    words: str
    hint: str = ""
    head: str = ""
    on: bool = True


@dataclass(frozen=True, kw_only=True)
class SuggestionsField(Field):
    """Suggestions that are ticked or not. The value is a tuple of (key, words) of the ticked ones, in their order."""

    lines: Sequence[Suggestion]
    limit: int = 300
    fixed: bool = False
    """Whether the words stay as they are: enter goes on."""

    def editor(self, board: Board) -> Editor:
        return SuggestionsEditor(self, board)

    def say(self, value: object, here: Here) -> str:
        return "; ".join(words for _, words in value) if isinstance(value, tuple) and value else "none"


class SuggestionsEditor(Editor, Widget, can_focus=True):
    """Arrows go, space ticks, enter rewrites the line under the cursor."""

    DEFAULT_CSS = """
    SuggestionsEditor { background: $surface; color: $text; }
    """

    spec: SuggestionsField

    def __init__(self, spec: SuggestionsField, board: Board) -> None:
        super().__init__()
        self.spec = spec
        self.begin(spec, board)
        self.on = [one.on for one in spec.lines]
        self.words = [one.words for one in spec.lines]
        self.at = 0
        self.writing: int | None = None
        """Where in the line one writes; None while one does not."""

    @property
    def enter_word(self) -> str:  # type: ignore[override]
        """What enter does here."""
        if self.spec.fixed:
            return ""
        return "done" if self.writing is not None else "rewrite"

    # -- what stands in it ------------------------------------------------------------------------------------

    def show(self, value: object) -> None:
        """There is no value from outside: the suggestions stand there from the beginning."""

    def raw(self) -> Raw:
        lines: list[Raw] = []
        for one, on, words in zip(self.spec.lines, self.on, self.words, strict=True):
            lines.append([one.key, on, words])
        return lines

    def show_raw(self, raw: Raw) -> None:
        kept: Mapping[object, list[Raw]] = {
            one[0]: one
            for one in (raw if isinstance(raw, list) else [])
            if isinstance(one, list) and len(one) == 3
        }
        for at, line in enumerate(self.spec.lines):
            found = kept.get(line.key)
            if found is not None and isinstance(found[1], bool) and isinstance(found[2], str):
                self.on[at], self.words[at] = found[1], found[2]

    def read(self) -> Reading:
        ticked = tuple(
            (one.key, words.strip())
            for one, on, words in zip(self.spec.lines, self.on, self.words, strict=True)
            if on and words.strip()
        )
        return Reading(ticked)

    # -- how it is drawn --------------------------------------------------------------------------------------

    def wish(self) -> int:
        return 400  # the whole line

    def tall(self, width: int) -> int:
        return max(1, len(self._lines(width)))

    def hint(self) -> str:
        if self.writing is not None:
            return "enter ends, up and down go on"
        return self.spec.help or "space takes it or leaves it out, enter rewrites it, tab goes on"

    def _lines(self, width: int) -> list[tuple[int, str, bool]]:
        """The lines as (place of the suggestion or -1 for a heading, text, whether it is the first of its own)."""
        found: list[tuple[int, str, bool]] = []
        head = ""
        for at, one in enumerate(self.spec.lines):
            if one.head != head:
                head = one.head
                found.append((-1, head, True))
            text = self.words[at]
            if self.writing is not None and at == self.at:
                text = f"{text[: self.writing]}{self.board.here.marks.rule}{text[self.writing :]}"
            elif one.hint:
                text = f"{text}  ({one.hint})"
            wrapped = wrap(text, max(12, width - MARK)) or [""]
            found += [(at, part, place == 0) for place, part in enumerate(wrapped)]
        return found

    def render_line(self, y: int) -> Strip:
        width, marks = self.size.width, self.board.here.marks
        lines = self._lines(width)
        if y >= len(lines):
            return self.strip_of([], width)
        at, text, first = lines[y]
        if at < 0:
            return self.strip_of([(fit(text, width, marks.more), "dim")], width)
        here = self.has_focus and at == self.at
        sign = f"{marks.on if self.on[at] else marks.off} " if first else "  "
        if cell_len(text) > width - MARK:
            text = fit(text, width - MARK, marks.more)
        style = (
            "accent"
            if here and self.writing is not None
            else "row"
            if here
            else "text"
            if self.on[at]
            else "dim"
        )
        return self.strip_of([(sign, "chosen" if self.on[at] else "dim"), (text, style)], width)

    # -- keys -------------------------------------------------------------------------------------------------

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters are this field's; the key line shows no others for them."""
        return character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        if self.board.busy or not self.spec.lines:
            return
        if not (self._write(event) if self.writing is not None else self._go(event)):
            return
        event.stop()
        event.prevent_default()
        self._draw_again()

    def _go(self, event: events.Key) -> bool:
        """A key while one goes from line to line; returns whether it was this field's."""
        if event.key == "up" and self.at > 0:
            self.at -= 1
        elif event.key == "down" and self.at < len(self.spec.lines) - 1:
            self.at += 1
        elif event.key == "space":
            self._tick(self.at)
        elif event.key == "enter" and not self.spec.fixed:
            self.writing = len(self.words[self.at])
        else:
            return event.is_printable or event.key in ("left", "right")
        return True

    def _write(self, event: events.Key) -> bool:
        """A key while one writes in a line; returns whether it was this field's."""
        assert self.writing is not None
        text, at = self.words[self.at], self.writing
        if event.key in ("enter", "escape"):
            self.writing = None
        elif event.key in ("up", "down"):
            self.writing = None
            return self._go(event)
        elif event.key == "left":
            self.writing = max(0, at - 1)
        elif event.key == "right":
            self.writing = min(len(text), at + 1)
        elif event.key in ("home", "ctrl+a"):
            self.writing = 0
        elif event.key in ("end", "ctrl+e"):
            self.writing = len(text)
        elif event.key == "backspace":
            self._put(text[: max(0, at - 1)] + text[at:], max(0, at - 1))
        elif event.key == "delete":
            self._put(text[:at] + text[at + 1 :], at)
        elif event.key == "ctrl+u":
            self._put(text[at:], 0)
        elif event.is_printable and event.character:
            self._insert(event.character)
        else:
            return False
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Pasted words go into the line that is written."""
        if self.writing is not None and not self.board.busy:
            event.stop()
            self._insert(event.text)
            self._draw_again()

    def on_blur(self) -> None:
        self.writing = None

    def on_click(self, event: events.Click) -> None:
        lines = self._lines(self.size.width)
        if 0 <= event.y < len(lines) and lines[event.y][0] >= 0 and not self.board.busy:
            self.writing = None
            self.at = lines[event.y][0]
            if event.x < MARK:
                self._tick(self.at)
            self._draw_again()

    def _tick(self, at: int) -> None:
        self.on[at] = not self.on[at]
        self.mark_edited()

    def _insert(self, text: str) -> None:
        assert self.writing is not None
        words, at = self.words[self.at], self.writing
        room = self.spec.limit - len(words)
        given = text if far_too_long(text, room) else typed(text)
        if len(given) > room:
            self.tell(too_long(len(given), room, self.spec.limit))
            return
        self._put(words[:at] + given + words[at:], at + len(given))

    def _put(self, words: str, at: int) -> None:
        self.words[self.at], self.writing = words, at
        self.on[self.at] = True
        self.mark_edited()

    def _draw_again(self) -> None:
        self.board.arrange_again()
        self.refresh()
        mine = [y for y, line in enumerate(self._lines(self.size.width)) if line[0] == self.at]
        for y in (mine[-1], mine[0]):
            self.board.show_line(self, y)
