"""The one timer as the app shows it: started, stopped and marked by keys, in the header, and asked about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cmp_tui.clinic import ids
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.contacts.timer_queries import TimerLine, running_timer
from cmp_tui.contacts.timer_state import KIND, noted

if TYPE_CHECKING:
    from cmp_tui.frame.app_face import AppFace

KEY_SECONDS = 60
"""How often a key press is noted while a timer runs."""
SILENT_CALL_MINUTES = 60
"""On a call any key says "still on it", but not after this long: nobody is asked to vouch for hours."""


class RunningTimer:
    """What the app knows of the person's running timer; the timer itself lives in the clinic file."""

    def __init__(self, app: AppFace) -> None:
        self._app = app
        self._last_key = 0.0
        self.line: TimerLine | None = None

    async def read(self) -> None:
        """Reads the running timer from the file."""
        self.line = await self._app.live.ask(running_timer)

    def name(self, line: TimerLine | None = None) -> str:
        """For whom a timer runs (default: the running one), as lists show names."""
        line = line or self.line
        family, _, given = line.name.partition(", ") if line is not None else ("", "", "")
        return self._app.shown_name(family, given)

    def header_words(self) -> tuple[str, str]:
        """What the header says of it, and what it says where there is less room; nothing while none runs."""
        if self.line is None:
            return "", ""
        minutes = f"{self.line.seconds // 60} min"
        family, _, given = self.line.name.partition(", ")
        who = f"{given.split(' ')[0]} {family[:1]}." if given else family
        return f"{minutes} {self.name() if self._app.masked else who}", minutes

    async def toggle(self, patient: bytes, ready: Callable[[], None]) -> None:
        """Starts it for a patient; when it runs for this one already, opens the contact form to log its time."""
        running = self.line
        if running is not None and running.patient == patient:
            await self._app.forms.show("contact", patient, None, {"timer": ids.shown(running.id)}, ready)
            return
        from cmp_tui.contacts.actions import start_timer

        try:
            await self._app.live.do(start_timer, patient)
        except ClinicError as error:
            self._app.board.say(str(error), "wrong")
            return
        await self._app.after_saving()
        words = f"Timer runs for {self.name()}. t stops it and logs the time." if self.line else ""
        if running is not None:
            words += f" The one for {self.name(running)} waits in Today."
        self._app.board.say(words, "done")

    async def toggle_on_call(self) -> None:
        """Says that its person is on a call, or no longer."""
        if self.line is None:
            self._app.board.say("No timer runs; t starts one.")
            return
        from cmp_tui.contacts.actions import mark_on_call

        on = not self.line.on_call
        await self._app.live.do(mark_on_call, self.line.id, on)
        await self._app.after_saving()
        self._app.board.say("Marked: on a call." if on else "No longer on a call.", "done")

    async def minute(self) -> None:
        """A minute has gone by: the header counts, and a long call is asked about."""
        await self.read()
        self._app.board.put_header(self._app.header_facts())
        if self.line is not None and self.line.absence is not None and self.line.on_call:
            self._app.board.say(f"Still on the call with {self.name()}? Any key says yes.", "soon")

    def key_pressed(self) -> None:
        """Notes that someone is at the keyboard, once a minute at most."""
        now = self._app.clinic.clock.ticks()
        if self.line is not None and now - self._last_key >= KEY_SECONDS:
            self._last_key = now
            self._app.run_worker(self._note_key(self.line), group="timer-key", exclusive=True)

    async def _note_key(self, timer: TimerLine) -> None:
        """The key that ends an absence does not wipe it out: the question about it comes to Today first."""
        await self.read()
        if self.line is None or self.line.id != timer.id:
            return
        away = self.line.absence
        still_on_call = self.line.on_call and away is not None and away.minutes < SILENT_CALL_MINUTES
        if away is None or still_on_call:
            await self._app.live.keep(KIND, ids.shown(timer.id), noted(self._app.clinic.clock.mark()))
            return
        self._app.board.say(
            f"Nobody touched the keyboard for {away.minutes} minutes while the timer of {self.name()} ran. "
            "Today asks what counts.",
            "soon",
        )
        self._app.board.refresh_rows()
