"""Keys that are typed faster than the screen can follow go where the person means them to go.

Over a slow line several keys arrive at once (`c` `v` ctrl+s). Textual hands a key to the widget that has the focus
when the key arrives, so the `v` would reach the list before the form has opened. Here one key at a time is handed
on: the next waits until the one before has done its work, and until a form that it opened has the focus. When that
takes too long, the keys that wait are dropped and the person is told: in the list their letters would mean other
things.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from textual import events
from textual.app import App
from textual.message_pump import MessagePump

PATIENCE = 2.0
"""Seconds after which keys that wait are dropped."""
LEAVE = "ctrl+q"
"""The key that leaves the program; it means the same everywhere."""
ROUNDS = 2
"""A key's message goes from a widget to its screen, from there to the app, and may come back once."""


class Keyboard:
    """Hands on keys and pastes in the order in which they were typed, each after the one before was dealt with."""

    def __init__(
        self,
        app: App[Any],
        deliver: Callable[[events.Event], Awaitable[None]],
        busy: Callable[[], bool],
        dropped: Callable[[], None],
    ) -> None:
        """`dropped` tells the person that keys were not taken."""
        self._app = app
        self._deliver = deliver
        self._busy = busy
        self._dropped = dropped
        self._typed: deque[events.Event] = deque()
        self._draining = False
        self._held = 0
        self._free = asyncio.Event()
        self._free.set()

    def take(self, event: events.Event) -> None:
        """Takes a key (or a paste) that has just arrived."""
        self._typed.append(event)
        if not self._draining:
            self._draining = True
            self._app.run_worker(self._drain(), group="keyboard", exit_on_error=True)

    def hold(self) -> Callable[[], None]:
        """Keeps the next keys back while something opens that they are meant for; returns what lets them go.

        Letting go twice does no harm.
        """
        self._held += 1
        self._free.clear()
        held = [True]

        def let_go() -> None:
            if held:
                held.clear()
                self._held -= 1
                if not self._held:
                    self._free.set()

        return let_go

    async def _drain(self) -> None:
        try:
            while self._typed:
                if not await self._in_time(self._may_go_on()):
                    await self._drop()
                    continue
                event = self._typed.popleft()
                target = self._app.focused or self._app.screen
                await self._deliver(event)
                if not await self._in_time(self._worked_through(target)):
                    await self._drop()
        finally:
            self._draining = False

    async def _may_go_on(self) -> None:
        """Waits until nothing opens and no form is being saved."""
        await self._free.wait()
        while self._busy():
            await asyncio.sleep(0.01)

    async def _worked_through(self, target: MessagePump) -> None:
        """Waits until the key's messages have gone their way."""
        await self._reached(target)
        for _ in range(ROUNDS):
            await self._reached(self._app.screen)
            await self._reached(self._app)

    async def _reached(self, pump: MessagePump) -> None:
        """Waits until a widget has worked through the messages that it has now."""
        done = asyncio.Event()
        if pump.is_running and pump.call_later(done.set):
            await done.wait()

    async def _drop(self) -> None:
        """Drops the keys that wait, but for the one that leaves the program: nothing may take that away."""
        waiting = list(self._typed)
        self._typed.clear()
        leaving = [one for one in waiting if isinstance(one, events.Key) and one.key == LEAVE]
        if len(leaving) < len(waiting):
            self._dropped()
        for event in leaving:
            await self._deliver(event)

    async def _in_time(self, waiting: Coroutine[Any, Any, None]) -> bool:
        try:
            await asyncio.wait_for(waiting, PATIENCE)
        except TimeoutError:
            return False
        return True
