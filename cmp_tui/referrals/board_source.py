"""Where the rows of the Referrals screen come from: their order read once, the rows some at a time."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial

from textual.content import Content

from cmp_tui.clinic.live import LiveClinic
from cmp_tui.referrals.board_queries import Order, View, every, leaf, order_of
from cmp_tui.referrals.lines import ReferralLine
from cmp_tui.referrals.words import HEADINGS
from cmp_tui.ui.listing import Batches
from cmp_tui.ui.look_once import LookOnce
from cmp_tui.ui.table_lines import Drawn
from cmp_tui.ui.table_source import Source


class ReferralSource(Source[ReferralLine]):
    """The referrals of a view, lane after lane."""

    def __init__(self, live: LiveClinic, view: View, look: LookOnce | None = None) -> None:
        """`look` is that of the same referrals in another order, if they were shown already."""
        self._live, self.view = live, view
        self.order = Order()
        whole = View(view.whose, sort=view.sort)
        self.look = look or LookOnce(live, "list", view=f"referrals:{view.whose}", filtered=view != whole)

    async def count(self) -> int:
        """How many there are. What is shown is logged once, before any of it is."""
        await self.look.done()
        # The whole clinic takes longer than a draft should wait.
        ask = self._live.ask_long if self.view.whose == "team" else self._live.ask
        self.order = await ask(order_of, self.view)
        return self.order.total

    async def fetch(self, offset: int, limit: int) -> Sequence[ReferralLine]:
        """Referrals in their order, as it was when they were counted."""
        return await self._live.ask(leaf, self.order.part(offset, limit))

    async def find(self, key: Hashable) -> int | None:
        """Where a referral stands now."""
        return self.order.place(key) if isinstance(key, bytes) else None

    async def sections(self) -> Sequence[tuple[int, Drawn]]:
        """The lanes as headings: 'Sent, no answer yet  4'."""
        return [
            (group.first, Content.assemble(HEADINGS[group.name], (f"  {group.size:,}", "$dim")))
            for group in self.order.groups
            if group.name and group.size
        ]

    def everything(self) -> Batches:
        """All referrals at one moment."""
        return partial(every, view=self.view)
