"""A small screen with a list and a dock, on which the tests open forms."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from cmp_tui.ui.dock import Hosts, Still
from cmp_tui.ui.fields.base import ASCII_MARKS, UNICODE_MARKS, Field, Here, Raw
from cmp_tui.ui.form import Form, FormSpec, Submission
from cmp_tui.ui.theme import variable_defaults

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 16, 20, tzinfo=UTC)
"""Monday 23 November 2026, 10:20 in Chicago."""
HERE = Here(lambda: NOW, ZoneInfo("America/Chicago"))
PLAIN = Here(lambda: NOW, ZoneInfo("America/Chicago"), ASCII_MARKS)
ANA = Content("Ruiz-Moreno, Ana · 78 F · 1948-02-11")

__all__ = [
    "ANA",
    "HERE",
    "NOW",
    "PLAIN",
    "ROOT",
    "UNICODE_MARKS",
    "Desk",
    "DeskApp",
    "quick_keys",
    "words_on",
]


class Lines(Still, Widget, can_focus=True):
    """Stands for the list under the form."""

    BINDINGS = [
        Binding("j", "leak('list j')"),
        Binding("space", "leak('list space')"),
        Binding("down", "leak('down')"),
    ]

    def action_leak(self, what: str) -> None:
        desk = self.screen
        assert isinstance(desk, Desk)
        desk.leaked.append(what)


class Desk(Hosts, Screen[None]):
    """Keeps drafts in a dictionary and notes everything that happened."""

    BINDINGS = [Binding(one, f"leak('{one}')") for one in "abcdfnqrvxz"] + [
        Binding("ctrl+n", "leak('ctrl+n')"),
        Binding("delete,pageup,f5", "leak('other')"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.leaked: list[str] = []
        self.kept: list[dict[str, Raw]] = []
        self.drafts: dict[str, dict[str, Raw]] = {}
        self.dropped = 0
        self.submitted: list[Submission] = []
        self.answer: Callable[[Submission], Awaitable[object]] | None = None
        self.keep_error: Exception | None = None

    def compose(self) -> ComposeResult:
        yield Lines()
        yield self.dock

    def action_leak(self, what: str) -> None:
        self.leaked.append(what)

    def form(
        self,
        fields: Sequence[Field],
        values: Mapping[str, object] | None = None,
        *,
        name: str = "test",
        here: Here = HERE,
        seen: int | None = None,
        phrases: Callable[[], Mapping[str, str]] | None = None,
    ) -> Form:
        async def keep(typed: dict[str, Raw]) -> None:
            if self.keep_error is not None:
                raise self.keep_error
            self.kept.append(typed)
            self.drafts[name] = typed

        async def drop() -> None:
            self.dropped += 1
            self.drafts.pop(name, None)

        async def submit(submission: Submission) -> object:
            self.submitted.append(submission)
            return await self.answer(submission) if self.answer else "done"

        spec = FormSpec(name=name, title="Contact", fields=fields, identity=ANA)
        return Form(spec, values or {}, submit, keep, drop, here=here, seen=seen, phrases=phrases)

    def open(self, *args: Any, **options: Any) -> Form:
        form = self.form(*args, **options)
        self.dock.open(form)
        return form


class DeskApp(App[None]):
    """The screen above, with the program's style sheet for forms and a stand-in theme."""

    CSS_PATH = [ROOT / "themes" / "form.tcss"]
    CSS = "Lines { height: 1fr; }"
    BINDINGS = [Binding("question_mark", "leak_app"), Binding("colon", "leak_app"), Binding("j", "leak_app")]

    def __init__(self) -> None:
        super().__init__()
        self.leaks = 0

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variable_defaults()

    def on_mount(self) -> None:
        self.push_screen(Desk())

    def action_leak_app(self) -> None:
        self.leaks += 1

    @property
    def desk(self) -> Desk:
        assert isinstance(self.screen, Desk)
        return self.screen


def words_on(app: App[None]) -> str:
    """What the screen shows, as text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look more often whether the program has settled: Textual sleeps 40 ms after each key of a test."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.004, raising=False)
