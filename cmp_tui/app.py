"""The Textual app: its main screens, its themes and keys, and the answers to what screens ask of each other."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import events, on
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.worker import WorkerFailed

from cmp_tui.billing.programs import threshold
from cmp_tui.clinic import ids
from cmp_tui.clinic.calendar import Month, business_days_left, local
from cmp_tui.clinic.clinic import Clinic
from cmp_tui.clinic.errors import ClinicError, Refused
from cmp_tui.clinic.history import Done, last_redoable, last_undoable
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.clinic.reference import shipped
from cmp_tui.clinic.staff import me, settings_list
from cmp_tui.contacts.actions import mark_on_call, start_timer
from cmp_tui.contacts.timer_queries import TimerLine, running_timer
from cmp_tui.contacts.timer_state import KIND as TIMER_KEYS
from cmp_tui.desk.panel import Look
from cmp_tui.patients.queries import Names, PatientLine, find_patients, patient_card
from cmp_tui.screens import KEY_GROUPS, MODES, NEVER, make_opener
from cmp_tui.ui.board import Board
from cmp_tui.ui.chrome import TABS, Header, HeaderFacts, comes_later, tab_keys
from cmp_tui.ui.fields.base import ASCII_MARKS, UNICODE_MARKS, Here
from cmp_tui.ui.help import HelpScreen
from cmp_tui.ui.incident import incident
from cmp_tui.ui.keyboard import Keyboard
from cmp_tui.ui.keys import KeyTable, key
from cmp_tui.ui.makers import FormContext
from cmp_tui.ui.messages import GoTo, OpenChart, OpenDraft, OpenForm, SomethingSaved, Tell, ToggleTimer
from cmp_tui.ui.search import SearchScreen
from cmp_tui.ui.signs import signs_for
from cmp_tui.ui.table import WindowTable
from cmp_tui.ui.table_lines import Column
from cmp_tui.ui.theme import load_themes, variable_defaults
from cmp_tui.ui.words import age_words, birth_words, name_words

PREVIEW_SECONDS = 3.0
"""A preview that rests this long on the screen counts as having been read."""
KEY_MINUTES = 1
"""How often a key press is noted while a timer runs."""
SILENT_CALL_MINUTES = 60
"""On a call any key says "still on it", but not after this long: nobody is asked to vouch for hours."""


class CmpApp(App[int]):
    """The program on the screen, for one person and one clinic file."""

    TITLE = "cmp-tui"
    CSS_PATH = [shipped("themes") / "app.tcss", shipped("themes") / "form.tcss"]
    ENABLE_COMMAND_PALETTE = True
    AUTO_FOCUS = None
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
        super().__init__()
        self.clinic = clinic
        self._timer: TimerLine | None = None
        self._keys = keys or {}
        self._asked_theme, self._usual_theme = theme, usual_theme
        self._theme_titles: dict[str, str] = {}
        self._names = Names()
        self._problems: list[str] = []
        self._reading: bytes | None = None
        self._last_key = 0.0
        self._asked_to_leave = False
        self.keyboard = Keyboard(self, super().on_event, self._form_is_busy)
        marks = ASCII_MARKS if self.settings.signs == "ascii" else UNICODE_MARKS
        here = Here(clinic.clock.now, self.settings.zone, marks)
        context = FormContext(self.live, here, clinic.reference, self.settings, self.me)
        self.opener = make_opener(context)
        for name, make in MODES.items():
            self.add_mode(name, make)

    # -- starting and ending ----------------------------------------------------------------------------------

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our colours, for the time before a theme is chosen."""
        return variable_defaults()

    async def on_mount(self) -> None:
        """Chooses the theme and the keys, and opens Today."""
        themes = load_themes(shipped("themes"))
        for file in themes.files:
            self.register_theme(file.theme)
        self._problems += themes.problems
        self._theme_titles = {file.name: file.title for file in themes.files}
        kept = await self.live.kept("window")
        self._choose_theme(next((str(one.data.get("theme")) for one in kept if one.key == "theme"), ""))
        remap = key_table().remap(self._keys)
        self._problems += remap.problems
        self.set_keymap(dict(remap.keymap))
        self._catch_signals()
        await self.live.look("sign-in")
        with contextlib.suppress(Refused):  # who may read no charts has no timer; the list says why it is empty
            await self._read_timer()
        await self.switch_mode("today")
        self.set_interval(60, self._minute)
        if self._problems:
            self.board.say(self._problems[0], "wrong")

    def _choose_theme(self, kept: str) -> None:
        """The theme that is asked for, else the one that was chosen last, else that of the settings file."""
        asked, known = self._asked_theme, self._theme_titles
        if asked is not None and asked in known:
            self.use_theme(asked)
            return
        if asked is not None:
            self._problems.append(f"There is no theme {asked!r}. Themes: {', '.join(sorted(known))}.")
        self.theme = next((name for name in (kept, self._usual_theme) if name in known), "dusk")

    def use_theme(self, name: str) -> None:
        """Changes the colours, now and for the next time."""
        self.theme = name
        self.run_worker(self.live.keep("window", "theme", {"theme": name}))

    def _catch_signals(self) -> None:
        """A lost line or a kill must not lose what was typed."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            loop.add_signal_handler(number, self._line_lost)

    def _line_lost(self) -> None:
        self.opener.keep_all_now()
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
            self._exit_renderables.append(Text(incident(self._exception)))
        with contextlib.suppress(Exception):
            self.opener.keep_all_now()
        self.bell()
        self._close_messages_no_wait()

    async def action_leave(self) -> None:
        """Quits; asks while a timer runs. What stands in open forms stays as drafts."""
        self.run_worker(self._leave(), group="leave", exclusive=True)

    async def _leave(self) -> None:
        self.opener.keep_all_now()
        if self._timer is not None and not await self._leaves_timer():
            return
        with contextlib.suppress(ClinicError):  # whose access has ended may still go
            await self.live.look("sign-out")
        self.exit(0)

    async def _leaves_timer(self) -> bool:
        """Asks whether to quit while a timer runs: in the notice line, or in the form that is open."""
        words = f"A timer runs for {self._timer_name()}."
        if (form := self.board.dock.form) is not None:
            asked, self._asked_to_leave = self._asked_to_leave, True
            form.title_line.complain(f"{words} It keeps running when you quit: ctrl+q again quits.")
            return asked
        while not isinstance(self.screen, Board):
            await self.screen.dismiss(None)
        return await self.board.ask(f"{words} Quit all the same? It keeps running.")

    def on_unmount(self) -> None:
        """Closes the file."""
        self.live.close()

    # -- what screens ask for ---------------------------------------------------------------------------------

    def today(self) -> date:
        """The clinic's day."""
        return self.clinic.clock.today(self.settings.zone)

    @property
    def board(self) -> Board:
        """The main screen that is shown (under a dialog, if there is one)."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Board):
                return screen
        raise RuntimeError("no main screen is open")

    def shown_name(self, family: str, given: str) -> str:
        """A name as lists show it: masked when someone looks over the shoulder."""
        return f"{family[:1]}… {given[:1]}…" if self.masked else name_words(family, given)

    def look_of(self) -> Look:
        """How previews are drawn now."""
        rule = threshold(self.clinic.reference, "CCM", self.today())
        return Look(
            self.clinic.reference, self.settings.zone, self.signs, self.masked, rule.first if rule else 0
        )

    def go(self, mode: str) -> None:
        """Goes to a main screen."""
        self.run_worker(self._held(self._go(mode), self.keyboard.hold()), group="mode", exclusive=True)

    async def _go(self, mode: str) -> None:
        if self.current_mode != mode:
            self._came_from = self.current_mode
            await self.switch_mode(mode)
        self.board.put_header(self.header_facts())
        self.board.refresh_rows()

    _came_from = "today"

    def go_back(self) -> None:
        """Back to the list that one came from."""
        if self.current_mode == "today":
            self.board.say("This is the first screen. ctrl+q leaves the program.")
        elif self.current_mode == "caseload":
            self.go("today")
        else:
            self.go(self._came_from if self._came_from != self.current_mode else "today")

    def header_facts(self) -> HeaderFacts:
        """What the header says now."""
        today, person = self.today(), self.me
        first, _, last = person.name.rpartition(" ")
        short = f"{first[:1]}. {last}" if first else person.name
        credential = "" if person.credential == "none" else f" {person.credential}"
        timer = timer_short = ""
        if self._timer is not None:
            minutes = self._timer.seconds // 60
            family, _, given = self._timer.name.partition(", ")
            who = f"{given.split(' ')[0]} {family[:1]}." if given else family
            if self.masked:
                who = self._timer_name()
            timer, timer_short = f"{minutes} min {who}", f"{minutes} min"
        left = business_days_left(today, Month.of(today).last)
        return HeaderFacts(
            self.settings.name, today, left, person.signature, f"{short}{credential}", timer, timer_short
        )

    def seen_for_a_while(self, patient: bytes) -> None:
        """A preview that stays is a look at the record: logged once it has rested 3 seconds."""

        async def log(board: Board) -> None:
            await asyncio.sleep(PREVIEW_SECONDS)
            if self.board is board and board.subject() == patient and self._reading != patient:
                self._reading = patient
                await self.live.look("preview", patient)

        self._reading = None if self._reading != patient else self._reading
        self.run_worker(log(self.board), group="reading", exclusive=True)

    def _timer_name(self, line: TimerLine | None = None) -> str:
        """For whom a timer runs (default: the running one), as lists show names."""
        line = line or self._timer
        family, _, given = line.name.partition(", ") if line is not None else ("", "", "")
        return self.shown_name(family, given)

    @on(Header.TimerPressed)
    def _timer_pressed(self) -> None:
        if self._timer is not None and not self._form_is_open():
            self.board.post_message(ToggleTimer(self._timer.patient))

    @on(Header.TabPressed)
    def _tab_pressed(self, event: Header.TabPressed) -> None:
        self.action_tab(event.tab.number)

    @on(GoTo)
    def _go_to(self, event: GoTo) -> None:
        self.go(event.mode)

    @on(Tell)
    def _tell(self, event: Tell) -> None:
        self.board.say(event.words, event.kind)  # type: ignore[arg-type]

    @on(SomethingSaved)
    async def _saved(self) -> None:
        await self._after_saving()

    @on(OpenForm)
    def _open_form(self, event: OpenForm) -> None:
        opening = self._form(event.name, event.patient, event.record, event.args, self.keyboard.hold())
        self.run_worker(opening, group="forms")

    @on(OpenDraft)
    def _open_draft(self, event: OpenDraft) -> None:
        ready = self.keyboard.hold()

        async def again() -> None:
            try:
                name, patient, record, args = await self.opener.of_draft(event.draft)
            except ClinicError as error:
                ready()
                self.board.say(str(error), "wrong")
                self.board.refresh_rows()
                return
            await self._form(name, patient, record, args, ready)

        self.run_worker(again(), group="forms")

    async def _form(
        self,
        name: str,
        patient: bytes | None,
        record: bytes | None,
        args: dict[str, Any],
        ready: Callable[[], None],
    ) -> None:
        board = self.board
        try:
            opening, result = await self.opener.open(board, name, patient, record, args, ready)
        except ClinicError as error:
            board.say(str(error), "wrong")
            return
        finally:
            ready()
        self._asked_to_leave = False
        if result.saved:
            words = opening.said(result.value)
            board.say(
                " ".join(part for part in (words, result.warning) if part),
                "soon" if result.warning else "done",
            )
            if args.get("patients"):  # what the rows were marked for is done
                for table in board.query(WindowTable):
                    table.clear_marks()
            await self._after_saving()
            following = opening.then(result.value)
            if following is not None:
                await self._form(*following, self.keyboard.hold())
        elif result.kept:
            board.say("Kept as a draft; Today lists it.", "plain")
            board.refresh_rows()
        else:
            board.say("Closed; there was nothing to keep.", "plain")

    async def _after_saving(self) -> None:
        await self._read_timer()
        self.board.put_header(self.header_facts())
        self.board.refresh_rows()

    @on(OpenChart)
    def _open_chart(self, event: OpenChart) -> None:
        work = self._held(self._chart(event.patient, event.panel), self.keyboard.hold())
        self.run_worker(work, group="mode", exclusive=True)

    async def _chart(self, patient: bytes, panel: str) -> None:
        try:
            await self.live.look("chart", patient)
        except ClinicError as error:
            self.board.say(str(error), "wrong")
            return
        self._reading = patient
        await self._go("chart")
        await self.board.show(patient, panel)  # type: ignore[attr-defined]

    # -- the timer --------------------------------------------------------------------------------------------

    @on(ToggleTimer)
    def _toggle_timer(self, event: ToggleTimer) -> None:
        ready = self.keyboard.hold()
        self.run_worker(self._held(self._toggle(event.patient, ready), ready), group="timer", exclusive=True)

    async def _toggle(self, patient: bytes, ready: Callable[[], None]) -> None:
        running = self._timer
        if running is not None and running.patient == patient:
            await self._form("contact", patient, None, {"timer": ids.shown(running.id)}, ready)
            return
        try:
            await self.live.do(start_timer, patient)
        except ClinicError as error:
            self.board.say(str(error), "wrong")
            return
        await self._after_saving()
        words = f"Timer runs for {self._timer_name()}. t stops it and logs the time." if self._timer else ""
        if running is not None:
            words += f" The one for {self._timer_name(running)} waits in Today."
        self.board.say(words, "done")

    def toggle_on_call(self) -> None:
        """Says that the running timer's person is on a call, or no longer."""

        async def toggle(timer: TimerLine) -> None:
            await self.live.do(mark_on_call, timer.id, not timer.on_call)
            await self._after_saving()
            self.board.say("Marked: on a call." if not timer.on_call else "No longer on a call.", "done")

        if self._timer is None:
            self.board.say("No timer runs; t starts one.")
        else:
            self.run_worker(toggle(self._timer), group="timer", exclusive=True)

    async def _read_timer(self) -> None:
        self._timer = await self.live.ask(running_timer)

    def _minute(self) -> None:
        if self._timer is not None:
            self.run_worker(self._minute_of_timer(), group="timer-minute", exclusive=True)

    async def _minute_of_timer(self) -> None:
        await self._read_timer()
        self.board.put_header(self.header_facts())
        if self._timer is not None and self._timer.absence is not None and self._timer.on_call:
            self.board.say(f"Still on the call with {self._timer_name()}? Any key says yes.", "soon")

    async def on_event(self, event: events.Event) -> None:
        """Hands keys on one at a time, and notes them while a timer runs, so that idle time can be told."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        if self._timer is not None:
            now = self.clinic.clock.ticks()
            if now - self._last_key >= KEY_MINUTES * 60:
                self._last_key = now
                self.run_worker(self._note_key(self._timer), group="timer-key", exclusive=True)
        self.keyboard.take(event)

    async def _held(self, work: Awaitable[None], let_go: Callable[[], None]) -> None:
        """Does some work, and lets the keys that wait for it go in any case."""
        try:
            await work
        finally:
            let_go()

    def _form_is_busy(self) -> bool:
        form = next((screen.dock.form for screen in self.screen_stack if isinstance(screen, Board)), None)
        return form is not None and (form.busy or form.is_over)

    async def _note_key(self, timer: TimerLine) -> None:
        """The key that ends an absence does not wipe it out: the question about it comes to Today first."""
        await self._read_timer()
        if self._timer is None or self._timer.id != timer.id:
            return
        away = self._timer.absence
        still_on_call = self._timer.on_call and away is not None and away.minutes < SILENT_CALL_MINUTES
        if away is None or still_on_call:
            await self.live.keep(TIMER_KEYS, ids.shown(timer.id), {})
        else:
            self.board.say(
                f"Nobody touched the keyboard for {away.minutes} minutes while the timer of "
                f"{self._timer_name()} ran. Today asks what counts.",
                "soon",
            )
            self.board.refresh_rows()

    # -- keys -------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a form is open only the keys that can't hurt it work."""
        over_forms = ("redraw", "leave", "copy_text", "command_palette", "help_quit")
        if action == "command_palette":
            return not self._form_is_open()
        return action in over_forms or not self._form_is_open()

    def _form_is_open(self) -> bool:
        return any(isinstance(screen, Board) and screen.dock.is_open for screen in self.screen_stack)

    def action_tab(self, number: int) -> None:
        """Goes to one of the numbered screens."""
        tab = TABS[number - 1]
        if not tab.ready:
            self.board.say(comes_later(tab), "plain")
            return
        self.go({1: "today", 2: "caseload"}[number])

    def action_help(self) -> None:
        """Explains the screen."""
        self.push_screen(HelpScreen.of(self.screen, self.signs))

    def action_redraw(self) -> None:
        """Draws the whole screen again, after noise on the line."""
        self.refresh(repaint=True, layout=True)

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
        ready = self.keyboard.hold()
        self.run_worker(self._held(self._search(ready), ready), group="search", exclusive=True)

    async def _search(self, ready: Callable[[], None]) -> None:
        columns = (
            Column("who", lambda row, state: self.shown_name(row.family, row.given or ""), fraction=2),
            Column("age", lambda row, state: Content.styled(self._age(row), "$dim"), width=8),
            Column("born", lambda row, state: Content.styled(birth_words(row.birth_date), "$dim"), width=12),
            Column("mrn", lambda row, state: Content.styled(row.mrn, "$dim"), fraction=1, min_width=70),
        )

        async def find(text: str) -> list[PatientLine]:
            return await self.live.ask_newest("search", find_patients, text, 20, self._names)

        async def searched(text: str) -> None:
            await self.live.look("search", length=len(text))

        found = await self.push_screen_wait(SearchScreen(find, columns, self.signs, searched, ready))
        if found is not None:
            await self._chart(found.id, "summary")

    def _age(self, row: PatientLine) -> str:
        if row.deceased:
            return "died"
        return f"{age_words(row.birth_date, self.today()) if row.birth_date else '':>3} {row.sex}"

    def action_undo(self) -> None:
        """Shows the last thing this person did and takes it back on enter."""
        self._start_taking_back(last_undoable, "Undo", self.live.undo)

    def action_redo(self) -> None:
        """Takes the last undo back."""
        self._start_taking_back(last_redoable, "Do again", self.live.redo)

    def _start_taking_back(
        self, which: Callable[..., Done | None], word: str, do: Callable[[int], Any]
    ) -> None:
        ready = self.keyboard.hold()
        self.run_worker(self._held(self._take_back(which, word, do, ready), ready), group="undo", exclusive=True)

    async def _take_back(
        self, which: Callable[..., Done | None], word: str, do: Callable[[int], Any], ready: Callable[[], None]
    ) -> None:
        board = self.board
        done = await self.live.ask(which)
        if done is None:
            board.say("There is nothing to undo." if word == "Undo" else "There is nothing to do again.")
            return
        words = await self._deed(done)
        if word == "Undo" and not done.undoable:
            board.say(f"The last thing you did ({words}) can't be undone.", "soon")
            return
        ready()
        if not await board.ask(f"{word}: {words}?"):
            board.say("Nothing was changed.")
            return
        try:
            await do(done.seq)
        except ClinicError as error:
            board.say(str(error), "wrong")
            return
        board.say(f"{'Undone' if word == 'Undo' else 'Done again'}: {words}.", "done")
        await self._after_saving()

    async def _deed(self, done: Done) -> str:
        what = self.clinic.reference.label("deed", done.action)
        at = local(done.at, self.settings.zone)
        when = f"{at:%H:%M}" if at.date() == self.today() else f"{at:%a} {at.day} {at:%b} {at:%H:%M}"
        who = ""
        if done.patient is not None:
            try:
                card = await self.live.ask(patient_card, done.patient)
                who = f", {self.shown_name(card.family, card.given or '')}"
            except ClinicError:
                who = ""
        return f"{what}{who}, {when}"

    # -- palette ----------------------------------------------------------------------------------------------

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette finds by name."""
        yield SystemCommand("Today", "What is due", lambda: self.go("today"))
        yield SystemCommand("Caseload", "Everyone in one list", lambda: self.go("caseload"))
        yield SystemCommand("Day review", "What I logged today, and what is missing", lambda: self.go("day"))
        yield SystemCommand("Search", "Find someone by name, MRN, birth date or phone", self.action_search)
        yield SystemCommand(
            "New patient", "Add someone by form", lambda: self.post_message(OpenForm("patient"))
        )
        yield SystemCommand(
            "Lend my panel", "A colleague covers for me", lambda: self.post_message(OpenForm("lend"))
        )
        yield SystemCommand(
            "Move a panel", "Give patients to a colleague", lambda: self.post_message(OpenForm("move"))
        )
        yield SystemCommand("Undo", "Take back the last thing you did", self.action_undo)
        yield SystemCommand("Redo", "Take the last undo back", self.action_redo)
        yield SystemCommand("Mask names", "Hide or show names in lists", self.action_mask_names)
        yield SystemCommand("Help", "Explain this screen and its keys", self.action_help)
        yield SystemCommand("Quit", "Leave; drafts are kept", lambda: self.run_worker(self._leave()))
        for name, title in self._theme_titles.items():
            yield SystemCommand(f"Colours: {name}", title, lambda name=name: self.use_theme(name))


def key_table() -> KeyTable:
    """Returns every key of the program by its name, with the screens on which it works.

    The app's own keys work on the main screens; forms, the search and questions keep theirs to themselves.
    """
    groups: dict[str, tuple[type[DOMNode], ...]] = {}
    for name, classes in KEY_GROUPS.items():
        groups[name] = (*classes, CmpApp) if Board in classes else classes
    return KeyTable.gather(groups, NEVER)
