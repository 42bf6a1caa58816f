"""An import under way in the app: the file that was read, what was said about it, and the plan that follows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cmp_tui.clinic.errors import ClinicError, Stopped
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.clinic.text import terminal_safe
from cmp_tui.exchange.caseload.headings import KEPT_AS, Columns, corrected, guess, with_year
from cmp_tui.exchange.caseload.kept import KEY, KIND, Chosen, stamp_of
from cmp_tui.exchange.caseload.plan import CaseloadPlan, Choices
from cmp_tui.exchange.caseload.preview_rows import PreviewRow, rows_of
from cmp_tui.exchange.caseload.reading import SheetIn, read_caseload
from cmp_tui.exchange.caseload.words import Words, load_words

if TYPE_CHECKING:
    from cmp_tui.exchange.caseload.actions import Imported


class Importing:
    """One import. Its methods belong to the event loop's thread and never make it wait."""

    def __init__(self, live: LiveClinic) -> None:
        self._live = live
        self._words: Words | None = None
        self._stop = False
        self._guessed: Columns | None = None
        self.chosen = Chosen()
        self.rows_read = 0
        self.book: SheetIn | None = None
        self.mapping: Columns | None = None
        self.plan: CaseloadPlan | None = None
        self.rows: list[PreviewRow] = []

    # -- what was chosen so far

    async def take_up(self) -> bool:
        """Takes up what was left; returns whether there is anything."""
        for one in await self._live.kept(KIND):
            if one.key == KEY:
                self.chosen = Chosen.kept(one.data)
        return self.chosen.path is not None

    async def keep(self) -> None:
        """Keeps what was chosen so far."""
        await self._live.keep(KIND, KEY, self.chosen.to_keep())

    async def forget(self) -> None:
        """Forgets the file and all that was said about it."""
        self.chosen, self.book, self.mapping, self.plan, self.rows = Chosen(), None, None, None, []
        await self._live.forget(KIND, KEY)

    # -- the file

    async def read(self, path: Path, today: date, sheet: str | None = None) -> None:
        """Reads a file (or another sheet of it) and guesses its columns. Raises ClinicError; then all is as before."""
        self._stop, self.rows_read = False, 0
        words = self._words
        if words is None:
            words = await asyncio.to_thread(load_words, self._live.clinic.reference.folder)
        try:
            stamp = await asyncio.to_thread(stamp_of, path)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not a path"
            raise Stopped(f"{terminal_safe(str(path))} can't be read: {reason}.") from error
        again = (path, stamp) == (self.chosen.path, self.chosen.stamp)
        wanted = sheet or (self.chosen.sheet if again else None) or None  # a CSV file's sheet has no name
        book = await asyncio.to_thread(
            read_caseload, path, words, wanted, on_progress=self._told, never=self._live.clinic.path
        )
        self._words, self.book, self.plan, self.rows = words, book, None, []
        self.chosen.begin(path, stamp)
        self.chosen.on(book.sheet)
        kept = {one.key: one.data for one in await self._live.kept(KEPT_AS)}
        self._guessed = await asyncio.to_thread(guess, book, words, kept, today=today)
        self._map()

    def stop(self) -> None:
        """Gives the reading up."""
        self._stop = True

    def _told(self, done: int, total: int) -> None:
        """Called from the thread that reads."""
        self.rows_read = done
        if self._stop:
            raise Stopped("The reading was stopped.")

    # -- the columns

    def mean(self, heading: str, meaning: str) -> None:
        """Says what a column means. Raises Invalid with a sentence."""
        assert self.mapping is not None
        corrected(self.mapping, {heading: meaning})
        self.chosen.meanings[heading] = meaning
        self._map()

    def say_year(self, year: int) -> None:
        """Says the year of the months. Raises Invalid with a sentence."""
        assert self.mapping is not None
        with_year(self.mapping, year)
        self.chosen.year = year
        self._map()

    def _map(self) -> None:
        assert self._guessed is not None
        mapping = self._guessed
        for heading, meaning in self.chosen.meanings.items():
            try:
                mapping = corrected(mapping, {heading: meaning})
            except ClinicError:  # said by an older program, or of a heading that has gone
                continue
        if self.chosen.year is not None:
            mapping = with_year(mapping, self.chosen.year)
        self.mapping, self.plan = mapping, None

    # -- the rows

    async def look(self) -> None:
        """Works out what each row would do. Raises ClinicError."""
        from cmp_tui.exchange.caseload.queries import caseload_plan

        assert self.book is not None and self.mapping is not None
        chosen = self.chosen
        choices = Choices(
            overwrite=chosen.overwrite,
            same=dict(chosen.same),
            new=frozenset(chosen.new),
            out=frozenset(chosen.out),
            day_first=chosen.day_first,
        )
        plan = await self._live.ask_long(caseload_plan, self.book, self.mapping, choices)
        self.plan, self.rows = plan, await asyncio.to_thread(rows_of, plan)

    async def bring_in(self) -> Imported:
        """Imports what the plan says, remembers the columns, and forgets the rest. Raises ClinicError."""
        from cmp_tui.exchange.caseload.actions import import_caseload

        assert self.plan is not None and self.mapping is not None
        done = await self._live.do(import_caseload, self.plan)
        await self._live.keep(KEPT_AS, self.mapping.signature, self.mapping.to_keep())
        await self.forget()
        return done

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows there are of each state."""
        found: dict[str, int] = {}
        for row in self.rows:
            found[row.state] = found.get(row.state, 0) + 1
        return found
