"""Columns of cards: a widget that paints lines. It holds the cards in sight, and draws those again that changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.timer import Timer

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.enrollment.intake_queries import IntakeCard
from cmp_tui.enrollment.pipeline_deck import Deck
from cmp_tui.enrollment.pipeline_source import PipelineSource
from cmp_tui.ui.calm import CalmFocus
from cmp_tui.ui.keys import key
from cmp_tui.ui.signs import Signs
from cmp_tui.ui.table import REST
from cmp_tui.ui.table_lines import cell, draw, styled_as

LINES = 3
"""Lines of a card."""
EACH = LINES + 1
"""Lines from one card to the next."""
TOP = 2
"""Lines above the cards: the headings, and a rule."""

Face = Callable[[IntakeCard, bool, int], Sequence[Content]]
"""Draws a card: gets it, whether the cursor is on it, and the cells it has; gives its lines."""


class CardColumns(CalmFocus, can_focus=True):
    """Cards in columns side by side, each with its own place; the cursor is in one of them."""

    COMPONENT_CLASSES = {"table--cursor", "table--empty"}

    DEFAULT_CSS = """
    CardColumns { height: 1fr; width: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        key("list.open", "enter", "open", "open"),
        key("list.down", "down,j", "step(1)", "next row", show=False),
        key("list.up", "up,k", "step(-1)", "row before", show=False),
        key("list.pagedown", "pagedown,ctrl+d", "page(1)", "page down", show=False),
        key("list.pageup", "pageup,ctrl+u", "page(-1)", "page up", show=False),
        key("list.first", "home,g", "first", "first row", show=False),
        key("list.last", "end,G", "last", "last row", show=False),
    ]

    class _OfCard(Message):
        def __init__(self, columns: CardColumns, row: IntakeCard | None) -> None:
            super().__init__()
            self.columns = columns
            self.row = row

    class Highlighted(_OfCard):
        """The cursor came to a card; row is None when there is none."""

    class Rested(_OfCard):
        """The cursor has rested on a card for 150 ms; row is None when there is none."""

    class Selected(_OfCard):
        """Enter, or a click on the card under the cursor."""

    def __init__(
        self,
        face: Face,
        heading: Callable[[str], str],
        *,
        signs: Signs,
        empty: Content,
        id: str | None = None,
    ) -> None:
        """`heading` gives the words above a column by its name; `empty` is shown when there is no card at all."""
        super().__init__(id=id)
        self._face, self._heading, self._signs, self._empty = face, heading, signs, empty
        self._source: PipelineSource | None = None
        self._deck = Deck()
        self._drawn: dict[tuple[int, bool], tuple[Strip, ...]] = {}
        self._styles: tuple[Style, Style] | None = None
        self._nothing: Strip | None = None
        self._key: bytes | None = None
        self._failure: Content | None = None
        self._edition = 0
        self._fetching = False
        self._rest: Timer | None = None
        self.has_read = asyncio.Event()
        """Set when it has read its cards for the first time, or could not."""

    # -- reading ----------------------------------------------------------------------------------------------

    def show(self, source: PipelineSource, *, at: bytes | None = None) -> None:
        """Shows the cards of a source; the cursor goes to the card `at`, if it is there."""
        self._source, self._key = source, at
        self.reload()

    def follow(self, key: bytes) -> None:
        """Puts the cursor on a card when the cards are read next, if it is among them."""
        self._key = key

    def reload(self) -> None:
        """Reads the cards again. The cursor stays with its card, also when that has moved to another column."""
        self._edition += 1
        if self.is_mounted and self._source is not None:
            self.run_worker(self._read(self._source), group="rows", exclusive=True)

    async def _read(self, source: PipelineSource) -> None:
        edition = self._edition
        try:
            await source.count()
            if edition != self._edition:
                return
            self._deck.take(source.order, self._key)
            await self._fetch(source)
        except ClinicError as error:
            self._failure = Content.assemble(("The cards could not be read. ", "$coral"), str(error))
            self.has_read.set()
            self._redraw()
            return
        if edition == self._edition:
            self._failure = None
            self.has_read.set()
            self._redraw()
            self._tell()
            self._rested()

    async def _fetch(self, source: PipelineSource) -> None:
        """Reads the cards in sight that are not held, and some below them, in one question."""
        edition, order, wanted = self._edition, source.order, self._deck.wanted()
        found = {card.id: card for card in await source.cards_at(wanted)}
        if edition == self._edition:
            self._deck.hold({place: found.get(order.key(place)) for place in wanted})

    def _want(self) -> None:
        """Asks for cards that have come into sight."""
        if self._source is not None and not self._fetching and self._deck.lacks:
            self._fetching = True
            self.run_worker(self._fetch_missing(self._source), group="pages")

    async def _fetch_missing(self, source: PipelineSource) -> None:
        try:
            while source is self._source and self._deck.lacks:
                await self._fetch(source)
                self._redraw()
                self._tell()
        except ClinicError as error:
            self._failure = Content.assemble(("The cards could not be read. ", "$coral"), str(error))
            self._redraw()
        finally:
            self._fetching = False

    # -- what others may ask ----------------------------------------------------------------------------------

    @property
    def row(self) -> IntakeCard | None:
        """The card under the cursor; None when there is none, or it is not read yet."""
        return self._deck.row

    def redraw(self) -> None:
        """Draws every card anew: what it shows depends on more than the card (names are masked now)."""
        self._redraw()

    def key_word(self, binding_id: str) -> str | None:
        """What enter does is the screen's to say."""
        say = getattr(self.screen, "open_word", None)
        return say() if binding_id == "list.open" and callable(say) else None

    # -- keys and mouse ---------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Opening is a key only where there is a card."""
        return self.row is not None if action == "open" else True

    def action_open(self) -> None:
        """Does the next step of the card under the cursor."""
        if self.row is not None:
            self.post_message(self.Selected(self, self.row))

    def action_step(self, by: int) -> None:
        """Moves the cursor within its column."""
        self._move(self._deck.at, self._deck.within + by)

    def action_page(self, by: int) -> None:
        """Moves the cursor by as many cards as can be seen, less one."""
        self.action_step(by * max(self._deck.fits - 1, 1))

    def action_first(self) -> None:
        """Goes to the column's first card."""
        self._move(self._deck.at, 0)

    def action_last(self) -> None:
        """Goes to the column's last card."""
        groups = self._deck.groups
        self._move(self._deck.at, groups[self._deck.at].size - 1 if groups else 0)

    def go_column(self, by: int) -> None:
        """Goes to the next column that has cards, on the same height."""
        if (beside := self._deck.beside(by)) is not None:
            self._move(*beside)

    def _move(self, at: int, within: int) -> None:
        deck = self._deck
        before = deck.at, deck.within
        if not deck.move(at, within):
            return
        self._refresh_card(*before)
        if before[0] != at:  # the rule below the heading says in which column the cursor is
            for one in (before[0], at):
                self.refresh(Region(self._left(one), 0, self._wide, TOP))
        if deck.into_view(at):
            self.refresh(Region(self._left(at), 1, self._wide, self.size.height - 1))
        else:
            self._refresh_card(at, deck.within)
        self._want()
        self._tell()

    def on_click(self, event: events.Click) -> None:
        """Moves to the card clicked; a click on the card under the cursor does its next step."""
        offset, deck = event.get_content_offset(self), self._deck
        if offset is None or not deck.groups or offset.y < TOP:
            return
        at = min(offset.x // self._wide, len(deck.groups) - 1)
        slot = (offset.y - TOP) // EACH
        within = deck.tops[at] + slot
        if slot >= deck.fits or within >= deck.groups[at].size:
            return
        event.stop()
        if deck.is_here(at, within):
            self.action_open()
        else:
            self._move(at, within)

    def _tell(self) -> None:
        """Says which card is under the cursor; and again when the cursor has rested there."""
        row = self.row
        self._key = row.id if row is not None else self._key
        self.post_message(self.Highlighted(self, row))
        if self._rest is None:
            self._rest = self.set_timer(REST, self._rested)
        else:
            self._rest.reset()

    def _rested(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        self._rest = None
        self.post_message(self.Rested(self, self.row))

    # -- places -----------------------------------------------------------------------------------------------

    @property
    def _wide(self) -> int:
        """The cells of a column, its edge on the left and the gap on the right included."""
        return max(self.size.width // max(len(self._deck.groups), 1), 4)

    def _left(self, at: int) -> int:
        return at * self._wide

    # -- drawing ----------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Reads the cards if a source was given before."""
        self.reload()

    def on_resize(self) -> None:
        """Lays the columns out again; the last line of each says how many more there are."""
        self._deck.fits = max((self.size.height - TOP) // EACH, 1)
        self._deck.see()
        self._redraw()
        self._want()

    def notify_style_update(self) -> None:
        """The theme changed: nothing drawn so far holds."""
        super().notify_style_update()
        self._drawn.clear()
        self._styles = self._nothing = None

    def _redraw(self) -> None:
        self._drawn.clear()
        self.refresh()

    def _refresh_card(self, at: int, within: int) -> None:
        y = TOP + (within - self._deck.tops[at]) * EACH
        if TOP <= y < self.size.height:
            self.refresh(Region(self._left(at), y, self._wide, LINES))

    def render_line(self, y: int) -> Strip:
        """One line through all columns."""
        width = self.size.width
        if self._failure is not None or (
            self._source is not None and self.has_read.is_set() and not self._deck.any
        ):
            return self._message_line(y, width)
        strips = [self._column_line(at, y) for at in range(len(self._deck.groups))]
        ground = self._grounds[0].rich_style
        return Strip.join(strips).adjust_cell_length(width, ground) if strips else Strip.blank(width, ground)

    def _column_line(self, at: int, y: int) -> Strip:
        group, top = self._deck.groups[at], self._deck.tops[at]
        if y < TOP:
            return self._paint([" ", self._head(at, y)])
        slot, line = divmod(y - TOP, EACH)
        within = top + slot
        if slot < self._deck.fits and line < LINES and within < group.size:
            return self._card(at, within)[line]
        more = self._deck.more(at)
        if more > 0 and y == TOP + self._deck.fits * EACH - 1:
            return self._paint([" ", Content.styled(f"{self._signs.more} {more:,} more", "$dim")])
        return self._blank()

    def _head(self, at: int, y: int) -> Content:
        group, here, room = self._deck.groups[at], at == self._deck.at, self._wide - 2
        if y == 0:
            words = Content.styled(self._heading(group.name), "bold" if here else "")
            return Content.assemble(words, (f"  {group.size:,}", "$dim"))
        top = self._deck.tops[at]
        above = f" {self._signs.up} {top:,}" if top else ""
        rule = self._signs.rule_across * (room - len(above))
        return Content.assemble((rule, "$accent" if here else "$rule"), (above, "$dim"))

    def _card(self, at: int, within: int) -> tuple[Strip, ...]:
        place, here = self._deck.groups[at].first + within, self._deck.is_here(at, within)
        kept = self._drawn.get((place, here))
        if kept is not None:
            return kept
        card = self._deck.card(at, within)
        if card is None:
            return (self._blank(),) * LINES
        edge = Content.styled(self._signs.edge if here else " ", "$accent")
        lines = self._face(card, here, self._wide - 2)
        strips = tuple(self._paint([edge, line], here) for line in lines)
        self._drawn[place, here] = strips
        return strips

    def _paint(self, parts: Sequence[Content | str], here: bool = False) -> Strip:
        """A line of a column: what it says, and the gap on its right."""
        ground, cursor = self._grounds
        contents = [part if isinstance(part, Content) else Content(part) for part in parts]
        parse = self.app.stylesheet.parse_style
        strip = draw(contents, cursor if here else ground, self._wide - 1, parse)
        return Strip.join([strip, Strip.blank(1, ground.rich_style)])

    @property
    def _grounds(self) -> tuple[Style, Style]:
        """The style of a line, and of one under the cursor: asked once, as they cost more than the line itself."""
        if self._styles is None:
            self._styles = (self.visual_style, styled_as(self, "table--cursor"))
        return self._styles

    def _blank(self) -> Strip:
        if self._nothing is None or self._nothing.cell_length != self._wide:
            self._nothing = Strip.blank(self._wide, self._grounds[0].rich_style)
        return self._nothing

    def _message_line(self, y: int, width: int) -> Strip:
        lines = (self._failure or self._empty).wrap(max(min(width - 2, 76), 1))
        words = cell(lines[y] if y < len(lines) else Content(""), max(width - 1, 0), "left", self._signs.more)
        parse = self.app.stylesheet.parse_style
        return draw([Content(" "), words], styled_as(self, "table--empty"), width, parse)
