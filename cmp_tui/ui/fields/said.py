"""Words in a form that nobody fills in: what will come of saving it."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.ui.fields.base import Board, Field, Raw, Reading
from cmp_tui.ui.fields.editor import Editor


@dataclass(frozen=True, kw_only=True)
class SaidField(Field):
    """Sentences, each on lines of its own. It has no value; the focus rests on it so that it can be scrolled to."""

    sentences: Sequence[str]

    def editor(self, board: Board) -> Editor:
        return Said(self, board)


class Said(Editor, Widget, can_focus=True):
    """The sentences, wrapped."""

    DEFAULT_CSS = """
    Said { background: $surface; color: $text; }
    """

    spec: SaidField

    def __init__(self, spec: SaidField, board: Board) -> None:
        super().__init__()
        self.spec = spec
        self.begin(spec, board)

    def show(self, value: object) -> None:
        """There is nothing to show but the sentences."""

    def raw(self) -> Raw:
        return None

    def show_raw(self, raw: Raw) -> None:
        """A draft keeps nothing of it."""

    def read(self) -> Reading:
        return Reading()

    def wish(self) -> int:
        return self.spec.width or 60

    def tall(self, width: int) -> int:
        return max(1, len(self._lines(width)))

    def _lines(self, width: int) -> list[str]:
        return [line for sentence in self.spec.sentences for line in wrap(sentence, max(12, width))]

    def render_line(self, y: int) -> Strip:
        lines = self._lines(self.size.width)
        return self.strip_of([(lines[y] if y < len(lines) else "", "text")], self.size.width)
