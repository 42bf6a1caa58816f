"""What every field of a form has in common: its description, what reading it gives, and where it is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from cmp_tui.ui.fields.editor import Editor

Raw = str | bool | int | None | list["Raw"] | dict[str, "Raw"]
"""What stands in a field, as a draft keeps it: half-typed text too."""


class Reading(NamedTuple):
    """What a field holds: its value, how to say it back, and the sentence when it can't be understood."""

    value: object = None
    echo: str = ""
    error: str = ""


class Row(NamedTuple):
    """One line of a drop list: the words, and dim words behind them."""

    words: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """The signs that a form draws."""

    left: str = "‹"
    right: str = "›"
    on: str = "✓"
    off: str = "·"
    edge: str = "▌"
    more: str = "…"
    rule: str = "│"
    up: str = "↑"
    down: str = "↓"


UNICODE_MARKS = Marks()
ASCII_MARKS = Marks("<", ">", "x", "-", ">", "~", "|", "^", "v")


@dataclass(frozen=True, slots=True)
class Here:
    """Where and when the form is filled in: the injected clock, the clinic's zone, the set of signs."""

    clock: Callable[[], datetime]
    zone: tzinfo
    marks: Marks = UNICODE_MARKS

    def now(self) -> datetime:
        """The clinic's local time."""
        return self.clock().astimezone(self.zone)

    def today(self) -> date:
        """The clinic's day."""
        return self.now().date()


class Board(Protocol):
    """What a field asks of the form that it stands in."""

    here: Here
    has_phrases: bool
    """Whether `.word` brings phrases."""

    def phrases(self) -> Mapping[str, str]:
        """The phrases by their word. Raises ClinicError when their file can't be read."""

    @property
    def busy(self) -> bool:
        """Whether the form is being saved: nothing may be typed."""

    def edited(self, editor: "Editor") -> None:
        """The person changed what stands in the field."""

    def leave(self, editor: "Editor", step: int, *, enter: bool = False) -> None:
        """Go to the next field (1) or to the one before (-1); enter on the last field saves."""

    def offer(self, editor: "Editor", rows: Sequence[Row], at: int) -> None:
        """Show a drop list at the field, with the row `at` marked."""

    def withdraw(self, editor: "Editor") -> None:
        """Take the field's drop list away."""

    def show_line(self, editor: "Editor", y: int) -> None:
        """Scroll so that the field's line `y` is seen."""

    def key_word(self, binding_id: str) -> str | None:
        """Another word for a key in the key line, where it does something else than usual."""

    def arrange_again(self) -> None:
        """The field needs more or fewer lines than before."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a form. The subclasses add what their type needs."""

    name: str
    """The name of its value in what is saved."""
    label: str
    required: bool = False
    help: str = ""
    """One line, shown while the field has the focus."""
    default: object = None
    """The value in a new record when the caller gives none."""
    when: Callable[[Mapping[str, object]], bool] | None = None
    """Shown, and saved, only when this holds for the values of the form."""
    width: int = 0
    """Columns that the field wants where it shares its line; 0 leaves that to its type."""
    question: str = ""
    """What is asked, in full, on lines of its own above the field; the label stands beside it."""
    row: str = ""
    """Neighbours with the same row share a line where they fit."""

    def editor(self, board: Board) -> "Editor":
        """The widget that this field is filled in with."""
        raise NotImplementedError

    def same(self, one: object, other: object) -> bool:
        """Whether two values of this field say the same."""
        if isinstance(one, str) or isinstance(other, str):
            return (one or None) == (other or None)
        return one == other

    def say(self, value: object, here: Here) -> str:
        """A value in words, on one line, for showing what somebody else saved."""
        return "nothing" if value is None or value == "" else str(value)
