"""A bare screen on which a room's forms can be opened over a real clinic file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen

from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.clinic.staff import me, settings_list
from cmp_tui.ui.dock import FormDock, Hosts, Result
from cmp_tui.ui.fields.base import Here, Raw
from cmp_tui.ui.form import Form
from cmp_tui.ui.makers import FormContext, FormMaker, Opening
from tests.ui.parts import Dressed


class Bare(Hosts, Screen[None]):
    """A screen with nothing but the dock."""

    def compose(self) -> ComposeResult:
        yield self.dock


class Forms(Dressed):
    """Opens one form after the other."""

    def __init__(self, clinic: Clinic) -> None:
        super().__init__()
        self.live = LiveClinic(clinic)
        settings = clinic.read(settings_list)
        here = Here(clinic.clock.now, settings.zone)
        self.context = FormContext(self.live, here, clinic.reference, settings, clinic.read(me))

    def on_mount(self) -> None:
        self.push_screen(Bare())

    @property
    def dock(self) -> FormDock:
        assert isinstance(self.screen, Bare)
        return self.screen.dock

    @property
    def form(self) -> Form:
        assert self.dock.form is not None
        return self.dock.form

    async def show(
        self, maker: FormMaker, patient: bytes | None = None, record: bytes | None = None, **args: Any
    ) -> tuple[Opening, Any]:
        """Opens a form; returns what it was made of, and its result as a future."""
        opening = await maker(self.context, patient, record, args)

        async def keep(typed: dict[str, Raw]) -> None:
            await self.live.keep("draft", "test", {"typed": typed}, patient)

        async def drop() -> None:
            await self.live.forget("draft", "test")

        form = Form(
            opening.spec,
            opening.values,
            opening.submit,
            keep,
            drop,
            here=self.context.here,
            seen=opening.seen,
        )
        return opening, self.dock.open(form)


@asynccontextmanager
async def forms(clinic: Clinic) -> AsyncIterator[tuple[Forms, Pilot[None]]]:
    """Runs the bare screen."""
    app = Forms(clinic)
    try:
        async with app.run_test(size=(100, 40)) as pilot:
            await pilot.pause()
            yield app, pilot
    finally:
        app.live.close()


async def save(pilot: Pilot[None], future: Any) -> Result:
    """Presses ctrl+s and waits for the end of the form."""
    await pilot.press("ctrl+s")
    result: Result = await future
    return result


async def type_in(pilot: Pilot[None], form: Form, name: str, text: str) -> None:
    """Goes to a field and types."""
    form.sheet.visit(name)
    await pilot.pause()
    await pilot.press(*("space" if char == " " else char for char in text))
