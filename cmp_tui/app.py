"""The Textual app: its main screens, its themes and keys, and the answers to what screens ask of each other."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import events, on
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import WorkerFailed

from cmp_tui.clinic.audit import behind_words, clock_behind
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import ClinicError, Refused
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.clinic.reference import shipped
from cmp_tui.clinic.staff import me, settings_list
from cmp_tui.frame.clock_watch import ClockWatch
from cmp_tui.frame.colours import Colours
from cmp_tui.frame.forms import Forms
from cmp_tui.frame.header import header_facts
from cmp_tui.frame.taking_back import TakingBack
from cmp_tui.frame.timing import RunningTimer
from cmp_tui.patients.queries import Names, merged_into
from cmp_tui.screens import MODES, NEVER, key_groups, load_all, make_opener
from cmp_tui.ui.board import Board, ShowsChart
from cmp_tui.ui.chrome import TABS, Header, HeaderFacts, comes_later, tab_keys
from cmp_tui.ui.driver import TerminalDriver
from cmp_tui.ui.keyboard import Keyboard
from cmp_tui.ui.keys import KeyTable, key
from cmp_tui.ui.lean_app import LeanApp
from cmp_tui.ui.listing import Listing
from cmp_tui.ui.messages import (
    OpenBoard,
    OpenChart,
    OpenDraft,
    OpenForm,
    RaiseConcern,
    SomethingSaved,
    ToggleTimer,
)
from cmp_tui.ui.signs import signs_for
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.theme import variable_defaults
from cmp_tui.ui.words import name_words

if TYPE_CHECKING:
    from cmp_tui.desk.panel import Look
    from cmp_tui.frame.list_out import ListOut
    from cmp_tui.ui.opener import Opener

FIRST_ROWS = 0.4
"""Seconds that the first picture waits for its rows."""
WARM_UP = 0.6
"""Seconds after the start in which the first Today and its preview are drawn; then the rest is imported."""
PREVIEW_SECONDS = 3.0
"""A preview that rests this long on the screen counts as having been read."""


class CmpApp(LeanApp[int]):
    """The program on the screen, for one person and one clinic file."""

    TITLE = "cmp-tui"
    CSS_PATH = [shipped("themes") / "app.tcss", shipped("themes") / "form.tcss"]
    ENABLE_COMMAND_PALETTE = True
    AUTO_FOCUS = None
    DEFAULT_MODE = "today"
    BINDINGS: ClassVar[list[BindingType]] = [
        *tab_keys(),
        key("app.search", "slash", "search", "search"),
        key("app.undo", "u", "undo", "undo"),
        key("app.redo", "U", "redo", "redo", show=False),
        key("app.mask", "exclamation_mark", "mask_names", "mask names", show=False),
        key("app.palette", "ctrl+p,colon", "command_palette", "find a command", show=False),
        key("app.redraw", "ctrl+l", "redraw", "draw again", show=False),
        key("app.help", "question_mark,f1", "help", "help"),
        key("app.quit", "ctrl+q", "leave", "quit", show=False, priority=True),
    ]

    def __init__(
        self,
        clinic: Clinic,
        *,
        keys: Mapping[str, Any] | None = None,
        theme: str | None = None,
        usual_theme: str = "dusk",
    ) -> None:
        """`theme` is asked for now, and kept; `usual_theme` holds until one was chosen in the program."""
        self.live = LiveClinic(clinic)
        self.me = clinic.read(me)
        self.settings = clinic.read(settings_list)
        self.signs = signs_for(self.settings.signs)
        self.masked = False
        self.names = Names()
        super().__init__()
        self.clinic = clinic
        self._keys = keys or {}
        self.colours = Colours(self, theme, usual_theme)
        self._problems: list[str] = []
        self._begun: list[asyncio.Future[Any]] = []
        self.chart_board: ShowsChart | None = None
        """The chart, once it has been opened."""
        self._reading: bytes | None = None
        self.timer = RunningTimer(self)
        self._clock_watch = ClockWatch(clinic.clock)
        self._taking_back = TakingBack(self)
        self._asked_to_leave = False
        self.keyboard = Keyboard(self, self._deliver, self._form_is_busy, self._keys_dropped)
        self.forms = Forms(self)
        for name, make in MODES.items():
            self.add_mode(name, make)

    # What opens later is imported later: the first Today does not wait for it.

    @cached_property
    def opener(self) -> Opener:
        """Opens every form."""
        from cmp_tui.ui.fields.base import ASCII_MARKS, UNICODE_MARKS, Here
        from cmp_tui.ui.makers import FormContext

        marks = ASCII_MARKS if self.settings.signs == "ascii" else UNICODE_MARKS
        here = Here(self.clinic.clock.now, self.settings.zone, marks)
        context = FormContext(
            self.live, here, self.clinic.reference, self.settings, self.me, self.names, self.forms.ask
        )
        return make_opener(context, self._reads, self._kept_record)

    @cached_property
    def _list_out(self) -> ListOut:
        from cmp_tui.frame.list_out import ListOut

        return ListOut(self)

    # -- starting and ending ----------------------------------------------------------------------------------

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our colours, for the time before a theme is chosen."""
        return variable_defaults()

    async def on_load(self) -> None:
        """Asks for what the first picture needs, and chooses its colours before anything is drawn."""
        asked = (self.live.look("sign-in"), self.colours.choose(shipped("themes")), self.timer.read())
        self._begun = [asyncio.ensure_future(one) for one in asked]
        await asyncio.wait(self._begun[1:2])

    async def on_mount(self) -> None:
        """Chooses the keys; Today is open already."""
        sign_in, colours, timer = self._begun
        await asyncio.wait(self._begun)
        sign_in.result()
        self._problems += colours.result()
        with contextlib.suppress(Refused):  # who may read no charts has no timer; the list says why
            timer.result()
        if self._keys:
            remap = key_table().remap(self._keys)
            self._problems += remap.problems
            self.set_keymap(dict(remap.keymap))
        self.board.put_header(self.header_facts())
        # A picture without rows would only be in the way of the one with them.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.board.query_one(WindowTable).has_read.wait(), FIRST_ROWS)
        self.set_interval(60, self._minute)
        if behind := await self.live.ask(clock_behind):
            self._problems.append(behind_words(behind))
        if self._problems:
            self.board.say(self._problems[0], "wrong")
        if not self.is_headless:
            self.set_timer(WARM_UP, self._warm_up)

    def _warm_up(self) -> None:
        """Imports what opens later, beside the screen. From now on garbage is looked for, but not in what stays."""
        gc.freeze()
        gc.enable()
        if problems := self.colours.read_all():
            self.board.say(problems[0], "wrong")
        self.run_worker(asyncio.to_thread(load_all), group="warm-up")

    def get_driver_class(self) -> type[Driver]:
        """Our own driver for a terminal; Textual's choice anywhere else."""
        usual = super().get_driver_class()
        return TerminalDriver if usual is LinuxDriver else usual

    def line_lost(self) -> None:
        """The terminal is gone, or the program was told to go: what was typed is kept, and the program ends."""
        try:
            if "opener" in vars(self):  # else no form was opened yet
                self.opener.keep_all_now()
        finally:
            self.exit(1)

    def _handle_exception(self, error: Exception) -> None:
        """A sentence of the clinic's (no right any more, the disk is full) is said, and the program goes on."""
        cause = error.error if isinstance(error, WorkerFailed) else error
        on_board = self.is_running and any(isinstance(screen, Board) for screen in self.screen_stack)
        if isinstance(cause, ClinicError) and cause is not error and on_board:
            self.board.say(str(cause), "wrong")
        else:
            super()._handle_exception(error)

    def panic(self, *renderables: RenderableType) -> None:
        """Errors that would draw themselves may show what they hold: they are told like all others."""
        self._fatal_error()

    def _fatal_error(self) -> None:
        """An error of ours: no local variables on the terminal, they hold patients' data. Drafts are kept."""
        if not self._exit_renderables and self._exception is not None:
            from cmp_tui.ui.incident import incident

            self._exit_renderables.append(Text(incident(self._exception)))
        with contextlib.suppress(Exception):
            self.opener.keep_all_now()
        self.bell()
        self._close_messages_no_wait()

    async def action_leave(self) -> None:
        """Quits; asks while a timer runs. What stands in open forms stays as drafts."""
        self.run_worker(self._leave(), group="leave", exclusive=True)

    async def _leave(self) -> None:
        await self.opener.keep_all()
        if self.timer.line is not None and not await self._leaves_timer():
            return
        with contextlib.suppress(ClinicError):  # whose access has ended may still go
            await self.live.look("sign-out")
        self.exit(0)

    async def _leaves_timer(self) -> bool:
        """Asks whether to quit while a timer runs: in the notice line, or in the form that is open."""
        words = f"A timer runs for {self.timer.name()}."
        if (form := self.board.dock.form) is not None:
            asked, self._asked_to_leave = self._asked_to_leave, True
            form.title_line.complain(f"{words} It keeps running when you quit: ctrl+q again quits.")
            return asked
        while not isinstance(self.screen, Board):
            await self.screen.dismiss(None)
        return await self.board.ask(f"{words} Quit all the same? It keeps running.")

    def on_unmount(self) -> None:
        """Closes the file."""
        if "_list_out" in vars(self):
            self._list_out.stop()
        self.live.close()

    # -- what screens ask for ---------------------------------------------------------------------------------

    def today(self) -> date:
        """The clinic's day."""
        return self.clinic.clock.today(self.settings.zone)

    @property
    def board(self) -> Board:
        """The main screen that is shown (under a dialog, if there is one)."""
        board = self._shown()
        if board is None:
            raise RuntimeError("no main screen is open")
        return board

    def _shown(self) -> Board | None:
        """The main screen that is shown; None while the app is on its way out."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, Board)), None)

    def shown_name(self, family: str, given: str) -> str:
        """A name as lists show it: masked when someone looks over the shoulder."""
        return f"{family[:1]}… {given[:1]}…" if self.masked else name_words(family, given)

    def look_of(self) -> Look:
        """How previews are drawn now."""
        from cmp_tui.desk.panel import Look

        return Look(self.clinic.reference, self.settings.zone, self.signs, self.masked)

    def go(self, mode: str, said: str = "") -> None:
        """Goes to a main screen; there it says what was done, if anything."""
        self.run_worker(self._held(self._go(mode, said), self.keyboard.hold()), group="mode", exclusive=True)

    async def _go(self, mode: str, said: str = "", *, again: bool = True) -> None:
        """`again` is false when its rows were read a moment ago."""
        if self.current_mode != mode:
            self._came_from = self.current_mode
            await self.switch_mode(mode)
        self.board.put_header(self.header_facts())
        if again:
            self.board.refresh_rows()
        if said:
            self.board.say(said, "done")

    _came_from = "today"

    def go_back(self) -> None:
        """Back to the list that one came from."""
        if self.current_mode == "today":
            self.board.say("This is the first screen. ctrl+q leaves the program.")
        elif self.current_mode in ("caseload", "enrollment", "referrals", "month"):
            self.go("today")
        else:
            self.go(self._came_from if self._came_from != self.current_mode else "today")

    def header_facts(self) -> HeaderFacts:
        """What the header says now."""
        return header_facts(self.settings.name, self.today(), self.me, self.timer.header_words())

    def seen_for_a_while(self, patient: bytes) -> None:
        """A preview that stays is a look at the record: logged once it has rested 3 seconds."""

        async def log(board: Board) -> None:
            await asyncio.sleep(PREVIEW_SECONDS)
            still = self._shown() is board and board.subject() == patient and board.shows_preview()
            if still and self._reading != patient:
                self._reading = patient
                await self.live.look("preview", patient)

        self._reading = None if self._reading != patient else self._reading
        self.run_worker(log(self.board), group="reading", exclusive=True)

    async def _kept_record(self, patient: bytes) -> bytes:
        """The record that a form is about: that into which the patient's was merged, if it was."""
        merged = await self.live.ask(merged_into, patient)
        return patient if merged is None else merged.kept

    async def _reads(self, patient: bytes, form: str) -> None:
        """A form shows more of a patient than a list does: a look at the chart, unless it is being read already."""
        if self._reading != patient:
            await self.live.look("chart", patient, form=form)
            self._reading = patient

    @on(Header.TimerPressed)
    def _timer_pressed(self) -> None:
        if self.timer.line is not None and not self._form_is_open():
            self.board.post_message(ToggleTimer(self.timer.line.patient))

    @on(Header.TabPressed)
    def _tab_pressed(self, event: Header.TabPressed) -> None:
        self.action_tab(event.tab.number)

    @on(SomethingSaved)
    async def _saved(self) -> None:
        await self.after_saving()

    @on(OpenForm)
    def _open_form(self, event: OpenForm) -> None:
        opening = self.forms.show(event.name, event.patient, event.record, event.args, self.keyboard.hold())
        self.run_worker(opening, group="forms")

    @on(OpenDraft)
    def _open_draft(self, event: OpenDraft) -> None:
        ready = self.keyboard.hold()
        self.run_worker(self.forms.show_draft(event.draft, ready), group="forms")

    @on(RaiseConcern)
    def _raise_concern(self) -> None:
        self.run_worker(self.forms.raise_concern(self.keyboard.hold()), group="forms")

    def form_ended(self) -> None:
        """A form went away: whoever asked to quit in it has not quit."""
        self._asked_to_leave = False

    async def after_saving(self) -> None:
        """Something was written: the timer, the header and the list may say something else now."""
        await self.timer.read()
        self.board.put_header(self.header_facts())
        self.board.refresh_rows()

    @on(OpenChart)
    def _open_chart(self, event: OpenChart) -> None:
        chart = self._chart(event.patient, event.panel, event.place, event.said)
        work = self._held(chart, self.keyboard.hold())
        self.run_worker(work, group="mode", exclusive=True)

    async def _chart(self, patient: bytes, panel: str, place: str = "", said: str = "") -> None:
        try:
            if (merged := await self.live.ask(merged_into, patient)) is not None:
                patient, said = merged.kept, f"MRN {merged.mrn} was merged into this record."
            await self.live.look("chart", patient)
        except ClinicError as error:
            self.board.say(str(error), "wrong")
            return
        self._reading = patient
        if self.chart_board is None:
            await self._go("chart")
        # Filled before it is seen again: nobody sees the chart of the patient before, and it is drawn once.
        if self.chart_board is not None and await self.chart_board.show(patient, panel, place):
            await self._go("chart", said, again=False)

    @on(OpenBoard)
    def _open_board(self, event: OpenBoard) -> None:
        work = self._held(self._board(event.mode, event.record, event.said), self.keyboard.hold())
        self.run_worker(work, group="mode", exclusive=True)

    async def _board(self, mode: str, record: bytes, said: str) -> None:
        await self._go(mode, again=False)
        await self.board.show_record(record)
        if said:
            self.board.say(said, "done")

    def take_out(self, listing: Listing | None = None) -> None:
        """Saves a list as a file: the one that is given, else the one that is shown."""
        ready = self.keyboard.hold()
        self.run_worker(self._held(self._list_out.ask(listing, ready), ready), group="forms")

    # -- the timer --------------------------------------------------------------------------------------------

    @on(ToggleTimer)
    def _toggle_timer(self, event: ToggleTimer) -> None:
        ready = self.keyboard.hold()
        self.run_worker(
            self._held(self.timer.toggle(event.patient, ready), ready), group="timer", exclusive=True
        )

    def toggle_on_call(self) -> None:
        """Says that the running timer's person is on a call, or no longer."""
        self.run_worker(self.timer.toggle_on_call(), group="timer", exclusive=True)

    def _minute(self) -> None:
        if words := self._clock_watch.words():
            self.board.say(words, "soon")
        if self.timer.line is not None:
            self.run_worker(self.timer.minute(), group="timer-minute", exclusive=True)

    # -- the keyboard -----------------------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Hands keys on one at a time, and notes them while a timer runs, so that idle time can be told."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        self.timer.key_pressed()
        self.keyboard.take(event)

    async def _deliver(self, event: events.Event) -> None:
        if self.focused is None and isinstance(self.screen, Board):
            self.screen.dock.focus_again()  # whatever took the focus from an open form: its keys must work
        if isinstance(event, events.Paste):
            from cmp_tui.ui.pasting import cleaned, refuse

            if refuse(self, event.text):
                return
            event = cleaned(self, event)
        await super().on_event(event)

    async def _held(self, work: Awaitable[None], let_go: Callable[[], None]) -> None:
        """Does some work, and lets the keys that wait for it go in any case."""
        try:
            await work
        finally:
            let_go()

    def _keys_dropped(self) -> None:
        self.board.say(
            "That takes longer than usual; what you typed meanwhile was not taken. Type it again.", "soon"
        )

    def _form_is_busy(self) -> bool:
        form = next((screen.dock.form for screen in self.screen_stack if isinstance(screen, Board)), None)
        return form is not None and (form.busy or form.is_over)

    # -- keys -------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a form is open only the keys that can't hurt it work."""
        over_forms = ("redraw", "leave", "copy_text", "command_palette", "help_quit")
        if action == "command_palette":
            return not self._form_is_open()
        if action == "search" and isinstance(self.focused, Input):
            return False
        return action in over_forms or not self._form_is_open()

    def _form_is_open(self) -> bool:
        return any(isinstance(screen, Board) and screen.dock.is_open for screen in self.screen_stack)

    def action_tab(self, number: int) -> None:
        """Goes to one of the numbered screens."""
        tab = TABS[number - 1]
        if not tab.ready:
            self.board.say(comes_later(tab), "plain")
            return
        self.go(
            {1: "today", 2: "caseload", 3: "enrollment", 4: "referrals", 5: "transitions", 6: "month"}[number]
        )

    def action_help(self) -> None:
        """Explains the screen."""
        from cmp_tui.ui.help import HelpScreen

        self.push_screen(HelpScreen.of(self.screen, self.signs))

    def action_command_palette(self) -> None:
        """Finds anything by name."""
        from cmp_tui.ui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def action_redraw(self) -> None:
        """Draws the whole screen again, after noise on the line."""
        self.draw_anew()

    def action_mask_names(self) -> None:
        """Hides or shows names in lists."""
        self.masked = not self.masked
        self.board.put_header(self.header_facts())
        self.board.refresh_rows()
        self.board.say(
            "Names are masked; ! shows them again." if self.masked else "Names are shown.", "plain"
        )

    def action_search(self) -> None:
        """Finds someone, from anywhere."""
        self._start(self._search, "search")

    async def _search(self, ready: Callable[[], None]) -> None:
        from cmp_tui.frame.finding import Finding

        found, let_go = await Finding(self).search(ready)
        if found is not None:
            await self._chart(found.id, "summary")
        let_go()

    def action_undo(self) -> None:
        """Shows the last thing this person did and takes it back on enter."""
        self._start(self._taking_back.undo, "undo")

    def action_redo(self) -> None:
        """Takes the last undo back."""
        self._start(self._taking_back.redo, "undo")

    def _start(self, work: Callable[[Callable[[], None]], Awaitable[None]], group: str) -> None:
        """Starts work that takes the keyboard over; the keys that follow wait until it can take them."""
        ready = self.keyboard.hold()
        self.run_worker(self._held(work(ready), ready), group=group, exclusive=True)

    # -- palette ----------------------------------------------------------------------------------------------

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette finds by name."""
        from cmp_tui.frame.finding import commands

        yield from commands(self)


def key_table() -> KeyTable:
    """Returns every key of the program by its name, with the screens on which it works.

    The app's own keys work on the main screens; forms, the search and questions keep theirs to themselves.
    """
    groups: dict[str, tuple[type[DOMNode], ...]] = {}
    for name, classes in key_groups().items():
        groups[name] = (*classes, CmpApp) if Board in classes else classes
    return KeyTable.gather(groups, NEVER)
