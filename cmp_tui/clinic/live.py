"""The two threads to the file, for the app: the event loop never waits for the disk.

One thread owns the writing connection and answers short reads, in the order in which they were asked; a second
one serves long reads (reports, exports, risk), so that a draft never waits behind a report.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar

from cmp_tui.clinic.change import Change
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import Superseded
from cmp_tui.clinic.history import Done
from cmp_tui.clinic.scope import Scope
from cmp_tui.clinic.working import Kept

P = ParamSpec("P")
T = TypeVar("T")


class LiveClinic:
    """The asynchronous face of an open clinic; all methods belong to the event loop's thread."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self._short = ThreadPoolExecutor(1, thread_name_prefix="clinic")
        self._long = ThreadPoolExecutor(1, thread_name_prefix="clinic-long")
        self._newest: dict[str, int] = {}

    async def ask(self, query: Callable[Concatenate[Scope, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Asks a short query."""
        return await self._in(self._short, lambda: self.clinic.read(query, *args, **kwargs))

    async def ask_long(
        self, query: Callable[Concatenate[Scope, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Asks a query that may take seconds, on the other connection."""
        return await self._in(self._long, lambda: self.clinic.read(query, *args, **kwargs))

    async def ask_newest(
        self, kind: str, query: Callable[Concatenate[Scope, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Asks a query that a newer one of the same kind makes needless (search as you type).

        Raises Superseded when a newer one was asked before this one ran.
        """
        mine = self._newest[kind] = self._newest.get(kind, 0) + 1

        def unless_newer() -> T:
            if self._newest[kind] != mine:
                raise Superseded("A newer question was asked.")
            return self.clinic.read(query, *args, **kwargs)

        return await self._in(self._short, unless_newer)

    async def do(self, action: Callable[Concatenate[Change, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Does an action; returns when it is saved."""
        return await self._in(self._short, lambda: self.clinic.run(action, *args, **kwargs))

    async def look(self, kind: str, patient: bytes | None = None, **facts: Any) -> None:
        """Logs a look."""
        await self._in(self._short, lambda: self.clinic.look(kind, patient, **facts))

    async def undo(self, seq: int) -> Done:
        """Takes back one of the person's own changes."""
        return await self._in(self._short, lambda: self.clinic.undo(seq))

    async def redo(self, seq: int) -> Done:
        """Takes back an undo."""
        return await self._in(self._short, lambda: self.clinic.redo(seq))

    async def keep(self, kind: str, key: str, data: dict[str, Any], patient: bytes | None = None) -> None:
        """Keeps working state."""
        await self._in(self._short, lambda: self.clinic.keep(kind, key, data, patient))

    async def forget(self, kind: str, key: str) -> None:
        """Lets go of working state."""
        await self._in(self._short, lambda: self.clinic.forget(kind, key))

    async def kept(self, kind: str) -> list[Kept]:
        """Returns working state of one kind."""
        return await self._in(self._short, lambda: self.clinic.kept(kind))

    async def in_short(self, work: Callable[[], T]) -> T:
        """Runs work that needs the writing connection but is neither a query nor an action (a backup)."""
        return await self._in(self._short, work)

    def close(self) -> None:
        """Waits for what is under way and closes both connections."""
        for pool in (self._short, self._long):
            pool.submit(self.clinic.close_here)
            pool.shutdown(wait=True)

    async def _in(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, work)
