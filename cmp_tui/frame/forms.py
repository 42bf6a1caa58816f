"""Opening forms from messages and drafts, and what is said when they end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.ui.messages import OpenChart

if TYPE_CHECKING:
    from cmp_tui.frame.app_face import AppFace
    from cmp_tui.ui.board import Board
    from cmp_tui.ui.dock import Result
    from cmp_tui.ui.form import FormSpec, Submission
    from cmp_tui.ui.makers import Opening

CONTACTS = ("contact", "group", "class")
"""The forms that the marked rows are logged with, or invited."""


class Forms:
    """The way of a form: opened on the board one is on, saved or kept as a draft, and followed by the next."""

    def __init__(self, app: AppFace) -> None:
        self._app = app

    async def show(
        self,
        name: str,
        patient: bytes | None,
        record: bytes | None,
        args: dict[str, Any],
        ready: Callable[[], None],
    ) -> None:
        """Opens a form and waits for its end; then the form that follows it. `ready`: it has the focus."""
        board = self._app.board
        try:
            opening, result = await self._app.opener.open(board, name, patient, record, args, ready)
        except ClinicError as error:
            board.say(str(error), "wrong")
            return
        finally:
            ready()
        if result.saved and name in CONTACTS:
            _unmark(board, patient, args)
        elif result.saved and name == "merge":
            board.clear_marks()
        following = await self._ended(opening, result)
        if following is not None:
            await self.show(*following, self._app.keyboard.hold())

    async def raise_concern(self, ready: Callable[[], None]) -> None:
        """Opens a concern about the patient of the form that is open, which it comes back to, or of the screen."""
        board = self._app.board
        form = board.dock.form
        if form is None:
            patient = board.subject()
        else:
            patient = self._app.opener.patient_of(form)
            await form.keeper.now()
        if patient is None:
            ready()
            say = board.say if form is None else form.title_line.complain
            say("A concern is about one patient. Open it from their chart, or with the cursor on them.")
            return
        await self.show("escalate", patient, None, {}, ready)

    async def ask(self, spec: FormSpec, values: Mapping[str, object]) -> Result:
        """Asks something over the form that is being saved; it waits meanwhile. Returns how the question ended."""
        ready = self._app.keyboard.hold()

        async def submit(submission: Submission) -> object:
            return submission.values

        try:
            return await self._app.opener.ask(self._app.board, spec, values, submit, ready)
        finally:
            ready()

    async def show_draft(self, draft: bytes, ready: Callable[[], None]) -> None:
        """Opens the form of a draft, with what was typed."""
        try:
            name, patient, record, args = await self._app.opener.of_draft(draft)
        except ClinicError as error:
            ready()
            self._app.board.say(str(error), "wrong")
            self._app.board.refresh_rows()
            return
        await self.show(name, patient, record, args, ready)

    async def _ended(
        self, opening: Opening, result: Result
    ) -> tuple[str, bytes | None, bytes | None, dict[str, Any]] | None:
        """Says how a form ended; returns the form that follows."""
        board = self._app.board
        self._app.form_ended()
        if result.saved:
            words = " ".join(part for part in (opening.said(result.value), result.warning) if part)
            board.say(words, "soon" if result.warning else "done")
            if board.dock.form is not None:  # one comes back to another form, which lies over the notice line
                board.dock.form.title_line.complain(words, "accent")
            board.form_saved(result.value)
            await self._app.after_saving()
            if (opened := opening.opens(result.value)) is not None:
                board.post_message(OpenChart(opened, said=words))
            if (asked := opening.leads(result.value)) is not None:
                board.post_message(asked)
            return opening.then(result.value)
        if isinstance(result.value, bytes):  # left for the chart of someone who is here already
            said = "Nothing was added. What you typed is kept as a draft; Today lists it."
            board.post_message(OpenChart(result.value, said=said))
        elif result.kept:
            board.say("Kept as a draft; Today lists it.")
            board.refresh_rows()
        else:
            board.say("Closed; there was nothing to keep.")
        return None


def _unmark(board: Board, patient: bytes | None, args: Mapping[str, Any]) -> None:
    """What the marked rows were marked for is done: the next key is about the row under the cursor again."""
    done = set(args.get("patients", ())) or ({patient.hex()} if patient else set())
    if done == {key.hex() for key in board.marked()}:
        board.clear_marks()
