"""A board that asks for one of several things."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from textual.content import Content

from cmp_tui.ui.board import Board
from cmp_tui.ui.picker import Pick, PickScreen


class Asking(Board):
    """A board that asks for one of several things."""

    def pick(
        self, title: str, picks: Sequence[Pick], now: str, then: Callable[[str], Awaitable[None]]
    ) -> None:
        """Asks for one of several; `then` follows when one was picked."""
        ready = self.cmp.keyboard.hold()

        async def asked() -> None:
            try:
                screen = PickScreen(Content.styled(f" {title}", "bold"), picks, now, self.cmp.signs, ready)
                picked = await self.cmp.push_screen_wait(screen)
            finally:
                ready()
            if picked is not None:
                await then(picked)

        self.run_worker(asked(), group="forms")
