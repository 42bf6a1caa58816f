"""What every main screen has: the header with its tabs, the notice and the keys below, and the dock for forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from cmp_tui.ui.calm import CalmScreen
from cmp_tui.ui.chrome import Foot, Header, HeaderFacts
from cmp_tui.ui.dock import Hosts
from cmp_tui.ui.keys import key
from cmp_tui.ui.listing import Listing
from cmp_tui.ui.messages import OpenForm, RaiseConcern, ToggleTimer
from cmp_tui.ui.notice import Notice
from cmp_tui.ui.preview import Preview
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.take_out import listing_of
from cmp_tui.ui.words import plural

if TYPE_CHECKING:
    from cmp_tui.app import CmpApp


class ShowsChart(Protocol):
    """The screen of one patient."""

    async def show(self, patient: bytes, panel: str, place: str = "") -> bool:
        """Shows a patient's chart on one of its panels; False when there is nothing to show, which it has said."""


class Board(Hosts, CalmScreen[None]):
    """A main screen. A room's screen says what it is called, what it is for, and what stands in its middle."""

    TAB: ClassVar[int] = 0
    BY_NAME: ClassVar[tuple[tuple[str, str, str], ...]] = ()
    """What the palette finds by name on this screen: a title, what it does, and its action."""
    _title_shown: Content | None = None
    _keys_followed: tuple[object, ...] | None = None

    BINDINGS: ClassVar[list[BindingType]] = [
        key("board.contact", "c", "contact", "contact"),
        key("board.timer", "t", "timer", "timer"),
        key("board.on_call", "T", "on_call", "on a call", show=False),
        key("board.concern", "ctrl+n", "concern", "concern to a practitioner", show=False),
        key("board.copy", "y", "copy_preview", "copy as text", show=False),
        key("board.take_out", "X", "take_out", "save the list as a file", show=False),
        key("board.bring_in", "I", "bring_in", "import a spreadsheet", show=False),
        key("board.preview", "space", "preview", "preview", show=False),
        key(
            "board.preview_down",
            "right_curly_bracket",
            "scroll_preview(6)",
            "preview further down",
            show=False,
        ),
        key("board.preview_up", "left_curly_bracket", "scroll_preview(-6)", "preview back up", show=False),
        key("board.back", "escape,q", "back", "back", show=False),
    ]

    @property
    def cmp(self) -> CmpApp:
        """The app, with its type."""
        return self.app  # type: ignore[return-value]

    def compose(self) -> ComposeResult:
        """The frame around the room's own widgets."""
        yield Header(self.cmp.header_facts(), signs=self.cmp.signs, active=self.TAB)
        yield Static(Content(""), classes="title", markup=False)
        yield from self.middle()
        yield Foot(signs=self.cmp.signs)
        yield self.dock

    def middle(self) -> Iterable[Widget]:
        """The room's own widgets."""
        return ()

    def put_title(self, title: Content) -> None:
        """Shows the title line: what this is, whose, how much. Nothing is drawn when it says the same."""
        if self._title_shown is None or not title.is_same(self._title_shown):
            self._title_shown = title
            self.query_one(".title", Static).update(title, layout=False)  # its lines are fixed

    def keys_follow(self, *facts: object) -> None:
        """Has the key line look again at which keys work, when what they depend on is not what it was.

        To ask each key costs as much as all the rest of a step through a list.
        """
        if facts != self._keys_followed:
            self._keys_followed = facts
            self.refresh_bindings()

    def put_header(self, facts: HeaderFacts) -> None:
        """Shows other facts in the header."""
        self.query_one(Header).show(facts, self.TAB)

    def say(self, words: Content | str, kind: Literal["plain", "done", "soon", "wrong"] = "plain") -> None:
        """Says something in the notice line."""
        self.query_one(Notice).say(words, kind)

    async def ask(self, words: Content | str) -> bool:
        """Asks a yes-or-no question in the notice line; call it from a worker."""
        return await self.query_one(Notice).ask(words)

    def form_saved(self, result: object) -> None:
        """Told what a form over this screen wrote, before the rows are read again."""

    def refresh_rows(self) -> None:
        """Reads the screen's rows again, after something was saved."""

    async def show_record(self, record: bytes) -> None:
        """Shows one record, on the screens that are about one (`OpenBoard`)."""

    def subject(self) -> bytes | None:
        """The patient that keys such as c and t are about."""
        return None

    def marked(self) -> tuple[bytes, ...]:
        """The patients of the marked rows, for what is done for several at once."""
        return ()

    def clear_marks(self) -> None:
        """Unmarks every row: what they were marked for is done."""
        for table in self.query(WindowTable):
            table.clear_marks()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys about a patient work only where there is one."""
        if (
            action in ("contact", "timer", "concern")
            and self.is_mounted
            and self.subject() is None
            and not self.marked()
        ):
            return False
        return super().check_action(action, parameters)

    def action_contact(self) -> None:
        """Logs a contact: with the patient under the cursor, or one activity for all the marked ones."""
        marked = self.marked()
        if len(marked) > 1:
            self.post_message(OpenForm("group", None, None, {"patients": [key.hex() for key in marked]}))
        elif subject := (marked[0] if marked else self.subject()):
            self.post_message(OpenForm("contact", subject, None, self.contact_args()))

    def contact_args(self) -> dict[str, object]:
        """What a contact begins with when it is opened from here."""
        return {}

    def action_timer(self) -> None:
        """Starts the timer for the patient, or stops it and logs the time."""
        if subject := self.subject():
            self.post_message(ToggleTimer(subject))

    def action_concern(self) -> None:
        """Sends a concern about the patient to a practitioner."""
        self.post_message(RaiseConcern())

    def action_on_call(self) -> None:
        """Marks the running timer as on a call (idle keys are no absence then), or no longer."""
        self.cmp.toggle_on_call()

    def action_copy_preview(self) -> None:
        """Copies what the preview shows as plain text, for the EHR (the terminal's clipboard, OSC 52)."""
        text = self.query_one(Preview).plain.strip()
        if text:
            self.app.copy_to_clipboard(text)
            self.say(f"Copied {plural(len(text.splitlines()), 'line')} to the terminal's clipboard.", "done")

    async def listing(self) -> Listing | None:
        """The list that is shown, for a file; None when there is none. Raises ClinicError."""
        table = next((one for one in self.query(WindowTable) if one.display), None)
        return None if table is None else await listing_of(table, self.TITLE or "List", self.list_words())

    def list_words(self) -> str:
        """What of a list is shown: the title line without the list's name."""
        title = self._title_shown.plain if self._title_shown is not None else ""
        return title.removeprefix(self.TITLE or "").strip()

    def action_take_out(self) -> None:
        """Saves the list that is shown as CSV or as a spreadsheet, with all its rows."""
        self.cmp.take_out()

    def action_bring_in(self) -> None:
        """Goes to where a spreadsheet comes in."""
        self.cmp.go("import")

    def action_scroll_preview(self, by: int) -> None:
        """Scrolls a preview that holds more than fits."""
        self.query_one(Preview).scroll_by(by)

    def action_preview(self) -> None:
        """Shows or hides the preview below the list on a narrow terminal."""
        self.toggle_class("-preview")
        self.call_after_refresh(self._preview_opened)

    def shows_preview(self) -> bool:
        """Whether the preview can be read: on a narrow terminal it is hidden until it is asked for."""
        return any(preview.display for preview in self.query(Preview))

    def _preview_opened(self) -> None:
        if (subject := self.subject()) and self.shows_preview():
            self.preview_opened(subject)

    def preview_opened(self, patient: bytes) -> None:
        """The preview that was hidden shows a patient now."""

    def action_back(self) -> None:
        """Goes back: first the preview, then the screen before."""
        if self.has_class("-preview"):
            self.remove_class("-preview")
        else:
            self.cmp.go_back()
