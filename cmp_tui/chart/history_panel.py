"""The chart's History: every change to the patient's records, and who looked at the chart."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import NamedTuple

from textual.content import Content

from cmp_tui.careplan.past_queries import plan_after
from cmp_tui.chart.base_panel import Loaded, Panel, Setting, Step, labelled
from cmp_tui.chart.changes import CHANGED, STRUCK, Sayer, arrow, deed_words, field_changes, kind_of
from cmp_tui.chart.history import MOST, Deed, history
from cmp_tui.chart.labels import RECORDS
from cmp_tui.chart.plan_panel_past import content_lines
from cmp_tui.chart.queries import Look, looks
from cmp_tui.chart.summary_rows import load_names
from cmp_tui.clinic.calendar import local
from cmp_tui.clinic.history import UNDO
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.ui.listing import Cell
from cmp_tui.ui.preview import GAP, Line
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.words import clock_words, day_words


class PlanThen(NamedTuple):
    """The plan as it stood after a change, told line by line."""

    lines: tuple[Line, ...]


Row = Deed | Look
MOST_NAMED = 40
"""Rows of an import that a preview names."""


class HistoryPanel(Panel):
    """Changes newest first, each with its person and what became of what; `l` shows the looks instead."""

    name = "history"
    title = "History"
    keys = frozenset({"undo_one", "looks", "plan_then"})
    words = {"list.open": "whole"}
    explained = (
        "Every change to this patient's records, newest first. enter shows one whole, v takes back one of your own. P "
        "shows the care plan as it was after the change under the cursor: for a day, go to the last change on or "
        "before it. l shows who looked at the chart."
    )

    def __init__(self) -> None:
        super().__init__()
        self.looking = False
        """Whether the looks are shown instead of the changes."""

    def begin(self) -> None:
        """Begins with the changes."""
        super().begin()
        self.looking = False

    async def load(self, live: LiveClinic, patient: bytes, setting: Setting) -> Loaded:
        """Reads the changes, or the looks."""
        self.patient, self._set = patient, setting
        if self.looking:
            seen = await live.ask(looks, patient)
            return Loaded(seen, [(0, "Who looked at this chart (l: changes)")] if seen else [])
        names = await asyncio.to_thread(load_names, setting.reference)
        self._say = Sayer(setting.reference, setting.zone, setting.today, setting.names(), names.measures)
        deeds = await live.ask_long(history, patient)
        more = f", the latest {MOST}" if len(deeds) >= MOST else ""
        return Loaded(deeds, [(0, f"Changes{more} (l: who looked)")] if deeds else [])

    def empty(self) -> Content:
        """Nothing was changed yet."""
        return Content("Nobody has looked yet." if self.looking else "No changes yet.")

    def columns(self) -> Sequence[Column]:
        """When, who, what."""

        def when(row: Row, state: RowState) -> Content:
            at = local(row.at, self._set.zone)
            day = day_words(at.date(), self._set.today)
            return Content.styled(f"{day} {clock_words(row.at, self._set.zone)}", state.name_style(False))

        def who(row: Row, state: RowState) -> Content:
            return Content.styled(row.who if isinstance(row, Look) else row.who_name, "$dim")

        def what(row: Row, state: RowState) -> Content:
            if isinstance(row, Look):
                return Content(self._set.reference.label("deed", row.action))
            deed, said = self.deed(row), deed_words(row, self._say)
            if row.undone:
                return Content.styled(f"{deed}, undone since: {said}", "$dim")
            return Content.assemble(deed, (f": {said}" if said else "", "$dim"))

        def moment(row: Row) -> datetime:
            return local(row.at, self._set.zone).replace(tzinfo=None)

        return (
            Column("when", when, width=17, cells=(Cell("when", moment, "local"),)),
            Column("who", who, width=11),
            Column("what", what, fraction=1),
        )

    def identity(self, row: Row) -> Hashable:
        """The number of the change or the look."""
        return row.seq

    def deed(self, row: Deed) -> str:
        """What was done, in the words of data/records.toml."""
        return self._set.reference.label("deed", row.action)

    async def plan_then(self, live: LiveClinic, row: Row) -> PlanThen | str:
        """The care plan as it stood after the change under the cursor; a sentence when there was none."""
        if isinstance(row, Look):
            return "A look changes nothing: l shows the changes, P there the plan as it was."
        when = f"{day_words(local(row.at, self._set.zone).date(), self._set.today)} "
        when += clock_words(row.at, self._set.zone)
        content = await live.ask_long(plan_after, self.patient, row.seq)
        if content is None:
            return f"There was no care plan yet on {when}."
        head = [Line(None, Content.styled("The care plan as it was", "bold")), GAP, Line("When", when)]
        after = [Line("After", self.deed(row)), GAP]
        return PlanThen((*head, *after, *content_lines(content, self._set)))

    def preview(self, row: Row | PlanThen) -> Sequence[Line]:
        """The change whole: every record, every column, old and new."""
        if isinstance(row, PlanThen):
            return row.lines
        when = f"{day_words(local(row.at, self._set.zone).date(), self._set.today)} "
        when += clock_words(row.at, self._set.zone)
        if isinstance(row, Look):
            what = self._set.reference.label("deed", row.action)
            return (Line(None, Content.styled(what, "bold")), GAP, Line("When", when), Line("Who", row.who))
        lines = [
            Line(None, Content.styled(self.deed(row), "bold")),
            GAP,
            Line("When", when),
            Line("Who", row.who_name),
        ]
        if row.undone:
            lines.append(Line("Since", Content.styled("undone", "$amber")))
        if row.imported:
            lines.append(GAP)
        for change in row.imported[:MOST_NAMED]:
            lines.append(labelled(RECORDS[change.table], self._say.name(change.table, change.after)))
        if len(row.imported) > MOST_NAMED:
            lines.append(Line("", f"and {len(row.imported) - MOST_NAMED} more"))
        for change in row.changes:
            kind = kind_of(change)
            name = self._say.name(change.table, change.after)
            lines += [GAP, Line(None, Content.assemble((f"{RECORDS[change.table]} {kind}  ", "$dim"), name))]
            if kind == STRUCK:
                lines.append(Line("why", str(change.after.get("struck_why") or "")))
                continue
            for one in field_changes(change.table, change.before, change.after, self._say):
                lines.append(labelled(one.label, arrow(one) if kind == CHANGED else one.new))
        if row.who == self._set.me.id and not row.undone:
            lines += [GAP, Line(None, Content.styled("v takes this one back", "$dim"))]
        return tuple(lines)

    def open(self, row: Row) -> Step:
        """The screen shows it whole."""
        return None

    def why_not_undo(self, row: Row) -> str:
        """Why a line can't be taken back from here; '' when it can be tried."""
        if isinstance(row, Look):
            return "A look leaves nothing to undo."
        if row.undone:
            return "This was undone already."
        if row.who != self._set.me.id:
            return f"Only {row.who_name or 'who did it'} can undo this. Edit the record, or strike it out."
        return ""

    def question(self, row: Deed) -> str:
        """The question before a change is taken back."""
        said = deed_words(row, self._say)
        word = "Do again" if row.action == UNDO else "Undo"
        return f"{word}: {self.deed(row)}{': ' + said if said else ''}?"

    @staticmethod
    def is_undo(row: Deed) -> bool:
        """Whether the change took another one back: then taking it back is doing that again."""
        return row.action == UNDO
