"""Keeps what is typed as a draft within a second, one writing at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.ui.fields.base import Raw

PAUSE = 0.6
"""Seconds after the first letter that is not kept yet; typing on does not put it off."""

Typed = Mapping[str, Raw]


class Keeper:
    """The draft of one form."""

    def __init__(
        self,
        typed: Callable[[], dict[str, Raw]],
        keep: Callable[[dict[str, Raw]], Awaitable[None]],
        drop: Callable[[], Awaitable[None]],
        told: Callable[[str, bool], None],
    ) -> None:
        self._typed, self._keep, self._drop, self._told = typed, keep, drop, told
        self._one_at_a_time = asyncio.Lock()
        self._last: dict[str, Raw] = {}
        self.has_draft = False
        """Whether something is kept of this form."""

    def found(self, typed: Mapping[str, Raw]) -> None:
        """The form opened with a draft that was kept before."""
        self._last = dict(typed)
        self.has_draft = bool(typed)
        if typed:
            self._told("draft kept", False)

    async def now(self) -> str:
        """Keep what is typed, if that is not kept yet. Returns a sentence when that failed."""
        async with self._one_at_a_time:
            typed = self._typed()
            if typed == self._last:
                return ""
            try:
                if typed:
                    await self._keep(typed)
                else:
                    await self._drop()
            except ClinicError as error:
                self._told(f"draft not kept: {error}", True)
                return str(error)
            self._last, self.has_draft = typed, bool(typed)
            self._told("draft kept" if typed else "", False)
            return ""

    async def forget(self) -> str:
        """Take the draft away; returns a sentence when that failed."""
        async with self._one_at_a_time:
            if self.has_draft:
                try:
                    await self._drop()
                except ClinicError as error:
                    return str(error)
            self._last, self.has_draft = {}, False
            return ""
