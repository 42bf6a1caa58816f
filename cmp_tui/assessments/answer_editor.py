"""What the editors of all questions share: the text, what is said at the foot, what is drawn while it rests."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.assessments.words import DECLINED, DECLINED_WORDS, answer_words
from cmp_tui.ui.fields.base import Board, Reading
from cmp_tui.ui.fields.editor import Editor
from cmp_tui.ui.fields.sheet import Sheet
from cmp_tui.ui.fields.tell import Part, Telling

if TYPE_CHECKING:
    from cmp_tui.assessments.item_field import ItemField


class AnswerEditor(Editor, Widget, can_focus=True):
    """What the editors of all questions share: the text, and what is drawn when the question is not at hand."""

    spec: ItemField

    def __init__(self, spec: ItemField, board: Board) -> None:
        Widget.__init__(self)
        self.spec = spec
        self.declined = False
        self._drawn: tuple[object, list[list[Part]]] | None = None
        self.begin(spec, board)

    # What subclasses say.

    def answer(self) -> object:
        """The answer as it stands, or None."""
        raise NotImplementedError

    def choices(self, width: int, top: int) -> list[list[Part]]:
        """The lines under the question while it has the focus; notes where the options stand."""
        raise NotImplementedError

    def state(self) -> object:
        """What drawing depends on, besides the width and the focus."""
        return self.answer(), self.declined

    # Value.

    def read(self) -> Reading:
        if self.declined:
            return Reading(DECLINED)
        return Reading(self.answer())

    def decline(self) -> None:
        """The patient did not want to answer."""
        self.show(DECLINED)
        self.changed(onward=True)

    def changed(self, *, onward: bool) -> None:
        """The person answered: what depends on it is drawn again, and the next question comes."""
        self._drawn = None
        self.mark_edited()
        self.board.arrange_again()
        sheet = self.parent
        if isinstance(sheet, Sheet):
            for other in sheet.editors.values():
                if isinstance(other, Telling):
                    other.look_again()
            if not onward:
                sheet.owner.show_hint(self.hint())
        self.refresh()
        if onward:
            self.board.leave(self, 1)

    def hint(self) -> str:
        sheet = self.parent
        far = self.spec.progress(sheet.values()) if isinstance(sheet, Sheet) else ""
        return "; ".join(part for part in (far, self.spec.help, self.spec.keys) if part)

    # Keys.

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters and digits are this field's; the key line shows no others for them."""
        return character is not None and character.isprintable()

    def on_focus(self) -> None:
        self._drawn = None
        self.board.arrange_again()
        # First what grew or shrank gets its place, then this question is brought into sight.
        self.call_after_refresh(self.call_after_refresh, self._seen)

    def on_blur(self) -> None:
        self._drawn = None
        self.board.arrange_again()

    def _seen(self) -> None:
        """Scroll so that the whole question is seen, its beginning above all."""
        if self.has_focus:
            self.board.show_line(self, self.tall(self.size.width) - 1)
            self.board.show_line(self, 0)

    # Drawing.

    def wish(self) -> int:
        return 200

    def tall(self, width: int) -> int:
        return len(self.lines(width))

    def lines(self, width: int) -> list[list[Part]]:
        """All lines at a width."""
        key = (width, self.has_focus, self.state())
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, self._draw(max(16, width)))
        return self._drawn[1]

    def _draw(self, width: int) -> list[list[Part]]:
        item = self.spec.item
        lines: list[list[Part]] = [[(line, "dim")] for line in wrap(self.spec.above, width)]
        asked = wrap(item.text, width)
        lines += [[(line, "bold" if self.has_focus else "text")] for line in asked]
        if self.has_focus:
            return lines + self.choices(width, len(lines))
        words = DECLINED_WORDS if self.declined else self.said()
        if words:
            style = "dim" if self.declined else "accent"
            if cell_len(asked[-1]) + cell_len(words) + 3 <= width:
                lines[-1].append((f"   {words}", style))
            else:
                lines += [[(f"  {line}", style)] for line in wrap(words, width - 2)]
        return lines

    def said(self) -> str:
        """The answer in words."""
        return answer_words(self.spec.item, self.answer())

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        lines = self.lines(width)
        return self.strip_of(lines[y] if y < len(lines) else [], width)
