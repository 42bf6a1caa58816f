"""What the parts of the frame need of the app, so that the app knows them and they do not know the app."""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from textual.message import Message
    from textual.screen import Screen
    from textual.theme import Theme

    from cmp_tui.clinic.clinic import Clinic
    from cmp_tui.clinic.live import LiveClinic
    from cmp_tui.clinic.scope import Person
    from cmp_tui.clinic.settings import Settings
    from cmp_tui.frame.colours import Colours
    from cmp_tui.frame.forms import Forms
    from cmp_tui.patients.queries import Names
    from cmp_tui.ui.board import Board
    from cmp_tui.ui.chrome import HeaderFacts
    from cmp_tui.ui.keyboard import Keyboard
    from cmp_tui.ui.listing import Listing
    from cmp_tui.ui.opener import Opener
    from cmp_tui.ui.signs import Signs


class AppFace(Protocol):
    """The side of the app that its parts see."""

    live: LiveClinic
    clinic: Clinic
    me: Person
    settings: Settings
    signs: Signs
    names: Names
    masked: bool
    keyboard: Keyboard
    forms: Forms
    colours: Colours

    @property
    def opener(self) -> Opener:
        """Opens every form."""

    @property
    def board(self) -> Board:
        """The main screen that is shown."""

    @property
    def screen(self) -> Screen[Any]:
        """What is on top: a main screen, or a dialog over it."""

    def today(self) -> date:
        """The clinic's day."""

    def shown_name(self, family: str, given: str) -> str:
        """A name as lists show it."""

    def header_facts(self) -> HeaderFacts:
        """What the header says now."""

    def take_out(self, listing: Listing | None = None) -> None:
        """Saves a list as a file: the one that is given, else the one that is shown."""

    def form_ended(self) -> None:
        """A form went away."""

    async def after_saving(self) -> None:
        """Something was written."""

    def go(self, mode: str) -> None:
        """Goes to a main screen."""

    def wear(self, theme: str) -> None:
        """Changes the colours."""

    def register_theme(self, theme: Theme) -> None:
        """Adds colours that can be worn."""

    def run_worker(
        self, work: Coroutine[Any, Any, Any], *, group: str = "default", exclusive: bool = False
    ) -> Any:
        """Does some work beside the screen."""

    def post_message(self, message: Message) -> bool:
        """Asks the app for something."""

    def push_screen(self, screen: Screen[Any]) -> Any:
        """Shows a dialog."""

    async def push_screen_wait(self, screen: Screen[Any]) -> Any:
        """Shows a dialog and returns its answer."""

    async def run_action(self, action: str) -> bool:
        """Does what a key does."""
