"""What the chart shows: the patient above, one list for each panel, the row under the cursor beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from cmp_tui.chart.base_panel import Loaded, Panel, Setting
from cmp_tui.chart.head import PanelTabs, head_content
from cmp_tui.chart.menu import KeyMenu
from cmp_tui.chart.panels import PANELS
from cmp_tui.chart.queries import head
from cmp_tui.clinic.errors import ClinicError, Gone
from cmp_tui.clinic.staff import staff_list
from cmp_tui.patients.queries import Card, merged_into
from cmp_tui.ui.board import Board
from cmp_tui.ui.listing import Listing, about_cells
from cmp_tui.ui.preview import Preview
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_source import ListSource
from cmp_tui.ui.take_out import listing_of

WHOLE = "-whole"


class ChartBoard(Board):
    """The chart without its keys: which patient, which panel, what is read and drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._patient: bytes | None = None
        self._card: Card | None = None
        self._panels: tuple[Panel, ...] = tuple(panel() for panel in PANELS)
        self._at = 0
        self._begun: set[str] = set()
        """The panels that were shown for this patient already: their cursors stay where they are."""
        self._rows: Sequence[Any] = ()
        self._known: set[int] = set()
        """The rows that were read last, by identity: keys act on no other."""

    def middle(self) -> Iterable[Widget]:
        """The panels' line, a list for each panel, the preview beside it."""
        signs = self.cmp.signs
        yield PanelTabs([panel.title for panel in self._panels], signs=signs)
        with Horizontal(classes="side-by-side"):
            for panel in self._panels:
                table = WindowTable(
                    panel.columns(),
                    signs=signs,
                    identity=panel.identity,
                    empty=panel.empty(),
                    open_word=panel.words.get("list.open") or panel.open_word,
                    id=panel.name,
                )
                table.display = panel is self.panel
                yield table
            yield Preview(signs=signs)
        yield KeyMenu(signs=signs)

    def on_mount(self) -> None:
        """It is kept for the next patient. The head has two lines, and the panels' line stands right below it."""
        title = self.query_one(".title", Static)
        title.styles.height = 4
        title.styles.padding = (1, 1, 1, 1)
        self.table.focus()
        self.cmp.chart_board = self

    # -- what others ask --------------------------------------------------------------------------------------

    async def show(self, patient: bytes, panel: str, place: str = "") -> bool:
        """Shows a patient's chart on one of its panels ("summary", "calls", "tasks", "history").

        `place` is where in it the cursor begins, as the panel names it (Calls & time: a month, "2026-10"). It may be
        behind another screen. Returns False when there is nothing to show, which has been said then.
        """
        other = patient != self._patient
        self._patient = patient
        if other:
            self._begun.clear()
            self._known.clear()
            for one in self._panels:
                one.begin()
            self._leave_whole()
            self.remove_class("-preview")
        names = [one.name for one in self._panels]
        self._open(names.index(panel) if panel in names else 0)
        if not await self._read():
            return False
        at = next((at for at, row in enumerate(self._rows) if self.panel.place_of(row) == place), None)
        if place and at is not None:
            self.table.move_to(at)
        return True

    @property
    def panel(self) -> Panel:
        """The panel that is open."""
        return self._panels[self._at]

    @property
    def explained(self) -> str:
        """What the help says of the open panel."""
        return self.panel.explained

    @property
    def table(self) -> WindowTable:
        """The list of the open panel."""
        return self.query_one(f"#{self.panel.name}", WindowTable)

    @property
    def row(self) -> Any:
        """The row under the cursor; none while another patient's rows still stand in the list."""
        row = self.table.row if self.is_mounted else None
        return row if id(row) in self._known else None

    def subject(self) -> bytes | None:
        """The patient."""
        return self._patient

    async def listing(self) -> Listing | None:
        """The open panel's list, with the patient on every row."""
        card = self._card
        if card is None or card.id != self._patient:
            return None
        shown = {"list": self.panel.title}
        return await listing_of(
            self.table, self.panel.title, about=about_cells(self.cmp, card), patient=card.id, facts=shown
        )

    def refresh_rows(self) -> None:
        """Reads the head and the open panel again; the cursor stays with its row."""
        if self._patient is not None and self.is_mounted:
            self.run_worker(self._read(), group="chart", exclusive=True)

    # -- reading ----------------------------------------------------------------------------------------------

    async def _read(self) -> bool:
        patient, panel = self._patient, self.panel
        if patient is None:
            return False
        live, reference = self.cmp.live, self.cmp.live.clinic.reference
        try:
            if (merged := await live.ask(merged_into, patient)) is not None:
                patient = self._patient = merged.kept
            above = await live.ask(head, patient)
            setting = Setting(
                reference,
                self.cmp.settings.zone,
                self.cmp.today(),
                self.cmp.signs,
                self.cmp.me,
                await live.ask(staff_list, everyone=True),
            )
            loaded = await panel.load(live, patient, setting)
        except ClinicError as error:
            self.cmp.board.say(str(error), "wrong")
            if isinstance(error, Gone):
                self._patient = None
                if self.is_current:
                    self.cmp.go_back()
            return False
        if patient != self._patient or panel is not self.panel:
            return True
        name = self.cmp.shown_name(above.card.family, above.card.given or "")
        self.put_title(head_content(above, name, reference, self.cmp.signs))
        self._card = above.card
        kept = panel.name in self._begun
        self._begun.add(panel.name)
        await self._show_rows(loaded, kept)
        return True

    async def _show_rows(self, loaded: Loaded, kept: bool = True) -> None:
        """Lists the open panel's rows; with `kept` the cursor stays with its row."""
        self._known = {id(row) for row in loaded.rows}
        self._rows = loaded.rows
        await self.table.load(ListSource(loaded.rows, loaded.headings), keep_place=kept)
        if loaded.to is not None:
            self.table.move_to(next((at for at, row in enumerate(loaded.rows) if row is loaded.to), 0))

    def _open(self, place: int) -> None:
        self._at = place
        self.query_one(PanelTabs).show(place)
        for panel in self._panels:
            self.query_one(f"#{panel.name}", WindowTable).display = panel is self.panel
        self.set_focus(self.table, scroll_visible=False)
        self.query_one(Preview).show(())
        self._keys_followed = None
        self.refresh_bindings()

    # -- what the list tells ----------------------------------------------------------------------------------

    def on_window_table_highlighted(self, event: WindowTable.Highlighted) -> None:
        """The keys follow the row."""
        self.keys_follow(self.panel.name, self.row is None)

    def on_window_table_rested(self, event: WindowTable.Rested) -> None:
        """Draws the row on which the cursor rests, whole."""
        if event.table is self.table:
            self.query_one(Preview).show(() if event.row is None else self.panel.preview(event.row))

    # -- one row whole ----------------------------------------------------------------------------------------

    def _show_whole(self, row: Any) -> None:
        """The row takes the place of the list: long notes are read there."""
        preview = self.query_one(Preview)
        preview.show(self.panel.preview(row))
        self.add_class(WHOLE)
        self.table.display = False
        preview.styles.display = "block"
        preview.styles.width = "1fr"
        preview.styles.height = "1fr"
        self.set_focus(None)

    def _leave_whole(self) -> None:
        if not self.has_class(WHOLE):
            return
        self.remove_class(WHOLE)
        preview = self.query_one(Preview)
        for name in ("display", "width", "height"):
            preview.styles.clear_rule(name)
        preview.refresh(layout=True)
        self.table.display = True
        self.set_focus(self.table, scroll_visible=False)
