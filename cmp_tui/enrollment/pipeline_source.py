"""Where the cards of the Enrollment screen come from: their order read once, the cards some at a time."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial

from textual.content import Content

from cmp_tui.clinic.live import LiveClinic
from cmp_tui.enrollment.intake_queries import IntakeCard, Order, View, cards, every_card, order_of
from cmp_tui.enrollment.pipeline_words import HEADINGS
from cmp_tui.ui.listing import Batches
from cmp_tui.ui.look_once import LookOnce
from cmp_tui.ui.table_lines import Drawn
from cmp_tui.ui.table_source import Source


class PipelineSource(Source[IntakeCard]):
    """The cards of a view, column after column; a list shows the columns as groups with headings."""

    def __init__(self, live: LiveClinic, view: View) -> None:
        self._live, self.view = live, view
        self.order = Order()
        self._look = LookOnce(
            live, "list", view=f"enrollment:{view.whose}", filtered=view != View(view.whose)
        )

    async def count(self) -> int:
        """How many cards there are. What is shown is logged once, before any of it is."""
        await self._look.done()
        # The whole clinic takes longer than a draft should wait.
        ask = self._live.ask_long if self.view.whose == "team" else self._live.ask
        self.order = await ask(order_of, self.view)
        return self.order.total

    async def fetch(self, offset: int, limit: int) -> Sequence[IntakeCard]:
        """Cards in their order, as it was when they were counted."""
        return await self._live.ask(cards, self.order.part(offset, limit))

    async def cards_at(self, places: Sequence[int]) -> Sequence[IntakeCard]:
        """The cards at some places; what was struck out meanwhile is missing."""
        return await self._live.ask(cards, [self.order.key(place) for place in places]) if places else ()

    async def find(self, key: Hashable) -> int | None:
        """Where a card stands now."""
        return self.order.place(key) if isinstance(key, bytes) else None

    async def sections(self) -> Sequence[tuple[int, Drawn]]:
        """The columns as headings: 'Outreach  4'."""
        return [
            (group.first, Content.assemble(HEADINGS[group.name], (f"  {group.size}", "$dim")))
            for group in self.order.groups
        ]

    def everything(self) -> Batches:
        """All cards at one moment."""
        return partial(every_card, view=self.view)
