"""A look that is logged once before anything of it is shown, however often and however hastily it is asked for."""

from __future__ import annotations

import asyncio
from typing import Any

from cmp_tui.clinic.live import LiveClinic


class LookOnce:
    """A look at a list. A reading of rows that is broken off (its list is read anew) does not log it twice."""

    def __init__(self, live: LiveClinic, kind: str, **facts: Any) -> None:
        self._live, self._kind, self._facts = live, kind, facts
        self._logging: asyncio.Task[None] | None = None

    async def done(self) -> None:
        """Returns when the look is logged. Raises ClinicError when it can't be; then the next call tries again."""
        if self._logging is None:
            self._logging = asyncio.ensure_future(self._live.look(self._kind, **self._facts))
        task = self._logging
        try:
            await asyncio.shield(task)
        finally:
            if task.done() and (task.cancelled() or task.exception() is not None):
                self._logging = None
