"""What stands around the fields of a form: the title with the patient, the line of help, the Save button."""

from textwrap import wrap

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.ui.fields.editor import STYLES
from cmp_tui.ui.words import fit

MARGIN = 2
MOST_ERROR_LINES = 4


class _Drawn(Widget):
    """A widget that is drawn line by line in the form's styles."""

    COMPONENT_CLASSES = set(STYLES)

    def style_of(self, name: str) -> Style:
        """One of the form's styles."""
        return self.get_component_rich_style(f"form--{name}")

    def strip_of(self, parts: list[tuple[str, str]]) -> Strip:
        """One line of (text, style name) pairs."""
        return Strip([Segment(text, self.style_of(name)) for text, name in parts if text]).adjust_cell_length(
            self.size.width, self.rich_style
        )


class FormTitle(_Drawn):
    """The form's name, its patient, the state of the draft; under it what is wrong with the whole."""

    DEFAULT_CSS = """
    FormTitle { height: auto; width: 100%; }
    """

    def __init__(self, title: str, identity: Content | None, column: int) -> None:
        super().__init__()
        self.title = title
        self.identity = identity.plain if identity is not None else ""
        self.column = column
        self.state = ""
        self.state_is_bad = False
        self.wrong = ""
        self.wrong_style = "coral"

    def tell(self, state: str, *, bad: bool = False) -> None:
        """Say how the draft stands."""
        if (state, bad) != (self.state, self.state_is_bad):
            self.state, self.state_is_bad = state, bad
            self.refresh()

    def complain(self, sentence: str, style: str = "coral") -> None:
        """Say what is wrong with the whole form, or what became of another one; '' takes it away."""
        if (sentence, style) != (self.wrong, self.wrong_style):
            self.wrong, self.wrong_style = sentence, style
            self.refresh(layout=True)

    def _lines(self, width: int) -> list[str]:
        return wrap(self.wrong, max(20, width - 2 * MARGIN))[:MOST_ERROR_LINES]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 + max(1, len(self._lines(width)))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y:
            lines = self._lines(width)
            return self.strip_of(
                [(" " * MARGIN, "text"), (lines[y - 1] if y <= len(lines) else "", self.wrong_style)]
            )
        # The patient is never cut for the sake of the draft's state.
        column = max(MARGIN + cell_len(self.title) + 2, self.column)
        identity = fit(self.identity, width - column - MARGIN)
        room = width - column - cell_len(identity) - 2 - MARGIN
        state = fit(self.state, room)
        gap = width - column - cell_len(identity) - cell_len(state) - MARGIN
        return self.strip_of(
            [
                (" " * MARGIN, "text"),
                (self.title, "bold"),
                (" " * (column - MARGIN - cell_len(self.title)), "text"),
                (identity, "accent"),
                (" " * max(0, gap), "text"),
                (state, "coral" if self.state_is_bad else "dim"),
            ]
        )


class FormHint(_Drawn):
    """One dim line of help for the field that has the focus."""

    DEFAULT_CSS = """
    FormHint { height: 1; width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def tell(self, text: str) -> None:
        """Show a line of help."""
        if text != self.text:
            self.text = text
            self.refresh()

    def render_line(self, y: int) -> Strip:
        return self.strip_of([(" " * MARGIN, "dim"), (fit(self.text, self.size.width - MARGIN), "dim")])


class SaveButton(_Drawn, can_focus=True):
    """Saves the form: reached by tab, pressed by enter, space or the mouse."""

    def __init__(self, word: str = "Save") -> None:
        super().__init__()
        self.word = word
        self.styles.width = cell_len(word) + 6

    DEFAULT_CSS = """
    SaveButton { height: 1; }
    """

    class Pressed(Message):
        """Somebody wants to save."""

    def render_line(self, y: int) -> Strip:
        style = "row" if self.has_focus else "accent"
        return self.strip_of([(" [", "dim"), (f" {self.word} ", style), ("]", "dim")])

    def on_key(self, event: events.Key) -> None:
        if event.key in ("enter", "space"):
            event.stop()
            event.prevent_default()
            self.post_message(self.Pressed())

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Pressed())
