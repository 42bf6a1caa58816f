"""One windowed table for every list: it holds the rows it shows, and redraws the lines that changed."""

import asyncio
from collections.abc import Callable, Hashable, Sequence
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.ui.calm import CalmFocus
from cmp_tui.ui.keys import key
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table_lines import MARGIN, Column, as_content
from cmp_tui.ui.table_painter import Painter
from cmp_tui.ui.table_source import PAGE, Lines, Source, Window, read

REST = 0.15
"""Seconds without a step after which the cursor rests, and a preview may be drawn."""


class WindowTable(CalmFocus, ScrollView, can_focus=True):
    """A table over a `Source` of rows. Its first paint asks for one count and one page, whatever the length.

    `identity` gives the key of a row: the cursor and the marks stay with it when the rows are read again.
    `empty` is shown when there are no rows; it says what would be here and which key puts it here.
    """

    COMPONENT_CLASSES = {"table--cursor", "table--title", "table--section", "table--edge", "table--empty"}

    DEFAULT_CSS = """
    WindowTable { height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("list.open", "enter", "open", "open"),
        key("list.down", "down,j", "step(1)", "next row", show=False),
        key("list.up", "up,k", "step(-1)", "row before", show=False),
        key("list.pagedown", "pagedown,ctrl+d", "page(1)", "page down", show=False),
        key("list.pageup", "pageup,ctrl+u", "page(-1)", "page up", show=False),
        key("list.first", "home,g", "first", "first row", show=False),
        key("list.last", "end,G", "last", "last row", show=False),
        key("list.mark", "x", "mark", "mark"),
    ]

    class _OfRow(Message):
        def __init__(self, table: "WindowTable", row: Any) -> None:
            super().__init__()
            self.table = table
            self.row = row

        @property
        def control(self) -> "WindowTable":
            """The table, so that `@on(WindowTable.Selected, "#id")` works."""
            return self.table

    class Highlighted(_OfRow):
        """The cursor came to a row; row is None when the list is empty."""

    class Rested(_OfRow):
        """The cursor has rested on a row for 150 ms; row is None when the list is empty."""

    class Selected(_OfRow):
        """Enter, or a click on the row under the cursor."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        signs: Signs,
        identity: Callable[[Any], Hashable],
        empty: Content | None = None,
        titles: bool = False,
        markable: bool = False,
        open_word: str = "open",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._identity = identity
        self._empty = empty or Content("Nothing here.")
        self._titles = titles
        self._markable = markable
        self._open_word = open_word
        self._source: Source[Any] | None = None
        self._window: Window[Any] = Window()
        self._lines = Lines()
        self._read = False
        self._fetching = False
        self._failure: Content | None = None
        self._cursor = 0
        self._cursor_key: Hashable | None = None
        self._marks: frozenset[Hashable] = frozenset()
        self._painter = Painter(self, columns, signs)
        self._edition = 0
        self._rest: Timer | None = None
        self._told: Hashable | None = None
        self.has_read = asyncio.Event()
        """Set when it has read its rows for the first time, or could not."""

    # Reading rows

    def show(self, source: Source[Any], *, keep_place: bool = False) -> None:
        """Show the rows of a source, from its first row, or at the same row as now with `keep_place`."""
        self._take(source, keep_place)
        self.reload()

    async def load(self, source: Source[Any], *, keep_place: bool = False) -> None:
        """Show the rows of a source as `show` does, and return when they are there."""
        self._take(source, keep_place)
        self._edition += 1
        await self._read_again()

    def _take(self, source: Source[Any], keep_place: bool) -> None:
        self._source = source
        if not keep_place:
            self._cursor, self._cursor_key, self._told = 0, None, None

    def follow(self, key: Hashable) -> None:
        """Put the cursor on the row of a key when the rows are read next, if it is among them."""
        self._cursor_key = key

    def reload(self) -> None:
        """Read the rows again. The cursor stays on the same row; when it has gone, on the same place."""
        self._edition += 1
        if self.is_mounted:
            self.run_worker(self._read_again(), group="rows", exclusive=True)

    async def _read_again(self) -> None:
        source, edition = self._source, self._edition
        if source is None:
            return
        try:
            reading = await read(source, self._cursor, self._cursor_key, self._identity)
        except ClinicError as error:
            self._failed(error)
            return
        if edition != self._edition:
            return
        self._failure, self._read = None, True
        self.has_read.set()
        self._window.hold(reading.lines.count, reading.pages)
        moved, self._cursor, self._lines = self._cursor != reading.place, reading.place, reading.lines
        self._redraw()
        if moved or self._cursor == 0:
            self._into_view()
        self._tell(always=True)
        self._rested()  # nobody is on the way through a list that has just come
        self._want_rows()

    def _want_rows(self) -> None:
        """Ask for the rows in sight that are not held; one question at a time, the newest wish first."""
        if self._read and not self._fetching and self._window.missing(*self._in_sight()) is not None:
            self._fetching = True
            self.run_worker(self._fetch_missing(), group="pages")

    async def _fetch_missing(self) -> None:
        try:
            await self._fetch_in_sight()
        finally:
            self._fetching = False

    async def _fetch_in_sight(self) -> None:
        # Looks again after each page: what was scrolled past in the meantime is never asked for.
        while self._source is not None:
            edition, page = self._edition, self._window.missing(*self._in_sight())
            if page is None:
                return
            try:
                rows = await self._source.fetch(page * PAGE, PAGE)
            except ClinicError as error:
                self._failed(error)
                return
            if edition != self._edition:
                return
            self._window.put(page, rows)
            self.refresh()
            if self._cursor // PAGE == page:
                self._tell()

    def _failed(self, error: ClinicError) -> None:
        self._failure = Content.assemble(("The list could not be read. ", "$coral"), str(error))
        self.has_read.set()
        self._redraw()

    # What is in sight

    @property
    def _top(self) -> int:
        return 1 if self._titles and self._window.count else 0

    @property
    def _height(self) -> int:
        return max(self.scrollable_content_region.height - self._top, 1)

    def _in_sight(self) -> tuple[int, int]:
        first = max(self.scroll_offset.y - len(self._lines.places), 0)
        return first, self.scroll_offset.y + self._height

    # What others may ask

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, those included for which there is no room."""
        return self._painter.columns

    @property
    def source(self) -> Source[Any] | None:
        """Where its rows come from, None before it was given any."""
        return self._source

    @property
    def row_count(self) -> int:
        """How many rows the list has."""
        return self._window.count

    @property
    def cursor(self) -> int:
        """The place of the row under the cursor."""
        return self._cursor

    @property
    def row(self) -> Any:
        """The row under the cursor, None when there is none or it is not read yet."""
        return self._window.row(self._cursor) if self._read else None

    @property
    def marks(self) -> frozenset[Hashable]:
        """The keys of the marked rows."""
        return self._marks

    def clear_marks(self) -> None:
        """Unmark every row."""
        self._set_marks(frozenset())

    def key_word(self, binding_id: str) -> str | None:
        """What the key line calls a key of this table."""
        return self._open_word if binding_id == "list.open" else None

    def redraw(self) -> None:
        """Draw every row anew: what a column shows depends on more than the row (names are masked now)."""
        self._redraw()

    def move_to(self, place: int) -> None:
        """Put the cursor on a row."""
        if not self._window.count:
            return
        place = min(max(place, 0), self._window.count - 1)
        if place == self._cursor:
            return
        before, self._cursor = self._cursor, place
        for one in (before, place):
            self._refresh_row(one)
        self._into_view()
        self._want_rows()
        self._tell()

    # Keys and mouse

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Marking is a key only where rows can be marked, opening only where there are rows."""
        if action == "mark":
            return self._markable and self._window.count > 0
        return self._window.count > 0 if action == "open" else True

    def action_step(self, by: int) -> None:
        """Move the cursor by rows."""
        self.move_to(self._cursor + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by a screenful, less one line."""
        self.move_to(self._cursor + by * max(self._height - 1, 1))

    def action_first(self) -> None:
        """Go to the first row."""
        self.move_to(0)

    def action_last(self) -> None:
        """Go to the last row."""
        self.move_to(self._window.count - 1)

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if self.row is not None:
            self.post_message(self.Selected(self, self.row))

    def action_mark(self) -> None:
        """Mark or unmark the row under the cursor and step on."""
        if self.row is not None:
            self._set_marks(self._marks ^ {self._identity(self.row)})
            self.action_step(1)

    def _set_marks(self, marks: frozenset[Hashable]) -> None:
        changed, self._marks = self._marks ^ marks, marks
        for place, row in self._window.held():
            if self._identity(row) in changed:
                self._refresh_row(place)

    def on_click(self, event: events.Click) -> None:
        """Move to the row clicked; a click on the row under the cursor opens it."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y < self._top:
            return
        place = self._lines.row_at(self.scroll_offset.y + offset.y - self._top)
        if place is None:
            return
        event.stop()
        if place == self._cursor:
            self.action_open()
        else:
            self.move_to(place)

    def _tell(self, always: bool = False) -> None:
        """Say which row is under the cursor, once; and again when it has rested there."""
        row = self.row
        if row is None and self._window.count:
            self._cursor_key = self._told = None
            return
        told = None if row is None else self._identity(row)
        if told == self._told and not always:
            return
        self._cursor_key = self._told = told
        self.post_message(self.Highlighted(self, row))
        if self._rest is None:
            self._rest = self.set_timer(REST, self._rested)
        else:
            self._rest.reset()

    def _rested(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        self._rest = None
        if self.row is not None or not self._window.count:
            self.post_message(self.Rested(self, self.row))

    # Drawing

    def on_mount(self) -> None:
        """Read the rows if a source was given before the table was on the screen."""
        if self._source is not None:
            self.reload()

    def on_resize(self) -> None:
        """Lay the columns out again, and keep the cursor in sight."""
        self._redraw()
        self._into_view()
        self._want_rows()

    def notify_style_update(self) -> None:
        """The theme changed: nothing drawn so far holds."""
        super().notify_style_update()
        self._painter.forget()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Rows come into sight."""
        super().watch_scroll_y(old_value, new_value)
        self._want_rows()

    def _redraw(self) -> None:
        # One cell on the right is the scrollbar's: columns stay where they are when it comes and goes.
        self._painter.lay_out(self.container_size.width - 1)
        self.virtual_size = Size(self.scrollable_content_region.width, self._lines.total + self._top)
        self.refresh()

    def _refresh_row(self, place: int) -> None:
        y = self._lines.line_of(place) - self.scroll_offset.y + self._top
        if self._top <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _into_view(self) -> None:
        line, height, top = self._lines.line_of(self._cursor), self._height, self.scroll_offset.y
        # A heading right above the row comes into view with it.
        upper = line - 1 if self._cursor in self._lines.places else line
        if upper < top:
            self.scroll_to(y=upper, animate=False, immediate=True)
        elif line >= top + height:
            self.scroll_to(y=line - height + 1, animate=False, immediate=True)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.size.width
        if self._painter.width != self.container_size.width - 1:  # drawn before it was told its size
            self._painter.lay_out(self.container_size.width - 1)
        if self._failure is not None or (self._read and not self._window.count):
            return self._message_line(y, width)
        if y < self._top:
            return self._painter.titles(width)
        line = self.scroll_offset.y + y - self._top
        heading = self._lines.heading_at(line)
        if heading is not None:
            return self._painter.plain(as_content(heading), "table--section", width)
        place = self._lines.row_at(line)
        row = self._window.row(place) if place is not None else None
        if place is None or row is None:
            return Strip.blank(width, self.visual_style.rich_style)
        return self._painter.row(place, row, place == self._cursor, self._identity(row) in self._marks, width)

    def _message_line(self, y: int, width: int) -> Strip:
        message = self._failure or self._empty
        lines = message.wrap(max(min(width - MARGIN - 1, 76), 1))
        return self._painter.plain(lines[y] if y < len(lines) else Content(""), "table--empty", width)
