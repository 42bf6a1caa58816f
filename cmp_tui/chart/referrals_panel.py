"""The chart's Referrals: what is open with its clock, then what has ended; every step with who said so."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from textual.content import Content

from cmp_tui.chart.base_panel import Choice, Loaded, Menu, Panel, Setting, Step
from cmp_tui.clinic.live import LiveClinic
from cmp_tui.referrals.board_columns import age_of_stage, clock_content, next_content
from cmp_tui.referrals.lines import Detail
from cmp_tui.referrals.preview import referral_lines
from cmp_tui.referrals.queries import details_of
from cmp_tui.referrals.rules import CHECKED, PUT_OFF, STAGES
from cmp_tui.referrals.words import stage_words
from cmp_tui.ui.listing import day, text
from cmp_tui.ui.messages import OpenForm
from cmp_tui.ui.preview import Line
from cmp_tui.ui.table_lines import Column, RowState
from cmp_tui.ui.words import plural

ENDED_ALREADY = "This referral has ended. d takes it up again."
TAKEN_BACK = frozenset({*STAGES, CHECKED, PUT_OFF}) - {"ordered"}
"""Steps that can be struck out by themselves."""


class ReferralsPanel(Panel):
    """Open referrals, the one to ask about first on top; then those that have ended."""

    name = "referrals"
    title = "Referrals"
    keys = frozenset({"edit", "new", "versions", "snooze", "done", "strike"})
    words = {
        "chart.new": "referral",
        "chart.done": "next step",
        "chart.snooze": "ask later",
        "chart.strike": "strike",
        "chart.paper": "letter",
        "list.open": "read",
    }

    async def load(self, live: LiveClinic, patient: bytes, setting: Setting) -> Loaded:
        """Reads the referrals."""
        self.patient, self._set = patient, setting
        found = await live.ask(details_of, patient)
        still = sum(one.line.ended_on is None for one in found)
        headings = [(0, f"Open {setting.signs.dot} {plural(still, 'referral')}")] if still else []
        if still < len(found):
            headings.append((still, "Ended"))
        return Loaded(found, headings)

    def empty(self) -> Content:
        """What would stand here, and its key."""
        return Content.assemble(
            "No referrals. ", ("n", "$accent"),
            (" orders one: to a specialist, for a test, to a community service. It stays here until it has ended.",
             "$dim"),
        )  # fmt: skip

    def columns(self) -> Sequence[Column]:
        """When we ask, what and what is to be done, the stage, how long it stands there."""

        def when(row: Detail, state: RowState) -> Content:
            return clock_content(row.line, self._set.signs, self._set.today)

        def what(row: Detail, state: RowState) -> Content:
            return Content.styled(row.line.what, state.name_style(row.line.late(self._set.today)))

        def then(row: Detail, state: RowState) -> Content:
            return next_content(row.line, self._set.reference.label, self._set.today)

        def age(row: Detail, state: RowState) -> Content:
            words = age_of_stage(row.line, self._set.today) if row.line.ended_on is None else ""
            return Content.styled(words, "$dim")

        return (
            Column("ask", when, width=12, cells=day("ask on", lambda row: row.line.check_on)),
            Column("what", what, fraction=3, cells=text("what", lambda row: row.line.what)),
            Column("next", then, fraction=4, cells=()),
            Column(
                "stage", lambda row, state: Content.styled(self._stage(row), "$dim"), width=16,
                cells=text("stage", self._stage),
            ),
            Column("since", age, width=5, align="right", cells=day("since", lambda row: row.line.stage_on)),
        )  # fmt: skip

    def _stage(self, row: Detail) -> str:
        line = row.line
        return stage_words(line.kind, line.stage, self._set.reference.label("referral_stage", line.stage))

    def identity(self, row: Detail) -> Hashable:
        """The referral's key."""
        return row.line.id

    def place_of(self, row: Detail) -> str:
        """Its key."""
        return row.line.id.hex()

    def preview(self, row: Detail) -> Sequence[Line]:
        """The referral whole."""
        return tuple(referral_lines(row, self._set.reference, self._set.signs))

    def record_of(self, row: Detail) -> tuple[str, bytes] | None:
        """The referral."""
        return "referral", row.line.id

    def edit(self, row: Detail) -> Step:
        """Changes what is asked, of whom, whose it is."""
        return OpenForm("referral", self.patient, row.line.id)

    def new(self) -> Step:
        """Orders one."""
        return OpenForm("referral", self.patient)

    def done(self, row: Detail) -> Step:
        """The next step; of one that has ended, taking it up again."""
        form = "referral-step" if row.line.ended_on is None else "reopen-referral"
        return OpenForm(form, self.patient, row.line.id)

    def snooze(self, row: Detail) -> Step:
        """Asks later."""
        return ENDED_ALREADY if row.line.ended_on else OpenForm("referral-later", self.patient, row.line.id)

    def strike(self, row: Detail) -> Step:
        """Strikes out the last step, or the whole referral, that was recorded by mistake."""
        whole = OpenForm("strike-referral", self.patient, row.line.id)
        step = row.steps[0] if row.steps else None
        if step is None or step.stage not in TAKEN_BACK or row.line.ended_on is not None:
            return whole
        words = self._set.reference.label("referral_stage", step.stage)
        about = {"which": step.id.hex(), "words": words}
        last = OpenForm("strike-referral-step", self.patient, row.line.id, about)
        return Menu(
            "Strike out",
            (
                Choice("s", f"the last step: {words}", last),
                Choice("r", "the whole referral", whole),
            ),
        )  # fmt: skip

    def paper(self, row: Detail | None) -> Step:
        """The referral's letter; without one a letter says what."""
        if row is None:
            return super().paper(row)
        return OpenForm("referral-letter", self.patient, row.line.id)

    _set: Setting
