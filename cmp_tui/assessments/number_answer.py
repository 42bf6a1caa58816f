"""A number that is typed; where no further digit fits, the next question comes by itself."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events

from cmp_tui.assessments.answer_editor import AnswerEditor
from cmp_tui.assessments.rules import plain, problem_of
from cmp_tui.assessments.words import DECLINED, DECLINED_WORDS
from cmp_tui.ui.fields.base import Board, Raw, Reading
from cmp_tui.ui.fields.tell import Part

if TYPE_CHECKING:
    from cmp_tui.assessments.item_field import ItemField


class NumberAnswer(AnswerEditor):
    """A number that is typed; where no further digit fits, the next question comes by itself."""

    def __init__(self, spec: ItemField, board: Board) -> None:
        self.text = ""
        super().__init__(spec, board)

    def answer(self) -> object:
        try:
            number = float(self.text)
        except ValueError:
            return None
        return int(number) if number == int(number) else number

    def state(self) -> object:
        return self.text, self.declined

    def read(self) -> Reading:
        if self.declined:
            return Reading(DECLINED)
        number = self.answer()
        if number is None:
            return Reading(None, error="That is not a number." if self.text else "")
        return Reading(number, error=problem_of(self.spec.item, number))

    def show(self, value: object) -> None:
        self.declined = value == DECLINED
        good = isinstance(value, (int, float)) and not isinstance(value, bool)
        self.text = plain(value) if good and isinstance(value, (int, float)) else ""

    def raw(self) -> Raw:
        return DECLINED if self.declined else self.text

    def show_raw(self, raw: Raw) -> None:
        self.declined = raw == DECLINED
        known = isinstance(raw, str) and len(raw) <= 12 and not raw.strip("0123456789.")
        self.text = str(raw) if known else ""

    def on_key(self, event: events.Key) -> None:
        if self.board.busy:
            return
        character = event.character or ""
        if event.key in ("backspace", "delete"):
            self.text = self.text[:-1] if not self.declined else ""
            self.declined = False
            self.changed(onward=False)
        elif character == DECLINED:
            self.decline()
        elif (character.isdecimal() and character.isascii()) or (character == "." and self._decimals("")):
            self._type(character)
        elif not event.is_printable:
            return
        event.stop()
        event.prevent_default()

    def _decimals(self, text: str) -> bool:
        return bool(self.spec.item.places) and "." not in text

    def _type(self, character: str) -> None:
        typed = self.text + character
        try:
            fits = float(typed) <= self.spec.item.most and len(typed) <= 12
        except ValueError:
            fits = typed == "."
        # A digit that can't go on with what stands there begins the number anew.
        self.text = typed if fits and not self.declined and self.text != "0" else character
        self.declined = False
        self.changed(onward=self._full())

    def _full(self) -> bool:
        """Whether no further digit fits, and the number is a good one."""
        answer = self.answer()
        if (
            answer is None
            or problem_of(self.spec.item, answer)
            or self._decimals(self.text)
            or "." in self.text
        ):
            return False
        return float(self.text or 0) * 10 > self.spec.item.most

    def choices(self, width: int, top: int) -> list[list[Part]]:
        item = self.spec.item
        marks = self.board.here.marks
        written = DECLINED_WORDS if self.declined else f"{self.text or ' '} {item.unit}".strip(" ")
        line: list[Part] = [(f"{marks.left} {written or ' '} {marks.right}", "chosen")]
        ends = (
            "   ".join(
                f"{plain(bound)} {words}".strip()
                for bound, words in ((item.least, item.low), (item.most, item.high))
                if words
            )
            or f"{plain(item.least)} to {plain(item.most)}"
        )
        lines = [[*line, (f"   {ends}", "dim")]]
        if cell_len(written) + cell_len(ends) + 8 > width:
            lines = [line, *([(one, "dim")] for one in wrap(ends, width))]
        return lines

    def on_blur(self) -> None:
        super().on_blur()
        if self.touched and not self.wrong:
            self.tell(self.read().error)
