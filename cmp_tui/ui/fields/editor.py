"""What the widgets of all fields share: what was there before, what was touched, what is wrong."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.ui.fields.base import Board, Field, Raw, Reading

if TYPE_CHECKING:
    _Base = Widget
else:
    # Textual follows the first DOM class of a widget's bases only, so the shared half must be a plain class.
    _Base = object

COMPACT = "-textual-compact"
"""Textual's class for an input without a frame. Its own switch for it would style each editor once before there is a
screen, which takes longer than all the rest of making it."""

STYLES = frozenset({
    "form--text", "form--dim", "form--accent", "form--chosen", "form--amber", "form--coral", "form--bold",
    "form--row", "form--row-dim",
})  # fmt: skip
"""The styles that the widgets of a form draw with; themes/form.tcss gives them their colours."""


class Editor(_Base):
    """The widget's half that the form speaks to. Its subclasses are also Textual widgets."""

    field: Field
    """What it was described as."""
    board: Board
    touched = False
    """Whether the person typed here since the value was put."""
    enter_word = ""
    """What enter does here, where it does not go on to the next field."""
    wrong = ""
    """The sentence that stands at the field: an error, or what became of a paste."""

    def begin(self, spec: Field, board: Board) -> None:
        """Bind the widget to its description and its form."""
        self.field = spec
        self.board = board
        self.base: object = None
        self.base_raw: Raw = None

    def put(self, value: object) -> None:
        """Show a value that the program gives; the field counts as not touched."""
        self.base = value
        self.show(value)
        self.base_raw = self.raw()
        self.touched = False
        self.tell("")
        self.refresh()

    def put_raw(self, raw: Raw) -> None:
        """Show what a draft kept; the field counts as touched."""
        self.show_raw(raw)
        self.touched = True
        self.refresh()

    def is_changed(self) -> bool:
        """Whether the person made this something else than what the form opened with."""
        return self.touched and self.raw() != self.base_raw

    def mark_edited(self) -> None:
        """To be called by the widget after each change by the person."""
        self.touched = True
        self.tell("")
        self.board.edited(self)

    def tell(self, sentence: str) -> None:
        """Show a sentence at the field."""
        if sentence != self.wrong:
            self.wrong = sentence
            self.refresh()
            self.board.arrange_again()

    def show(self, value: object) -> None:
        """Draw a value."""
        raise NotImplementedError

    def raw(self) -> Raw:
        """What stands in the field now, as a draft keeps it."""
        raise NotImplementedError

    def show_raw(self, raw: Raw) -> None:
        """Draw what a draft kept; anything that this field can't have written is passed over."""
        raise NotImplementedError

    def read(self) -> Reading:
        """The value, its echo, or why there is none."""
        raise NotImplementedError

    def wish(self) -> int:
        """The columns that the field wants."""
        return self.field.width or 20

    def tall(self, width: int) -> int:
        """The lines that the field wants at a width."""
        return 1

    def has_room(self, width: int) -> bool:
        """Whether the sentence fits behind the value; otherwise it stands in a line of its own."""
        return False

    def allow_focus(self) -> bool:
        """A form that is being saved takes no keys."""
        return not self.board.busy

    def others_changed(self) -> None:
        """The person changed another field of the form."""

    def leaving(self) -> None:
        """The person goes on from the field: what was typed is settled before the next one is looked for."""

    def hint(self) -> str:
        """The line shown at the form's foot while this field has the focus."""
        return self.field.help

    def style_of(self, name: str) -> Style:
        """One of the form's styles, on this widget's ground."""
        # The sheet has the styles once; an editor of its own would have all of them worked out when the form opens.
        owner = self.parent
        assert isinstance(owner, Widget)
        return owner.get_component_rich_style(f"form--{name}")

    def strip_of(self, parts: Sequence[tuple[str, str]], width: int) -> Strip:
        """One line of (text, style name) pairs, cut or filled to a width in cells."""
        segments = [Segment(text, self.style_of(name)) for text, name in parts if text]
        return Strip(segments).adjust_cell_length(width, self.rich_style)
