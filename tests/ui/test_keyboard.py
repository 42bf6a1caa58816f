"""Keys that wait for a form: they come to it in their order, or they are dropped and it is said; never elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual import events
from textual.app import App

from cmp_tui.ui import keyboard
from cmp_tui.ui.keyboard import Keyboard


class Listening(App[None]):
    """Notes the keys that arrive, and opens something on `c`."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived: list[str] = []
        self.dropped = 0
        self.let_go: Callable[[], None] = lambda: None
        self.keys = Keyboard(self, self._deliver, lambda: False, self._drop)

    async def _deliver(self, event: events.Event) -> None:
        assert isinstance(event, events.Key)
        self.arrived.append(event.key)
        if event.key == "c":
            self.let_go = self.keys.hold()

    def _drop(self) -> None:
        self.dropped += 1

    def type(self, *keys: str) -> None:
        for key in keys:
            self.keys.take(events.Key(key, key if len(key) == 1 else None))


async def test_keys_wait_until_the_form_is_open() -> None:
    app = Listening()
    async with app.run_test() as pilot:
        app.type("c", "d", "z")
        await pilot.pause(0.05)
        assert app.arrived == ["c"]
        app.let_go()
        await pilot.pause(0.05)
        assert app.arrived == ["c", "d", "z"]
        assert app.dropped == 0


async def test_keys_that_wait_too_long_are_dropped_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyboard, "PATIENCE", 0.1)
    app = Listening()
    async with app.run_test() as pilot:
        app.type("c", "d", "z", "x")
        await pilot.pause(0.4)
        assert app.arrived == ["c"]
        assert app.dropped == 1
        app.let_go()
        app.type("j")
        await pilot.pause(0.05)
        assert app.arrived == ["c", "j"]


async def test_the_key_that_leaves_is_never_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyboard, "PATIENCE", 0.1)
    app = Listening()
    async with app.run_test() as pilot:
        app.type("c", "d", "ctrl+q")
        await pilot.pause(0.4)
        assert app.arrived == ["c", "ctrl+q"]
