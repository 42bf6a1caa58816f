"""What every panel of the chart is: a list with its headings, a preview of a row, and what its keys do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, NamedTuple
from zoneinfo import ZoneInfo

from textual.content import Content

from cmp_tui.clinic.live import LiveClinic
from cmp_tui.clinic.reference import Reference
from cmp_tui.clinic.scope import Person
from cmp_tui.clinic.staff import StaffRow
from cmp_tui.ui.messages import OpenBoard, OpenForm
from cmp_tui.ui.picker import Pick
from cmp_tui.ui.preview import LABEL, Line
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table_lines import Column, Drawn, as_content


@dataclass(frozen=True)
class Setting:
    """What the panels need to draw: the words, the clinic's zone and day, the signs, who sits here."""

    reference: Reference
    zone: ZoneInfo
    today: date
    signs: Signs
    me: Person
    staff: Sequence[StaffRow]

    def practitioner(self, name: str | None) -> str | None:
        """A practitioner's name: the column holds a username of the staff, or the name of someone outside."""
        return next((one.name for one in self.staff if one.username == name), name)

    def names(self) -> dict[bytes, str]:
        """Everyone's name by key."""
        return {one.id: one.name for one in self.staff}


class Choice(NamedTuple):
    """One letter of a key menu, its words, and the form that it opens (or where else it leads)."""

    key: str
    words: str
    form: OpenForm | PickOne | str


class Menu(NamedTuple):
    """A question answered by one letter."""

    words: str
    choices: tuple[Choice, ...]


class PickOne(NamedTuple):
    """One of a list is picked by typing or arrows; `then` says where its value leads."""

    words: str
    picks: tuple[Pick, ...]
    then: Callable[[str], OpenForm | str]


class Do(NamedTuple):
    """Something that is written at once: an action with what it takes; `said` turns its result into the notice."""

    action: Callable[..., Any]
    args: tuple[Any, ...]
    more: Mapping[str, Any]
    said: Callable[[Any], str]


class Whole(NamedTuple):
    """A row that is shown in the place of the list, to be read whole."""

    row: Any


class Loaded(NamedTuple):
    """The rows of a panel and its headings: (place of the row below, words); the cursor goes to the row `to`."""

    rows: Sequence[Any]
    headings: Sequence[tuple[int, Drawn]]
    to: Any = None


Step = OpenForm | OpenBoard | Menu | PickOne | Do | Whole | Loaded | str | None
"""What a key leads to: a form, a screen of one record, a menu, a list, something that is written, a row whole, other
rows, a sentence for the notice line, or nothing."""


class Panel(ABC):
    """One panel of the chart. It knows no widget: the screen draws its rows and takes its steps."""

    name: ClassVar[str]
    title: ClassVar[str]
    keys: ClassVar[frozenset[str]] = frozenset()
    """The actions of the screen that mean something here, besides those for every panel."""
    words: ClassVar[dict[str, str]] = {}
    """What keys are called here, by the id of their binding; "" for those that the key line leaves out."""
    explained: ClassVar[str] = ""
    """What `?` says of this panel; "": what it says of every panel."""
    open_word: ClassVar[str] = "edit"
    """What enter does, where it opens no row whole."""

    def __init__(self) -> None:
        self.patient = b""

    def begin(self) -> None:
        """Another patient is shown: what was chosen for the last one is forgotten."""
        self.patient = b""

    @abstractmethod
    def columns(self) -> Sequence[Column]:
        """The columns of its list."""

    @abstractmethod
    async def load(self, live: LiveClinic, patient: bytes, setting: Setting) -> Loaded:
        """Reads its rows. Raises ClinicError."""

    @abstractmethod
    def identity(self, row: Any) -> Hashable:
        """The key of a row, by which the cursor stays with it."""

    @abstractmethod
    def preview(self, row: Any) -> Sequence[Line]:
        """A row whole."""

    def empty(self) -> Content:
        """What stands there when there is nothing."""
        return Content("Nothing here yet.")

    def record_of(self, row: Any) -> tuple[str, bytes] | None:
        """The table and key of the record behind a row, for its older versions."""
        return None

    def place_of(self, row: Any) -> str:
        """Where a row stands, for who opens the panel at a place of it; '' where panels have no places."""
        return ""

    def open(self, row: Any) -> Step:
        """What enter does."""
        return self.edit(row)

    def edit(self, row: Any) -> Step:
        """Changes the row's record."""
        return None

    def new(self) -> Step:
        """Adds something."""
        return None

    def add(self, row: Any) -> Step:
        """Adds something where the cursor is; `row` may be nothing."""
        return self.new()

    def strike(self, row: Any) -> Step:
        """Strikes the row's record out."""
        return None

    def paper(self, row: Any) -> Step:
        """Prints something for the patient: a letter says what."""
        plan = Choice("p", "the plan, for the patient", OpenForm("plan-copy", self.patient))
        return Menu("Print", (plan, *self.papers()))

    def papers(self) -> tuple[Choice, ...]:
        """What can be printed on every panel."""
        return (
            Choice("c", "consent text", OpenForm("consent-paper", self.patient)),
            Choice("l", "letter", OpenForm("letter", self.patient)),
        )

    copied: ClassVar[str] = "document"
    """What `y` copies, where it is more than the row."""

    async def as_text(self, live: LiveClinic, row: Any) -> str | None:
        """The row as a document in plain text, for `y`; None where the preview is what is copied."""
        return None


def labelled(label: str, value: Drawn) -> Line:
    """A line of a preview; a label that is too long for its column stands before the value."""
    if len(label) < LABEL:
        return Line(label, value)
    return Line(None, Content.assemble((f"{label}  ", "$dim"), as_content(value)))


def teach(words: str, keys: str) -> Content:
    """'no phone: n p': what is missing, dim, and the keys that put it there."""
    return Content.assemble((f"{words}: ", "$dim"), (keys, "$accent"))
