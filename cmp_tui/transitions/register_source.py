"""Where the Transitions screen's rows come from: read once for a view and a filter, until something changes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from cmp_tui.clinic.live import LiveClinic
from cmp_tui.transitions.queries import Register, RegisterRow, Show, register
from cmp_tui.ui.listing import Batches
from cmp_tui.ui.look_once import LookOnce
from cmp_tui.ui.table_source import Source


class RegisterSource(Source[RegisterRow]):
    """The register of one view: the rows that a filter leaves."""

    def __init__(self, live: LiveClinic, whose: str, show: Show) -> None:
        self._live, self.whose, self.show = live, whose, show
        self.found: Register | None = None
        self._look = LookOnce(live, "list", view=f"transitions:{show}", whose=whose)

    async def count(self) -> int:
        """How many rows there are. What is shown is logged once, before any of it is."""
        await self._look.done()
        # The whole clinic takes longer than a draft should wait.
        ask = self._live.ask_long if self.whose == "team" else self._live.ask
        self.found = await ask(register, self.whose, self.show)
        return len(self.found.rows)

    async def fetch(self, offset: int, limit: int) -> Sequence[RegisterRow]:
        """Rows in the order of what is due first."""
        return self.found.rows[offset : offset + limit] if self.found is not None else ()

    async def find(self, key: Hashable) -> int | None:
        """Where a stay stands now."""
        rows = self.found.rows if self.found is not None else []
        return next((place for place, row in enumerate(rows) if row.id == key), None)

    def everything(self) -> Batches:
        """The rows that are shown."""
        rows = self.found.rows if self.found is not None else []
        return lambda scope: (rows,)
