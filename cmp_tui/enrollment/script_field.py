"""The points of a consent script in a form: ticks, and below them the sentence to say for the one under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import wrap

from textual import events
from textual.strip import Strip

from cmp_tui.ui.fields.base import Board
from cmp_tui.ui.fields.editor import Editor
from cmp_tui.ui.fields.multi import MultiField, TicksEditor
from cmp_tui.ui.fields.sheet import Sheet

INDENT = "  "
Saying = Callable[[object, Mapping[str, object]], str]
"""The sentence for a point, by the values of the form."""


@dataclass(frozen=True, kw_only=True)
class ScriptField(MultiField):
    """Points to explain. `saying` gives the sentence of a point, of its code and what stands in `depends` fields."""

    saying: Saying
    depends: tuple[str, ...] = ()

    def editor(self, board: Board) -> Editor:
        return ScriptEditor(self, board)


class ScriptEditor(TicksEditor):
    """One point a line; the sentence to say keeps its place below them, so that nothing jumps."""

    spec: ScriptField

    def wish(self) -> int:
        return 200

    def tall(self, width: int) -> int:
        return len(self.spec.options) + self._room(width)

    def sentence(self) -> str:
        """What is to be said for the point under the cursor."""
        return self.spec.saying(self.spec.options[self.at].value, self._values())

    def _values(self) -> Mapping[str, object]:
        sheet = self.parent
        if not isinstance(sheet, Sheet):
            return {}
        return {name: sheet.editors[name].read().value for name in self.spec.depends if name in sheet.editors}

    def _room(self, width: int) -> int:
        """The lines that the longest sentence needs."""
        values = self._values()
        return max(
            len(self._wrapped(self.spec.saying(option.value, values), width)) for option in self.spec.options
        )

    def _wrapped(self, sentence: str, width: int) -> list[str]:
        return wrap(
            sentence, max(16, width - 1), initial_indent=INDENT + "\u201c", subsequent_indent=INDENT + " "
        )

    def _lines(self, width: int) -> list[list[tuple[int, int]]]:
        return [[(place, 0)] for place in range(len(self.spec.options))]

    def on_focus(self) -> None:
        self.refresh()
        self.call_after_refresh(self._seen)

    def _seen(self) -> None:
        if self.has_focus:
            self.board.show_line(self, self.tall(self.size.width) - 1)
            self.board.show_line(self, self._line_of(self.at))

    def on_key(self, event: events.Key) -> None:
        before = self.at
        super().on_key(event)
        if self.at != before:
            self._seen()

    def render_line(self, y: int) -> Strip:
        count = len(self.spec.options)
        if y < count:
            return super().render_line(y)
        width = self.size.width
        sentence = self.sentence()
        lines = self._wrapped(f"{sentence}\u201d", width) if sentence else []
        text = lines[y - count] if y - count < len(lines) else ""
        return self.strip_of([(text, "accent" if self.has_focus else "dim")], width)
