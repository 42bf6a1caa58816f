"""Several of a list of things: points explained for a consent, roles."""

from collections.abc import Collection
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.ui.fields.base import Board, Field, Here, Raw, Reading
from cmp_tui.ui.fields.choice import Option
from cmp_tui.ui.fields.editor import Editor
from cmp_tui.ui.words import fit

LONG = 24
"""From this many cells on, each option has a line of its own."""


@dataclass(frozen=True, kw_only=True)
class MultiField(Field):
    """Any number of `options`; the value is a tuple of theirs, in their order."""

    options: tuple[Option, ...]

    def editor(self, board: Board) -> Editor:
        return TicksEditor(self, board)

    def same(self, one: object, other: object) -> bool:
        return _set(one) == _set(other)

    def say(self, value: object, here: Here) -> str:
        chosen = _set(value)
        return ", ".join(option.words for option in self.options if option.value in chosen) or "none"


class TicksEditor(Editor, Widget, can_focus=True):
    """The options with a tick each; arrows go, space ticks."""

    spec: MultiField

    def __init__(self, spec: MultiField, board: Board) -> None:
        super().__init__()
        self.spec = spec
        self.begin(spec, board)
        self.ticked: frozenset[object] = frozenset()
        self.at = 0

    def show(self, value: object) -> None:
        self.ticked = _set(value)

    def raw(self) -> Raw:
        return [
            option.value if isinstance(option.value, str) else place
            for place, option in enumerate(self.spec.options)
            if option.value in self.ticked
        ]

    def show_raw(self, raw: Raw) -> None:
        kept = raw if isinstance(raw, list) else []
        self.ticked = frozenset(
            option.value
            for place, option in enumerate(self.spec.options)
            if (option.value if isinstance(option.value, str) else place) in kept
        )

    def read(self) -> Reading:
        return Reading(tuple(option.value for option in self.spec.options if option.value in self.ticked))

    def wish(self) -> int:
        return self.spec.width or sum(cell_len(option.words) + 4 for option in self.spec.options)

    def tall(self, width: int) -> int:
        return len(self._lines(width))

    def hint(self) -> str:
        return self.spec.help or "arrows go, space ticks"

    def toggle(self, place: int) -> None:
        """Tick an option, or take its tick away."""
        value = self.spec.options[place].value
        self.ticked = self.ticked ^ {value}
        self.mark_edited()
        self.refresh()

    def _lines(self, width: int) -> list[list[tuple[int, int]]]:
        """The options as (place, column), in lines: long ones below each other, short ones beside."""
        widest = max((cell_len(option.words) for option in self.spec.options), default=0)
        lines: list[list[tuple[int, int]]] = []
        column = 0
        for place, option in enumerate(self.spec.options):
            need = cell_len(option.words) + 2
            if not lines or widest >= LONG or column + need > width:
                lines.append([])
                column = 0
            lines[-1].append((place, column))
            column += need + 2
        return lines

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters are this field's; the key line shows no others for them."""
        return character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        if self.board.busy:
            return
        last = len(self.spec.options) - 1
        if event.key in ("up", "left") and self.at > 0:
            self.at -= 1
        elif event.key in ("down", "right") and self.at < last:
            self.at += 1
        elif event.key in ("left", "right"):
            pass
        elif event.key == "space":
            self.toggle(self.at)
        elif event.is_printable and event.character:
            self._letter(event.character.casefold())
        else:
            return
        event.stop()
        event.prevent_default()
        self.refresh()
        self.board.show_line(self, self._line_of(self.at))

    def _letter(self, letter: str) -> None:
        """Go to the next option with this first letter."""
        count = len(self.spec.options)
        for step in range(1, count + 1):
            place = (self.at + step) % count
            if self.spec.options[place].words.casefold().startswith(letter):
                self.at = place
                return

    def _line_of(self, place: int) -> int:
        lines = self._lines(self.size.width)
        return next((y for y, line in enumerate(lines) if any(place == one for one, _ in line)), 0)

    def on_click(self, event: events.Click) -> None:
        lines = self._lines(self.size.width)
        if 0 <= event.y < len(lines) and not self.board.busy:
            for place, column in lines[event.y]:
                if column <= event.x < column + cell_len(self.spec.options[place].words) + 2:
                    self.at = place
                    self.toggle(place)

    def render_line(self, y: int) -> Strip:
        width, marks = self.size.width, self.board.here.marks
        lines = self._lines(width)
        parts: list[tuple[str, str]] = []
        for place, _column in lines[y] if y < len(lines) else ():
            option = self.spec.options[place]
            on = option.value in self.ticked
            style = "row" if self.has_focus and place == self.at else "text"
            parts.append((f"{marks.on if on else marks.off} ", "chosen" if on else "dim"))
            parts.append((fit(option.words, max(1, width - 2), marks.more), style))
            parts.append(("  ", "text"))
        return self.strip_of(parts, width)


def _set(value: object) -> frozenset[object]:
    return frozenset(value) if isinstance(value, Collection) and not isinstance(value, str) else frozenset()
