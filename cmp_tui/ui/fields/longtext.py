"""Text of several lines: wraps, grows while it is typed, takes phrases by `.word`."""

import re
from dataclasses import dataclass

from textual import events
from textual.widgets import TextArea

from cmp_tui.ui.fields.base import Board, Field, Here, Raw, Reading, Row
from cmp_tui.ui.fields.door import too_long, typed, whole
from cmp_tui.ui.fields.dropping import Dropping
from cmp_tui.ui.fields.editor import STYLES
from cmp_tui.ui.words import fit, one_line

_WORD = re.compile(r"(?:^|(?<=\s))\.([\w-]{1,32})$")
BLANK = "___"
"""What a phrase leaves to be filled in."""


@dataclass(frozen=True, kw_only=True)
class LongTextField(Field):
    """Text of several lines. Enter moves on; ctrl+j starts a new line."""

    limit: int = 20_000
    lines: int = 6
    """The most lines it grows to; more scroll."""
    least: int = 1
    """The lines it has when empty."""
    phrases: bool = True

    def editor(self, board: Board) -> "LongEditor":
        return LongEditor(self, board)

    def say(self, value: object, here: Here) -> str:
        return one_line(str(value)) if value else "nothing"


class LongEditor(Dropping, TextArea):
    """Textual's TextArea with our keys, our door and the phrases."""

    COMPONENT_CLASSES = STYLES

    spec: LongTextField

    def __init__(self, spec: LongTextField, board: Board) -> None:
        self.spec = spec
        self._quiet = True
        self._lines = 0
        super().__init__(
            compact=True, soft_wrap=True, highlight_cursor_line=False, tab_behavior="focus", show_line_numbers=False
        )
        self.begin(spec, board)
        self.cursor_blink = False
        self.match_cursor_bracket = False
        self.keys: list[str] = []

    def show(self, value: object) -> None:
        self._load("" if value is None else str(value))

    def raw(self) -> Raw:
        return self.text

    def show_raw(self, raw: Raw) -> None:
        if isinstance(raw, str):
            self._load(raw)

    def _load(self, text: str) -> None:
        if text != self.text:
            self.load_text(text)
        self.move_cursor(self.document.end)

    def read(self) -> Reading:
        return Reading(whole(self.text, lines=True))

    def wish(self) -> int:
        return self.spec.width or 60

    def tall(self, width: int) -> int:
        if not self.is_mounted or self.size.width != width:
            # Not laid out at this width yet: a plain estimate; the resize that follows sets it right.
            return min(max(self.spec.least, _estimate(self.text, width)), self.spec.lines)
        return min(max(self.spec.least, self.wrapped_document.height), self.spec.lines)

    def hint(self) -> str:
        help_line = self.spec.help or "ctrl+j starts a new line"
        return f"{help_line} · .? lists phrases" if self.spec.phrases and self.board.phrases() else help_line

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        tall = self.tall(self.size.width)
        if tall != self._lines:
            self._lines = tall
            self.board.arrange_again()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._fit()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        event.stop()

    def replace(
        self, insert: str, start: tuple[int, int], end: tuple[int, int], *, maintain_selection_offset: bool = True
    ) -> object:
        """Every way in: typing, pasting, phrases. Takes what fits and says what did not."""
        given = typed(insert, lines=True)
        room = max(0, self.spec.limit - len(self.text) + len(self.get_text_range(*sorted((start, end)))))
        result = super().replace(given[:room], start, end, maintain_selection_offset=maintain_selection_offset)
        self.mark_edited()
        if len(given) > room:
            self.tell(too_long(min(room, len(given)), len(given), self.spec.limit))
        return result
