"""Enrollment: from a name on a list to an enrolled patient, or a reason why not. The keys of the board."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from cmp_tui.enrollment.intake_queries import IntakeCard, View
from cmp_tui.enrollment.intake_rules import ABOUT_INTAKE, STEP_FORMS
from cmp_tui.enrollment.pipeline_board import PipelineBoard
from cmp_tui.enrollment.pipeline_cards import CardColumns
from cmp_tui.ui.keys import key
from cmp_tui.ui.messages import OpenChart, OpenForm
from cmp_tui.ui.picker import Pick
from cmp_tui.ui.table import WindowTable

ABOUT_CARD = frozenset({"edit", "chart", "consent", "enroll", "assess", "paper"})
CONSENTING = ("eligibility", "consent", "enrolled")
"""Stages in which the paper that is wanted is the consent text; in the others it is a letter."""
ON_THE_WAY = frozenset({"end", "hold"})


class EnrollmentScreen(PipelineBoard):
    """Stages as columns of cards; a card moves when its step is done."""

    TITLE = "Enrollment"
    HELP = (
        "Everybody on the way into a program, by stage. A card moves by doing its step: enter opens the form. Left and "
        "right go to the other stages; x ends with a reason and says when it comes back, b brings back what was ended."
    )
    TAB = 3

    BINDINGS: ClassVar[list[BindingType]] = [
        key("pipeline.left", "left", "column(-1)", "stage before", show=False),
        key("pipeline.right", "right", "column(1)", "next stage", show=False),
        key("pipeline.new", "n", "new", "take in"),
        key("pipeline.end", "x", "end", "end"),
        key("pipeline.hold", "z", "hold", "hold"),
        key("pipeline.back", "b", "bring_back", "bring back"),
        key("pipeline.answer", "A", "answer", "tell referrer"),
        key("pipeline.chart", "o", "chart", "chart"),
        key("pipeline.filter", "f", "filter", "filter"),
        key("pipeline.view", "w", "view", "mine/team"),
        key("pipeline.paper", "p", "paper", "print", show=False),
        key("pipeline.report", "r", "report", "report", show=False),
        key("pipeline.edit", "e", "edit", "edit", show=False),
        key("pipeline.consent", "C", "consent", "consent", show=False),
        key("pipeline.assess", "a", "assess", "assess", show=False),
        key("pipeline.enroll", "E", "enroll", "enroll", show=False),
    ]

    def on_window_table_selected(self, event: WindowTable.Selected) -> None:
        """Opens the form of the next step."""
        self._do(event.row)

    def on_card_columns_selected(self, event: CardColumns.Selected) -> None:
        """Opens the form of the next step."""
        if event.row is not None:
            self._do(event.row)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys about a card work only where there is one that they can do something to."""
        if self.is_mounted and action in {*ABOUT_CARD, *ON_THE_WAY, "bring_back", "answer"}:
            row = self.row
            if row is None:
                return False
            if action in ON_THE_WAY and row.stage in ("ended", "enrolled"):
                return False
            if action == "bring_back" and row.stage != "ended":
                return False
            if action == "answer" and row.source != "provider-referral":
                return False
        return super().check_action(action, parameters)

    def action_column(self, by: int) -> None:
        """Goes to the stage before or after."""
        if self.cards.display:
            self.cards.go_column(by)
            return
        at = self.table.cursor
        firsts = [group.first for group in self._source.order.groups if group.size]
        if by > 0:
            self.table.move_to(next((first for first in firsts if first > at), at))
        else:
            self.table.move_to(next((first for first in reversed(firsts) if first < at), 0))

    def action_new(self) -> None:
        """Takes someone in."""
        self.post_message(OpenForm("intake"))

    def action_edit(self) -> None:
        """Changes where the card came from, its program, whose it is."""
        self._open("intake")

    def action_end(self) -> None:
        """Ends the card with a reason."""
        self._open("end-intake")

    def action_hold(self) -> None:
        """Puts the card on hold until a day."""
        self._open("hold-intake")

    def action_bring_back(self) -> None:
        """Brings an ended card back."""
        self._open("reopen-intake")

    def action_answer(self) -> None:
        """Notes that the referrer was told."""
        self._open("answer-intake")

    def action_consent(self) -> None:
        """Records the patient's consent."""
        self._open("consent")

    def action_report(self) -> None:
        """Shows how far people came, how long it took, why they left."""
        self.cmp.go("enrollment-report")

    def action_paper(self) -> None:
        """Prints the letter to someone who was not reached, or the consent text of the program."""
        if self.row is not None:
            self._open("consent-paper" if self.row.stage in CONSENTING else "letter")

    def action_assess(self) -> None:
        """Opens the comprehensive assessment."""
        self._open("comprehensive")

    def action_enroll(self) -> None:
        """Enrolls the patient."""
        self._open("enrollment")

    def action_chart(self) -> None:
        """Opens the patient's chart."""
        if subject := self.subject():
            self.post_message(OpenChart(subject))

    def action_view(self) -> None:
        """My cards, or the whole clinic's."""
        self._view = self._view._replace(whose="team" if self._view.whose == "mine" else "mine")
        self._show()

    def action_filter(self) -> None:
        """Asks which cards are shown."""
        reference = self.cmp.clinic.reference
        sources = [Pick(one.code, one.label) for one in reference.codes("intake_source")]
        picks = [
            Pick("", "everybody on the way"),
            *sources,
            Pick("ended", "what was ended", "declined, not eligible, not reached, on hold; b brings back"),
        ]

        async def then(name: str) -> None:
            whose = self._view.whose
            self._view = View(whose, None, True) if name == "ended" else View(whose, name or None)
            self._show()

        self.pick("Show", picks, "ended" if self._view.ended else self._view.source or "", then)

    def action_back(self) -> None:
        """Out of the filter, then to the screen before."""
        if not self.has_class("-preview") and (self._view.ended or self._view.source):
            self._view = View(self._view.whose)
            self._show()
        else:
            super().action_back()

    def _do(self, card: IntakeCard) -> None:
        form = STEP_FORMS.get(card.step.kind)
        if form is None:
            self.post_message(OpenChart(card.patient))
        else:
            self._open(form)

    def _open(self, form: str) -> None:
        card = self.row
        if card is None:
            return
        if form in ABOUT_INTAKE:
            self.post_message(OpenForm(form, card.patient, card.id))
            return
        about = {"program": card.program} if card.program and form != "contact" else {}
        self.post_message(OpenForm(form, card.patient, None, about))
