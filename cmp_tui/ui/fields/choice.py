"""One of several codes: up to five stand in the line as words, more are found by typing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from rich.cells import cell_len
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.ui.fields.base import Board, Field, Here, Raw, Reading, Row
from cmp_tui.ui.fields.combo import Combo, Match
from cmp_tui.ui.fields.dropping import Dropping
from cmp_tui.ui.fields.editor import Editor

INLINE = 5
"""The most words that stand in the line."""


class Option(NamedTuple):
    """One code with its plain words; `key` is its letter where the first letter is not."""

    value: object
    words: str
    rare: bool = False
    key: str = ""


class _Code(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def rare(self) -> bool: ...


def options(codes: Iterable[_Code], keys: Mapping[str, str] | None = None) -> tuple[Option, ...]:
    """The options of a coded column, as `reference.codes(column)` gives them."""
    letters = keys or {}
    return tuple(Option(code.code, code.label, code.rare, letters.get(code.code, "")) for code in codes)


@dataclass(frozen=True, kw_only=True)
class ChoiceField(Field):
    """One of `options`. Rare ones stand behind the word `other`."""

    options: tuple[Option, ...]
    other: str = "other"

    @property
    def inline(self) -> bool:
        """Whether the words stand in the line."""
        common = [option for option in self.options if not option.rare]
        return len(common) + (len(common) < len(self.options)) <= INLINE

    def say(self, value: object, here: Here) -> str:
        for option in self.options:
            if option.value == value:
                return option.words
        return super().say(value, here)

    def editor(self, board: Board) -> Editor:
        if self.inline:
            return WordsEditor(self, board)
        return Combo(self, board, tuple(Match(option.value, option.words) for option in self.options))


class WordsEditor(Dropping, Widget, can_focus=True):
    """The words in a line with the chosen one marked; arrows, a letter or the mouse choose."""

    spec: ChoiceField

    def __init__(self, spec: ChoiceField, board: Board) -> None:
        super().__init__()
        self.spec = spec
        self.begin(spec, board)
        self.common = tuple(option for option in spec.options if not option.rare)
        self.rare = tuple(option for option in spec.options if option.rare)
        self.chosen: object = None
        self.has_chosen = False

    def show(self, value: object) -> None:
        self.has_chosen = any(option.value == value for option in self.spec.options)
        self.chosen = value if self.has_chosen else None

    def raw(self) -> Raw:
        for place, option in enumerate(self.spec.options):
            if self.has_chosen and option.value == self.chosen:
                return option.value if isinstance(option.value, str) else place
        return None

    def show_raw(self, raw: Raw) -> None:
        self.has_chosen = False
        for place, option in enumerate(self.spec.options):
            if raw == (option.value if isinstance(option.value, str) else place) and type(raw) is not bool:
                self.show(option.value)

    def read(self) -> Reading:
        return Reading(self.chosen if self.has_chosen else None)

    def wish(self) -> int:
        return self.spec.width or sum(cell_len(words) + 3 for words in self._words()) + 1

    def tall(self, width: int) -> int:
        return len(self._lines(width))

    def has_room(self, width: int) -> bool:
        return self.tall(width) == 1 and self.wish() + cell_len(self.wrong) + 1 <= width

    def hint(self) -> str:
        return self.spec.help or "arrows or a first letter choose" + (
            "" if self.spec.required else ", backspace clears"
        )

    def choose(self, value: object) -> None:
        """The person chose."""
        if not self.has_chosen or value != self.chosen:
            self.show(value)
            self.mark_edited()
        self.refresh()

    def take(self, index: int) -> None:
        self.close()
        self.choose(self.rare[index].value)

    def _words(self) -> list[str]:
        words = [option.words for option in self.common]
        if self.rare:
            words.append(next((one.words for one in self.rare if self._is(one)), self.spec.other))
        return words

    def _is(self, option: Option) -> bool:
        return self.has_chosen and option.value == self.chosen

    def _place(self) -> int:
        """Where the chosen word stands in the line; -1 when none is chosen."""
        for place, option in enumerate(self.common):
            if self._is(option):
                return place
        return len(self.common) if self.has_chosen else -1

    def _lines(self, width: int) -> list[list[tuple[int, int, str]]]:
        """The words as (place, column, words), broken into lines. Each keeps its column, chosen or not."""
        lines: list[list[tuple[int, int, str]]] = [[]]
        column = 0
        for place, words in enumerate(self._words()):
            if column and column + cell_len(words) + 2 > width:
                lines.append([])
                column = 0
            lines[-1].append((place, column, words))
            column += cell_len(words) + 3
        return lines

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters are this field's; the key line shows no others for them."""
        return character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        if self.board.busy or self.drop_key(event):
            return
        count = len(self.common) + bool(self.rare)
        if not count:  # a choice among colleagues, where there are none
            return
        if event.key in ("left", "right"):
            step = 1 if event.key == "right" else -1
            self._go((self._place() + step) % count if self.has_chosen else (0 if step > 0 else count - 1))
        elif event.key in ("backspace", "delete") and not self.spec.required:
            self._clear()
        elif event.key == "space":
            self._go((self._place() + 1) % count)
        elif event.is_printable and event.character:
            self._letter(event.character.casefold())
        else:
            return
        event.stop()
        event.prevent_default()

    def _clear(self) -> None:
        if self.has_chosen:
            self.show(None)
            self.has_chosen = False
            self.mark_edited()
            self.refresh()

    def _go(self, place: int) -> None:
        if place < len(self.common):
            self.close()
            self.choose(self.common[place].value)
        elif self.rare:
            current = next((index for index, one in enumerate(self.rare) if self._is(one)), 0)
            self.drop([Row(option.words) for option in self.rare], current)

    def _letter(self, letter: str) -> None:
        """Choose by letter: an option's own key first, then first letters, going round among equals."""
        named = [option for option in self.spec.options if option.key.casefold() == letter]
        common = [option for option in self.common if option.words.casefold().startswith(letter)]
        if named:
            self.choose(named[0].value)
        elif common:
            at = next((place + 1 for place, option in enumerate(common) if self._is(option)), 0)
            self.choose(common[at % len(common)].value)
        elif self.rare and self.spec.other.casefold().startswith(letter):
            self._go(len(self.common))
        else:
            rare = [option for option in self.rare if option.words.casefold().startswith(letter)]
            if rare:
                self.choose(rare[0].value)

    def on_blur(self) -> None:
        self.close()

    def on_click(self, event: events.Click) -> None:
        lines = self._lines(self.size.width)
        if 0 <= event.y < len(lines) and not self.board.busy:
            for place, column, words in lines[event.y]:
                if column <= event.x < column + cell_len(words) + 2:
                    self._go(place)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        lines = self._lines(width)
        if y >= len(lines):
            return self.strip_of([], width)
        chosen, marks = self._place(), self.board.here.marks
        parts: list[tuple[str, str]] = []
        for place, _column, words in lines[y]:
            if place == chosen:
                parts.append((f"{marks.left}{words}{marks.right} ", "chosen"))
            else:
                parts.append((f" {words}  ", "text"))
        if self.wrong and self.has_room(width):
            parts.append((f" {self.wrong}", "coral"))
        return self.strip_of(parts, width)
