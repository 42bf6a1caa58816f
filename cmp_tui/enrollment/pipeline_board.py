"""What the Enrollment screen shows: columns of cards where there is room, else a list with headings; the preview."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.enrollment.intake_queries import IntakeCard, View, intake_detail, intake_key
from cmp_tui.enrollment.pipeline_cards import CardColumns
from cmp_tui.enrollment.pipeline_columns import card_face, list_columns
from cmp_tui.enrollment.pipeline_preview import CardPreview, Look, card_lines
from cmp_tui.enrollment.pipeline_source import PipelineSource
from cmp_tui.enrollment.pipeline_words import HEADINGS, KEYS
from cmp_tui.ui.asking import Asking
from cmp_tui.ui.listing import Listing
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.take_out import cells_of

SIDE_BY_SIDE = 100
"""Cells of a terminal from which the stages stand side by side."""
TALL = 30
"""Lines of a terminal from which the preview stands below the cards by itself."""

Part = str | tuple[str, str]


class CardList(WindowTable):
    """The list, where enter is called what it does to the card."""

    def key_word(self, binding_id: str) -> str | None:
        """What enter does is the screen's to say."""
        return (
            self.screen.open_word()
            if isinstance(self.screen, PipelineBoard) and binding_id == "list.open"
            else None
        )


class PipelineBoard(Asking):
    """Everybody on the way into a program: what is read and drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._view = View()
        self._told: object = None
        self._source = PipelineSource(self.cmp.live, self._view)

    def middle(self) -> Iterable[Widget]:
        """The cards, the list in their place, and the preview below."""
        cmp, signs = self.cmp, self.cmp.signs
        with Vertical(classes="pipeline"):
            yield CardColumns(
                card_face(cmp, signs, cmp.today, cmp.me.id),
                lambda name: HEADINGS[name],
                signs=signs,
                empty=self._empty(),
                id="cards",
            )
            yield CardList(
                list_columns(cmp, signs, cmp.today, cmp.me.id, cmp.clinic.reference),
                signs=signs,
                identity=lambda row: row.id,
                empty=self._empty(),
                id="rows",
            )
            yield CardPreview(signs=signs)

    def on_mount(self) -> None:
        """Reads the cards."""
        self._arrange()
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Columns or a list, by the room there is."""
        if self.is_mounted and self._arrange():
            self._show(keep=True)

    def _arrange(self) -> bool:
        """Shows the one and hides the other; whether that changed."""
        wide = self.size.width >= SIDE_BY_SIDE
        self.set_class(self.size.height < TALL, "-low")
        changed = self.cards.display != wide or self.table.display == wide
        self.cards.display, self.table.display = wide, not wide
        if changed or self.focused is None:
            self.set_focus(self.cards if wide else self.table, scroll_visible=False)
        return changed

    @property
    def cards(self) -> CardColumns:
        """The columns of cards."""
        return self.query_one("#cards", CardColumns)

    @property
    def table(self) -> WindowTable:
        """The list."""
        return self.query_one("#rows", WindowTable)

    @property
    def row(self) -> IntakeCard | None:
        """The card under the cursor."""
        row: IntakeCard | None = self.cards.row if self.cards.display else self.table.row
        return row

    def subject(self) -> bytes | None:
        """The patient of the card under the cursor."""
        return self.row.patient if self.is_mounted and self.row else None

    def open_word(self) -> str | None:
        """What enter does."""
        return KEYS[self.row.step.kind] if self.is_mounted and self.row else None

    def preview_opened(self, patient: bytes) -> None:
        """A preview that stays is a look at the record."""
        self.cmp.seen_for_a_while(patient)

    def form_saved(self, result: object) -> None:
        """The cursor goes to whoever was taken in or brought back: the next key is about them."""
        if key := intake_key(result):
            (self.cards if self.cards.display else self.table).follow(key)

    def refresh_rows(self) -> None:
        """Reads the cards again; the cursor stays with its card, also in another column."""
        if self.cards.display:
            self.cards.reload()
        else:
            self.table.reload()

    def _show(self, *, keep: bool = False) -> None:
        """Shows the view that is chosen."""
        at = self.row.id if keep and self.row else None
        if self._source.view != self._view:
            self._source = PipelineSource(self.cmp.live, self._view)
        if self.cards.display:
            self.cards.show(self._source, at=at)
        else:
            self.table.show(self._source, keep_place=keep)

    # -- what the cards tell ----------------------------------------------------------------------------------

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """The title says how many."""
        self._moved()

    def on_card_columns_highlighted(self, event: CardColumns.Highlighted) -> None:
        """The title says how many."""
        self._moved()

    async def on_window_table_rested(self, event: WindowTable.Rested) -> None:
        """Draws the preview."""
        if self.table.display:
            self.run_worker(self._preview(), group="preview", exclusive=True)

    async def on_card_columns_rested(self, event: CardColumns.Rested) -> None:
        """Draws the preview."""
        if self.cards.display:
            self.run_worker(self._preview(), group="preview", exclusive=True)

    def _moved(self) -> None:
        told = (self._source.view, self._source.order, self.size.width)
        if told != self._told:
            self._told = told
            self.put_title(self._title())
        row = self.row
        self.keys_follow(row is None, row and row.step.kind, row and row.stage, row and row.source)

    async def _preview(self) -> None:
        row, preview = self.row, self.query_one(CardPreview)
        if row is None:
            preview.show_sides((), ())
            return
        try:
            detail = await self.cmp.live.ask(intake_detail, row.id)
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        if self.row is None or self.row.id != row.id:
            return
        cmp = self.cmp
        look = Look(cmp.clinic.reference, cmp.settings.zone, cmp.signs, cmp.masked, cmp.me.id)
        preview.show_sides(*card_lines(detail, look))
        cmp.seen_for_a_while(row.patient)

    async def listing(self) -> Listing | None:
        """The cards for a file, however they are shown."""
        await self._source.count()
        order = self._source.order
        if not order.total:
            return None
        return Listing(
            name="Enrollment",
            words=self.list_words(),
            cells=cells_of(self.table.columns),
            batches=self._source.everything(),
            count=order.total,
        )

    # -- words ------------------------------------------------------------------------------------------------

    def _title(self) -> Content:
        """'Enrollment  mine · 12 on the way · 3 late · 2 came back · 1 nobody's'"""
        view, order = self._view, self._source.order
        dot = f" {self.cmp.signs.dot} "
        parts: list[Part] = [("Enrollment", "bold"), (f"  {view.whose}{dot}", "$dim")]
        if view.ended:
            parts.append((f"{order.total:,} ended", "$dim"))
        else:
            done = next((group.size for group in order.groups if group.name == "enrolled"), 0)
            parts.append((f"{order.total - order.back - done:,} on the way", "$dim"))
            if order.slow:
                parts += [(dot, "$dim"), (f"{order.slow:,} late", "$coral")]
            if order.back:
                parts += [(dot, "$dim"), (f"{order.back:,} came back", "$amber")]
            if order.free:
                parts += [(dot, "$dim"), (f"{order.free:,} nobody's", "$amber")]
        if view.source is not None:
            words = self.cmp.clinic.reference.label("intake_source", view.source)
            parts += [(dot, "$dim"), (f"only {words}", "$accent")]
        if view.ended or view.source:
            parts.append(("  esc shows all", "$dim"))
        return Content.assemble(*parts)

    def _empty(self) -> Content:
        return Content.assemble(
            ("Nobody is on the way into a program. ", ""),
            ("What would be here: people whom a practitioner referred, whom claims or a list named, who asked for it ",
             "$dim"),
            ("themselves. ", "$dim"),
            ("n", "$accent"), (" takes someone in, ", "$dim"),
            ("w", "$accent"), (" shows the whole clinic, ", "$dim"),
            ("esc", "$accent"), (" takes a filter away", "$dim"),
        )  # fmt: skip
