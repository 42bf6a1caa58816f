"""Fields of one line that are typed: text, and everything read from text (dates, minutes, numbers …)."""

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import BindingType
from textual.strip import Strip
from textual.widgets import Input

from cmp_tui.ui.fields.base import Board, Field, Here, Raw, Reading
from cmp_tui.ui.fields.door import far_too_long, too_long, typed, whole
from cmp_tui.ui.fields.editor import COMPACT, Editor
from cmp_tui.ui.keys import key


@dataclass(frozen=True, kw_only=True)
class LineField(Field):
    """A field that is typed on one line. Subclasses say how text becomes a value and back."""

    limit: int = 200
    """The most characters it takes."""
    empty: str = ""
    """Dim words in an empty field."""
    type_over: bool = False
    """The first letter replaces what stands there: for short values, which are seldom corrected in the middle."""

    def write(self, value: object, here: Here) -> str:
        """The value as text to be typed over."""
        return "" if value is None else str(value)

    def parse(self, text: str, here: Here) -> Reading:
        """The value of typed text, which is never blank."""
        return Reading(text)

    def nothing(self) -> object:
        """The value of an empty field."""
        return None

    def echo(self, value: object, here: Here) -> str:
        """The dim words behind a value that the program gave."""
        return self.parse(self.write(value, here), here).echo

    def editor(self, board: Board) -> "LineEditor":
        return LineEditor(self, board)


class LineEditor(Editor, Input):
    """Textual's Input, with the echo drawn behind the text."""

    # Input's own enter has no id and would hide the form's in the key line.
    BINDINGS: ClassVar[list[BindingType]] = [key("form.enter", "enter", "submit", "next")]
    cursor_blink = False

    spec: LineField

    def __init__(self, spec: LineField, board: Board) -> None:
        self._held: Reading | None = None
        self.spec = spec
        super().__init__(select_on_focus=spec.type_over, placeholder=spec.empty, validate_on=())
        self.add_class(COMPACT, update=False)
        self.begin(spec, board)
        self.cursor_blink = False

    def show(self, value: object) -> None:
        self._set("" if value is None else self.spec.write(value, self.board.here))

    def raw(self) -> Raw:
        return self.value

    def show_raw(self, raw: Raw) -> None:
        if isinstance(raw, str):
            self._set(raw)

    def _set(self, text: str) -> None:
        self._held = None
        self.value = text
        self.cursor_position = len(text)

    def read(self) -> Reading:
        if self._held is None:
            self._held = self._read()
        return self._held

    def _read(self) -> Reading:
        here = self.board.here
        text = whole(self.value)
        if self.base is not None and self.value == self.base_raw:
            return Reading(self.base, self.spec.echo(self.base, here))
        return self.spec.parse(text, here) if text else Reading(self.spec.nothing())

    def wish(self) -> int:
        return self.spec.width or 24

    def has_room(self, width: int) -> bool:
        return self._used() + 1 + cell_len(self.wrong) <= width

    def _used(self) -> int:
        """The cells of the text, or of the words in its place, with the cursor."""
        return cell_len(self.value or self.placeholder) + 1

    def replace(self, text: str, start: int, end: int) -> None:
        """Every way in: typing, pasting, the clipboard. Takes all of it, or nothing and says so."""
        if self.board.busy:
            return
        before = self.value
        start, end = sorted((max(0, start), min(len(before), end)))
        room = max(0, self.spec.limit - (len(before) - (end - start)))
        given = text if far_too_long(text, room) else typed(text)
        if len(given) > room:
            self.tell(too_long(len(given), room, self.spec.limit))
            return
        super().replace(given, start, end)
        if self.value != before:
            self._held = None
            self.mark_edited()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()

    async def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.replace(event.text, *self.selection)

    def key_word(self, binding_id: str) -> str | None:
        """What enter does at the last field."""
        return self.board.key_word(binding_id)

    async def action_submit(self) -> None:
        """Enter moves on."""
        self.board.leave(self, 1, enter=True)

    def on_blur(self) -> None:
        self.finish()

    def finish(self) -> None:
        """The person left the field: say what is wrong with it, if anything is."""
        if self.touched and not self.wrong:
            self.tell(self.read().error)

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        width = self.size.width
        here = bool(self.wrong) and self.has_room(width)
        note = self.wrong if here else self.read().echo
        used = self._used()
        if y or not note or used + 2 > width:
            return strip.crop(0, width)
        if self.scroll_offset.x:
            return strip.crop(0, width)
        tail = self.strip_of([(note, "coral" if here else "dim")], width - used)
        return Strip.join([strip.crop(0, used), tail]).crop(0, width)
