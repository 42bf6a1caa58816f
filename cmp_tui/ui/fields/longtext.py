"""Text of several lines: wraps, grows while it is typed, takes phrases by `.word`."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult, Selection

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.ui.fields.base import Board, Field, Here, Raw, Reading, Row
from cmp_tui.ui.fields.door import far_too_long, too_long, typed, whole
from cmp_tui.ui.fields.dropping import Dropping
from cmp_tui.ui.fields.editor import COMPACT
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
    listing: bool = False
    """A list is typed, one thing a line: enter starts the next one, and moves on from an empty line."""

    def editor(self, board: Board) -> "LongEditor":
        return LongEditor(self, board)

    def say(self, value: object, here: Here) -> str:
        return one_line(str(value)) if value else "nothing"


class LongEditor(Dropping, TextArea):
    """Textual's TextArea with our keys, our door and the phrases."""

    spec: LongTextField

    def __init__(self, spec: LongTextField, board: Board) -> None:
        self.spec = spec
        self.listed: tuple[tuple[str, str], ...] = ()
        super().__init__(
            soft_wrap=True,
            highlight_cursor_line=False,
            tab_behavior="focus",
            show_line_numbers=False,
        )
        self.add_class(COMPACT, update=False)
        self.begin(spec, board)
        self.cursor_blink = False
        self.match_cursor_bracket = False

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
        # Asked while the form is laid out: `size` would lay out the whole screen once more to answer.
        if not self.is_mounted or self.outer_size.width != width:
            # Not laid out at this width yet: a plain estimate; the resize that follows sets it right.
            return min(max(self.spec.least, _estimate(self.text, width)), self.spec.lines)
        return min(max(self.spec.least, self.wrapped_document.height), self.spec.lines)

    def hint(self) -> str:
        help_line = self.spec.help or "ctrl+j starts a new line"
        return f"{help_line} · .? lists phrases" if self._takes_phrases() else help_line

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        size = self.outer_size
        if self.is_mounted and size and self.tall(size.width) != size.height:
            self.board.arrange_again()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._fit()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        event.stop()

    def edit(self, edit: Edit) -> EditResult:
        """Every way in: typing, pasting, phrases. Takes all of it, or nothing and says so."""
        start, end = sorted((edit.from_location, edit.to_location))
        room = max(0, self.spec.limit - len(self.text) + len(self.get_text_range(start, end)))
        given = edit.text if far_too_long(edit.text, room) else typed(edit.text, lines=True)
        if len(given) > room:
            self.tell(too_long(len(given), room, self.spec.limit))
            return EditResult(self.cursor_location, "")
        result = super().edit(dataclasses.replace(edit, text=given))
        self.mark_edited()
        return result

    def undo(self) -> None:
        super().undo()
        self.mark_edited()

    def redo(self) -> None:
        super().redo()
        self.mark_edited()

    def new_line(self) -> None:
        """Start a new line at the cursor."""
        self.move_cursor(self.replace("\n", *sorted(self.selection)).end_location)

    def _in_list(self) -> bool:
        """Whether enter belongs to the list that is typed: the cursor's line has words."""
        return self.spec.listing and bool(self.document.get_line(self.cursor_location[0]).strip())

    def on_key(self, event: events.Key) -> None:
        if self.board.busy or self.drop_key(event):
            event.prevent_default()
            return
        self.close()
        if event.key == "enter" and self._in_list():
            self.new_line()
        elif event.key == "enter":
            self.board.leave(self, 1, enter=True)
        elif event.key in ("ctrl+j", "alt+enter"):
            self.new_line()
        elif event.key == "up" and self.navigator.is_first_wrapped_line(self.cursor_location):
            self.board.leave(self, -1)
        elif event.key == "down" and self.navigator.is_last_wrapped_line(self.cursor_location):
            self.board.leave(self, 1)
        elif not (event.key == "space" and self._expand()) and not (event.character == "?" and self._list()):
            return
        event.stop()
        event.prevent_default()

    def on_blur(self) -> None:
        self.close()

    def _before(self) -> str:
        row, column = self.cursor_location
        return self.document.get_line(row)[:column]

    def _takes_phrases(self) -> bool:
        return self.spec.phrases and self.board.has_phrases

    def _phrases(self) -> Mapping[str, str]:
        if not self._takes_phrases():
            return {}
        return self.board.phrases()

    def _expand(self) -> bool:
        """Put the phrase for the `.word` before the cursor; False when there is none."""
        found = _WORD.search(self._before())
        if found is None:
            return False
        try:
            text = self._phrases().get(found[1].casefold())
        except ClinicError as error:
            self.replace(" ", *sorted(self.selection))
            self.tell(str(error))
            return True
        if text is not None:
            self._put_phrase(text, len(found[0]))
        return text is not None

    def _list(self) -> bool:
        """Open the list of phrases after a lone dot."""
        before = self._before()
        if not before.endswith(".") or not (len(before) == 1 or before[-2].isspace()):
            return False
        try:
            self.listed = tuple(self._phrases().items())
        except ClinicError as error:
            self.tell(str(error))
            return True
        self.drop([Row(f".{word}", fit(one_line(text), 60)) for word, text in self.listed])
        return bool(self.listed)

    def take(self, index: int) -> None:
        self.close()
        self._put_phrase(self.listed[index][1], 1)

    def _put_phrase(self, text: str, typed_cells: int) -> None:
        row, column = self.cursor_location
        start = (row, column - typed_cells)
        blank = text.find(BLANK)
        whole_text = text if blank >= 0 else f"{text} "
        self.replace(whole_text, start, (row, column), maintain_selection_offset=False)
        if blank >= 0 and self.get_text_range(start, self.document.end).startswith(text):
            head = text[:blank].split("\n")
            place = (row + len(head) - 1, len(head[-1]) + (start[1] if len(head) == 1 else 0))
            self.selection = Selection(place, (place[0], place[1] + len(BLANK)))

    async def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if not self.board.busy:
            self.move_cursor(self.replace(event.text, *sorted(self.selection)).end_location)


def _estimate(text: str, width: int) -> int:
    return sum(1 + max(0, cell_len(line) - 1) // max(1, width - 1) for line in text.split("\n"))
