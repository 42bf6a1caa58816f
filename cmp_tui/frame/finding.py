"""Finding someone from anywhere, and what the palette finds by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

from textual.app import SystemCommand
from textual.content import Content

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.frame.app_face import AppFace
from cmp_tui.patients.queries import PatientLine, find_patients, read_names
from cmp_tui.ui.listing import age_cells, patient_cells, text
from cmp_tui.ui.messages import OpenForm, RaiseConcern
from cmp_tui.ui.search import SearchScreen
from cmp_tui.ui.table_lines import Column
from cmp_tui.ui.words import age_words, birth_words

FORMS = (
    ("New patient", "Add someone by form", "patient"),
    ("New intake", "Someone who may belong in a program", "intake"),
    ("New task", "Something to do that is about nobody in particular", "task"),
    ("Lend my panel", "A colleague covers for me", "lend"),
    ("End a loan", "Take a lent panel back", "end-loan"),
    ("Move a panel", "Give patients to a colleague", "move"),
)


class Finding:
    """The search over everybody."""

    def __init__(self, app: AppFace) -> None:
        self._app = app

    async def search(self, ready: Callable[[], None]) -> tuple[PatientLine | None, Callable[[], None]]:
        """Asks for someone; returns whom the person chose, and what lets the keys typed since go. From a worker."""
        shown = self._app.shown_name
        columns = (
            Column(
                "who",
                lambda row, state: shown(row.family, row.given or ""),
                fraction=2,
                cells=patient_cells(self._app),
            ),
            Column(
                "age",
                lambda row, state: Content.styled(self._age(row), "$dim"),
                width=8,
                cells=age_cells(self._app.today),
            ),
            Column(
                "born",
                lambda row, state: Content.styled(birth_words(row.birth_date), "$dim"),
                width=12,
                cells=text("born", lambda row: None if self._app.masked else row.birth_date or None),
            ),
            Column(
                "mrn",
                lambda row, state: Content.styled(row.mrn, "$dim"),
                fraction=1,
                min_width=70,
                cells=(),
            ),
        )
        hold = self._app.keyboard.hold
        screen = SearchScreen(
            self._find, columns, self._app.signs, self._searched, ready, hold, self._app.take_out
        )
        self._app.run_worker(self._read_names(), group="names")
        found: PatientLine | None = await self._app.push_screen_wait(screen)
        return found, screen.let_go

    async def _read_names(self) -> None:
        """While the first letter is thought of."""
        with suppress(ClinicError):
            await self._app.live.ask_long(read_names, self._app.names)

    async def _find(self, text: str) -> list[PatientLine]:
        return await self._app.live.ask_newest("search", find_patients, text, 20, self._app.names)

    async def _searched(self, text: str) -> None:
        await self._app.live.look("search", length=len(text))

    def _age(self, row: PatientLine) -> str:
        if row.deceased:
            return "died"
        return f"{age_words(row.birth_date, self._app.today()) if row.birth_date else '':>3} {row.sex}"


def commands(app: AppFace) -> Iterator[SystemCommand]:
    """Yields what the palette finds by name."""

    def press(action: str) -> Callable[[], None]:
        def do() -> None:
            app.run_worker(app.run_action(action))

        return do

    def do_here(action: str) -> Callable[[], None]:
        return lambda: app.run_worker(app.board.run_action(action))

    for title, help_text, action in app.board.BY_NAME:
        yield SystemCommand(title, help_text, do_here(action))
    yield SystemCommand("Today", "What is due", lambda: app.go("today"))
    yield SystemCommand("Caseload", "Everyone in one list", lambda: app.go("caseload"))
    yield SystemCommand("Enrollment", "Everybody on the way into a program", lambda: app.go("enrollment"))
    yield SystemCommand(
        "Enrollment report",
        "How far people came, by source; days in a stage; why they left",
        lambda: app.go("enrollment-report"),
    )
    yield SystemCommand(
        "Month", "Minutes, what can be billed and what is in the way", lambda: app.go("month")
    )
    yield SystemCommand("Day review", "What I logged today, and what is missing", lambda: app.go("day"))
    yield SystemCommand(
        "Referral report",
        "Closed in time, by kind, recipient and reason",
        lambda: app.go("referral-report"),
    )
    yield SystemCommand(
        "Directory", "Practitioners and services outside: phone, fax, hours", lambda: app.go("directory")
    )
    yield SystemCommand("Search", "Find someone by name, MRN, birth date or phone", press("search"))
    for title, help_text, form in FORMS:
        yield SystemCommand(title, help_text, lambda form=form: app.post_message(OpenForm(form)))
    if subject := app.board.subject():
        yield SystemCommand(
            "Concern to a practitioner",
            "Something about this patient that a practitioner is to look at, with an answer",
            lambda: app.post_message(RaiseConcern()),
        )
        yield SystemCommand(
            "Merge with another patient",
            "Two records of one person become one; nothing is lost",
            lambda: app.post_message(OpenForm("merge-with", subject)),
        )
    yield SystemCommand("Undo", "Take back the last thing you did", press("undo"))
    yield SystemCommand("Redo", "Take the last undo back", press("redo"))
    yield SystemCommand(
        "Import a spreadsheet",
        "A caseload as CSV or XLSX, looked at row by row first",
        lambda: app.go("import"),
    )
    yield SystemCommand("Save this list", "Its rows as CSV or as a spreadsheet", app.take_out)
    yield SystemCommand("Mask names", "Hide or show names in lists", press("mask_names"))
    yield SystemCommand("Help", "Explain this screen and its keys", press("help"))
    yield SystemCommand("Quit", "Leave; drafts are kept", press("leave"))
    for name, title in app.colours.titles.items():
        yield SystemCommand(f"Colours: {name}", title, lambda name=name: app.colours.wear(name))
