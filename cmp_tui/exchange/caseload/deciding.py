"""The rows of an import: which are shown, what is decided about them, and how they come in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from textual.content import Content

from cmp_tui.clinic.errors import ClinicError
from cmp_tui.exchange.caseload.board import IMPORTING, ImportBoard
from cmp_tui.exchange.caseload.preview_rows import SHOWS, PreviewRow
from cmp_tui.exchange.caseload.rows_panel import totals
from cmp_tui.ui.form import FormSpec, Submission
from cmp_tui.ui.page import PlainPage
from cmp_tui.ui.picker import Pick, PickScreen
from cmp_tui.ui.words import plural

QUIET = 0.6
"""Seconds without a decision after which the rows are worked out anew."""


class Asking(ImportBoard):
    """Asks for one of several, or something in a form."""

    def _pick(
        self, title: Content, picks: Sequence[Pick], now: str, then: Callable[[str], Awaitable[None]]
    ) -> None:
        """Asks for one of several; `then` follows when one was picked."""
        ready = self.cmp.keyboard.hold()

        async def asked() -> None:
            try:
                picked = await self.cmp.push_screen_wait(PickScreen(title, picks, now, self.cmp.signs, ready))
            finally:
                ready()
            if picked is not None:
                await then(picked)

        self.run_worker(asked(), group="forms")

    def _open(
        self,
        spec: FormSpec,
        values: Mapping[str, object],
        submit: Callable[[Submission], Awaitable[None]],
        then: Callable[[], None],
    ) -> None:
        """Asks something in a form; `then` follows when it was answered."""
        ready = self.cmp.keyboard.hold()

        async def asked() -> None:
            try:
                result = await self.cmp.opener.ask(self, spec, values, submit, ready)
            finally:
                ready()
            self.cmp.form_ended()
            if result.saved:
                then()

        self.run_worker(asked(), group="forms")


class Deciding(Asking):
    """What the keys of the last step do."""

    @property
    def _row(self) -> PreviewRow | None:
        row: PreviewRow | None = self.table.row if self.step == "rows" else None
        return row

    def action_show_only(self, by: int) -> None:
        """Shows rows of another kind; kinds without rows are passed over."""
        at = SHOWS.index(self.show_only)
        for _ in SHOWS:
            at = (at + by) % len(SHOWS)
            if SHOWS[at] == "" or any(row.fits(SHOWS[at]) for row in self.work.rows):
                break
        self.show_only = SHOWS[at]
        self.draw(keep_place=False)

    def action_same(self) -> None:
        """The row is somebody who is here already."""
        row = self._row
        if row is None or row.plan is None or not row.plan.alike:
            return
        alike = {f"row {one.row}" if one.row else one.mrn: one for one in row.plan.alike}
        if len(alike) == 1:
            self._decide(row, same=next(iter(alike)))
            return
        picks = [Pick(name, f"{name}  {one.name} {one.birth_date}", one.why) for name, one in alike.items()]

        async def decide(name: str) -> None:
            self._decide(row, same=name)

        title = Content.assemble((f" Row {row.number} {row.name} {row.born}", "bold"), ("  is", "$dim"))
        self._pick(title, picks, "", decide)

    def action_new(self) -> None:
        """The row is a person of their own."""
        row = self._row
        if row is not None:
            self._decide(row, new=True)

    def action_out(self) -> None:
        """Leaves the row out, or takes back what was decided about it."""
        row = self._row
        if row is not None and self._is_decided(row):
            self._decide(row)
        elif row is not None and row.plan is not None:
            self._decide(row, out=True)

    def action_overwrite(self) -> None:
        """Where the clinic's file says otherwise than the sheet: it stays, or the sheet goes before it."""
        chosen = self.work.chosen
        chosen.overwrite = not chosen.overwrite
        self.say(
            "Where the sheet says otherwise, the sheet goes before what stands here."
            if chosen.overwrite
            else "Where the sheet says otherwise, it stays as it is here."
        )
        self.run_worker(self._again(0), group="import", exclusive=True)

    def action_dates(self) -> None:
        """Reads dates of which nothing tells the order with the day first, or with the month first again."""
        chosen = self.work.chosen
        chosen.day_first = None if chosen.day_first else True
        order = "day first" if chosen.day_first else "month first"
        self.say(f"Dates of which nothing tells the order are read {order}.")
        self.run_worker(self._again(0), group="import", exclusive=True)

    def action_about(self) -> None:
        """Shows the totals by kind, and what was found out about the file."""
        book, plan = self.work.book, self.work.plan
        if book is not None and plan is not None:
            self.cmp.push_screen(PlainPage(totals(plan, book)))

    def _is_decided(self, row: PreviewRow) -> bool:
        chosen = self.work.chosen
        return row.number in chosen.same or row.number in chosen.new or row.number in chosen.out

    def _decide(self, row: PreviewRow, same: str | None = None, new: bool = False, out: bool = False) -> None:
        """Notes a decision, shows it at once, and works the rows out anew when no other follows."""
        self.work.chosen.decide(row.number, same, new, out)
        word = "same" if same is not None else "new" if new else "out" if out else ""
        self.work.rows = [
            one._replace(decided=word) if one.number == row.number else one for one in self.work.rows
        ]
        self.draw()
        self.table.action_step(1)
        self.run_worker(self._again(QUIET), group="import", exclusive=True)

    async def _again(self, pause: float) -> None:
        await self.work.keep()
        await asyncio.sleep(pause)
        await self.look()

    async def _ask_to_bring_in(self) -> None:
        if any(row.decided for row in self.work.rows):
            await self.look()
        plan, counts = self.work.plan, self.work.counts
        if plan is None or plan.empty:
            self.say("There is nothing to import: no row is new or changed.", "soon")
            return
        new, changed = counts.get("new", 0), counts.get("changed", 0)
        waiting = sum(row.asks for row in self.work.rows)
        words = f"Import {new:,} new, {changed:,} changed?" + (
            f" {waiting:,} undecided stay out." if waiting else ""
        )
        if not await self.ask(words):
            self.say("Nothing was imported.")
            return
        self.run_worker(self._bring_in(), group="import", exclusive=True)

    async def _bring_in(self) -> None:
        self.doing = IMPORTING
        self.put_title(self._title())
        try:
            done = await self.work.bring_in()
        except ClinicError as error:
            self.say(str(error), "wrong")
            return
        finally:
            self.doing = ""
        self.path_line.value = ""
        self.open_step("file")
        await self.cmp.after_saving()
        self.cmp.go(
            "caseload",
            f"Imported: {plural(done.patients, 'new patient')}, {plural(done.rows, 'record')}. u takes it all back.",
        )
