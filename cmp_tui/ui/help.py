"""The help of a screen: what it is for, its keys as they are now, and what the signs mean."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from cmp_tui.ui.keys import key, key_word
from cmp_tui.ui.signs import Signs, legend


class HelpKey(NamedTuple):
    """One line of the help: its keys, what they do, and the name to remap them by."""

    keys: tuple[str, ...]
    word: str
    id: str


def help_keys(screen: Screen[object]) -> tuple[HelpKey, ...]:
    """Every live binding that has a word, each once: those of the key line first, then the rest."""
    first: dict[tuple[int, str], HelpKey] = {}
    rest: dict[tuple[int, str], HelpKey] = {}
    for name, active in screen.active_bindings.items():
        binding = active.binding
        if not binding.description or binding.system or binding.id is None:
            continue
        found, place = (first if binding.show else rest), (id(active.node), binding.id)
        word_of = getattr(active.node, "key_word", None)
        word = (word_of(binding.id) if callable(word_of) else None) or binding.description
        names = (*(found[place].keys if place in found else ()), key_word(name))
        found[place] = HelpKey(names, word, binding.id)
    return (*first.values(), *rest.values())


def help_content(title: str, purpose: str, keys: Sequence[HelpKey], signs: Signs, width: int = 76) -> Content:
    """The whole help as one text: keys, and the signs beside them where `width` cells allow, else below."""
    names = [", ".join(one.keys) for one in keys]
    first = max((len(name) for name in names), default=0)
    words = max((len(one.word) for one in keys), default=0)
    left = [
        Content.assemble((name.ljust(first), "$accent"), f"  {one.word.ljust(words)}   ", (one.id, "$dim"))
        for name, one in zip(names, keys, strict=True)
    ]
    right = [Content.assemble((sign.ljust(7), "$accent"), meaning) for sign, meaning in legend(signs)]
    beside = max((line.cell_length for line in left), default=0) + 4
    if beside + max(line.cell_length for line in right) > width:
        body = [*left, Content(""), *right]
    else:
        pairs = zip_longest(left, right, fillvalue=Content(""))
        body = [Content.assemble(one.pad_right(beside - one.cell_length), other) for one, other in pairs]
    foot = "esc closes this. The dim names are for [keys] in the settings file."
    head = Content.assemble((title, "bold"), f"  {purpose}")
    return Content("\n").join([head, Content(""), *body, Content(""), Content.styled(foot, "$dim")])


class HelpScreen(ModalScreen[None]):
    """The help, over the lower part of the screen that it explains."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("help.close", "escape,q,question_mark,ctrl+g", "close", "close"),
        key("help.down", "down,j", "scroll_by(1)", "down", show=False),
        key("help.up", "up,k", "scroll_by(-1)", "up", show=False),
        key("help.pagedown", "pagedown,space", "scroll_by(10)", "page down", show=False),
        key("help.pageup", "pageup", "scroll_by(-10)", "page up", show=False),
    ]

    DEFAULT_CSS = """
    HelpScreen { align: center bottom; }
    HelpScreen > VerticalScroll { width: 100%; height: auto; max-height: 90%; }
    """

    def __init__(self, content: Content) -> None:
        super().__init__()
        self._content = content

    @classmethod
    def of(cls, screen: Screen[object], signs: Signs) -> "HelpScreen":
        """The help of a screen as it is now.

        Its title is the screen's `TITLE`, its sentence what the screen says of the part that is open (`explained`),
        else the `HELP` of the focused widget, of what holds it, or of the screen.
        """
        purpose = getattr(screen, "explained", "")
        chain = screen.focused.ancestors_with_self if screen.focused is not None else [screen]
        for node in chain:
            if purpose:
                break
            purpose = node.HELP or ""
        return cls(
            help_content(
                screen.title or screen.TITLE or "Help",
                purpose,
                help_keys(screen),
                signs,
                screen.size.width - 5,
            )
        )

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        with VerticalScroll(classes="help"):
            yield Static(self._content, markup=False)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)

    def action_scroll_by(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
