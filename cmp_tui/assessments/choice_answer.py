"""One or several of some answers, chosen by their keys, by arrows or by the mouse."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual import events

from cmp_tui.assessments.answer_editor import AnswerEditor
from cmp_tui.assessments.definition import Item, Option
from cmp_tui.assessments.words import DECLINED, DECLINED_WORDS
from cmp_tui.ui.fields.base import Board, Raw
from cmp_tui.ui.fields.tell import Part

if TYPE_CHECKING:
    from cmp_tui.assessments.item_field import ItemField

LONG = 34
"""Cells of an answer from which each one has its own line."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def keys_of(item: Item) -> tuple[str, ...]:
    """Returns the key of each option: its value where that is one digit (0 for 10), else letters from a on."""
    values = [option.value for option in item.options]
    if all(0 <= value <= 9 for value in values):
        return tuple(str(value) for value in values)
    if values == list(range(1, 11)):
        return tuple("1234567890")
    return tuple(LETTERS[: len(values)])


class Hit(NamedTuple):
    """Where an option is drawn, for the mouse."""

    y: int
    left: int
    right: int
    place: int


class ChoiceAnswer(AnswerEditor):
    """One or several of some answers."""

    def __init__(self, spec: ItemField, board: Board) -> None:
        self.chosen: list[int] = []
        self.at = 0
        self._hits: list[Hit] = []
        super().__init__(spec, board)

    @property
    def several(self) -> bool:
        return self.spec.item.kind == "several"

    def answer(self) -> object:
        if not self.chosen:
            return None
        return sorted(self.chosen) if self.several else self.chosen[0]

    def state(self) -> object:
        return tuple(self.chosen), self.declined, self.at

    def show(self, value: object) -> None:
        self.declined = value == DECLINED
        given = value if isinstance(value, (list, tuple)) else [value]
        options = [self.spec.item.option(one) for one in given]
        self.chosen = [one.value for one in options if one is not None]
        self.at = next(
            (place for place, one in enumerate(self.spec.item.options) if one.value in self.chosen), self.at
        )

    def raw(self) -> Raw:
        if self.declined:
            return DECLINED
        answer = self.answer()
        return list(self.chosen) if isinstance(answer, list) else answer if isinstance(answer, int) else None

    def show_raw(self, raw: Raw) -> None:
        self.show(raw)

    def hint(self) -> str:
        words = super().hint()
        return f"{words}; enter goes on" if self.several else words

    def on_key(self, event: events.Key) -> None:
        if self.board.busy:
            return
        options = self.spec.item.options
        character = (event.character or "").casefold()
        place = self._place(character)
        if event.key in ("left", "right"):
            self.at = (self.at + (1 if event.key == "right" else -1)) % len(options)
            if self.several:
                self._drawn = None
                self.refresh()
                self.lines(self.size.width)
                self.board.show_line(
                    self, max((hit.y for hit in self._hits if hit.place == self.at), default=0)
                )
            else:
                self._choose(self.at, onward=False)
        elif event.key == "space":
            self._choose(self.at, onward=False)
        elif event.key in ("backspace", "delete"):
            self.show(None)
            self.changed(onward=False)
        elif character == DECLINED:
            self.decline()
        elif place is not None:
            self._choose(place, onward=not self.several)
        elif not event.is_printable:
            return
        event.stop()
        event.prevent_default()

    def _place(self, character: str) -> int | None:
        if not character:
            return None
        keys = keys_of(self.spec.item)
        if character in keys:
            return keys.index(character)
        if keys and keys[0].isalpha():
            return None
        first = [
            at for at, one in enumerate(self.spec.item.options) if one.words.casefold().startswith(character)
        ]
        return first[0] if len(first) == 1 and character.isalpha() else None

    def _choose(self, place: int, *, onward: bool) -> None:
        self.at = place
        option = self.spec.item.options[place]
        self.declined = False
        self.chosen = self._with(option) if self.several else [option.value]
        self.changed(onward=onward)

    def _with(self, option: Option) -> list[int]:
        if option.value in self.chosen:
            return [value for value in self.chosen if value != option.value]
        if option.alone:
            return [option.value]
        alone = {one.value for one in self.spec.item.options if one.alone}
        return [*(value for value in self.chosen if value not in alone), option.value]

    def choices(self, width: int, top: int) -> list[list[Part]]:
        options, keys = self.spec.item.options, keys_of(self.spec.item)
        own_lines = self.several or any(cell_len(one.words) > LONG for one in options)
        self._hits = []
        lines: list[list[Part]] = []
        column = 0
        for place, (option, letter) in enumerate(zip(options, keys, strict=True)):
            parts = self._option(place, option, letter)
            long = sum(cell_len(text) for text, _ in parts)
            if own_lines:
                head = sum(cell_len(text) for text, _ in parts[:-1])
                for at, line in enumerate(wrap(parts[-1][0], width - head)):
                    self._hits.append(Hit(top + len(lines), 0, width, place))
                    before = parts[:-1] if not at else [(" " * head, "text")]
                    lines.append([*before, (line, parts[-1][1])])
                continue
            if not lines or column + long > width:
                lines.append([])
                column = 0
            self._hits.append(Hit(top + len(lines) - 1, column, column + long, place))
            lines[-1] += [*parts, ("   ", "text")]
            column += long + 3
        if self.declined:
            lines.append([(DECLINED_WORDS, "dim")])
        return lines

    def _option(self, place: int, option: Option, letter: str) -> list[Part]:
        marks = self.board.here.marks
        on = option.value in self.chosen
        style = "chosen" if on else "text"
        if self.several:
            here = marks.edge if place == self.at else " "
            sign = marks.on if on else marks.off
            return [(here, "accent"), (f"{letter} ", "accent"), (f"{sign} ", style), (option.words, style)]
        left, right = (marks.left, marks.right) if on else ("", "")
        return [(f"{left}{letter} ", "chosen" if on else "accent"), (f"{option.words}{right}", style)]

    def on_click(self, event: events.Click) -> None:
        hit = next((one for one in self._hits if one.y == event.y and one.left <= event.x < one.right), None)
        if hit is not None and not self.board.busy:
            self._choose(hit.place, onward=False)
