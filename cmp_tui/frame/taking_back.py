"""Undo and redo by key: what was done is shown first, and enter takes it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from cmp_tui.clinic.calendar import local
from cmp_tui.clinic.errors import ClinicError
from cmp_tui.clinic.history import Done, last_redoable, last_undoable
from cmp_tui.frame.app_face import AppFace
from cmp_tui.patients.queries import patient_card


class TakingBack:
    """The question before an undo or a redo, and its answer."""

    def __init__(self, app: AppFace) -> None:
        self._app = app

    async def undo(self, ready: Callable[[], None]) -> None:
        """Shows the last thing this person did and takes it back on enter."""
        done = await self._app.live.ask(last_undoable)
        if done is None:
            self._app.board.say("There is nothing to undo.")
        elif not done.undoable:
            self._app.board.say(
                f"The last thing you did ({await self._words(done)}) can't be undone.", "soon"
            )
        else:
            await self._ask("Undo", "Undone", done, self._app.live.undo, ready)

    async def redo(self, ready: Callable[[], None]) -> None:
        """Takes the last undo back on enter."""
        done = await self._app.live.ask(last_redoable)
        if done is None:
            self._app.board.say("There is nothing to do again.")
        else:
            await self._ask("Do again", "Done again", done, self._app.live.redo, ready)

    async def _ask(
        self,
        word: str,
        after: str,
        done: Done,
        do: Callable[[int], Awaitable[Done]],
        ready: Callable[[], None],
    ) -> None:
        board, words = self._app.board, await self._words(done)
        ready()
        if not await board.ask(f"{word}: {words}?"):
            board.say("Nothing was changed.")
            return
        try:
            await do(done.seq)
        except ClinicError as error:
            board.say(str(error), "wrong")
            return
        board.say(f"{after}: {words}.", "done")
        await self._app.after_saving()

    async def _words(self, done: Done) -> str:
        """What was done, for whom, and when."""
        what = self._app.clinic.reference.label("deed", done.undid or done.action)
        at = local(done.at, self._app.settings.zone)
        when = f"{at:%H:%M}" if at.date() == self._app.today() else f"{at:%a} {at.day} {at:%b} {at:%H:%M}"
        if done.patient is None:
            return f"{what}, {when}"
        try:
            card = await self._app.live.ask(patient_card, done.patient)
        except ClinicError:  # the patient was added by what is taken back, or struck out since
            return f"{what}, {when}"
        return f"{what}, {self._app.shown_name(card.family, card.given or '')}, {when}"
