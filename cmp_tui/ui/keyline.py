"""The last line of a screen: the keys that work now."""

from collections.abc import Sequence

from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from cmp_tui.ui.keys import key_word
from cmp_tui.ui.table_lines import draw


class KeyLine(Widget):
    """The last line: the keys that work now, the key in accent and its word dim. It never wraps.

    It reads the screen's live bindings: those that are shown and have a word, from the focused widget
    outwards. A widget may call one of its keys by another word with `key_word(binding_id) -> str | None`; with "" the
    key is not shown there.
    What does not fit is dropped from the end; the key of the help stays.
    """

    DEFAULT_CSS = """
    KeyLine { height: 1; }
    """

    HELP_ID = "app.help"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._pairs: tuple[tuple[str, str], ...] = ()

    def on_mount(self) -> None:
        """Follow the screen's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)
        self._follow(self.screen)

    def _follow(self, screen: Screen[object]) -> None:
        if not screen.app.app_focus or not self.is_attached:
            return
        pairs = shown_keys(screen, self.HELP_ID)
        if pairs != self._pairs:
            self._pairs = pairs
            self.refresh()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(key, word) in the order shown, whether they fit or not."""
        return self._pairs

    def render_line(self, y: int) -> Strip:
        """The keys that fit."""
        del y
        width = self.size.width
        return draw(
            [key_content(self._pairs, width)], self.visual_style, width, self.app.stylesheet.parse_style
        )


def shown_keys(screen: Screen[object], help_id: str) -> tuple[tuple[str, str], ...]:
    """The (key, word) pairs of a screen's live bindings, each action once, the help last."""
    pairs: list[tuple[str, str]] = []
    last: list[tuple[str, str]] = []
    seen: set[tuple[DOMNode, str]] = set()
    for name, active in screen.active_bindings.items():
        binding = active.binding
        place = (active.node, binding.id or binding.action)
        if not binding.show or not binding.description or place in seen or not active.enabled:
            continue
        seen.add(place)
        word_of = getattr(active.node, "key_word", None)
        own = word_of(binding.id) if callable(word_of) and binding.id else None
        if own == "":
            continue
        word = own or binding.description
        (last if binding.id == help_id else pairs).append((key_word(name), word))
    return (*pairs, *last)


def key_content(pairs: Sequence[tuple[str, str]], width: int) -> Content:
    """Keys and words in one line of `width` cells: first closer together, then fewer, the last pair kept."""
    for gap in (3, 2):
        if _length(pairs, gap) <= width:
            return _joined(pairs, gap)
    kept = list(pairs)
    while len(kept) > 1 and _length(kept, 2) > width:
        del kept[-2]
    return _joined(kept, 2)


def _length(pairs: Sequence[tuple[str, str]], gap: int) -> int:
    return 2 + sum(Content(f"{name} {word}").cell_length for name, word in pairs) + gap * (len(pairs) - 1)


def _joined(pairs: Sequence[tuple[str, str]], gap: int) -> Content:
    parts: list[str | tuple[str, str]] = [" "]
    for name, word in pairs:
        parts += [" " * gap if len(parts) > 1 else "", (name, "$accent"), (f" {word}", "$dim")]
    return Content.assemble(*parts)
