"""A reference to somebody or something in the file: found by typing, taken from the list."""

from collections.abc import Callable
from dataclasses import dataclass

from cmp_tui.ui.fields.base import Board, Field, Here
from cmp_tui.ui.fields.combo import Combo, Match, Search, Searched


@dataclass(frozen=True, kw_only=True)
class PickField(Field):
    """A reference. `search` answers typed text; the value in the record is a `Match` (value and words)."""

    search: Search
    searched: Searched | None = None
    """Logs what was looked for, when somebody was picked or the field is left."""
    words_of: Callable[[object], str] | None = None
    """The words for a bare value, as a conflict brings it; without it they are 'another choice'."""

    def editor(self, board: Board) -> Combo:
        return Combo(self, board, search=self.search, searched=self.searched)

    def same(self, one: object, other: object) -> bool:
        return _value(one) == _value(other)

    def say(self, value: object, here: Here) -> str:
        if value is None or isinstance(value, Match):
            return value.words if value is not None else "nothing"
        return self.words_of(value) if self.words_of is not None else "another choice"


def _value(value: object) -> object:
    return value.value if isinstance(value, Match) else value
