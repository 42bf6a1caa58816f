"""The terminal's driver: Textual's, made to hold against wrong bytes, a lost line, signals and a stuck terminal."""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
from contextlib import suppress
from threading import Timer
from typing import Any, Protocol, runtime_checkable

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from cmp_tui.ui.incoming import MOST_COLUMNS, MOST_LINES, TICK, Incoming
from cmp_tui.ui.outgoing import Outgoing

CHUNK = 65_536
GRACE = 3.0
"""Seconds that the program has to end by itself once its drafts are kept."""
ENDING = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
"""The signals that end the program; ctrl+c and ctrl+\\ are keys here, so the last two come from elsewhere."""
LEAVE = (
    b"\x1b[?2004l\x1b[?7h\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""Gives the terminal back when there is no time for the usual way."""


@runtime_checkable
class LosesLine(Protocol):
    """An app that wants to know when its terminal is gone."""

    def line_lost(self) -> None:
        """Keep what matters and exit. Called once, on the event loop's thread."""


class TerminalDriver(LinuxDriver):
    """Textual's driver for Linux and macOS with another way to read, to write and to end."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._outgoing: Outgoing | None = None
        self._ending = False
        self._suspended = False
        # Drawing goes where a person looks: `2>errors.txt` must not swallow the screen.
        files = [one for one in (sys.__stderr__, sys.__stdout__) if one is not None]
        self._screen_number = next((one.fileno() for one in files if one.isatty()), 2)
        for number in ENDING:
            # Not by the event loop: that may be waiting for a terminal that takes nothing.
            signal.signal(number, self._told_to_end)

    # -- the end

    def _told_to_end(self, *_: object) -> None:
        if self._outgoing is not None:
            self._outgoing.hurry()
        with suppress(RuntimeError):  # the loop has ended before us
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        """Ends the app once: the terminal is gone, or the program was told to go."""
        if self._ending:
            return
        self._ending = True
        try:
            if isinstance(self._app, LosesLine):
                self._app.line_lost()
            else:
                self._app.exit(1)
        finally:
            last = Timer(GRACE, self._end_hard)
            last.daemon = True
            last.start()

    def _end_hard(self) -> None:
        """The app did not end by itself: gives the terminal back, if it is there, and goes."""
        with suppress(termios.error, OSError, ValueError):
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            if select.select([], [self._screen_number], [], 0)[1]:
                os.write(self._screen_number, LEAVE)
        os._exit(1)

    # -- writing

    def start_application_mode(self) -> None:
        """Takes the terminal over."""
        self._outgoing = Outgoing(self._screen_number, self._told_to_end)
        if self._ending:
            self._outgoing.hurry()
        self._outgoing.start()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def write(self, data: str) -> None:
        """Draws."""
        if self._outgoing is not None:
            self._outgoing.write(data)

    def close(self) -> None:
        """Writes what is left."""
        super().close()
        if self._outgoing is not None:
            self._outgoing.stop()
            self._outgoing = None

    def _get_terminal_size(self) -> tuple[int, int]:
        columns, lines = super()._get_terminal_size()
        return min(columns, MOST_COLUMNS), min(lines, MOST_LINES)

    # -- reading

    def run_input_thread(self) -> None:
        """Reads until the app ends or the terminal is gone."""
        incoming = Incoming(lambda: XTermParser(self._debug))
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], TICK)[0]:
                try:
                    data = os.read(self.fileno, CHUNK)
                except (BlockingIOError, InterruptedError):
                    continue
                except OSError:
                    data = b""
                if not data:
                    self._told_to_end()
                    return
                found = incoming.take(data)
            else:
                found = incoming.quiet()
            for message in found:
                self.process_message(message)

    def process_message(self, message: Message) -> None:
        """Hands a message on, but for what a terminal can't mean.

        Those are a new size from one that has not said that it sends them, and the mouse outside of the screen,
        where Textual would take the focus away from the form that is being filled in.
        """
        if isinstance(message, events.Resize) and not self._in_band_window_resize:
            return
        if isinstance(message, events.MouseEvent):
            size = self._app.size
            if not (message.x < size.width and message.y < size.height):
                if not isinstance(message, events.MouseUp):
                    return
                message._x = message._screen_x = min(message._x, size.width - 1)
                message._y = message._screen_y = min(message._y, size.height - 1)
        super().process_message(message)

    # -- stopping and going on

    def _sigtstp_application(self, *_: object) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._suspend)

    def _sigcont_application(self, *_: object) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._go_on)

    def _suspend(self) -> None:
        """Gives the terminal back and stops."""
        if self._ending:
            return
        if self._auto_restart and not self._suspended:
            self.suspend_application_mode()
            self._suspended = self._must_signal_resume = True
        os.kill(os.getpid(), signal.SIGSTOP)

    def _go_on(self) -> None:
        """Takes the terminal over again, as nobody knows what it shows now."""
        if self._ending or not self._auto_restart:
            return
        if not self._suspended:  # SIGSTOP can't be caught, so the terminal was not given back
            self.suspend_application_mode()
        self.resume_application_mode()
        # In the background the terminal isn't ours: then we have been stopped again, and go on another time.
        self._suspended = self._key_thread is None or not self._key_thread.is_alive()
        if not self._suspended:
            self._app.call_later(self._app.refresh, repaint=True, layout=True)
