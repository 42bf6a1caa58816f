"""Taking a list out of the program: what the file is called is asked, the writing goes on beside the screen."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from textual.content import Content

from cmp_tui.clinic.errors import ClinicError, Stopped
from cmp_tui.clinic.staff import os_user
from cmp_tui.files.outbox import free_name, home_short, make_outbox, scp_line
from cmp_tui.frame.app_face import AppFace
from cmp_tui.frame.list_file import SUFFIXES, Progress, Written, list_file, read_target, stem_of
from cmp_tui.ui.fields.text import TextField
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.listing import Listing
from cmp_tui.ui.notice import Notice
from cmp_tui.ui.page import PlainPage
from cmp_tui.ui.words import plural

TELL_EVERY = 1.0
"""Seconds between two notices of how far a long writing is."""
PATIENCE = 3.0
"""Seconds after which the person has gone on to something else: no page comes up any more."""
KEPT = "list-out"


class ListOut:
    """The way of a list out of the program."""

    def __init__(self, app: AppFace) -> None:
        self._app = app
        self._progress: Progress | None = None

    async def ask(self, listing: Listing | None, ready: Callable[[], None]) -> None:
        """Asks for the name of the file and writes it. While one is written, asks whether to stop that."""
        board = self._app.board
        try:
            self._app.clinic.rights.require(self._app.me.roles, "look.export")
            if self._progress is not None:
                ready()
                await self._ask_to_stop(self._progress)
                return
            listing = listing or await board.listing()
            if listing is None:
                board.say("There are no rows here to save.")
                return
            folder = await asyncio.to_thread(make_outbox)
            name = f"{stem_of(listing)}-{self._app.today().isoformat()}"
            suffix = await self._usual_suffix()
            proposed = await asyncio.to_thread(free_name, folder, name, suffix)
        except ClinicError as error:
            board.say(str(error), "wrong")
            return

        async def submit(submission: Submission) -> Path:
            typed = str(submission.values["file"])
            return await asyncio.to_thread(read_target, typed, self._app.clinic.path)

        spec = FormSpec(
            name="list-out",
            title=f"Save {listing.name}",
            identity=Content(listing.words or plural(listing.count, "row")),
            fields=(
                TextField(
                    name="file",
                    label="File",
                    required=True,
                    limit=1000,
                    help=f".csv or .xlsx, in {home_short(folder)} or at a path",
                ),
            ),
        )
        result = await self._app.opener.ask(board, spec, {"file": proposed}, submit, ready)
        self._app.form_ended()
        if result.saved:
            assert isinstance(result.value, Path)
            await self._app.live.keep("window", KEPT, {"suffix": result.value.suffix.lower()})
            self._app.run_worker(self._write(listing, result.value), group="take-out")
        else:
            board.say("No file was written.")

    async def _usual_suffix(self) -> str:
        """The kind of file that the person chose last."""
        kept = await self._app.live.kept("window")
        last = next((one.data.get("suffix") for one in kept if one.key == KEPT), None)
        return last if last in SUFFIXES else SUFFIXES[0]

    def stop(self) -> None:
        """The program ends: what is being written is given up, its half of a file removed."""
        if self._progress is not None:
            self._progress.stop = True

    async def _ask_to_stop(self, progress: Progress) -> None:
        if await self._app.board.ask(f"{_how_far(progress)} Stop the writing?"):
            progress.stop = True

    async def _write(self, listing: Listing, path: Path) -> None:
        app = self._app
        masked = app.masked

        def check() -> None:
            if app.masked != masked:
                raise Stopped("Names were masked or shown meanwhile, so no file was written. X begins again.")

        progress = self._progress = Progress(listing.count)
        writing = asyncio.ensure_future(
            app.live.ask_long(list_file, app.clinic, listing, path, progress, check)
        )
        waited = 0.0
        try:
            while not (await asyncio.wait({writing}, timeout=TELL_EVERY))[0]:
                waited += TELL_EVERY
                self._say(_how_far(progress))
            written = writing.result()
        except ClinicError as error:
            app.board.say(str(error), "plain" if progress.stop else "wrong")
            return
        finally:
            self._progress = None
        self._tell(listing, written, show=waited < PATIENCE)

    def _say(self, words: str) -> None:
        """Says how far it is, unless something is being asked or was said that must stay."""
        notice = self._app.board.query_one(Notice)
        if not notice.is_modal:
            notice.say(words, keep=True)

    def _tell(self, listing: Listing, written: Written, show: bool) -> None:
        board = self._app.board
        if not board.query_one(Notice).is_modal:
            board.say(f"{plural(written.rows, 'row')} in {home_short(written.path)}", "done")
        if show and self._app.screen is board and not board.dock.is_open:
            self._app.push_screen(PlainPage(_page(listing, written)))


def _how_far(progress: Progress) -> str:
    return f"Writing the file: {progress.rows:,} of {progress.total:,} rows."


def _page(listing: Listing, written: Written) -> Content:
    """Where the file is, and how to get at it."""
    lines = (
        Content.assemble((f"{listing.name} saved", "bold"), f"  {plural(written.rows, 'row')}"),
        Content(""),
        _line("File", str(written.path)),
        _line("Fetch it", scp_line(written.path, os.environ, os_user())),
        _line("", "from your own computer, where this is another one"),
        _line("SHA-256", written.sha256),
        Content(""),
        Content.styled("It holds patients' data. Remove it when it has served.", "$dim"),
    )
    return Content("\n").join(lines)


def _line(label: str, words: str) -> Content:
    return Content.assemble((f"{label:<10}", "$dim"), (words, "" if label else "$dim"))
