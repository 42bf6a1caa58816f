"""The chart's Transitions: stays with their clocks, emergency visits, how often, and LACE with the rows behind it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from textual.content import Content

from cmp_tui.chart.base_panel import Loaded, Panel, Setting, Step
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.transitions.facts import StayFact
from cmp_tui.transitions.lace_rules import Lace
from cmp_tui.transitions.preview import Look, lace_lines, more_lines, stay_lines, use_lines
from cmp_tui.transitions.queries import PatientStays, transitions_of
from cmp_tui.transitions.rules import ASKED, Transition
from cmp_tui.transitions.settling import booking, putting_off, settling
from cmp_tui.transitions.use_rules import EMERGENCY
from cmp_tui.transitions.words import (
    SETTLES,
    lace_words,
    nights,
    use_words,
    weekday,
    where,
    why_words,
)
from cmp_tui.ui.listing import day, text
from cmp_tui.ui.messages import OpenForm
from cmp_tui.ui.preview import Line
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.words import day_words

STAY, ROOM, SCORE = "stay", "ed", "lace"
NOT_A_STAY = "This is worked out from the stays and conditions. Go to a stay."


class Row(NamedTuple):
    """A line: a stay or an emergency visit, or the score."""

    part: str
    one: Transition | None = None
    score: Lace | None = None
    of: StayFact | None = None


class TransitionsPanel(Panel):
    """The stays, the latest first, and what they amount to."""

    name = "transitions"
    title = "Transitions"
    keys = frozenset({"edit", "new", "strike", "versions", "snooze", "done"})
    words = {"chart.new": "new stay", "chart.done": "settle"}
    open_word = "edit"

    async def load(self, live: LiveClinic, patient: bytes, setting: Setting) -> Loaded:
        """Reads the stays."""
        self.patient, self._set = patient, setting
        self._found = found = await live.ask(transitions_of, patient)
        stays = [Row(STAY, one) for one in found.stays if one.stay.kind != EMERGENCY]
        rooms = [Row(ROOM, one) for one in found.stays if one.stay.kind == EMERGENCY]
        score = [Row(SCORE, None, found.lace, found.scored)] if found.lace is not None else []
        admissions, visits = use_words(found.use)
        dot = f" {setting.signs.dot} "
        headings = []
        if stays:
            headings.append((0, f"Stays{dot}admitted {admissions}"))
        if rooms:
            headings.append((len(stays), f"Emergency visits{dot}{visits}"))
        if score:
            headings.append((len(stays) + len(rooms), "Risk of coming back"))
        return Loaded([*stays, *rooms, *score], headings)

    def empty(self) -> Content:
        """What would stand here, and its key."""
        return Content.assemble(
            "No stays, no emergency visits. ", ("n", "$accent"),
            (" records one; they also come in with claims, the EHR and ", "$dim"),
            ("cmp-tui import stays", "$accent"),
        )  # fmt: skip

    def columns(self) -> Sequence[Column]:
        """When they left, where they were and why, what is due next."""

        def when(row: Row, state: RowState) -> Content:
            today, signs = self._set.today, self._set.signs
            if row.one is None:
                return Content.styled("LACE", "$dim")
            stay = row.one.stay
            if stay.discharged is None:
                return Content.styled(f"{signs.today} still in", "$amber")
            return Content.styled(day_words(stay.discharged, today), "" if row.one.counts else "$dim")

        def what(row: Row, state: RowState) -> Content:
            dot = self._set.signs.dot  # what is cut keeps its styles only between single spaces
            if row.one is None:
                assert row.score is not None
                high = row.score.most >= row.score.high
                parts = f" {dot} ".join(f"{part.letter} {part.points}" for part in row.score.parts)
                style = "$amber" if high else ""
                return Content.assemble((lace_words(row.score), style), (f" {dot} {parts}", "$dim"))
            stay = row.one.stay
            label = self._set.reference.label
            style = state.name_style(row.one.is_late)
            long = f" {dot} {nights(stay, self._set.today)}" if stay.kind != EMERGENCY else ""
            reason = f" {dot} {stay.reason}" if stay.reason else ""
            back = f" {dot} back within 30 days" if row.one.back is not None else ""
            return Content.assemble(
                (where(stay, label), style), (back, "$amber"), (f"{long}{reason}", "$dim")
            )

        def due(row: Row, state: RowState) -> Content:
            if row.one is None:
                return Content("")
            style = "$coral" if row.one.is_late else "$dim"
            first = row.one.first
            if first is not None and first.due == self._set.today and not row.one.is_late:
                style = "$amber"
            return Content.styled(self._due(row), style)

        return (
            Column("left", when, width=12, cells=day("left", lambda row: row.one and row.one.stay.discharged)),
            Column("stay", what, fraction=3),
            Column("due", due, fraction=2, cells=text("due", self._due)),
        )  # fmt: skip

    def _due(self, row: Row) -> str:
        """What is due next, or why nothing is."""
        if row.one is None:
            return ""
        one, today = row.one, self._set.today
        if one.stay.kind == EMERGENCY:
            return ""
        if one.why_not:
            return why_words(one, self._set.reference.label)
        assert one.times is not None
        if today > one.times.window_end:
            return f"30 days over {day_words(one.times.window_end, today)}"
        if one.first is None:
            return f"all done, 30 days to {day_words(one.times.window_end, today)}"
        if one.first.name == ASKED:
            return "ask for the summary"
        late = " late: was due" if one.first.state == "late" else " by"
        return f"{SETTLES[one.first.name]}{late} {weekday(one.first.due, today)}"

    def identity(self, row: Row) -> Hashable:
        """The stay's key, or the score."""
        return row.one.stay.key if row.one is not None else SCORE

    def preview(self, row: Row) -> Sequence[Line]:
        """The stay whole; the score with its parts."""
        look = Look(self._set.reference, self._set.signs, False, self._set.today)
        stays = {one.stay.key: one.stay for one in self._found.stays}
        if row.one is None:
            return (
                Line(None, Content.styled("LACE: how likely to come back", "bold")),
                *((Line("Stay", self._stay_words(row.of)),) if row.of is not None else ()),
                *lace_lines(row.score, look, stays, self._found.conditions),
            )
        return (*stay_lines(row.one, look), *use_lines(self._found.use), *more_lines(row.one, look))

    def _stay_words(self, stay: StayFact) -> str:
        house = where(stay, self._set.reference.label)
        return f"{house} from {day_words(stay.admitted, self._set.today)}"

    def record_of(self, row: Row) -> tuple[str, bytes] | None:
        """The stay."""
        return ("stay", row.one.stay.key) if row.one is not None else None

    def place_of(self, row: Row) -> str:
        """The stay, for who opens the chart at it."""
        return row.one.stay.key.hex() if row.one is not None else SCORE

    def edit(self, row: Row) -> Step:
        """Changes the stay."""
        return OpenForm("stay", self.patient, row.one.stay.key) if row.one is not None else NOT_A_STAY

    def new(self) -> Step:
        """Records a stay."""
        return OpenForm("stay", self.patient)

    def strike(self, row: Row) -> Step:
        """Strikes out what was recorded by mistake."""
        if row.one is None:
            return NOT_A_STAY
        words = where(row.one.stay, self._set.reference.label)
        return OpenForm("strike", self.patient, row.one.stay.key, {"what": "stay", "words": words[:200]})

    def done(self, row: Row) -> Step:
        """Opens what settles the stay's first open clock."""
        if row.one is None:
            return NOT_A_STAY
        first = row.one.first
        if first is None:
            return (
                why_words(row.one, self._set.reference.label).capitalize() + "."
                if row.one.why_not
                else "All done."
            )
        return settling(self.patient, row.one.stay, first, self._set.today)

    def snooze(self, row: Row) -> Step:
        """Puts the stay's first open clock off."""
        if row.one is None or row.one.first is None:
            return "Nothing is open here that could be put off."
        return putting_off(self.patient, row.one, row.one.first)

    def book(self, row: Row) -> Step:
        """Books the visit after the stay."""
        return booking(self.patient, row.one) if row.one is not None else NOT_A_STAY

    _set: Setting
    _found: PatientStays
